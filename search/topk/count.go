package topk

import (
	"iter"
	"math/bits"

	"broadsheet/search/column"
	"broadsheet/search/index"
)

const missing = column.Missing

// count sets the number of matches: exactly while it is at most query.Count, which
// costs reading all lists, so a list that is longer by itself ends it at once.
func (s *searcher) count(res *Result) {
	q := s.query
	if q.Count == 0 {
		res.Total, res.AtLeast = len(s.best.heap), true
		return
	}
	if q.All && !q.Order.ByNumber && len(q.Clauses) > 0 {
		res.Total, res.AtLeast = s.conj.total, s.partial || s.conj.total > q.Count
		return
	}
	deleted := 0
	for _, v := range s.snap.Views {
		deleted += v.Deleted.Count()
	}
	if q.Filter == nil && !q.All {
		for _, dfs := range s.dfs {
			for _, df := range dfs {
				if df-deleted > q.Count {
					res.Total, res.AtLeast = df-deleted, true
				}
			}
		}
		if res.AtLeast {
			return
		}
		if len(q.Clauses) == 1 && len(q.Clauses[0]) == 1 && deleted == 0 {
			res.Total = s.dfs[0][0]
			return
		}
	}
	for _, v := range s.snap.Views {
		s.dead = v.Deleted
		all := s.evaluate(q.matches(), v)
		for range s.live(all) {
			res.Total++
		}
		s.free(all)
	}
	res.AtLeast = s.partial
}

// matches returns what matches the query as a set.
func (q *Query) matches() Match {
	var words []Match
	for _, clause := range q.Clauses {
		var any Any
		for _, t := range clause {
			any = append(any, HasTerm{Field: t.Field, Text: t.Text})
		}
		words = append(words, any)
	}
	var all Every
	if q.All {
		all = Every(words)
	} else if len(words) > 0 {
		all = Every{Any(words)}
	}
	if q.Phrase != nil {
		all = append(all, q.Phrase)
	}
	if q.Filter != nil {
		all = append(all, q.Filter)
	}
	return all
}

// live yields the documents of a set that are not deleted.
func (s *searcher) live(b *index.Bitmap) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, w := range b.Words() {
			for ; w != 0; w &= w - 1 {
				doc := uint32(i<<6 + bits.TrailingZeros64(w))
				if (s.dead == nil || !s.dead.Has(doc)) && !yield(doc) {
					return
				}
			}
		}
	}
}
