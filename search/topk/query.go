// Package topk finds the best documents of an index for a query: the k with the
// highest scores, exactly those and in the order that scoring every document would
// give, with ties in the order of their ids.
//
// Disjunctions are evaluated by block-max MaxScore over windows of documents (Turtle
// and Flood, Query evaluation: strategies and optimizations, 1995; Ding and Suel, Faster
// top-k document retrieval using block-max indexes, SIGIR 2011; as a bulk scorer
// in Apache Lucene's MaxScoreBulkScorer), conjunctions by intersecting blocks, one
// word by the maxima of its blocks, and everything else as sets of bits.
package topk

import "broadsheet/search/index"

// A Term is a term with its part in the score.
type Term struct {
	Field index.Field
	Text  string
	Boost float64 // 0 is read as 1
}

// A Clause is one thing that a query asks for; a document satisfies it with any of
// its terms. Their scores add up.
type Clause []Term

// A Query says which documents match and how they are ordered.
type Query struct {
	Clauses []Clause // scored
	All     bool     // all clauses must be satisfied, instead of any
	Phrase  *Phrase  // must be there; its terms must be among clauses, one each, with All
	Filter  Match    // must hold; nil for all documents

	Order Order
	K     int // hits wanted
	After *Hit
	Count int // count matches exactly up to here; 0 does not count

	// Budget is the most work, see [Work.Cost]; 0, and what is more, is 50 million.
	Budget int
}

// Order is by score, or by a column of numbers.
type Order struct {
	ByNumber  bool
	Column    int
	Ascending bool
}

// A Match is a set of documents.
type Match interface{ match() }

// The kinds of sets.
type (
	// HasTerm has the documents of a term; with Title, those with it in the title, with
	// Abstract, those with it behind the title.
	HasTerm struct {
		Field    index.Field
		Text     string
		Title    bool
		Abstract bool
	}
	// Phrase has the documents in which terms follow each other: Terms[i] stands
	// Offsets[i] words after the first, and Offsets rise from 0. With Slop, up to so
	// many other words may come between them in all. With Title, it stands in the
	// title, with Abstract, behind it.
	Phrase struct {
		Field    index.Field
		Terms    []string
		Offsets  []uint32
		Slop     uint32
		Title    bool
		Abstract bool
	}
	// Range has the documents whose number in a column is from Min to Max. A
	// number that is not known is in no range.
	Range struct {
		Column   int
		Min, Max int64
	}
	// IDs has the documents with these ids.
	IDs []string
	// Every, Any and Not combine sets. An empty Every has all documents.
	Every []Match
	Any   []Match
	Not   struct{ Match }
)

func (HasTerm) match() {}
func (*Phrase) match() {}
func (Range) match()   {}
func (IDs) match()     {}
func (Every) match()   {}
func (Any) match()     {}
func (Not) match()     {}

// A Hit is a document that matches.
type Hit struct {
	ID     string
	Score  uint32 // in units of index.Scale, see Value
	Number int64  // of the column that orders, where one does
	View   int    // of the snapshot
	Doc    uint32 // in that view
}

// Result is the answer to a query.
type Result struct {
	Hits    []Hit
	Total   int  // documents that match
	AtLeast bool // Total is only a lower bound
	Partial bool // the work budget ended the search: better hits may exist
	Work    Work
}

// Work is what an answer cost, in exact counts.
type Work struct {
	Postings   int // read, decoded blocks counted whole
	Scored     int // postings whose score was computed
	Probes     int // look-ups of a document in a list
	Candidates int // documents that were compared with the best
	Positions  int // lists of positions read
}

// Cost returns the work in postings, as budgets count it.
func (w Work) Cost() int { return w.Postings + positionsCost*w.Positions }

// Add adds the work of another query.
func (w *Work) Add(v Work) {
	w.Postings += v.Postings
	w.Scored += v.Scored
	w.Probes += v.Probes
	w.Candidates += v.Candidates
	w.Positions += v.Positions
}
