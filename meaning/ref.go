package meaning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
)

// refName is the file in the directory of an index that names its model: a line of JSON,
// and the CRC-32 of that in hexadecimal digits, as all files there have a checksum.
const refName = "model.json"

// ReadRef returns the Ref in the directory of an index; the zero one where there is none.
func ReadRef(dir string) (ref Ref, err error) {
	data, err := os.ReadFile(filepath.Join(dir, refName))
	if errors.Is(err, fs.ErrNotExist) {
		return Ref{}, nil
	}
	if err == nil {
		line, _, _ := bytes.Cut(data, []byte("\n"))
		if err = json.Unmarshal(line, &ref); err == nil && !bytes.Equal(data, withSum(line)) {
			err = errors.New("its checksum is not that of its bytes")
		}
	}
	if err != nil {
		return Ref{}, fmt.Errorf("meaning: %s: %w", filepath.Join(dir, refName), err)
	}
	return ref, nil
}

// WriteRef writes the Ref into the directory of an index.
func WriteRef(dir string, ref Ref) error {
	line, err := json.Marshal(ref)
	if err == nil {
		err = writeWhole(filepath.Join(dir, refName), withSum(line))
	}
	if err != nil {
		return fmt.Errorf("meaning: note which model an index is of: %w", err)
	}
	return nil
}

func withSum(line []byte) []byte {
	return fmt.Appendf(nil, "%s\n%08x\n", line, crc32.ChecksumIEEE(line))
}
