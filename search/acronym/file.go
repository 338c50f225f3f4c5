package acronym

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// A file is a header, all numbers little-endian,
//
//	4 bytes  magic
//	4 bytes  version
//	4 bytes  number of definitions
//	4 bytes  length of what follows the header
//	4 bytes  CRC-32C of that
//
// and the definitions by short form, each as
//
//	the short form, the long form  length (uvarint), bytes of UTF-8
//	papers, definitions            uvarint
//	flags                          one byte: 1 = the short form is also a word, 2 = its plural is
const (
	magic      = "acr\n"
	version    = 1
	headerSize = 20
	maxBody    = 64 << 20 // no collection has a hundredth of it
	minRecord  = 7        // bytes, with texts of one character
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteTo writes the table in the form that Read reads. The same table always
// has the same bytes.
func (t *Table) WriteTo(w io.Writer) (int64, error) {
	file := make([]byte, headerSize)
	for _, f := range t.forms {
		file = appendText(file, f.short)
		file = appendText(file, f.long)
		file = binary.AppendUvarint(file, uint64(f.papers))
		file = binary.AppendUvarint(file, uint64(f.definitions))
		file = append(file, f.flags())
	}
	body := file[headerSize:]
	copy(file, magic)
	binary.LittleEndian.PutUint32(file[4:], version)
	binary.LittleEndian.PutUint32(file[8:], uint32(len(t.forms)))
	binary.LittleEndian.PutUint32(file[12:], uint32(len(body)))
	binary.LittleEndian.PutUint32(file[16:], crc32.Checksum(body, castagnoli))
	n, err := w.Write(file)
	return int64(n), err
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

const (
	flagOrdinary = 1 << iota
	flagOrdinaryPlural
	flagsEnd
)

func (f *form) flags() (b byte) {
	if f.ordinary {
		b |= flagOrdinary
	}
	if f.ordinaryPlural {
		b |= flagOrdinaryPlural
	}
	return b
}

// Read reads a table that WriteTo wrote, and checks all of it.
func Read(r io.Reader) (*Table, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, fmt.Errorf("acronym: read the header of %d bytes: %w", headerSize, err)
	}
	if string(header[:4]) != magic {
		return nil, fmt.Errorf("acronym: the file begins with %q, not %q", header[:4], magic)
	}
	if v := binary.LittleEndian.Uint32(header[4:]); v != version {
		return nil, fmt.Errorf("acronym: the file has version %d, not %d", v, version)
	}
	count, size := binary.LittleEndian.Uint32(header[8:]), binary.LittleEndian.Uint32(header[12:])
	if size > maxBody {
		return nil, fmt.Errorf("acronym: the file announces %d bytes, more than %d", size, maxBody)
	}
	// Not made at once: a short file must not cost what its header announces.
	body, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err != nil {
		return nil, fmt.Errorf("acronym: read %d bytes: %w", size, err)
	}
	if len(body) < int(size) {
		return nil, fmt.Errorf("acronym: %d of %d bytes: %w", len(body), size, io.ErrUnexpectedEOF)
	}
	if got, want := crc32.Checksum(body, castagnoli), binary.LittleEndian.Uint32(header[16:]); got != want {
		return nil, fmt.Errorf("acronym: the checksum is %08x, not %08x", got, want)
	}
	forms, err := parse(body, int(count))
	if err != nil {
		return nil, fmt.Errorf("acronym: %w", err)
	}
	return newTable(forms), nil
}

// parse reads count forms, which must be all of the body.
func parse(body []byte, count int) ([]form, error) {
	if count > len(body)/minRecord {
		return nil, fmt.Errorf("%d definitions do not fit in %d bytes", count, len(body))
	}
	d := decoder{rest: body}
	forms := make([]form, 0, count)
	for i := range count {
		f := form{
			short: d.text(maxShortBytes), long: d.text(maxLongBytes),
			papers: d.number(), definitions: d.number(),
		}
		flags := d.flags()
		f.ordinary, f.ordinaryPlural = flags&flagOrdinary != 0, flags&flagOrdinaryPlural != 0
		if d.err == nil && (f.papers == 0 || f.papers > f.definitions) {
			d.err = fmt.Errorf("%d papers of %d definitions", f.papers, f.definitions)
		}
		if d.err == nil && i > 0 && fold(forms[i-1].short) > fold(f.short) {
			d.err = fmt.Errorf("%q after %q", f.short, forms[i-1].short)
		}
		if d.err != nil {
			return nil, fmt.Errorf("definition %d of %d: %w", i+1, count, d.err)
		}
		forms = append(forms, f)
	}
	if len(d.rest) > 0 {
		return nil, fmt.Errorf("%d bytes follow the last definition", len(d.rest))
	}
	return forms, nil
}

// A decoder reads from rest until the first error.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) number() uint32 {
	n, size := binary.Uvarint(d.rest)
	if d.err == nil && (size <= 0 || n > math.MaxUint32) {
		d.err = fmt.Errorf("no number of 32 bits where one is expected")
	}
	if d.err != nil {
		return 0
	}
	d.rest = d.rest[size:]
	return uint32(n)
}

func (d *decoder) text(limit int) string {
	n := int64(d.number())
	if d.err == nil && (n == 0 || n > int64(min(limit, len(d.rest)))) {
		d.err = fmt.Errorf("a text of %d bytes, not of 1 to %d, with %d left", n, limit, len(d.rest))
	}
	if d.err != nil {
		return ""
	}
	s := string(d.rest[:n])
	d.rest = d.rest[n:]
	if !utf8.ValidString(s) || strings.TrimSpace(s) == "" {
		d.err = fmt.Errorf("%q is no text", s)
	}
	return s
}

func (d *decoder) flags() byte {
	if d.err == nil && (len(d.rest) == 0 || d.rest[0] >= flagsEnd) {
		d.err = fmt.Errorf("no flags from 0 to %d where they are expected", flagsEnd-1)
	}
	if d.err != nil {
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}
