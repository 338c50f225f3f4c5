package index

import "hash/maphash"

// A filter tells for most ids that a segment does not have them, after one look at
// memory: a Bloom filter (Bloom, "Space/time trade-offs in hash coding with
// allowable errors", 1970) whose bits for one id are all in one word (Putze, Sanders,
// Singler, "Cache-, hash- and space-efficient Bloom filters", 2007). Of 2 bytes
// per id and 4 bits set, about one id in 100 is looked up in vain.
type filter []uint64

var filterSeed = maphash.MakeSeed()

func hashID(id []byte) uint64 { return maphash.Bytes(filterSeed, id) }

// place returns the word of a hash, by its upper half, and the bits, by its lower.
func (f filter) place(h uint64) (word *uint64, bits uint64) {
	bits = 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63) | 1<<(h>>18&63)
	return &f[h>>32*uint64(len(f))>>32], bits
}

func (f filter) may(h uint64) bool {
	word, bits := f.place(h)
	return *word&bits == bits
}

func newFilter(s *Segment) filter {
	f := make(filter, s.Len()/4+1)
	var id []byte
	for doc := range uint32(s.Len()) {
		id = s.columns.AppendID(id[:0], doc)
		word, bits := f.place(hashID(id))
		*word |= bits
	}
	return f
}

// filterWorth is how many lookups take as long as it takes to put one document
// into the filter, inverted: a segment gets its filter when it has been looked
// into that often, so that a few changes of a large index do not read all its ids.
const filterWorth = 32

// A wanted is a set of ids to look for.
type wanted struct {
	segment *Segment // all its ids,
	ids     []string // and these
	hashes  []uint64
}

func newWanted(s *Segment, ids []string) *wanted {
	w := &wanted{segment: s, ids: ids}
	var id []byte
	for i := range w.count() {
		id = w.appendID(id[:0], i)
		w.hashes = append(w.hashes, hashID(id))
	}
	return w
}

func (w *wanted) count() int { return w.fromSegment() + len(w.ids) }

func (w *wanted) fromSegment() int {
	if w.segment == nil {
		return 0
	}
	return w.segment.Len()
}

func (w *wanted) appendID(dst []byte, i int) []byte {
	if n := w.fromSegment(); i >= n {
		return append(dst, w.ids[i-n]...)
	}
	return w.segment.columns.AppendID(dst, uint32(i))
}

// in returns the documents of a member with the ids. Index.mu is held.
func (w *wanted) in(m member) (docs []uint32) {
	if m.filter == nil {
		if m.lookups += w.count(); m.lookups > m.Len()/filterWorth {
			m.filter = newFilter(m.Segment)
		}
	}
	var id []byte
	for i, h := range w.hashes {
		if m.filter != nil && !m.filter.may(h) {
			continue
		}
		id = w.appendID(id[:0], i)
		if doc, ok := m.columns.Find(string(id)); ok {
			docs = append(docs, doc)
		}
	}
	return docs
}
