package topk

import (
	"broadsheet/search/index"
	"broadsheet/search/pack"
)

// window is how many documents are scored at a time: their scores fill half of a
// processor's first cache. A power of two.
const window = 4096

// A disjunction scores the documents of one view that have any of its terms.
type disjunction struct {
	cursors []*cursor
	order   []*cursor // by what they add for their cost, least first
	sums    []uint32  // sums[i]: bound of the scores of order[:i]
	scores  [window]uint32
	found   [window]uint32 // candidates: places in the window
	docs    []uint32
	partial []uint32 // their scores so far
}

// disjunction offers the best of a view's documents to the collector.
func (s *searcher) disjunction(d *disjunction) {
	docs := uint32(s.snap.Views[s.view].Len())
	if len(d.cursors) == 0 {
		return
	}
	d.order = append(d.order[:0], d.cursors...)
	for done := uint32(0); s.more(); {
		start := uint32(index.NoDoc)
		for _, c := range d.order {
			start = min(start, c.next())
		}
		start = max(start&^(window-1), done)
		if start >= docs {
			return
		}
		end := start + window
		done = end
		for _, c := range d.order {
			c.windowBound(start, end)
		}
		theta := s.best.theta()
		lazy := d.partition(theta)
		switch essential := d.order[lazy:]; len(essential) {
		case 0: // nothing in here can be among the best
			continue
		case 1:
			s.single(d, essential[0], theta, d.sums[lazy], start, end)
		default:
			for _, c := range essential {
				s.accumulate(d, c, start, end)
			}
			s.candidates(d, theta, d.sums[lazy], start)
			clear(d.scores[:])
		}
		s.complete(d, d.order[:lazy], theta)
	}
}

// partition orders the cursors and returns how many of the first are not essential: a
// document that has only those cannot reach theta. Those that add least for their
// cost are made so first.
func (d *disjunction) partition(theta uint32) int {
	o := d.order
	for i := 1; i < len(o); i++ { // nearly sorted from window to window
		for j := i; j > 0 && uint64(o[j].bound)*uint64(o[j-1].cost) < uint64(o[j-1].bound)*uint64(o[j].cost); j-- {
			o[j], o[j-1] = o[j-1], o[j]
		}
	}
	d.sums = append(d.sums[:0], 0)
	lazy := 0
	for i, c := range o {
		d.sums = append(d.sums, d.sums[i]+c.bound)
		if d.sums[i+1] < theta {
			lazy = i + 1
		}
	}
	return lazy
}

// accumulate adds the scores of a term to those of the window.
func (s *searcher) accumulate(d *disjunction, c *cursor, start, end uint32) {
	if c.bound == 0 {
		return
	}
	for c.load(start, &s.work) {
		if c.Docs[c.at] >= end {
			return
		}
		c.LoadCodes()
		docs, codes := c.Docs[:c.N], c.Codes[:c.N]
		weight, table, lengths := uint64(c.weight), c.table, c.lengths
		i := c.at
		for ; i < len(docs) && docs[i] < end; i++ {
			doc, code := docs[i], codes[i]
			if code < index.TableCodes {
				d.scores[doc&(window-1)] += uint32(weight*uint64(table[code<<8|uint32(lengths[doc])])>>16) + 1
			} else {
				d.scores[doc&(window-1)] += c.score(i)
			}
		}
		s.work.Scored += i - c.at
		if c.at = i; i < c.N {
			return
		}
		c.from, c.at = c.from+1, 0
	}
}

// candidates collects the documents of the window that can reach theta when the
// terms that are not essential add rest.
func (s *searcher) candidates(d *disjunction, theta, rest, start uint32) {
	least := uint32(1)
	if theta > rest {
		least = theta - rest
	}
	n := pack.Above(d.found[:], d.scores[:], least)
	d.docs, d.partial = d.docs[:0], d.partial[:0]
	for _, at := range d.found[:n] {
		if doc := start + at; s.passes(doc) {
			d.docs = append(d.docs, doc)
			d.partial = append(d.partial, d.scores[at])
		}
	}
}

// single is accumulate and candidates for a single essential term, block by block:
// those whose maximum is too low are passed over.
func (s *searcher) single(d *disjunction, c *cursor, theta, rest, start, end uint32) {
	d.docs, d.partial = d.docs[:0], d.partial[:0]
	least := uint32(1)
	if theta > rest {
		least = theta - rest
	}
	for c.seek(start) && c.next() < end {
		if c.Block() != c.from && c.upper(c.Impact(c.from)) < least {
			if c.Last(c.from) >= end {
				return // the rest of it is for the next window
			}
			c.from, c.at = c.from+1, 0
			continue
		}
		if !c.load(start, &s.work) || c.Docs[c.at] >= end {
			return
		}
		c.LoadCodes()
		i := c.at
		for ; i < c.N && c.Docs[i] < end; i++ {
			if score := c.score(i); score >= least && s.passes(c.Docs[i]) {
				d.docs = append(d.docs, c.Docs[i])
				d.partial = append(d.partial, score)
			}
		}
		s.work.Scored += i - c.at
		if c.at = i; i < c.N {
			return
		}
		c.from, c.at = c.from+1, 0
	}
}

// complete adds the terms that are not essential to the candidates, the strongest
// first, dropping those that cannot reach theta any more, and offers the rest.
func (s *searcher) complete(d *disjunction, lazy []*cursor, theta uint32) {
	for i := len(lazy) - 1; i >= 0 && len(d.docs) > 0; i-- {
		if lazy[i].bound > 0 {
			s.probe(d, lazy[i], theta, d.sums[i])
		}
	}
	for i, doc := range d.docs {
		if d.partial[i] >= theta {
			s.work.Candidates++
			s.best.add(int64(d.partial[i]), s.view, doc)
		}
	}
}

// probe adds the score of one term to the candidates that have it. below is what the
// terms after it can add.
func (s *searcher) probe(d *disjunction, c *cursor, theta, below uint32) {
	kept := 0
	for i, doc := range d.docs {
		score := d.partial[i]
		if score+c.bound+below < theta {
			continue
		}
		if !c.holds(doc) && c.seek(doc) && c.Block() != c.from &&
			score+c.upper(c.Impact(c.from))+below < theta {
			continue // the block's own maximum rules the document out
		}
		if s.work.Probes++; c.load(doc, &s.work) && c.Docs[c.at] == doc {
			c.LoadCodes()
			s.work.Scored++
			score += c.score(c.at)
		}
		d.docs[kept], d.partial[kept] = doc, score
		kept++
	}
	d.docs, d.partial = d.docs[:kept], d.partial[:kept]
}
