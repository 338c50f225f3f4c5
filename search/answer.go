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
// with all of them. More are a sentence or a passage. Where judged sentences are so
// short, that costs 0.002 nDCG@10 on SciFact and nothing on Cranfield and CISI, over any
// words at once; and it is what people expect of a few words.
const maxAll = 6

// A searcher answers one request.
type searcher struct {
	*compiler
	ctx       context.Context
	request   Request
	answer    Response
	plan      *plan
	spoken    []spoken
	found     int      // papers with all words
	depth     int      // of the list by words, when meaning is asked, too
	listed    []ranked // the hits of the page
	seen      []int    // views by segment with vectors
	titled    bool     // a paper has the question as its title, or an author as the name
	whole     bool     // that title is the question, word for word
	author    *topk.Phrase
	byAuthor  map[place]bool
	anyListed bool // papers with any of them are listed, too
	dropped   bool // a part of the text was
	nothing   bool // was asked that could be looked for
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
	s.route()
	question := fmt.Sprintf("%d %d %q %q", s.request.Sort, s.request.Method, s.answer.Query, s.request.Filter)
	after, err := decodeCursor(s.request.Cursor, question)
	if err != nil {
		return err
	}
	s.plan = s.compile(s.answer.Query, s.request.Filter)
	s.spoken = s.spokenWords(s.answer.Query)
	s.respellTitle()
	s.tellMissing()
	if len(s.readings) > 0 {
		s.stage("words", strings.Join(s.readings, "; "), len(s.readings))
	}
	s.stage("compile", s.answer.Query.String(), len(s.plan.words)+len(s.plan.musts)+len(s.plan.extras))
	marks := s.list(after)
	if s.titled && s.author == nil {
		s.stage("route", "the title of a paper", 1)
	}
	s.answer.Method = s.method()
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
		s.dropped = true
	}
}

// tellMissing notes why there will be no hits, if the question tells.
func (s *searcher) tellMissing() {
	switch id, ok := s.answer.Query.Root.(query.ID); {
	case s.plan.empty && (s.answer.Query.Root != nil || s.dropped):
		s.nothing = true
		s.notef("There is nothing in the question that could be looked for.")
	case ok && !s.known(id.Text):
		s.notef("No paper here has the id %s.", id.Text)
	}
}

// known reports whether a paper has an id, be it its own or another one.
func (s *searcher) known(id string) bool {
	return has(s.snap, id) || s.snap.DF(index.Key, key(idKey, id).Text) > 0
}

// stage puts a step into the trace, with the time since the one before.
func (s *searcher) stage(name, detail string, found int) {
	now := time.Now()
	s.answer.Trace = append(s.answer.Trace, Stage{name, detail, found, now.Sub(s.started)})
	s.started = now
}

// evaluate answers a query with what is left of the budget.
func (s *searcher) evaluate(q *topk.Query) topk.Result {
	if q.Budget = s.left(); q.Budget == 1 {
		s.partial = true
		return topk.Result{AtLeast: true, Partial: true}
	}
	res, err := topk.Search(s.ctx, s.snap, q)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.answer.Work.Add(res.Work)
	s.partial = s.partial || res.Partial
	return res
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
