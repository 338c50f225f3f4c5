package index

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Segment returns the documents as a segment in memory.
func (b *Builder) Segment() (*Segment, error) {
	var out [parts]bytes.Buffer
	var w [parts]io.Writer
	for p := range out {
		w[p] = &out[p]
	}
	if err := b.WriteTo(w); err != nil {
		return nil, err
	}
	var data [parts][]byte
	for p := range out {
		data[p] = out[p].Bytes()
	}
	return openSegment(data, b.set)
}

// WriteTo writes the documents as a segment, and leaves the builder of no more use.
func (b *Builder) WriteTo(w [parts]io.Writer) error {
	s, err := newSegmentWriter(w, b.set, b.rows, b.norms)
	if err == nil && b.vecs != nil {
		_, err = b.vecs.WriteTo(s.part[vectorsPart])
	}
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	order := make([]uint32, len(b.keys)) // term numbers by key
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int {
		k, l := &b.keys[x], &b.keys[y]
		return cmp.Or(cmp.Compare(k.field, l.field), cmp.Compare(k.term, l.term))
	})
	postings, ends := b.byTerm()
	l := s.newList()
	var key []byte
	var positions []uint32
	for _, n := range order {
		k := &b.keys[n]
		l.start(k.field)
		from := uint32(0)
		if n > 0 {
			from = ends[n-1]
		}
		scored := k.field.scored()
		for _, p := range postings[from:ends[n]] {
			if !scored {
				l.add(p.doc, 0, nil)
				continue
			}
			positions = positions[:0]
			for _, pos := range b.all[p.pos:p.end] {
				positions = append(positions, uint32(pos))
			}
			l.add(p.doc, uint32(codeOf[p.count>>8][p.count&0xff]), positions)
		}
		key = append(append(key[:0], byte(k.field)), k.term...)
		encoded := l.finish(key)
		if err := s.write(&encoded); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	if err := s.finish(); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return nil
}

// A posting is one entry of the builder, moved to those of its term: reading them
// where they were gathered would miss the processor's caches each time.
type posting struct {
	doc      uint32
	pos, end uint32
	count    uint16
}

// byTerm returns the postings sorted by term and document, and by term number where
// its own end.
func (b *Builder) byTerm() (postings []posting, ends []uint32) {
	ends = make([]uint32, len(b.keys))
	for _, t := range b.term {
		ends[t]++
	}
	sum := uint32(0)
	for t, n := range ends {
		ends[t], sum = sum, sum+n
	}
	postings = make([]posting, len(b.term))
	for p, t := range b.term {
		postings[ends[t]] = posting{b.doc[p], b.pos[p], b.pos[p+1], b.code[p]}
		ends[t]++
	}
	return postings, ends
}
