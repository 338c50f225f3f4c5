// Package column stores what a segment of an index knows of each document
// besides its words: the id, numbers, keywords and norms. A [Writer] takes rows
// in document order and encodes them into one slice of bytes; a [Reader] reads
// values where they lie in that slice, which may be a mapped file, and decodes
// nothing ahead. [Merge] makes one segment's rows of those of several.
//
// [Open] checks once all that later reads rely on, so that no read panics
// whatever the bytes are. It does not find every damaged bit: a checksum over
// the whole is the business of whoever stores it.
//
// # Encoding, version 1
//
// Integers are little-endian, u8 to u64 unsigned and i64 two's complement; a
// uvarint is that of encoding/binary. Parts follow each other without gaps:
//
//	"BCOL"              4 bytes
//	version             u8, 1
//	number columns      u8
//	keyword columns     u8
//	byte columns        u8
//	documents           u32, at most [MaxDocs]
//	names               for each column in that order: u8 length, bytes
//	ids                 texts, one for each document, ascending; equal ids in
//	                    document order
//	id order            u8: 0 when document i has text i, else 1 and twice
//	                    packed: the document of each text, the text of each
//	                    document
//	each number column  i64 minimum, u64 span (maximum - minimum),
//	                    packed: each document's difference from the minimum;
//	                    a difference above the span means that none is known
//	each keyword column u32 number of values, texts: the values ascending,
//	                    offsets: each document's first ordinal,
//	                    packed: ordinals, document after document
//	each byte column    u8 0 and a byte for each document, or
//	                    u8 1 and the one byte that all of them have
//
// Three forms recur. The number of their elements, n, is known from what stands
// before.
//
//	packed   u8 width, 0 to 57 or 64; n values of width bits each, value i in
//	         bits i·width and up, the lowest bit of a byte first, filled up to a
//	         whole byte; 8 bytes of 0, so that any value can be read by a load
//	         of 64 bits
//	offsets  n+1 numbers that ascend from 0 to a total: u32 total, i64 base,
//	         packed of n+1: number i is ⌊i·⌊2³²·total/n⌋/2³²⌋ + base + value i.
//	         Distance from a straight line takes half the bits that numbers would
//	texts    front-coded in blocks of 16 (Witten, Moffat and Bell, "Managing
//	         Gigabytes", 2nd ed., section 4.1): offsets of the ⌈n/16⌉ blocks, the
//	         blocks. A text is a byte with the length of the prefix it shares
//	         with the one before in its block in the upper five bits and the
//	         length of the rest in the lower three, then the rest. All five or
//	         all three bits set: a uvarint to be added follows the byte, that
//	         of the prefix first
//
// All ordinals of a column have ⌈log₂ values⌉ bits, as both lists of the
// order of ids have ⌈log₂ documents⌉. No document has a value twice.
package column

import (
	"fmt"
	"math"
	"slices"
)

const (
	magic   = "BCOL"
	version = 1

	// MaxDocs is the most documents that one encoded form holds. With
	// maxTotal it keeps every offset below 2³².
	MaxDocs = 1 << 28

	// MaxText is the greatest length in bytes of an id and of a keyword.
	MaxText = 65535

	// maxTotal bounds the bytes of all ids, the bytes of all distinct values of a
	// column and the values of all documents in it.
	maxTotal = math.MaxInt32

	maxColumns = 255 // of each kind
	maxName    = 255 // bytes
)

// Missing is the number of a document for which none is known.
const Missing = math.MinInt64

// A Schema names the columns. A column is addressed by its place in its list,
// where each name stands once. A list has at most 255 names of at most 255 bytes.
type Schema struct {
	Numbers  []string // an int64 for each document
	Keywords []string // any number of values for each document
	Bytes    []string // a byte for each document
}

// lists returns the names in the order of the encoding.
func (s Schema) lists() [3][]string {
	return [3][]string{s.Numbers, s.Keywords, s.Bytes}
}

func (s Schema) clone() Schema {
	return Schema{slices.Clone(s.Numbers), slices.Clone(s.Keywords), slices.Clone(s.Bytes)}
}

func (s Schema) equal(t Schema) bool {
	return slices.Equal(s.Numbers, t.Numbers) && slices.Equal(s.Keywords, t.Keywords) && slices.Equal(s.Bytes, t.Bytes)
}

// check returns what is wrong with the names.
func (s Schema) check() error {
	for _, names := range s.lists() {
		if len(names) > maxColumns {
			return fmt.Errorf("%d columns of one kind, at most %d expected", len(names), maxColumns)
		}
		for i, name := range names {
			if len(name) > maxName {
				return fmt.Errorf("a column's name has %d bytes, at most %d expected", len(name), maxName)
			}
			if slices.Contains(names[:i], name) {
				return fmt.Errorf("two columns of one kind are called %q", name)
			}
		}
	}
	return nil
}

// A Row is what is stored of one document: an id and as many entries of each
// kind as the schema has columns.
type Row struct {
	ID       string
	Numbers  []int64    // Missing where none is known
	Keywords [][]string // the order of values is kept, repeated ones are dropped
	Bytes    []byte
}
