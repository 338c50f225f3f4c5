package indexer

import (
	"context"
	"fmt"
	"strings"

	"broadsheet"
	"broadsheet/search"
	"broadsheet/search/query"
)

var _ broadsheet.Searcher = (*Index)(nil)

// orders are the orders of the engine.
var orders = map[broadsheet.Sort]search.Sort{
	broadsheet.SortScore:  search.ByScore,
	broadsheet.SortNewest: search.Newest,
	broadsheet.SortOldest: search.Oldest,
	broadsheet.SortVotes:  search.MostVotes,
}

// methods are the methods of the engine.
var methods = map[broadsheet.Method]search.Method{
	broadsheet.MethodAdaptive: search.Adaptive,
	broadsheet.MethodHybrid:   search.Hybrid,
	broadsheet.MethodLexical:  search.Lexical,
	broadsheet.MethodSemantic: search.Semantic,
}

// MethodOf returns the engine's word for a method.
func MethodOf(m broadsheet.Method) search.Method { return methods[m] }

// Search implements broadsheet.Searcher. A filter by date keeps the papers that may have
// been published then: one dated 2024 matches any part of 2024, one without a date
// matches none.
func (x *Index) Search(ctx context.Context, q broadsheet.Query) (broadsheet.Hits, error) {
	if err := checkText(q.Text); err != nil {
		return broadsheet.Hits{}, err
	}
	if err := x.refresh(); err != nil {
		return broadsheet.Hits{}, fmt.Errorf("indexer: search: %w", explain(err))
	}
	r := search.Request{Filter: filterOf(q), Limit: q.Limit, Offset: q.Offset, Cursor: q.Cursor,
		Sort: orders[q.Sort], Facets: q.Facets, Method: methods[q.Method]}
	if q.Plain {
		r.Query = plainQuery(q.Text)
	} else {
		r.Text = q.Text
	}
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	answer, err := x.engine.Search(ctx, r)
	if err != nil {
		return broadsheet.Hits{}, fmt.Errorf("indexer: search: %w", explain(err))
	}
	h := hitsOf(answer)
	if work := x.model.Work(); work != "" && h.Method != broadsheet.MethodLexical {
		h.Trace = append(h.Trace, broadsheet.Stage{Name: "model", Detail: work})
	}
	return h, nil
}

func hitsOf(answer search.Response) broadsheet.Hits {
	h := broadsheet.Hits{Hits: hits(answer.Hits), Total: answer.Total, AtLeast: answer.AtLeast, Cursor: answer.Cursor,
		DidYouMean: answer.DidYouMean, Notes: answer.Notes,
		Facets: broadsheet.Facets{Years: facet(answer.Facets.Years), Categories: facet(answer.Facets.Categories),
			Sources: facet(answer.Facets.Sources)}}
	h.Work = broadsheet.Work{Postings: answer.Work.Postings, Positions: answer.Work.Positions, Vectors: answer.Vectors.Vectors(),
		Reranked: answer.Reranked, Cost: answer.Cost()}
	for name, m := range methods {
		if m == answer.Method {
			h.Method = name
		}
	}
	for _, s := range answer.Trace {
		h.Trace = append(h.Trace, broadsheet.Stage{Name: s.Name, Detail: s.Detail, Found: s.Found,
			TookMS: float64(s.Took.Microseconds()) / 1000})
	}
	return h
}

func hits(in []search.Hit) []broadsheet.Hit {
	out := make([]broadsheet.Hit, len(in))
	for i, h := range in {
		out[i] = broadsheet.Hit{ID: broadsheet.ID(h.ID), Score: h.Score}
	}
	return out
}

func facet(in []search.Count) (out []broadsheet.Count) {
	for _, c := range in {
		out = append(out, broadsheet.Count{Value: c.Value, Count: c.Count})
	}
	return out
}

func checkText(text string) error {
	if len(text) > broadsheet.MaxQuery {
		return broadsheet.Errorf(broadsheet.Invalid, "The question is too long: it has %d bytes, and at most %d are read.",
			len(text), broadsheet.MaxQuery)
	}
	return nil
}

// plainQuery returns a text as words side by side: those that a question may have.
func plainQuery(text string) query.Query {
	var words query.Words
	for w := range strings.FieldsSeq(strings.ToValidUTF8(text, " ")) {
		if len(words) == query.MaxTerms {
			break
		}
		words = append(words, query.Word{Text: w})
	}
	switch len(words) {
	case 0:
		return query.Query{}
	case 1:
		return query.Query{Root: words[0]}
	}
	return query.Query{Root: words}
}

// Highlight implements broadsheet.Searcher.
func (x *Index) Highlight(_ context.Context, q broadsheet.Query, papers []broadsheet.Record) ([]broadsheet.Highlights, error) {
	if err := checkText(q.Text); err != nil {
		return nil, err
	}
	asked := plainQuery(q.Text)
	if !q.Plain {
		asked, _ = query.Parse(q.Text)
	}
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	marked := make([]broadsheet.Highlights, len(papers))
	for i := range papers {
		title, abstract := x.engine.Highlight(asked, clean(papers[i].Title), clean(papers[i].Abstract))
		marked[i] = broadsheet.Highlights{Title: spans(title), Abstract: spans(abstract)}
	}
	return marked, nil
}

func clean(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

func spans(in search.Marked) (out []broadsheet.Span) {
	for _, s := range in {
		out = append(out, broadsheet.Span{Text: s.Text, Match: s.Match})
	}
	return out
}

// Complete returns at most n questions that begin with what was typed, best first.
func (x *Index) Complete(_ context.Context, prefix string, n int) ([]broadsheet.Suggestion, error) {
	if err := x.refresh(); err != nil {
		return nil, fmt.Errorf("indexer: complete: %w", explain(err))
	}
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	out := []broadsheet.Suggestion{}
	for _, e := range x.engine.Complete(prefix, n) {
		out = append(out, broadsheet.Suggestion{Kind: e.Kind.String(), Text: e.Text, ID: broadsheet.ID(e.ID)})
	}
	return out, nil
}

// Budget returns the most work that a question may cost, in the units of broadsheet.Work.
func (x *Index) Budget() int {
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	return x.engine.Budget()
}

// SetConstants sets other constants of search, for measuring. No search may be under way.
func (x *Index) SetConstants(c search.Constants) { x.engine.SetConstants(c) }
