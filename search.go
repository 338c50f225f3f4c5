package broadsheet

import "context"

// A Query is a question to a Searcher.
type Query struct {
	Text     string // words, "phrases", -not; at most MaxQuery bytes
	Category string // "cs.LG", or "cs" for the whole archive; "" for all
	From, To Date   // of publication, included; "" for no bound
	Limit    int    // hits wanted
	Offset   int
}

// MaxQuery bounds the text of a query in bytes, so that no question is
// expensive by its size alone.
const MaxQuery = 2000

// A Hit is a paper that answers a query.
type Hit struct {
	ID    ID
	Score float64 // higher is better; comparable within one answer only
}

// Hits is the answer to a query.
type Hits struct {
	Hits  []Hit
	Total int     // papers that match, whatever the limit
	Trace []Stage // what was done for it
}

// A Stage is one step of answering a query.
type Stage struct {
	Name   string  `json:"stage"`
	Detail string  `json:"detail,omitempty"`
	Found  int     `json:"found"`
	TookMS float64 `json:"took_ms"`
}

// A Span is a piece of a text that does or does not match a query.
type Span struct {
	Text  string
	Match bool
}

// Highlights marks what matched in a paper; the joined spans are its whole title
// and a passage of its abstract.
type Highlights struct {
	Title    []Span
	Abstract []Span
}

// A Searcher finds papers by what they say.
type Searcher interface {
	// Search answers q, best hit first. A question that cannot be understood is
	// read as plain words; it is never an error.
	Search(ctx context.Context, q Query) (Hits, error)

	// Highlight marks what matches q in each paper.
	Highlight(ctx context.Context, q Query, papers []Record) ([]Highlights, error)

	// Indexed returns the number of the last change that the index has seen.
	Indexed(ctx context.Context) (int64, error)
}
