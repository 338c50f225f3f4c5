package broadsheet

import (
	"context"
	"iter"
	"time"
)

// An Outcome is what became of one record that was put.
type Outcome string

// The outcomes of Put. An unchanged record wrote nothing and logged nothing.
const (
	Added     Outcome = "added"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	// MergedPapers: two papers that were known became one; the other address redirects.
	MergedPapers Outcome = "merged"
)

// A ChangeKind says what happened to a paper.
type ChangeKind string

// The kinds of changes.
const (
	ChangedText  ChangeKind = "paper" // added, or what it says of itself changed
	ChangedPlace ChangeKind = "entry" // its places in editions or its votes changed
	ChangedID    ChangeKind = "moved" // this ID is now an alias of another paper
)

// A Change is a numbered entry in the log of what happened to papers. Whoever
// derives something from papers keeps the last number it has seen and resumes
// there; seeing a change twice must equal seeing it once.
type Change struct {
	Seq   int64
	Paper ID
	Kind  ChangeKind
	At    time.Time
}

// A PaperStore keeps papers, with their places in editions and imported votes,
// and the log of changes to them.
type PaperStore interface {
	// Put merges records into what is known (see Merge), in order, in one
	// transaction with the changes it logs, and reports the outcome of each. A
	// record whose ID is a local one meets the paper of the same title if exactly
	// one is known, and the other way round; the local address then redirects.
	// A deletion of a paper that is not known is Unchanged. On an error nothing
	// is stored. Records must be valid (see Record.Validate).
	Put(ctx context.Context, records []Record) ([]Outcome, error)

	// Paper returns the paper at an ID or one of its aliases; the caller sees
	// from the record's own ID that it should redirect. NotFound otherwise.
	Paper(ctx context.Context, id ID) (Record, error)

	// Papers returns those of the papers that exist, in the order of ids.
	// Aliases are followed.
	Papers(ctx context.Context, ids []ID) ([]Record, error)

	// All yields every paper in the order of arrival, as of one moment. An error
	// comes last. Memory does not grow with their number.
	All(ctx context.Context) iter.Seq2[Record, error]

	// Changes returns at most limit changes with a number above after, in order.
	Changes(ctx context.Context, after int64, limit int) ([]Change, error)

	// Stats returns what the store holds.
	Stats(ctx context.Context) (Stats, error)
}

// Stats counts what a store holds.
type Stats struct {
	Papers     int64 `json:"papers"`
	LastChange int64 `json:"last_change"`
	FirstDay   Date  `json:"first_day,omitempty"` // oldest day that has an edition
	LastDay    Date  `json:"last_day,omitempty"`
}

// An Order is an order of the papers of an edition.
type Order string

// The orders of an edition. Ties fall back to the source's own order.
const (
	ByTrending  Order = "trending"
	ByPublished Order = "publishedAt"
	ByUpvotes   Order = "upvotes"
)

// ParseOrder reads an Order; "" is ByUpvotes.
func ParseOrder(s string) (Order, error) {
	switch o := Order(s); o {
	case "":
		return ByUpvotes, nil
	case ByTrending, ByPublished, ByUpvotes:
		return o, nil
	}
	return "", Errorf(Invalid, "\"%s\" is not an order: ask for trending, publishedAt or upvotes.", Printable(s, 40))
}

// An EditionQuery asks for a part of an edition.
type EditionQuery struct {
	Period Period
	Order  Order
	Limit  int // 0 means all
	Offset int

	// Explain asks for Standings whatever the order.
	Explain bool
}

// An Edition is the front page of a period, or a part of it.
type Edition struct {
	Period Period
	Papers []Record // Entries holds only the entry that put the paper here
	Total  int      // papers of the whole edition

	// Standings says of each of Papers why it stands where it does. It is nil where
	// nothing was computed, as in an edition that comes from a store alone.
	Standings []Standing
}

// An EditionStore answers which papers stand in which edition.
type EditionStore interface {
	// Edition returns the papers of a period, each once: those submitted to one
	// of its days, and those announced on one of its days and submitted to none.
	// A period that has none is not an error. A store knows no trending: it takes
	// ByTrending for ByUpvotes, and edition.Desk, around it, orders.
	Edition(ctx context.Context, q EditionQuery) (Edition, error)

	// Neighbours returns the nearest days before and after a period that have an
	// edition, or "".
	Neighbours(ctx context.Context, p Period) (before, after Date, err error)
}
