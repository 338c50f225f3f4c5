// Package storetest is the contract of a store, as tests. Every store passes it;
// the interfaces in the root say the same in words.
package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

// A Store is what the tests need of one.
type Store interface {
	broadsheet.PaperStore
	broadsheet.EditionStore
	broadsheet.SignalStore
	broadsheet.TopicStore
	broadsheet.JobStore
	broadsheet.CoverageStore
	broadsheet.SubscriptionStore
	broadsheet.OutboxStore
	broadsheet.MeasureStore
}

// Run exercises the stores that open returns. It calls open once per test.
func Run(t *testing.T, open func(*testing.T) Store) {
	t.Run("Papers", func(t *testing.T) { papers(t, open) })
	t.Run("Identity", func(t *testing.T) { identity(t, open) })
	t.Run("Twins", func(t *testing.T) { twins(t, open) })
	t.Run("Editions", func(t *testing.T) { editions(t, open) })
	t.Run("Signals", func(t *testing.T) { signals(t, open) })
	t.Run("Topics", func(t *testing.T) { topics(t, open) })
	t.Run("Coverage", func(t *testing.T) { coverage(t, open) })
	t.Run("Jobs", func(t *testing.T) { jobs(t, open) })
	t.Run("Subscriptions", func(t *testing.T) { subscriptions(t, open) })
	t.Run("Outbox", func(t *testing.T) { outbox(t, open) })
	t.Run("Measures", func(t *testing.T) { measures(t, open) })
	t.Run("Random", func(t *testing.T) { random(t, open) })
}

// Paper returns a small valid record.
func Paper(id broadsheet.ID, title string) broadsheet.Record {
	return broadsheet.Record{Paper: broadsheet.Paper{
		ID: id, Title: title, Abstract: "About " + title + ".",
		Authors: []broadsheet.Author{{Name: "Ada Example"}, {Name: "Ben Sample", Affiliation: "Somewhere"}},
		Sources: []broadsheet.Source{{Name: "jsonl"}},
	}}
}

// Submitted returns a record that stands in the edition of a day.
func Submitted(r broadsheet.Record, day broadsheet.Date, place, upvotes int) broadsheet.Record {
	r.Entries = []broadsheet.Entry{{Date: day, Place: place, SubmittedBy: &broadsheet.Person{Name: "Cy Reader", User: "cy"}}}
	r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: upvotes, Comments: 1}}
	return r
}

// put puts records one call each and returns the outcomes.
func put(t *testing.T, s Store, records ...broadsheet.Record) []broadsheet.Outcome {
	t.Helper()
	var all []broadsheet.Outcome
	for _, r := range records {
		if err := r.Validate(); err != nil {
			t.Fatalf("record %s: %v", r.ID, err)
		}
		out, err := s.Put(t.Context(), []broadsheet.Record{r})
		if err != nil {
			t.Fatalf("Put %s: %v", r.ID, err)
		}
		all = append(all, out...)
	}
	return all
}

func paper(t *testing.T, s Store, id broadsheet.ID) broadsheet.Record {
	t.Helper()
	r, err := s.Paper(t.Context(), id)
	if err != nil {
		t.Fatalf("Paper(%s): %v", id, err)
	}
	return r
}

// log returns the change log as "kind id" lines.
func log(t *testing.T, s Store) []string {
	t.Helper()
	var lines []string
	var after int64
	for {
		changes, err := s.Changes(t.Context(), after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			return lines
		}
		for _, c := range changes {
			if c.Seq <= after || c.At.IsZero() {
				t.Errorf("change %+v after %d: want a higher number and a time", c, after)
			}
			after = c.Seq
			lines = append(lines, fmt.Sprintf("%s %s", c.Kind, c.Paper))
		}
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func all(t *testing.T, s Store) []broadsheet.Record {
	t.Helper()
	var out []broadsheet.Record
	for r, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}
