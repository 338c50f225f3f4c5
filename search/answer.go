package search

import (
	"context"
	"fmt"
	"strings"
	"time"

	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

// maxAll is how many words a question has at most that is first answered by the papers
// with all of them. More are a sentence or a passage.
const maxAll = 6

// A searcher answers one request.
type searcher struct {
	*compiler
	ctx       context.Context
	request   Request
	answer    Response
	plan      *plan
	found     int  // papers with all words
	anyListed bool // papers with any of them are listed, too
	partial   bool
	started   time.Time
}

// Search answers a request. Any text is understood, in the worst case as plain words;
// an error is that of a damaged index, of ctx, or of a cursor ([ErrCursor]).
func (e *Engine) Search(ctx context.Context, r Request) (answer Response, err error) {
	defer index.Recover(&err)
	r, notes := r.normal()
	s := &searcher{ctx: ctx, request: r, started: time.Now()}
	s.compiler = &compiler{engine: e, snap: e.index.Snapshot(), notes: notes}
	defer s.snap.Release()
	if err := s.run(); err != nil {
		return Response{}, fmt.Errorf("search: %w", err)
	}
	return s.answer, nil
}

func (s *searcher) run() error {
	s.parse()
	question := fmt.Sprintf("%d %q %q", s.request.Sort, s.answer.Query, s.request.Filter)
	after, err := decodeCursor(s.request.Cursor, question)
	if err != nil {
		return err
	}
	s.plan = s.compile(s.answer.Query, s.request.Filter)
	s.stage("compile", s.answer.Query.String(), len(s.plan.words)+len(s.plan.musts)+len(s.plan.extras))
	marks := s.list(after)
	if n := s.request.Limit; len(s.answer.Hits) > n {
		s.answer.Hits = s.answer.Hits[:n]
		s.answer.Cursor = marks[n-1].encode(question)
	}
	s.facets()
	s.didYouMean()
	if s.partial {
		s.notef("The question is so broad that not all papers were looked at.")
	}
	s.answer.Notes = s.notes
	if s.err != nil {
		return s.err
	}
	return s.ctx.Err()
}

// parse reads the question.
func (s *searcher) parse() {
	s.answer.Query = s.request.Query
	if s.request.Text == "" {
		return
	}
	var notes []query.Note
	s.answer.Query, notes = query.Parse(s.request.Text)
	for _, n := range notes {
		s.notes = append(s.notes, string(n))
	}
}

// stage puts a step into the trace, with the time since the one before.
func (s *searcher) stage(name, detail string, found int) {
	now := time.Now()
	s.answer.Trace = append(s.answer.Trace, Stage{name, detail, found, now.Sub(s.started)})
	s.started = now
}

// evaluate answers a query, which is one step.
func (s *searcher) evaluate(name string, q *topk.Query) topk.Result {
	res, err := topk.Search(s.ctx, s.snap, q)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.answer.Work.Add(res.Work)
	s.partial = s.partial || res.Partial
	s.stage(name, describe(q), res.Total)
	return res
}

// list finds the hits, with one more if the list goes on, and the mark behind each.
func (s *searcher) list(after *mark) []mark {
	p := s.plan
	switch {
	case !p.ranked() || s.request.Sort != ByScore:
		return s.byNumber(after)
	case p.spoken > maxAll:
		s.anyListed = true
		return s.single(&tier{name: "any word", query: p.any()}, after)
	case p.spoken < 2 || after != nil && after.tier == 0:
		return s.single(&tier{name: "all words", query: p.all()}, after)
	}
	return s.both(after)
}

// wanted is how many hits the page needs, passed over ones included.
func (s *searcher) wanted(after *mark) int {
	if after != nil {
		return s.request.Limit
	}
	return s.request.Offset + s.request.Limit
}

// single lists one tier.
func (s *searcher) single(t *tier, after *mark) []mark {
	t.query.Count, t.order = s.request.Count, s.reorder
	hits, marks, res := s.fetch(t, after, s.wanted(after))
	s.total(res)
	s.found = res.Total
	return s.put(hits, marks, after)
}

func (s *searcher) total(res topk.Result) {
	s.answer.Total, s.answer.AtLeast = res.Total, res.AtLeast
}

// both lists the papers with all words and, when those would not fill a page, behind
// them the papers with any word. A mark is nil or in the second tier.
func (s *searcher) both(after *mark) []mark {
	first := &tier{name: "all words", query: s.plan.all(), order: s.reorder}
	first.query.Count = max(s.request.Count, s.request.Limit)
	hits, marks, res := s.fetch(first, nil, s.wanted(after))
	s.found = res.Total
	if after == nil && res.Total >= s.request.Limit || s.partial {
		s.total(res)
		return s.put(hits, marks, after)
	}
	s.anyListed = true
	second := &tier{number: 1, name: "any word", query: s.plan.any(), order: s.reorder, drop: map[place]bool{}}
	second.query.Count = s.request.Count
	for i := range hits {
		hits[i].final += tierScore
		second.drop[place{hits[i].View, hits[i].Doc}] = true
	}
	more, behind, res := s.fetch(second, after, s.wanted(after))
	s.total(res)
	if after != nil {
		return s.put(more, behind, after)
	}
	return s.put(append(hits, more...), append(marks, behind...), nil)
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
	t := &tier{name: "all words", query: s.plan.all()}
	t.query.Order, t.query.Count = order, s.request.Count
	if after == nil || after.tier == 0 {
		hits, marks, res := s.fetch(t, after, s.wanted(after))
		if s.found = res.Total; len(hits) > 0 || after != nil || s.plan.spoken < 2 {
			s.total(res)
			return s.put(hits, marks, after)
		}
	}
	s.anyListed = true
	t = &tier{number: 1, name: "any word", query: s.plan.any()}
	t.query.Order, t.query.Count = order, s.request.Count
	hits, marks, res := s.fetch(t, after, s.wanted(after))
	s.total(res)
	return s.put(hits, marks, after)
}

// put takes the hits of the page into the answer, and one more if there is.
func (s *searcher) put(hits []ranked, marks []mark, after *mark) []mark {
	if after == nil {
		skip := min(s.request.Offset, len(hits))
		hits, marks = hits[skip:], marks[skip:]
	}
	n := min(len(hits), s.request.Limit+1)
	for _, h := range hits[:n] {
		s.answer.Hits = append(s.answer.Hits, Hit{h.ID, float64(h.final) / scale})
	}
	return marks[:n]
}

// describe tells what a query looks for, for the trace.
func describe(q *topk.Query) string {
	var b strings.Builder
	for i, clause := range q.Clauses {
		if i > 0 {
			b.WriteByte(' ')
		}
		for j, t := range clause {
			if j > 0 {
				b.WriteByte('|')
			}
			b.WriteString(t.Text)
		}
		if b.Len() > 200 {
			b.WriteString(" …")
			break
		}
	}
	return b.String()
}
