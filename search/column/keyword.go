package column

import (
	"encoding/binary"
	"slices"
	"strings"
)

// A KeywordColumn has any number of values for each document. A value's ordinal
// is its place among the column's values in order of bytes.
type KeywordColumn struct {
	dictionary texts
	starts     offsets
	ords       packed
}

// Values returns how many distinct values there are.
func (c *KeywordColumn) Values() int { return int(c.dictionary.n) }

// Value returns the value of an ordinal, which must be below Values.
func (c *KeywordColumn) Value(ord uint32) string {
	var buf [64]byte
	return string(c.dictionary.appendText(buf[:0], uint64(ord)))
}

// Find returns the ordinal of a value in O(log values), without allocating.
func (c *KeywordColumn) Find(value string) (ord uint32, ok bool) {
	n, ok := c.dictionary.rank(value)
	if !ok {
		return 0, false
	}
	return uint32(n - 1), true
}

// FindPrefix returns the bounds of the ordinals whose values begin with prefix:
// low is the first of them, high the first after them.
func (c *KeywordColumn) FindPrefix(prefix string) (low, high uint32) {
	low, high = c.below(prefix), uint32(c.dictionary.n)
	if next, ok := successor(prefix); ok {
		high = c.below(next)
	}
	return low, max(low, high)
}

// below returns how many values are below one.
func (c *KeywordColumn) below(value string) uint32 {
	n, equal := c.dictionary.rank(value)
	if equal {
		n--
	}
	return uint32(n)
}

// Ords appends the ordinals of a document's values to dst, in the order in which
// they were added. The document must be below Len.
func (c *KeywordColumn) Ords(dst []uint32, doc uint32) []uint32 {
	for i, end := c.Span(doc); i < end; i++ {
		dst = append(dst, c.Ord(i))
	}
	return dst
}

// Span returns the bounds of the places of a document's ordinals, for loops that
// look at those of many documents:
//
//	for i, end := c.Span(doc); i < end; i++ {
//		counts[c.Ord(i)]++
//	}
func (c *KeywordColumn) Span(doc uint32) (first, end uint64) {
	return c.starts.at(uint64(doc)), c.starts.at(uint64(doc) + 1)
}

// Ord returns the ordinal at a place that Span gave.
func (c *KeywordColumn) Ord(place uint64) uint32 { return uint32(c.ords.at(place)) }

// keywords collects a column. Until it is encoded, ordinals are in the order in
// which values came.
type keywords struct {
	index  map[string]uint32
	values []string
	latest []uint32 // for each value, one more than the last document that has it
	bytes  int      // of all values
	ords   []uint32
	ends   []uint32 // for each document, the end of its ordinals
}

// ord returns the ordinal of a value, which is new or not.
func (k *keywords) ord(value string) uint32 {
	ord, ok := k.index[value]
	if !ok {
		ord = uint32(len(k.values))
		value = strings.Clone(value) // it may be part of something large
		k.index[value] = ord
		k.values = append(k.values, value)
		k.latest = append(k.latest, 0)
		k.bytes += len(value)
	}
	return ord
}

// put gives a value to the document that is being added, once.
func (k *keywords) put(ord uint32) {
	doc := uint32(len(k.ends)) + 1
	if k.latest[ord] != doc {
		k.latest[ord] = doc
		k.ords = append(k.ords, ord)
	}
}

// end ends the document that is being added.
func (k *keywords) end() { k.ends = append(k.ends, uint32(len(k.ords))) }

func (k *keywords) appendColumn(dst []byte) []byte {
	sorted := make([]uint32, len(k.values))
	for i := range sorted {
		sorted[i] = uint32(i)
	}
	slices.SortFunc(sorted, func(a, b uint32) int { return strings.Compare(k.values[a], k.values[b]) })
	final := make([]uint32, len(sorted))
	for i, ord := range sorted {
		final[ord] = uint32(i)
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(sorted)))
	dst = appendTexts(dst, len(sorted), func(i int) []byte { return []byte(k.values[sorted[i]]) })
	dst = appendOffsets(dst, k.ends)
	most := uint64(max(len(sorted), 1) - 1)
	return appendPacked(dst, len(k.ords), most, func(i int) uint64 { return uint64(final[k.ords[i]]) })
}

// keywords reads a column of n documents.
func (d *decoder) keywords(n uint64) *KeywordColumn {
	values := uint64(d.uint32())
	c := &KeywordColumn{dictionary: d.texts(values)}
	var total uint64
	// As no document has a value twice, it has at most all of them. Without this
	// a value of no bits would make an endless list of no bytes.
	c.starts, total = d.offsets(n, values)
	c.ords = d.packedBelow(values, total)
	return c
}
