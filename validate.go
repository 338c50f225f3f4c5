package broadsheet

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what a record may hold. Each is far above the largest real record
// seen: a title of 600 bytes, an abstract of 20 kB, 3,200 authors.
const (
	maxTitle    = 4 << 10
	maxText     = 1 << 20
	maxAuthors  = 20_000
	maxElements = 2_000
)

// Validate reports the first thing in the record that no store may keep, naming
// the field. The reason is written for the person who made the file.
func (r *Record) Validate() error {
	if id, err := ParseID(string(r.ID)); err != nil {
		return fmt.Errorf("id: %s", strings.TrimSuffix(TextFor(err), "."))
	} else if id != r.ID {
		return fmt.Errorf("id: \"%s\" is not canonical, want \"%s\"", Printable(string(r.ID), 80), id)
	}
	if r.Title == "" && r.Status != StatusDeleted {
		return fmt.Errorf("title: it is empty, and every paper has one")
	}
	for _, f := range []struct {
		name, text string
		max        int
	}{
		{"title", r.Title, maxTitle}, {"abstract", r.Abstract, maxText}, {"comments", r.Comments, maxText},
		{"journal_ref", r.JournalRef, maxText}, {"doi", r.DOI, maxTitle}, {"venue", r.Venue, maxTitle},
		{"license", r.License, maxTitle}, {"tldr", r.TLDR, maxText},
	} {
		if err := checkText(f.name, f.text, f.max); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name string
		date Date
	}{{"published", r.Published}, {"updated", r.Updated}, {"announced", r.Announced}} {
		if d, err := ParseDate(string(f.date)); f.date != "" && (err != nil || d != f.date) {
			return fmt.Errorf("%s: \"%s\" is not a date like 2025-03-11", f.name, Printable(string(f.date), 40))
		}
	}
	switch r.Status {
	case "", StatusWithdrawn, StatusDeleted:
	default:
		return fmt.Errorf("status: \"%s\" is not known, want \"%s\", \"%s\" or nothing",
			Printable(r.Status, 40), StatusWithdrawn, StatusDeleted)
	}
	switch r.Inferred {
	case "", InferredFromTime, InferredFromDay:
	default:
		return fmt.Errorf("inferred: \"%s\" is not known, want \"%s\", \"%s\" or nothing",
			Printable(r.Inferred, 40), InferredFromTime, InferredFromDay)
	}
	if err := r.validateLists(); err != nil {
		return err
	}
	return r.validatePlaces()
}

func (r *Record) validateLists() error {
	if len(r.Authors) > maxAuthors {
		return fmt.Errorf("authors: there are %d, more than %d", len(r.Authors), maxAuthors)
	}
	for i, a := range r.Authors {
		if a.Name == "" {
			return fmt.Errorf("authors: name %d is empty", i+1)
		}
		if err := checkText("authors", a.Name+a.Affiliation, maxText); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name string
		list []string
	}{{"categories", r.Categories}, {"keywords", r.Keywords}} {
		if len(f.list) > maxElements {
			return fmt.Errorf("%s: there are %d, more than %d", f.name, len(f.list), maxElements)
		}
		for _, s := range f.list {
			if err := checkText(f.name, s, maxTitle); err != nil {
				return err
			}
		}
	}
	for _, l := range r.Links {
		if l.Kind != LinkCode && l.Kind != LinkProject || WebURL(l.URL) != l.URL {
			return fmt.Errorf("links: \"%s\" with kind \"%s\" is not a code or project link by http or https",
				Printable(l.URL, 80), Printable(l.Kind, 20))
		}
	}
	for _, a := range r.Aliases {
		if id, err := ParseID(string(a)); err != nil || id != a {
			return fmt.Errorf("aliases: \"%s\" is not a canonical paper id", Printable(string(a), 80))
		}
	}
	if len(r.Sources) == 0 {
		return fmt.Errorf("sources: there is none, and what nobody says is not kept")
	}
	if r.Title != "" && !slices.ContainsFunc(r.Sources, func(s Source) bool { return !s.Deleted }) && r.Status == "" {
		return fmt.Errorf("sources: all of them deleted the paper, so that nobody says its title")
	}
	for _, s := range r.Sources {
		if s.Name == "" || checkText("sources", s.Name+s.Record, maxTitle) != nil {
			return fmt.Errorf("sources: one has no name, or text that cannot be kept")
		}
	}
	return nil
}

func (r *Record) validatePlaces() error {
	for _, e := range r.Entries {
		if d, err := ParseDate(string(e.Date)); err != nil || d != e.Date || !d.IsDay() {
			return fmt.Errorf("editions: \"%s\" is not a day like 2025-03-11", Printable(string(e.Date), 40))
		}
		if e.Place < 0 {
			return fmt.Errorf("editions: place %d is negative", e.Place)
		}
		if p := e.SubmittedBy; p != nil {
			if err := checkText("editions", p.Name+p.User, maxTitle); err != nil {
				return err
			}
		}
	}
	for _, t := range r.Tallies {
		if t.Source == "" || t.Upvotes < 0 || t.Comments < 0 {
			return fmt.Errorf("tallies: %d upvotes and %d comments of \"%s\": counts are not negative and have a source",
				t.Upvotes, t.Comments, Printable(t.Source, 40))
		}
	}
	return nil
}

// checkText refuses what cannot be shown or sent on: broken UTF-8 and control
// characters other than the line break of an abstract's paragraphs.
func checkText(name, s string, max int) error {
	if len(s) > max {
		return fmt.Errorf("%s: it has %d bytes, more than %d", name, len(s), max)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s: it is not valid UTF-8", name)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }); i >= 0 {
		return fmt.Errorf("%s: it has the control character %q", name, s[i])
	}
	return nil
}
