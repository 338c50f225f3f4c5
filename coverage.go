package broadsheet

import (
	"context"
	"time"
)

// A Coverage says that everything a source announced for a day is here. A day
// without one was not gathered yet, or not to its end.
type Coverage struct {
	Source string    `json:"source"` // whose day it is, such as SourceArXiv
	Day    Date      `json:"day"`    // of the source's announcement
	Papers int       `json:"papers"` // that the source announced and that were wanted
	At     time.Time `json:"at"`     // when it was complete
}

// SourceArXiv is arXiv's listings as a whole, whichever of its services told of
// them.
const SourceArXiv = "arxiv"

// A CoverageStore remembers which days are complete.
type CoverageStore interface {
	// Cover notes that days are complete. A day that is noted again has the later
	// count and time. It writes all of them or none.
	Cover(ctx context.Context, days []Coverage) error

	// Covered returns the complete days of a source from one day to another, both
	// included, in order. An empty from is the first day of all, an empty to the
	// last.
	Covered(ctx context.Context, source string, from, to Date) ([]Coverage, error)
}
