package vector

import "iter"

// Codes yields the documents that have a vector, with their codes, in the order in which
// they are stored. A code is good as long as the Reader's bytes are. What is damaged is
// passed over.
func (r *Reader) Codes() iter.Seq2[uint32, []byte] {
	return func(yield func(uint32, []byte) bool) {
		size := r.dims / 8
		for slot := range r.slots {
			if doc := r.member(slot); doc < uint32(r.docs) && !yield(doc, r.codes[slot*size:][:size]) {
				return
			}
		}
	}
}
