package hfpapers

import (
	"fmt"
	"math"
	"slices"

	"broadsheet"
)

// maxTallies bounds how many services' counts a paper brings. An instance knows a
// handful of others.
const maxTallies = 50

// exchange puts into a record what only a Broadsheet says. It knows better than
// the rest of its answer, where a paper without a date or a submitter has one
// made up for programs that need it.
func exchange(rec *broadsheet.Record, x *broadsheet.Exchange, o Options) error {
	for _, d := range []broadsheet.Date{x.Published, x.Announced} {
		if p, err := broadsheet.ParseDate(string(d)); d != "" && (err != nil || p != d) {
			return fmt.Errorf(`paper.broadsheet has the date "%s", expected one like 2025-03-11`, broadsheet.Printable(string(d), 40))
		}
	}
	rec.Published, rec.Announced = x.Published, x.Announced
	if len(x.Categories) > maxKeywords {
		return fmt.Errorf("paper.broadsheet.categories are %d, expected at most %d", len(x.Categories), maxKeywords)
	}
	for _, c := range x.Categories {
		if c = oneLine(c); c != "" {
			rec.Categories = append(rec.Categories, c)
		}
	}
	rec.TLDR = oneLine(x.TLDR)
	if err := passOn(rec, x.Tallies, o); err != nil {
		return err
	}
	return place(rec, x.Entry, o)
}

// passOn takes the counts of an answer, each under the name of who counted. Who
// is known at first hand, as this instance itself is, is not heard at second.
func passOn(rec *broadsheet.Record, tallies []broadsheet.Tally, o Options) error {
	rec.Tallies = nil
	if len(tallies) > maxTallies {
		return fmt.Errorf("paper.broadsheet.tallies are %d, expected at most %d", len(tallies), maxTallies)
	}
	for _, t := range tallies {
		switch {
		case t.Source == "" || oneLine(t.Source) != t.Source || len(t.Source) > 253: // of a host, RFC 1035
			return fmt.Errorf(`paper.broadsheet.tallies has a source "%s", expected the name of a service`, broadsheet.Printable(t.Source, 40))
		case min(t.Upvotes, t.Comments) < 0 || max(t.Upvotes, t.Comments) > math.MaxInt32:
			return fmt.Errorf("paper.broadsheet.tallies has %d votes and %d comments of %s, expected numbers that are not negative",
				t.Upvotes, t.Comments, broadsheet.Printable(t.Source, 40))
		case !slices.Contains(o.Known, t.Source):
			rec.Tallies = append(rec.Tallies, t)
		}
	}
	return nil
}

// place puts the paper where it stands there, with the place it has there.
func place(rec *broadsheet.Record, e *broadsheet.Entry, o Options) error {
	rec.Entries = nil
	if e == nil {
		return nil
	}
	switch {
	case !isDay(e.Date):
		return fmt.Errorf(`paper.broadsheet.entry has the date "%s", expected a day like 2025-03-11`, broadsheet.Printable(string(e.Date), 40))
	case e.Place < 0:
		return fmt.Errorf("paper.broadsheet.entry has the place %d, expected one that is not negative", e.Place)
	case o.Day != "" && o.From != "" && e.Date != o.Day:
		return fmt.Errorf("it stands in the edition of %s, and that of %s was asked for", e.Date, o.Day)
	}
	placed := broadsheet.Entry{Date: e.Date, Place: e.Place, SubmittedAt: e.SubmittedAt.UTC()}
	if o.Day != "" {
		placed.Date = o.Day
	}
	if by := e.SubmittedBy; by != nil {
		placed.SubmittedBy = (&account{Fullname: by.Name, User: by.User}).person()
	}
	rec.Entries = []broadsheet.Entry{placed}
	return nil
}
