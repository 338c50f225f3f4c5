package broadsheet

import (
	"context"
	"slices"
)

// Counts are what people did about a paper.
type Counts struct {
	Votes    int // of this instance's readers
	Upvotes  int // that other services counted
	Comments int
	Saves    int
	Stars    int // of the paper's code
}

// Signals are what the standing of a paper in an edition is computed from: slim
// enough that those of a month of arXiv are read in a moment.
type Signals struct {
	ID        ID
	Day       Date   // on which it stands; of one that rises again, on which its counts last grew
	Place     int    // in the source's own order; 0 where nobody submitted it
	Published Date   // as Paper.Date
	Category  string // the primary one; "" where none is known

	Counts              // as of now
	Before      Counts  // of those, what had been counted before the period that was asked for
	StarsPerDay float64 // how fast its code gains stars
	Interest    float64 // what is predicted for a paper without votes, between 0 and 1; 0 where nothing is
	Rising      bool    // it does not stand in the period: it rises again
}

// A Prediction is how much interest a paper is expected to find.
type Prediction struct {
	ID       ID
	Interest float64 // above 0 and below 1: about which part of other papers finds less
}

// A SignalStore answers what is known of the standing of papers.
type SignalStore interface {
	// Signals returns those of all papers of a period, the same as Edition has. The
	// order is the one in which ties are told.
	Signals(ctx context.Context, p Period) ([]Signals, error)

	// Moving returns Signals and, after them, those of papers of any age whose
	// counts grew within the period. Before is what had been counted before it, or,
	// of a paper that was not known then, what was counted when it became known.
	Moving(ctx context.Context, p Period) ([]Signals, error)

	// PutInterest keeps predictions until the next ones. A paper that is not there
	// is passed over, and so is what is known already. If anything is new, one
	// change says so: of the first such paper's place.
	PutInterest(ctx context.Context, predicted []Prediction) error
}

// A Term is one part of a score, which is the sum of its terms.
type Term struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Note  string  `json:"note,omitempty"` // what it was computed from, in words
}

// A Standing is why a paper stands where it does.
type Standing struct {
	Score     float64 `json:"score"`
	Terms     []Term  `json:"terms"`
	Predicted bool    `json:"predicted,omitempty"` // a prediction decided, for lack of votes
	Rising    bool    `json:"rising,omitempty"`    // it is older than the period that was asked for
}

// A Trends answers which papers move now.
type Trends interface {
	// Trending returns the papers of the days up to a day, and those of any age that
	// rose in them, by what they gained in these days.
	Trending(ctx context.Context, q TrendQuery) (Edition, error)
}

// A TrendQuery asks for a part of what moves.
type TrendQuery struct {
	Until  Date // the last day of the window
	Limit  int  // 0 means all
	Offset int
}

// Within leaves a record with the entry that put it into a period, its first of
// these days, or with none.
func (r *Record) Within(p Period) {
	r.Entries = slices.DeleteFunc(r.Entries, func(e Entry) bool { return e.Date < p.First || e.Date > p.Last })
	r.Entries = r.Entries[:min(1, len(r.Entries))]
}
