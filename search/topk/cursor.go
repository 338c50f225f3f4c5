package topk

import (
	"broadsheet/search/index"
)

// A cursor reads the postings of one scored term in one view.
type cursor struct {
	index.Postings
	weight  uint32
	scorer  *index.Scorer
	table   *[index.TableCodes << 8]uint16
	lengths []byte // by document
	drift   index.Drift

	at    int    // index into the current block of the next posting to read
	from  int    // the first block that is not behind
	bound uint32 // of the score in the current window
	cost  int
}

// open finds the term in a view. weight is the term's over the whole snapshot.
func (c *cursor) open(snap *index.Snapshot, view index.View, t Term, weight uint32) bool {
	if !c.Open(view.Segment, t.Field, t.Text) {
		return false
	}
	c.weight = weight
	c.scorer = snap.Scorer(t.Field)
	c.table = c.scorer.Table()
	c.lengths = view.Lengths(t.Field)
	c.drift = snap.Drift(view, t.Field)
	c.at, c.from, c.cost = 0, 0, c.DF()
	return true
}

// upper returns a bound above the scores of postings with this stored impact.
func (c *cursor) upper(impact uint32) uint32 {
	return index.Score(c.weight, c.drift.Upper(impact))
}

func (c *cursor) lower(impact uint32) uint32 {
	return index.Score(c.weight, c.drift.Lower(impact))
}

// score returns the score of posting i of the current block, whose codes are loaded.
func (c *cursor) score(i int) uint32 {
	doc, code := c.Docs[i], c.Codes[i]
	if code < index.TableCodes {
		return index.Score(c.weight, uint32(c.table[code<<8|uint32(c.lengths[doc])]))
	}
	return index.Score(c.weight, c.scorer.Impact(code, c.lengths[doc]))
}

// next returns a bound below the next document to read, NoDoc at the end.
func (c *cursor) next() uint32 {
	switch {
	case c.from >= c.Blocks():
		return index.NoDoc
	case c.Block() == c.from:
		return c.Docs[c.at]
	case c.from == 0:
		return 0
	}
	return c.Last(c.from-1) + 1
}

// seek moves to the first posting at target or later, without decoding its block
// when only a part of the block is behind. It returns false at the end.
func (c *cursor) seek(target uint32) bool {
	if c.from >= c.Blocks() {
		return false
	}
	if b := c.BlockOf(c.from, target); b != c.from {
		c.from, c.at = b, 0
		return b < c.Blocks()
	}
	return true
}

// holds reports whether the decoded block is the one of target, which is not before
// the current posting.
func (c *cursor) holds(target uint32) bool {
	return c.Block() == c.from && c.Docs[c.N-1] >= target
}

// load decodes the block that seek found and moves to target within it. It
// returns false at the end of the list.
func (c *cursor) load(target uint32, w *Work) bool {
	for !c.holds(target) {
		if !c.seek(target) {
			return false
		}
		if c.Block() == c.from { // all of the only block is behind
			c.from, c.at = c.from+1, 0
			continue
		}
		c.Load(c.from)
		w.Postings += c.N
		c.at = 0
	}
	// The next few, then all at once.
	for near := min(c.at+4, c.N); c.at < near; c.at++ {
		if c.Docs[c.at] >= target {
			return true
		}
	}
	c.at = c.Find(target)
	return true
}

// windowBound sets bound for the documents from start to before end.
func (c *cursor) windowBound(start, end uint32) {
	c.bound = 0
	if !c.seek(start) || c.next() >= end {
		return
	}
	most := c.Impact(c.from)
	for b := c.from + 1; b < c.Blocks() && c.Last(b-1) < end-1; b++ {
		most = max(most, c.Impact(b))
	}
	c.bound = c.upper(most)
}
