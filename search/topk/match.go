package topk

import (
	"broadsheet/search/index"
)

// evaluate returns the documents of a view that are in a set. The bitmap is the
// caller's until free. Its Count is right.
func (s *searcher) evaluate(m Match, v index.View) *index.Bitmap {
	b := s.bitmap(v.Len())
	s.fill(b, m, v)
	b.Recount()
	return b
}

// bitmap returns an empty one.
func (s *searcher) bitmap(n int) *index.Bitmap {
	if k := len(s.bits); k > 0 {
		b := s.bits[k-1]
		s.bits = s.bits[:k-1]
		b.Reset(n)
		return b
	}
	return index.NewBitmap(n)
}

func (s *searcher) free(b *index.Bitmap) { s.bits = append(s.bits, b) }

// fill adds the documents of a set to an empty bitmap.
func (s *searcher) fill(b *index.Bitmap, m Match, v index.View) {
	if !s.more() {
		return
	}
	words := b.Words()
	switch m := m.(type) {
	case HasTerm:
		s.fillTerm(b, m, v)
	case *Phrase:
		s.fillPhrase(b, m, v)
	case Range:
		for doc := range uint32(v.Len()) {
			if n := v.Columns().Number(m.Column, doc); n != missing && m.Min <= n && n <= m.Max {
				words[doc>>6] |= 1 << (doc & 63)
			}
		}
	case IDs:
		for _, id := range m {
			if doc, ok := v.Columns().Find(id); ok {
				words[doc>>6] |= 1 << (doc & 63)
			}
		}
	case Any:
		for _, part := range m {
			one := s.bitmap(v.Len())
			s.fill(one, part, v)
			for i, w := range one.Words() {
				words[i] |= w
			}
			s.free(one)
		}
	case Every:
		b.Fill(v.Len())
		for _, part := range m {
			one := s.bitmap(v.Len())
			s.fill(one, part, v)
			for i, w := range one.Words() {
				words[i] &= w
			}
			s.free(one)
		}
	case Not:
		if s.fill(b, m.Match, v); s.partial {
			b.Reset(v.Len()) // what is not in half a set may be in the whole
			return
		}
		b.Invert(v.Len())
	}
}

func (s *searcher) fillTerm(b *index.Bitmap, m HasTerm, v index.View) {
	c := s.cursor()
	if !c.Open(v.Segment, m.Field, m.Text) {
		return
	}
	words := b.Words()
	for block := range c.Blocks() {
		c.Load(block)
		s.work.Postings += c.N
		if !m.Title && !m.Abstract {
			for _, doc := range c.Docs[:c.N] {
				words[doc>>6] |= 1 << (doc & 63)
			}
			continue
		}
		c.LoadCodes()
		for i, doc := range c.Docs[:c.N] {
			if m.Title && index.InTitle(c.Codes[i]) || m.Abstract && index.InRest(c.Codes[i]) {
				words[doc>>6] |= 1 << (doc & 63)
			}
		}
	}
}
