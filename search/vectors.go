package search

import (
	"fmt"
	"iter"

	"broadsheet/search/index"
	"broadsheet/search/vector"
)

// Vectors are what the papers of an index mean, at one instant: for whoever derives
// something from them. Papers have numbers from 0 up to Len, some of which are of none.
// Close it, as it keeps old files open.
type Vectors struct {
	coder *vector.Coder
	snap  *index.Snapshot
	base  []int // number of the first paper of each view
	len   int
}

// Vectors returns the vectors of all papers that can be found now; none without a model.
func (e *Engine) Vectors() *Vectors {
	v := &Vectors{snap: e.index.Snapshot()}
	if e.model != nil {
		v.coder = e.model.Coder()
	}
	for _, view := range v.snap.Views {
		v.base = append(v.base, v.len)
		v.len += view.Len()
	}
	return v
}

// Close gives the vectors back.
func (v *Vectors) Close() { v.snap.Release() }

// Len returns a number above those of all papers.
func (v *Vectors) Len() int { return v.len }

// Dims returns the number of dimensions of the vectors, 0 if there are none.
func (v *Vectors) Dims() int {
	if v.coder == nil {
		return 0
	}
	return v.coder.Dims()
}

// at returns where the paper of a number is.
func (v *Vectors) at(n int) (view *index.View, doc uint32) {
	for i := len(v.base) - 1; ; i-- {
		if n >= v.base[i] {
			return &v.snap.Views[i], uint32(n - v.base[i])
		}
	}
}

// All yields the numbers of all papers that have a vector, with it. It is good until
// the next.
func (v *Vectors) All() iter.Seq2[int, []float32] {
	return func(yield func(int, []float32) bool) {
		var buf []float32
		for i := range v.snap.Views {
			view := &v.snap.Views[i]
			if !v.readable(view) {
				continue
			}
			for doc := range uint32(view.Len()) {
				if view.Deleted != nil && view.Deleted.Has(doc) {
					continue
				}
				if buf = view.Vectors().Vector(buf, doc); buf != nil && !yield(v.base[i]+int(doc), buf) {
					return
				}
			}
		}
	}
}

// readable reports whether a view has vectors of the model.
func (v *Vectors) readable(view *index.View) bool {
	return v.coder != nil && view.Vectors() != nil && view.Vectors().Fingerprint() == v.coder.Fingerprint()
}

// Find returns the number of a paper.
func (v *Vectors) Find(id string) (n int, ok bool) {
	for i := range v.snap.Views {
		view := &v.snap.Views[i]
		if doc, ok := view.Columns().Find(id); ok && (view.Deleted == nil || !view.Deleted.Has(doc)) {
			return v.base[i] + int(doc), true
		}
	}
	return 0, false
}

// ID returns the id of the paper of a number.
func (v *Vectors) ID(n int) string {
	view, doc := v.at(n)
	return view.Columns().ID(doc)
}

// Day returns when the paper of a number was published, counted from 1970-01-01, or
// Unknown.
func (v *Vectors) Day(n int) int64 {
	view, doc := v.at(n)
	return view.Columns().Number(dayColumn, doc)
}

// Vector appends the vector of the paper of a number to dst[:0], or returns nil if it has
// none.
func (v *Vectors) Vector(dst []float32, n int) []float32 {
	view, doc := v.at(n)
	if !v.readable(view) {
		return nil
	}
	return view.Vectors().Vector(dst, doc)
}

// Code appends the code of a vector, by which papers are found, to dst.
func (v *Vectors) Code(dst []byte, vector []float32) []byte {
	return v.coder.AppendCode(dst, vector)
}

// Fingerprint tells the codes of one model from those of another.
func (v *Vectors) Fingerprint() string {
	if v.coder == nil {
		return ""
	}
	return fmt.Sprintf("%016x", v.coder.Fingerprint())
}
