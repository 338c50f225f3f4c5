package search

import (
	"cmp"
	"slices"
	"strings"

	"broadsheet/search/topk"
)

// headSize is how many hits at the head of a list are put in order by signals. What a
// signal could lift from farther below is not what was meant.
const headSize = 50

// A ranked hit has its final score.
type ranked struct {
	topk.Hit
	final int64
}

// A tier is a part of the list of hits.
type tier struct {
	number int
	name   string
	query  topk.Query
	drop   map[place]bool // papers of the tier before
	order  func(hits []ranked)
}

// A place tells documents of a snapshot apart.
type place struct {
	view int
	doc  uint32
}

// fetch returns n hits of the tier behind a mark, or from its start on, with the mark
// behind each. There are n+1 if the list goes on.
func (s *searcher) fetch(t *tier, after *mark, n int) ([]ranked, []mark, topk.Result) {
	q := t.query
	q.K = n + 1 + len(t.drop)
	fromHead := t.order != nil && (after == nil || after.head)
	switch {
	case fromHead && after != nil:
		q.K += headSize
	case fromHead:
		q.K = max(n+1, headSize) + len(t.drop)
	case after != nil:
		q.After = after.hit(q.Order.ByNumber)
		s.dropTitles(t)
		q.K = n + 1 + len(t.drop)
	}
	res := s.evaluate(&q)
	hits := make([]ranked, 0, len(res.Hits))
	for _, h := range res.Hits {
		if !t.drop[place{h.View, h.Doc}] {
			hits = append(hits, ranked{h, int64(h.Score)})
		}
	}
	inHead := 0
	if fromHead {
		inHead = min(headSize, len(hits))
		t.order(hits[:inHead])
		if lead := s.lead(t, hits[:inHead], res.Total); len(lead) > 0 {
			hits, inHead = withLead(lead, hits, inHead), inHead+len(lead)
			t.order(hits[:inHead])
		}
	}
	s.stage(t.name, describe(&q), res.Total)
	if fromHead && after != nil {
		n := 0
		for n < inHead && !after.before(hits[n]) {
			n++
		}
		hits, inHead = hits[n:], inHead-n
	}
	hits = hits[:min(len(hits), n+1)]
	return hits, t.marks(hits, inHead), res
}

// marks returns the mark behind each hit, of which the first are of the head.
func (t *tier) marks(hits []ranked, inHead int) []mark {
	marks := make([]mark, len(hits))
	for i, h := range hits {
		m := mark{tier: t.number, id: h.ID, key: int64(h.Score)}
		switch {
		case i < inHead:
			m.head, m.key = true, h.final
		case t.query.Order.ByNumber:
			m.key = h.Number
		}
		marks[i] = m
	}
	return marks
}

// before reports whether a hit of the head comes behind the mark.
func (m *mark) before(h ranked) bool {
	return h.final < m.key || h.final == m.key && h.ID > m.id
}

// byFinal orders hits by final score.
func byFinal(hits []ranked) {
	slices.SortFunc(hits, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.final, a.final), strings.Compare(a.ID, b.ID))
	})
}
