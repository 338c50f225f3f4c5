package vector

import "fmt"

// Words holds the unit vectors of a vocabulary in bytes, by number, so that a word is
// compared with many others at once. It does not change.
type Words struct {
	dims    int
	n       int
	records []byte
}

// NewWords returns a table of n vectors, of which vector writes each to dst. Those of
// zeros are near nothing.
func NewWords(dims, n int, vector func(dst []float32, i int)) (*Words, error) {
	if err := checkDims(dims); err != nil {
		return nil, fmt.Errorf("vector: words: %w", err)
	}
	w := &Words{dims: dims, n: n, records: make([]byte, 0, n*(dims+scaleSize))}
	v, unit := make([]float32, dims), make([]float32, dims)
	for i := range n {
		clear(v)
		vector(v, i)
		if ok, err := normalize(unit, v); err != nil {
			return nil, fmt.Errorf("vector: word %d: %w", i, err)
		} else if !ok {
			clear(unit)
		}
		w.records = appendRecord(w.records, unit)
	}
	return w, nil
}

// Len returns the number of words.
func (w *Words) Len() int { return w.n }

// A Comparison compares one word with others. It is kept for its memory.
type Comparison struct {
	unit     []float32
	values   []int16
	products []int32
}

// Near puts the cosines of a word and of the others to dst, which is as long as others.
// All numbers are below Len.
func (c *Comparison) Near(dst []float32, w *Words, word uint16, others []uint32) {
	c.unit, c.values = grow(c.unit, w.dims), grow(c.values, w.dims)
	record := w.records[int(word)*(w.dims+scaleSize):][:w.dims+scaleSize]
	scale := scaleOf(record)
	if scale == 0 || len(others) == 0 {
		clear(dst)
		return
	}
	for i, b := range record[scaleSize:] {
		c.unit[i] = scale * float32(int8(b))
	}
	of := quantizeQuery(c.values, c.unit)
	c.products = grow(c.products, len(others))
	dots(c.products, c.values, w.records, others)
	for i, p := range c.products {
		dst[i] = float32(float64(p) * of * float64(scaleOf(w.records[int(others[i])*(w.dims+scaleSize):])))
	}
}

// grow returns a slice of n values, s if it has room for them.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
