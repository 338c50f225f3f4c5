package topk

import (
	"context"
	"slices"
	"sync"

	"broadsheet/search/index"
)

// maxPostings is the greatest work budget: how many postings one query may read. It is ten
// times what a question of fifteen frequent words reads among a million papers.
const maxPostings = 50_000_000

// positionsCost is how many postings a list of positions costs as much as.
const positionsCost = 32

// A searcher evaluates one query. It is kept for the next.
type searcher struct {
	ctx     context.Context
	snap    *index.Snapshot
	query   *Query
	best    collector
	work    Work
	budget  int
	weights [][]uint32 // by clause and term
	dfs     [][]int

	view    int
	filter  *index.Bitmap // nil for all documents
	dead    *index.Bitmap
	partial bool

	d     disjunction
	conj  conjunction
	spare []*cursor
	used  []*cursor
	bits  []*index.Bitmap
}

var searchers = sync.Pool{New: func() any { return new(searcher) }}

// Search answers a query. It ends early, with what it has found, when ctx does or
// when the work budget is used up; the result is then marked as partial. An index
// that turns out to be damaged is an error.
func Search(ctx context.Context, snap *index.Snapshot, q *Query) (res Result, err error) {
	defer index.Recover(&err)
	s := searchers.Get().(*searcher)
	s.start(ctx, snap, q)
	s.weigh()
	s.floor()
	for i := range snap.Views {
		s.search(i)
	}
	res.Partial = s.partial
	s.count(&res)
	s.hits(&res)
	res.Work = s.work
	s.end()
	searchers.Put(s)
	return res, nil
}

func (s *searcher) start(ctx context.Context, snap *index.Snapshot, q *Query) {
	s.ctx, s.snap, s.query = ctx, snap, q
	s.best.snap, s.best.k, s.best.after, s.best.floor, s.best.heap = snap, max(1, q.K), q.After, 0, s.best.heap[:0]
	s.best.byNumber = q.Order.ByNumber
	s.work, s.partial, s.budget = Work{}, false, maxPostings
	if q.Budget > 0 {
		s.budget = min(q.Budget, maxPostings)
	}
	s.conj.total = 0
}

// end lets go of what belongs to the snapshot.
func (s *searcher) end() {
	s.ctx, s.snap, s.query, s.best.snap, s.best.after, s.filter, s.dead = nil, nil, nil, nil, nil, nil, nil
}

// more reports whether there is budget left.
func (s *searcher) more() bool {
	if s.work.Cost() > s.budget || s.ctx.Err() != nil {
		s.partial = true
	}
	return !s.partial
}

// passes reports whether a document is neither deleted nor filtered out.
func (s *searcher) passes(doc uint32) bool {
	return (s.dead == nil || !s.dead.Has(doc)) && (s.filter == nil || s.filter.Has(doc))
}

// weigh computes the weight of each term over all views.
func (s *searcher) weigh() {
	s.weights, s.dfs = s.weights[:0], s.dfs[:0]
	for _, clause := range s.query.Clauses {
		w, n := make([]uint32, len(clause)), make([]int, len(clause))
		for i, t := range clause {
			boost := t.Boost
			if boost == 0 {
				boost = 1
			}
			n[i] = s.snap.DF(t.Field, t.Text)
			w[i] = index.Weight(s.snap.Docs, n[i], boost)
		}
		s.weights, s.dfs = append(s.weights, w), append(s.dfs, n)
	}
}

// floor finds a score that k documents are known to reach before any is scored: the
// k-th greatest block maximum of a list, as each is the impact of a document of its
// own. With k plus the number of deleted documents it holds whichever are deleted.
func (s *searcher) floor() {
	q := s.query
	if q.All || q.Filter != nil || q.After != nil || q.Order.ByNumber {
		return
	}
	for _, view := range s.snap.Views {
		n := q.K + view.Deleted.Count()
		for i, clause := range q.Clauses {
			for j, t := range clause {
				if s.dfs[i][j] < 128*n {
					continue // fewer blocks than that
				}
				c := s.cursor()
				if c.open(s.snap, view, t, s.weights[i][j]) && c.Blocks() >= n {
					if floor := c.lower(c.NthImpact(n)); floor > s.best.floor {
						s.best.floor = floor
					}
				}
			}
		}
		s.recycle()
	}
}

// search offers the best documents of one view.
func (s *searcher) search(view int) {
	if !s.more() {
		return
	}
	v := s.snap.Views[view]
	s.view, s.dead, s.filter = view, v.Deleted, nil
	q := s.query
	if q.Filter != nil {
		s.filter = s.evaluate(q.Filter, v)
		if s.filter.Count() == 0 {
			return
		}
	}
	switch {
	case q.Order.ByNumber || len(q.Clauses) == 0:
		s.byNumber(v)
	case q.All:
		s.conjunction(v)
	default:
		s.d.cursors = s.d.cursors[:0]
		for i, clause := range q.Clauses {
			for j, t := range clause {
				if c := s.cursor(); c.open(s.snap, v, t, s.weights[i][j]) {
					s.d.cursors = append(s.d.cursors, c)
				}
			}
		}
		s.disjunction(&s.d)
	}
	s.recycle()
}

// byNumber offers every match in the order of a column, or of ids when the query
// has no words to rank by.
func (s *searcher) byNumber(v index.View) {
	all := s.evaluate(s.query.matches(), v)
	for doc := range s.live(all) {
		key := int64(0)
		if o := s.query.Order; o.ByNumber {
			key = v.Columns().Number(o.Column, doc)
			if o.Ascending && key != missing {
				key = -key
			}
		}
		s.work.Candidates++
		s.best.add(key, s.view, doc)
	}
	s.free(all)
}

// cursor returns a cursor that is used until recycle.
func (s *searcher) cursor() *cursor {
	var c *cursor
	if n := len(s.spare); n > 0 {
		c, s.spare = s.spare[n-1], s.spare[:n-1]
	} else {
		c = new(cursor)
	}
	s.used = append(s.used, c)
	return c
}

func (s *searcher) recycle() {
	s.spare = append(s.spare, s.used...)
	s.used = s.used[:0]
}

// hits moves the best into the result.
func (s *searcher) hits(res *Result) {
	if s.query.K <= 0 {
		return
	}
	res.Hits = make([]Hit, 0, len(s.best.heap))
	for _, e := range s.best.sorted() {
		h := Hit{ID: s.snap.Views[e.view].Columns().ID(e.doc), View: int(e.view), Doc: e.doc}
		if s.query.Order.ByNumber {
			h.Number = e.key
		} else {
			h.Score = uint32(e.key)
		}
		res.Hits = append(res.Hits, h)
	}
	res.Hits = slices.Clip(res.Hits)
}
