package index

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"broadsheet/search/column"
)

// A file of deleted documents has the header and footer of a part. Between them are
//
//	u32 documents of the segment, u32 how many are deleted
//	u64 for each 64 documents, the first the lowest bit
const deletedHead = 8

func encodeDeleted(b *Bitmap, docs int) []byte {
	var out bytes.Buffer
	w := newPartWriter(&out, deletedPart)
	head := binary.LittleEndian.AppendUint32(nil, uint32(docs))
	w.Write(binary.LittleEndian.AppendUint32(head, uint32(b.Count())))
	var word [8]byte
	for _, bits := range b.words {
		binary.LittleEndian.PutUint64(word[:], bits)
		w.Write(word[:])
	}
	w.finish() // a buffer takes all
	return out.Bytes()
}

// decodeDeleted is the inverse of encodeDeleted. The number of documents is what
// the manifest says.
func decodeDeleted(data []byte, docs int) (*Bitmap, error) {
	if err := checkPart(data, deletedPart); err != nil {
		return nil, err
	}
	body, _ := openPart(data, deletedPart)
	b := NewBitmap(docs)
	if len(body) != deletedHead+8*len(b.words) || int(binary.LittleEndian.Uint32(body)) != docs {
		return nil, fmt.Errorf("%w: it is not of a segment of %d documents", ErrDamaged, docs)
	}
	for i := range b.words {
		b.words[i] = binary.LittleEndian.Uint64(body[deletedHead+8*i:])
	}
	b.recount()
	whole := b.Clone()
	whole.trim(docs)
	whole.recount()
	if want := int(binary.LittleEndian.Uint32(body[4:])); b.count != want || whole.count != want {
		return nil, fmt.Errorf("%w: it has %d documents, and says %d", ErrDamaged, b.count, want)
	}
	return b, nil
}

// readDeleted reads the deletions of a segment of a commit, nil if there are none.
func readDeleted(dir string, e manifestEntry) (*Bitmap, error) {
	if e.Deletions == 0 {
		return nil, nil
	}
	name := deletedName(e.Number, e.Deletions)
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err == nil && info.Size() > column.MaxDocs/8+headerSize+footerSize+deletedHead {
		err = fmt.Errorf("%s: %w: %d bytes are too many", name, ErrDamaged, info.Size())
	}
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	b, err := decodeDeleted(data, e.Docs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}
