package search

import (
	"broadsheet/search/topk"
)

// tierScore is added to the scores of papers with all words when others follow, so that
// scores fall over the whole list. No sum of the few words of such a question reaches it.
const tierScore = 1000 * scale

// list finds the hits, with one more if the list goes on, and the mark behind each.
func (s *searcher) list(after *mark) []mark {
	if s.byMeaning() && (after == nil || after.tier == fusedTier) {
		return s.fuse(after)
	}
	return s.lexical(after)
}

// lexical finds them by words alone.
func (s *searcher) lexical(after *mark) []mark {
	p := s.plan
	switch {
	case s.nothing:
		return nil
	case !p.ranked() || s.request.Sort != ByScore:
		return s.byNumber(after)
	case p.open():
		return s.openEnded(after)
	case p.spoken > maxAll:
		s.anyListed = true
		return s.single(s.tier(0, "any word", p.any()), after)
	case p.spoken < 2 || after != nil && after.tier == 0:
		return s.single(s.tier(0, "all words", p.all()), after)
	}
	return s.both(after)
}

// tier returns a tier in the order of scores.
func (s *searcher) tier(number int, name string, q topk.Query) *tier {
	q.Count = s.request.Count
	return &tier{number: number, name: name, query: q, order: s.reorder}
}

// wanted is how many hits the page needs, passed over ones included.
func (s *searcher) wanted(after *mark) int {
	if after != nil {
		return s.request.Limit
	}
	return max(s.request.Offset+s.request.Limit, s.depth)
}

// single lists one tier.
func (s *searcher) single(t *tier, after *mark) []mark {
	hits, marks, res := s.fetch(t, after, s.wanted(after))
	s.answer.Total, s.answer.AtLeast, s.found = res.Total, res.AtLeast, res.Total
	return s.put(hits, marks, after)
}

// both lists the papers with all words and, when those would not fill a page, behind
// them the papers with any word. A mark is nil or in the second tier.
func (s *searcher) both(after *mark) []mark {
	first := s.tier(0, "all words", s.plan.all())
	first.query.Count = max(s.request.Count, s.request.Limit)
	hits, marks, res := s.fetch(first, nil, s.wanted(after))
	s.answer.Total, s.answer.AtLeast, s.found = res.Total, res.AtLeast, res.Total
	if after == nil && res.Total >= s.request.Limit || s.partial {
		return s.put(hits, marks, after)
	}
	s.anyListed = true
	second := s.tier(1, "any word", s.plan.any())
	second.drop = map[place]bool{}
	for i := range hits {
		hits[i].final += tierScore
		second.drop[place{hits[i].View, hits[i].Doc}] = true
	}
	more, behind, res := s.fetch(second, after, s.wanted(after))
	s.answer.Total, s.answer.AtLeast = res.Total, res.AtLeast
	if after == nil {
		more, behind = append(hits, more...), append(marks, behind...)
	}
	return s.put(more, behind, after)
}

// openEnded lists the papers that have some of the words of an open plan, and behind them
// the others that match, the newest first.
func (s *searcher) openEnded(after *mark) (all []mark) {
	first := s.tier(0, "any word", s.plan.any())
	second := s.tier(1, "the rest", s.plan.rest())
	second.order, second.query.Order = nil, topk.Order{ByNumber: true, Column: dayColumn}
	n := s.wanted(after)
	var hits []ranked
	for _, t := range []*tier{first, second} {
		from, want := after, n
		if after != nil && after.tier != t.number {
			if from = nil; after.tier > t.number {
				want = 0 // counted only
			}
		}
		more, marks, res := s.fetch(t, from, want)
		if want > 0 {
			hits, all = append(hits, more...), append(all, marks...)
		}
		s.answer.Total += res.Total
		s.answer.AtLeast = s.answer.AtLeast || res.AtLeast
	}
	s.found = s.answer.Total
	return s.put(hits, all, after)
}

// byNumber lists papers in the order of a column: those with all words, or with any
// if there is none.
func (s *searcher) byNumber(after *mark) []mark {
	order := topk.Order{ByNumber: true, Column: dayColumn}
	switch s.request.Sort {
	case Oldest:
		order.Ascending = true
	case MostVotes:
		order.Column = votesColumn
	}
	t := s.tier(0, "all words", s.plan.all())
	t.order, t.query.Order = nil, order
	if after == nil || after.tier == 0 {
		hits, marks, res := s.fetch(t, after, s.wanted(after))
		if s.found = res.Total; len(hits) > 0 || after != nil || s.plan.spoken < 2 {
			s.answer.Total, s.answer.AtLeast = res.Total, res.AtLeast
			return s.put(hits, marks, after)
		}
	}
	s.anyListed = true
	t = s.tier(1, "any word", s.plan.any())
	t.order, t.query.Order = nil, order
	hits, marks, res := s.fetch(t, after, s.wanted(after))
	s.answer.Total, s.answer.AtLeast = res.Total, res.AtLeast
	return s.put(hits, marks, after)
}

// put takes the hits of the page into the answer, and one more if there is.
func (s *searcher) put(hits []ranked, marks []mark, after *mark) []mark {
	if after == nil {
		skip := min(s.request.Offset, len(hits))
		hits, marks = hits[skip:], marks[skip:]
	}
	n := min(len(hits), max(s.request.Limit, s.depth)+1)
	s.listed = hits[:n]
	for _, h := range hits[:n] {
		s.answer.Hits = append(s.answer.Hits, Hit{h.ID, float64(h.final) / scale})
	}
	return marks[:n]
}
