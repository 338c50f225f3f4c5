package ingest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"broadsheet"
)

// A page is stored at once, so that a process that is killed leaves all of it or
// nothing. Only one that is larger than any that a source should give is stored
// in parts, to bound the transaction.
const (
	pageRecords = 5000
	pageBytes   = 32 << 20
)

// maxCursor is how much a harvester may ask to be remembered, see
// [broadsheet.Page].
const maxCursor = 4 << 10

// A Harvesting takes what a source publishes into a store, page by page: first
// the records, then what is to be remembered of the page. Whatever kills the
// process, going on from the last cursor that was saved gives the same store:
// at worst a page is asked for again, and its records are found unchanged.
type Harvesting struct {
	Store broadsheet.PaperStore

	// Save keeps the page's cursor and the days that it completes, in one
	// transaction. It is called when the page's records are stored, for every
	// page, also one that has an empty cursor; may be nil.
	Save func(ctx context.Context, p broadsheet.Page) error

	// Rejected is told of every record that was refused; may be nil.
	Rejected func(*broadsheet.BadRecord)

	// Progress is told after every page that was saved what it was, and what the
	// whole run has come to; may be nil.
	Progress func(p broadsheet.Page, s Summary)
}

// Run harvests what follows the cursor, until the source has no more, and adds to
// sum. When it ends in an error, everything before is stored and saved.
func (h *Harvesting) Run(ctx context.Context, from broadsheet.Harvester, cursor string, sum *Summary) error {
	start, before := time.Now(), sum.Seconds
	spent := func() { sum.Seconds = before + time.Since(start).Seconds() }
	defer spent()
	for page, err := range from.Harvest(ctx, cursor) {
		if err == nil {
			err = h.page(ctx, from.Name(), page, sum)
		}
		switch {
		case err != nil && ctx.Err() != nil: // whatever it was that noticed first
			return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
				Text: fmt.Sprintf("The harvest of %s was interrupted. What came before is kept; the next run goes on from there.", from.Name())}
		case err != nil:
			return fmt.Errorf("ingest: harvest %s: %w", from.Name(), err)
		}
		if spent(); h.Progress != nil {
			h.Progress(page, *sum)
		}
	}
	return nil
}

// page stores a page and then saves where it ends.
func (h *Harvesting) page(ctx context.Context, source string, p broadsheet.Page, sum *Summary) error {
	if len(p.Cursor) > maxCursor {
		return fmt.Errorf("page %q: the cursor has %d bytes, more than %d", broadsheet.Printable(p.Label, 80), len(p.Cursor), maxCursor)
	}
	for _, bad := range p.Rejected {
		h.reject(source, p.Label, bad, sum)
	}
	for good := range h.parts(source, p, sum) {
		outcomes, err := h.Store.Put(ctx, good)
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			sum.Count(o)
		}
	}
	if h.Save == nil {
		return nil
	}
	return h.Save(ctx, p)
}

// parts yields the records of a page that can be stored, nearly always at once.
func (h *Harvesting) parts(source string, p broadsheet.Page, sum *Summary) iter.Seq[[]broadsheet.Record] {
	return func(yield func([]broadsheet.Record) bool) {
		var part []broadsheet.Record
		size := 0
		for i, rec := range p.Records {
			Normalize(&rec)
			if err := rec.Validate(); err != nil {
				h.reject(source, p.Label, &broadsheet.BadRecord{Number: i + 1, ID: string(rec.ID), Reason: err.Error()}, sum)
				continue
			}
			part = append(part, rec)
			if size += weight(&rec); len(part) == pageRecords || size > pageBytes {
				if !yield(part) {
					return
				}
				part, size = nil, 0
			}
		}
		if len(part) > 0 {
			yield(part)
		}
	}
}

// reject reports a record, and where it stood.
func (h *Harvesting) reject(source, label string, bad *broadsheet.BadRecord, sum *Summary) {
	sum.Rejected++
	if h.Rejected == nil {
		return
	}
	named := *bad
	if named.File = cmp.Or(bad.File, source); label != "" && bad.File == "" {
		named.File += ", " + broadsheet.Printable(label, 80)
	}
	h.Rejected(&named)
}

// weight is about how many bytes a record has.
func weight(rec *broadsheet.Record) int {
	return len(rec.Abstract) + len(rec.Title) + 40*len(rec.Authors)
}
