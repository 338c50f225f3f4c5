package broadsheet

import "context"

// A Query is a question to a Searcher.
type Query struct {
	Text     string // words, "phrases", -not, fields: at most MaxQuery bytes
	Plain    bool   // Text is ordinary text, in which nothing is an operator
	Category string // "cs.LG", or "cs" for the whole archive; "" for all
	From, To Date   // of publication, included; "" for no bound
	Sort     Sort
	Method   Method // "" is MethodAdaptive
	Limit    int    // hits wanted; 0 for ten
	Offset   int    // hits passed over
	Cursor   string // in place of Offset, what the answer before gave
	Facets   int    // of each facet, so many values are counted; 0 for none
}

// MaxQuery bounds the text of a query in bytes, so that no question is
// expensive by its size alone.
const MaxQuery = 2000

// A Sort is an order of hits.
type Sort string

// The orders of hits. Without words to rank by, SortScore is SortNewest. Papers of one
// place in an order are in the order of their ids.
const (
	SortScore  Sort = "score"
	SortNewest Sort = "newest"
	SortOldest Sort = "oldest"
	SortVotes  Sort = "votes"
)

// ParseSort reads a Sort; "" is SortScore.
func ParseSort(s string) (Sort, error) {
	switch o := Sort(s); o {
	case "":
		return SortScore, nil
	case SortScore, SortNewest, SortOldest, SortVotes:
		return o, nil
	}
	return "", Errorf(Invalid, "\"%s\" is not an order: ask for score, newest, oldest or votes.", Printable(s, 40))
}

// A Method is how papers are found.
type Method string

// The methods. Where a question has nothing to understand, as an id has, or another
// order than by score is asked for, all are MethodLexical.
const (
	MethodAdaptive Method = "adaptive" // by both, with as much work as the question needs
	MethodHybrid   Method = "hybrid"   // by words and by meaning
	MethodLexical  Method = "lexical"  // by words
	MethodSemantic Method = "semantic" // by meaning
)

// ParseMethod reads a Method; "" is MethodAdaptive.
func ParseMethod(s string) (Method, error) {
	switch m := Method(s); m {
	case "":
		return MethodAdaptive, nil
	case MethodAdaptive, MethodHybrid, MethodLexical, MethodSemantic:
		return m, nil
	}
	return "", Errorf(Invalid, "\"%s\" is not a method: choose adaptive, hybrid, lexical or semantic.", Printable(s, 40))
}

// A Hit is a paper that answers a query.
type Hit struct {
	ID    ID
	Score float64 // higher is better; comparable within one answer only
}

// Hits is the answer to a query.
type Hits struct {
	Hits       []Hit
	Total      int    // papers that match, whatever the limit
	AtLeast    bool   // there may be more than Total
	Cursor     string // leads to the hits that follow; "" when there are none
	Facets     Facets
	DidYouMean string   // a question that finds more than this one; "" for none
	Notes      []string // sentences on what of the question was left out or read differently
	Method     Method   // how the papers were found
	Trace      []Stage  // what was done for it
	Work       Work     // how much that was
}

// Work counts what answering a query has cost, the same on every machine.
type Work struct {
	Postings  int `json:"postings"`  // read, of the lists of words
	Positions int `json:"positions"` // lists of places of a word in a paper
	Vectors   int `json:"vectors"`   // compared, as codes or as bytes
	Reranked  int `json:"reranked"`  // papers compared with the question word by word
	Cost      int `json:"cost"`      // all of it, in postings
}

// Facets count all papers that match by some of their properties, the most frequent
// values first.
type Facets struct {
	Years      []Count `json:"years"`
	Categories []Count `json:"categories"`
	Sources    []Count `json:"sources"`
}

// A Count is how many papers have a value.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// A Suggestion is something that a reader who is typing may mean.
type Suggestion struct {
	Kind string `json:"kind"` // title, author, category, phrase
	Text string `json:"text"`
	ID   ID     `json:"id,omitempty"` // of the paper, if it is a title
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
