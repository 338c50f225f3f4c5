package column

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// A Writer collects rows. It is not safe for concurrent use.
type Writer struct {
	schema   Schema
	ids      []byte   // one after the other
	idEnds   []uint32 // for each document, the end of its id
	numbers  [][]int64
	keywords []keywords
	bytes    [][]byte
}

// NewWriter returns a Writer without rows. It panics if the schema has too many
// columns, a name that is too long or one name twice.
func NewWriter(schema Schema) *Writer {
	if err := schema.check(); err != nil {
		panic("column: schema: " + err.Error())
	}
	w := &Writer{
		schema:   schema.clone(),
		numbers:  make([][]int64, len(schema.Numbers)),
		keywords: make([]keywords, len(schema.Keywords)),
		bytes:    make([][]byte, len(schema.Bytes)),
	}
	for i := range w.keywords {
		w.keywords[i].index = make(map[string]uint32)
	}
	return w
}

// Len returns how many rows have been added.
func (w *Writer) Len() int { return len(w.idEnds) }

// Add adds the row of the next document. A row that is refused changes nothing.
// Nothing of the row is kept.
func (w *Writer) Add(row Row) error {
	if err := w.check(row); err != nil {
		return fmt.Errorf("column: document %d: %w", w.Len(), err)
	}
	w.ids = append(w.ids, row.ID...)
	w.idEnds = append(w.idEnds, uint32(len(w.ids)))
	for i, v := range row.Numbers {
		w.numbers[i] = append(w.numbers[i], v)
	}
	for i, values := range row.Keywords {
		k := &w.keywords[i]
		for _, v := range values {
			k.put(k.ord(v))
		}
		k.end()
	}
	for i, v := range row.Bytes {
		w.bytes[i] = append(w.bytes[i], v)
	}
	return nil
}

// check returns why a row cannot be added.
func (w *Writer) check(row Row) error {
	s := w.schema
	if len(row.Numbers) != len(s.Numbers) || len(row.Keywords) != len(s.Keywords) || len(row.Bytes) != len(s.Bytes) {
		return fmt.Errorf("%d numbers, %d keyword lists and %d bytes, %d, %d and %d expected",
			len(row.Numbers), len(row.Keywords), len(row.Bytes), len(s.Numbers), len(s.Keywords), len(s.Bytes))
	}
	if len(row.ID) > MaxText {
		return fmt.Errorf("an id of %d bytes, at most %d expected", len(row.ID), MaxText)
	}
	if err := w.room(len(row.ID)); err != nil {
		return err
	}
	for i, values := range row.Keywords {
		size := 0
		for _, v := range values {
			if len(v) > MaxText {
				return fmt.Errorf("keyword column %q: a value of %d bytes, at most %d expected", s.Keywords[i], len(v), MaxText)
			}
			size += len(v)
		}
		if err := w.keywords[i].room(len(values), size); err != nil {
			return fmt.Errorf("keyword column %q: %w", s.Keywords[i], err)
		}
	}
	return nil
}

// room returns an error if a document with an id of size bytes is too much.
func (w *Writer) room(size int) error {
	if w.Len() >= MaxDocs {
		return fmt.Errorf("more than %d documents", MaxDocs)
	}
	if len(w.ids) > maxTotal-size {
		return fmt.Errorf("ids of more than %d bytes together", maxTotal)
	}
	return nil
}

// room returns an error if n more values of size bytes together may be too much.
func (k *keywords) room(n, size int) error {
	if len(k.ords) > maxTotal-n || len(k.values) > MaxDocs-n {
		return fmt.Errorf("more than %d values, or %d different ones", maxTotal, MaxDocs)
	}
	if k.bytes > maxTotal-size {
		return fmt.Errorf("values of more than %d bytes together", maxTotal)
	}
	return nil
}

// Append appends the encoded form of all rows to dst. The Writer can be used on.
func (w *Writer) Append(dst []byte) []byte {
	dst = append(dst, magic...)
	dst = append(dst, version, byte(len(w.numbers)), byte(len(w.keywords)), byte(len(w.bytes)))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(w.Len()))
	for _, names := range w.schema.lists() {
		for _, name := range names {
			dst = append(dst, byte(len(name)))
			dst = append(dst, name...)
		}
	}
	dst = w.appendIDs(dst)
	for _, numbers := range w.numbers {
		dst = appendNumbers(dst, numbers)
	}
	for i := range w.keywords {
		dst = w.keywords[i].appendColumn(dst)
	}
	for _, column := range w.bytes {
		dst = appendBytes(dst, column)
	}
	return dst
}

// id returns the id of a document.
func (w *Writer) id(doc int) []byte {
	from := uint32(0)
	if doc > 0 {
		from = w.idEnds[doc-1]
	}
	return w.ids[from:w.idEnds[doc]]
}

const (
	ordered   = 0 // ids never descend
	reordered = 1 // the order of ids follows
)

// appendIDs appends the ids by themselves in order, where they share most and one
// is found soonest, and the way from document to id and back.
func (w *Writer) appendIDs(dst []byte) []byte {
	if w.ascends() {
		return append(appendTexts(dst, w.Len(), w.id), ordered)
	}
	keys := w.sorted()
	n, most := len(keys), uint64(len(keys)-1)
	ranks := make([]uint32, n)
	for rank, k := range keys {
		ranks[k.doc] = uint32(rank)
	}
	dst = appendTexts(dst, n, func(i int) []byte { return w.id(int(keys[i].doc)) })
	dst = append(dst, reordered)
	dst = appendPacked(dst, n, most, func(i int) uint64 { return uint64(keys[i].doc) })
	return appendPacked(dst, n, most, func(i int) uint64 { return uint64(ranks[i]) })
}

// ascends reports whether no id is below the one before.
func (w *Writer) ascends() bool {
	for doc := 1; doc < w.Len(); doc++ {
		if bytes.Compare(w.id(doc-1), w.id(doc)) > 0 {
			return false
		}
	}
	return true
}

// A key sorts a document by id: most ids differ in the eight bytes after what
// all ids begin with, so that few are compared where they lie.
type key struct {
	head uint64
	doc  uint32
}

// sorted returns the documents by id, equal ids by document.
func (w *Writer) sorted() []key {
	common := len(w.id(0))
	for doc := range w.Len() {
		common = commonPrefix(w.id(0)[:common], w.id(doc))
	}
	keys := make([]key, w.Len())
	for doc := range keys {
		var head [8]byte
		copy(head[:], w.id(doc)[common:])
		keys[doc] = key{binary.BigEndian.Uint64(head[:]), uint32(doc)}
	}
	slices.SortFunc(keys, w.compareKeys)
	return keys
}

func (w *Writer) compareKeys(a, b key) int {
	if a.head != b.head {
		if a.head < b.head {
			return -1
		}
		return 1
	}
	if c := bytes.Compare(w.id(int(a.doc)), w.id(int(b.doc))); c != 0 {
		return c
	}
	return int(a.doc) - int(b.doc)
}

const (
	raw      = 0 // a byte for each document
	constant = 1 // one byte for all
)

func appendBytes(dst, column []byte) []byte {
	if len(column) > 0 && bytes.Count(column, column[:1]) == len(column) {
		return append(dst, constant, column[0])
	}
	return append(append(dst, raw), column...)
}
