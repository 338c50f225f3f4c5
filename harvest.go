package broadsheet

import (
	"context"
	"iter"
)

// A Harvester asks one source for what it has published and changed. It keeps
// nothing: what it has to remember goes into the cursor of a page, which whoever
// runs it stores after the page's records. So nothing is lost when the process is
// killed at any instant, and what is asked for again is stored as unchanged.
type Harvester interface {
	// Name is the source's name for people and for the sync command, such as
	// "arxiv" or "biorxiv". It does not change.
	Name() string

	// Harvest yields the pages that follow a cursor, "" for the very first time,
	// until the source has no more. Every page is whole: its records can be
	// stored before the next is asked for. An error ends the sequence; those of
	// kind Unavailable are worth another try later from the last cursor.
	Harvest(ctx context.Context, cursor string) iter.Seq2[Page, error]
}

// A Page is a part of a harvest.
type Page struct {
	Records  []Record     // in the source's order, as its parser gives them
	Rejected []*BadRecord // what could not be taken

	// Cursor is where to go on when the records are stored. It is text of the
	// harvester's own, below 4 KiB. "" leaves the last one as it is.
	Cursor string

	Label string // for people: "2026-11-27, page 3"
	Total int    // records of the whole harvest, or 0 where the source does not tell

	// Complete are days of announcement of which, with this page, everything is
	// here that the source has announced.
	Complete []Date
}
