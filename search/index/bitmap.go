package index

import (
	"iter"
	"math/bits"
)

// A Bitmap is a set of documents of one segment. One that is shared is not
// changed; see Clone.
type Bitmap struct {
	words []uint64
	count int
}

// NewBitmap returns an empty set with room for documents 0 to n-1.
func NewBitmap(n int) *Bitmap { return &Bitmap{words: make([]uint64, (n+63)/64)} }

// Has reports whether doc is in the set.
func (b *Bitmap) Has(doc uint32) bool { return b.words[doc>>6]>>(doc&63)&1 != 0 }

// Add puts doc into the set, and reports whether it was not there.
func (b *Bitmap) Add(doc uint32) bool {
	if b.Has(doc) {
		return false
	}
	b.words[doc>>6] |= 1 << (doc & 63)
	b.count++
	return true
}

// Count returns the size of the set. A nil set is empty.
func (b *Bitmap) Count() int {
	if b == nil {
		return 0
	}
	return b.count
}

// Clone returns a copy.
func (b *Bitmap) Clone() *Bitmap {
	return &Bitmap{words: append([]uint64(nil), b.words...), count: b.count}
}

// Words returns the set as bits, document 0 the lowest of the first.
func (b *Bitmap) Words() []uint64 { return b.words }

// All yields the documents of the set in order.
func (b *Bitmap) All() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, w := range b.words {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(i<<6 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// recount sets the count from the bits.
func (b *Bitmap) recount() {
	b.count = 0
	for _, w := range b.words {
		b.count += bits.OnesCount64(w)
	}
}

// Recount sets the count after changes of Words.
func (b *Bitmap) Recount() { b.recount() }

// Reset empties the set and gives it room for documents 0 to n-1.
func (b *Bitmap) Reset(n int) {
	if size := (n + 63) / 64; size <= cap(b.words) {
		b.words = b.words[:size]
		clear(b.words)
	} else {
		b.words = make([]uint64, size)
	}
	b.count = 0
}

// Fill puts documents 0 to n-1 into the set. Recount is up to the caller.
func (b *Bitmap) Fill(n int) {
	for i := range b.words {
		b.words[i] = ^uint64(0)
	}
	b.trim(n)
}

// Invert puts those of 0 to n-1 into the set that were not, and takes out the
// others. Recount is up to the caller.
func (b *Bitmap) Invert(n int) {
	for i := range b.words {
		b.words[i] = ^b.words[i]
	}
	b.trim(n)
}

func (b *Bitmap) trim(n int) {
	if n&63 != 0 {
		b.words[len(b.words)-1] &= 1<<(n&63) - 1
	}
}
