package topk

import (
	"broadsheet/search/index"
)

// A phraseReader checks documents, in rising order, for a phrase.
type phraseReader struct {
	phrase    *Phrase
	view      index.View
	cursors   []*cursor
	positions [][]uint32
	next      []int // by term: the position to look at
}

// openPhrase reports false when a term of the phrase is nowhere in the view.
func (s *searcher) openPhrase(r *phraseReader, p *Phrase, v index.View) bool {
	r.phrase, r.view, r.cursors = p, v, r.cursors[:0]
	for _, t := range p.Terms {
		c := s.cursor()
		if !c.Open(v.Segment, p.Field, t) {
			return false
		}
		c.at, c.from = 0, 0
		r.cursors = append(r.cursors, c)
	}
	for len(r.positions) < len(p.Terms) {
		r.positions, r.next = append(r.positions, nil), append(r.next, 0)
	}
	return true
}

// hasPhrase reports whether the phrase stands in a document. Documents must rise
// from call to call.
func (s *searcher) hasPhrase(r *phraseReader, doc uint32) bool {
	for _, c := range r.cursors {
		if !c.load(doc, &s.work) || c.Docs[c.at] != doc {
			return false
		}
	}
	for i, c := range r.cursors {
		s.work.Positions++
		r.positions[i] = c.Positions(r.positions[i][:0], c.at)
	}
	return r.matches(doc)
}

// matches compares the positions of the terms in a document.
func (r *phraseReader) matches(doc uint32) bool {
	p := r.phrase
	least, limit, title := uint32(0), uint32(index.NoDoc), uint32(0)
	if p.Field == index.Text {
		title = r.view.TitleExtent(doc)
	}
	if p.Title {
		limit = title
	} else if p.Abstract {
		least = title
	}
	next := r.next[:len(p.Terms)]
	clear(next)
	for _, start := range r.positions[0] {
		if start < least {
			continue
		}
		switch end, ok := r.follow(start); {
		case !ok || end >= limit:
			return false // as well from any later start
		case start < title && end >= title: // from the title into the abstract
		case end-start <= p.Offsets[len(p.Offsets)-1]+p.Slop:
			return true
		}
	}
	return false
}

// follow returns where the phrase ends at the earliest that begins at start, whatever
// comes between its words. Starts rise from call to call in a document.
func (r *phraseReader) follow(start uint32) (end uint32, ok bool) {
	p := r.phrase
	end = start
	for i := 1; i < len(p.Terms); i++ {
		end += p.Offsets[i] - p.Offsets[i-1]
		list, n := r.positions[i], r.next[i]
		for n < len(list) && list[n] < end {
			n++
		}
		if r.next[i] = n; n == len(list) {
			return 0, false
		}
		end = list[n]
	}
	return end, true
}

// fillPhrase adds the documents with a phrase to a bitmap.
func (s *searcher) fillPhrase(b *index.Bitmap, p *Phrase, v index.View) {
	var r phraseReader
	if len(p.Terms) == 0 || !s.openPhrase(&r, p, v) {
		return
	}
	shortest := r.cursors[0]
	for _, c := range r.cursors {
		if c.DF() < shortest.DF() {
			shortest = c
		}
	}
	lead := s.cursor() // hasPhrase moves the phrase's own
	lead.Open(v.Segment, p.Field, p.Terms[indexOf(r.cursors, shortest)])
	for block := range lead.Blocks() {
		lead.Load(block)
		s.work.Postings += lead.N
		for _, doc := range lead.Docs[:lead.N] {
			if s.hasPhrase(&r, doc) {
				b.Words()[doc>>6] |= 1 << (doc & 63)
			}
		}
		if !s.more() {
			return
		}
	}
}

func indexOf(cursors []*cursor, c *cursor) int {
	for i := range cursors {
		if cursors[i] == c {
			return i
		}
	}
	return -1
}
