package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"broadsheet/search/pack"
)

// A segment has five parts, each a file (or, for a segment in memory, a byte slice)
// of its own, with a header and a footer:
//
//	header   "BSIX", the part's letter, 3 bytes 0, u32 version, u32 0
//	         …
//	footer   Padding bytes 0, "BSIX", u32 CRC-32C of all before the footer, u64 length of all before the footer
//
// All numbers are little-endian.
type part int

const (
	termsPart     part = iota // FST: field and term → offset in the postings
	postingsPart              // documents, frequencies, impacts
	positionsPart             // positions
	columnsPart               // lengths, ids, numbers, keywords
	vectorsPart               // of package vector; nothing in an index without
	parts
	deletedPart = parts // no part of a segment, but a file of the same form
)

// Name returns the ending of the file's name.
func (p part) String() string {
	return [...]string{"terms", "postings", "positions", "columns", "vectors", "deleted"}[p]
}

// version numbers the format of all parts. Raise it with any change of them or of
// what is written into them.
//
//	1: the first
//	2: with vectors
const version = 2

const (
	partLetters = "TPXCVD"

	magic      = "BSIX"
	headerSize = 16
	footerSize = pack.Padding + 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// What can be wrong with a part.
var (
	ErrVersion = errors.New("made by another version of this program")
	ErrDamaged = errors.New("damaged")
)

// A partWriter writes one part and keeps its checksum.
type partWriter struct {
	w    io.Writer
	size uint64
	crc  uint32
	err  error // the first; nothing is written after it
}

func newPartWriter(w io.Writer, p part) *partWriter {
	pw := &partWriter{w: w}
	h := append([]byte(magic), partLetters[p], 0, 0, 0)
	h = binary.LittleEndian.AppendUint32(h, version)
	pw.Write(append(h, 0, 0, 0, 0))
	return pw
}

func (w *partWriter) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.crc = crc32.Update(w.crc, castagnoli, p)
	w.size += uint64(len(p))
	_, w.err = w.w.Write(p)
	return len(p), w.err
}

func (w *partWriter) finish() error {
	f := append(make([]byte, pack.Padding), magic...)
	f = binary.LittleEndian.AppendUint32(f, w.crc)
	f = binary.LittleEndian.AppendUint64(f, w.size)
	if w.err == nil {
		_, w.err = w.w.Write(f)
	}
	return w.err
}

// openPart returns what stands between header and footer. The Padding of the footer lies
// behind it. It does not read all of it; see checkPart.
func openPart(data []byte, p part) ([]byte, error) {
	if len(data) < headerSize+footerSize || string(data[:4]) != magic || data[4] != partLetters[p] {
		return nil, fmt.Errorf("%w: this is no part with %v", ErrDamaged, p)
	}
	if v := binary.LittleEndian.Uint32(data[8:]); v != version {
		return nil, fmt.Errorf("%w (format %d, this one reads %d)", ErrVersion, v, version)
	}
	foot := data[len(data)-16:]
	if n := binary.LittleEndian.Uint64(foot[8:]); string(foot[:4]) != magic || n != uint64(len(data)-footerSize) {
		return nil, fmt.Errorf("%w: it has %d bytes, which is not what its end says", ErrDamaged, len(data))
	}
	return data[headerSize : len(data)-footerSize], nil
}

// checkPart reads the whole part and compares its checksum.
func checkPart(data []byte, p part) error {
	if _, err := openPart(data, p); err != nil {
		return err
	}
	end := len(data) - footerSize
	for _, b := range data[end : end+pack.Padding] {
		if b != 0 {
			return fmt.Errorf("%w: its end is not as it was written", ErrDamaged)
		}
	}
	if want := binary.LittleEndian.Uint32(data[len(data)-12:]); crc32.Checksum(data[:end], castagnoli) != want {
		return fmt.Errorf("%w: its checksum is not that of its bytes", ErrDamaged)
	}
	return nil
}
