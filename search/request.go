package search

import (
	"time"

	"broadsheet/search/query"
	"broadsheet/search/topk"
	"broadsheet/search/vector"
)

// A Sort is an order of hits.
type Sort uint8

// The orders. Papers that are equal are in the order of their ids; those without a
// date come last by date.
const (
	ByScore Sort = iota
	Newest
	Oldest
	MostVotes
)

// A Request is a question to an engine.
type Request struct {
	// Text is what somebody typed; see package query for what it may hold. When it is
	// empty, Query is the question. Both empty ask for all papers.
	Text  string
	Query query.Query

	// Filter must hold besides: a category, a range of dates. It does not rank.
	Filter query.Query

	Method Method
	Limit  int    // hits wanted, at most MaxLimit; 0 for 10
	Offset int    // hits passed over, at most MaxOffset; Cursor goes deeper
	Cursor string // of the Response before, in place of Offset
	Sort   Sort   // without words to rank by, ByScore is Newest
	Facets int    // of each facet, so many of its most frequent values

	// Count is up to which number matches are counted exactly; 0 is 10,000. Less than
	// 0 does not count.
	Count int
}

// Bounds of a Request.
const (
	MaxLimit  = 1000
	MaxOffset = 10_000

	defaultLimit = 10
	defaultCount = 10_000
)

// A Hit is a paper that answers a question.
type Hit struct {
	ID    string
	Score float64 // higher is better; comparable within one answer only; 0 in other orders
}

// A Response is the answer to a Request.
type Response struct {
	Query   query.Query // as it was read
	Hits    []Hit
	Total   int    // papers that match
	AtLeast bool   // Total is a lower bound
	Cursor  string // leads to the next hits; "" at the end
	Facets  Facets

	DidYouMean string   // a question that finds more, when this one finds little
	Notes      []string // what was left out of the question, or of the answer, in sentences

	Trace []Stage
	Work  topk.Work

	// Method is how the hits were found: Adaptive and Hybrid are Lexical where
	// meaning has nothing to say.
	Method   Method
	Vectors  vector.Work
	Reranked int // papers compared word by word
}

// A Stage is one step of answering a question.
type Stage struct {
	Name   string
	Detail string
	Found  int
	Took   time.Duration
}

// normal returns the request within its bounds, with what is to be told of that.
func (r Request) normal() (Request, []string) {
	var notes []string
	if r.Limit <= 0 {
		r.Limit = defaultLimit
	}
	r.Limit = min(r.Limit, MaxLimit)
	if r.Offset = max(0, r.Offset); r.Offset > MaxOffset {
		r.Offset = MaxOffset
		notes = append(notes, "Only the first 10,000 papers can be reached by their place in the list; a cursor leads to the others.")
	}
	if r.Count == 0 {
		r.Count = defaultCount
	}
	r.Count = max(r.Count, 0)
	return r, notes
}
