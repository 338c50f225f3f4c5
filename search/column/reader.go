package column

import (
	"bytes"
	"fmt"
	"sync"
)

// A Reader reads an encoded form in place. It is safe for concurrent use as long
// as the bytes do not change. Documents and columns are addressed by number and
// must exist, as with the index of a slice.
type Reader struct {
	schema   Schema
	ids      texts
	order    *order // nil when document i has id i
	numbers  []*NumberColumn
	keywords []*KeywordColumn
	bytes    []func() []byte
}

// An order leads from ids to documents and back.
type order struct {
	docs  packed // the document of each id
	ranks packed // the place of each document's id
}

// Open returns a Reader of data, which it keeps. It reads all of data once to
// check it, except numbers and bytes, where any value will do.
func Open(data []byte) (*Reader, error) {
	d := &decoder{data: data, part: "header"}
	r := new(Reader)
	n := r.readHeader(d)
	if d.err != nil {
		return nil, d.err
	}
	d.part = "ids"
	r.ids = d.texts(n)
	d.part = "order of ids"
	r.readOrder(d, n)
	r.readColumns(d, n)
	if d.err == nil && d.left() > 0 {
		d.fail("%d bytes left over at the end", d.left())
	}
	if d.err != nil {
		return nil, d.err
	}
	return r, nil
}

// readHeader reads the schema and returns the number of documents.
func (r *Reader) readHeader(d *decoder) uint64 {
	if m := d.take(uint64(len(magic))); d.err == nil && string(m) != magic {
		d.fail("%q, %q expected", m, magic)
	}
	if v := d.uint8(); d.err == nil && v != version {
		d.fail("version %d, %d expected", v, version)
	}
	var counts [3]uint8
	for i := range counts {
		counts[i] = d.uint8()
	}
	n := uint64(d.uint32())
	if n > MaxDocs {
		d.fail("%d documents, at most %d expected", n, MaxDocs)
	}
	for i, names := range []*[]string{&r.schema.Numbers, &r.schema.Keywords, &r.schema.Bytes} {
		for range counts[i] {
			*names = append(*names, string(d.take(uint64(d.uint8()))))
		}
	}
	if d.err == nil {
		if err := r.schema.check(); err != nil {
			d.fail("%v", err)
		}
	}
	return n
}

func (r *Reader) readOrder(d *decoder, n uint64) {
	switch kind := d.uint8(); kind {
	case ordered:
	case reordered:
		r.order = &order{docs: d.packedBelow(n, n), ranks: d.packedBelow(n, n)}
	default:
		d.fail("kind %d, %d or %d expected", kind, ordered, reordered)
	}
}

func (r *Reader) readColumns(d *decoder, n uint64) {
	for _, name := range r.schema.Numbers {
		d.part = fmt.Sprintf("number column %q", name)
		r.numbers = append(r.numbers, d.numbers(n))
	}
	for _, name := range r.schema.Keywords {
		d.part = fmt.Sprintf("keyword column %q", name)
		r.keywords = append(r.keywords, d.keywords(n))
	}
	for _, name := range r.schema.Bytes {
		d.part = fmt.Sprintf("byte column %q", name)
		r.bytes = append(r.bytes, d.byteColumn(n))
	}
}

func (d *decoder) byteColumn(n uint64) func() []byte {
	switch kind := d.uint8(); kind {
	case raw:
		column := d.take(n)
		return func() []byte { return column }
	case constant:
		value := d.uint8()
		return sync.OnceValue(func() []byte { return bytes.Repeat([]byte{value}, int(n)) })
	default:
		d.fail("kind %d, %d or %d expected", kind, raw, constant)
		return nil
	}
}

// Len returns the number of documents.
func (r *Reader) Len() int { return int(r.ids.n) }

// Schema returns the names of the columns.
func (r *Reader) Schema() Schema { return r.schema.clone() }

// AppendID appends the id of a document to dst.
func (r *Reader) AppendID(dst []byte, doc uint32) []byte {
	i := uint64(doc)
	if r.order != nil {
		i = r.order.ranks.at(i)
	}
	return r.ids.appendText(dst, i)
}

// ID returns the id of a document.
func (r *Reader) ID(doc uint32) string {
	var buf [64]byte
	return string(r.AppendID(buf[:0], doc))
}

// Find returns the last document with an id, in O(log Len) and without
// allocating.
func (r *Reader) Find(id string) (doc uint32, ok bool) {
	n, ok := r.ids.rank(id)
	if !ok {
		return 0, false
	}
	if r.order != nil {
		return uint32(r.order.docs.at(n - 1)), true
	}
	return uint32(n - 1), true
}

// Number returns the number of a document in a column, or Missing.
func (r *Reader) Number(col int, doc uint32) int64 { return r.numbers[col].Get(doc) }

// NumberColumn returns a column of numbers, for reading many of them.
func (r *Reader) NumberColumn(col int) *NumberColumn { return r.numbers[col] }

// Keyword returns a column of keywords.
func (r *Reader) Keyword(col int) *KeywordColumn { return r.keywords[col] }

// Bytes returns a column of bytes, one for each document, which must not be
// changed. Unless all documents have the same byte it is part of what was opened;
// otherwise it is made at the first call.
func (r *Reader) Bytes(col int) []byte { return r.bytes[col]() }
