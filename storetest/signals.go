package storetest

import (
	"testing"
	"time"

	"broadsheet"
)

// signals: what a store tells of the standing of papers. The store's clock is the
// real one: tallies stand under the day on which they were put.
func signals(t *testing.T, open func(*testing.T) Store) {
	march := broadsheet.Period{Kind: broadsheet.Day, First: "2025-03-01", Last: "2025-03-14"}
	announced := Paper("2503.00003", "Only Announced")
	announced.Published, announced.Categories = "2025-03-10", []string{"math.AG", "cs.LG"}
	voted := func(upvotes int) broadsheet.Record {
		r := Submitted(Paper("2503.00004", "Old and Loved"), "2024-01-05", 1, upvotes)
		r.Categories = []string{"cs.CV"}
		return r
	}

	t.Run("signals are of the papers of the edition", func(t *testing.T) {
		s := open(t)
		withdrawn := Paper("2503.00008", "Withdrawn")
		withdrawn.Published, withdrawn.Status = "2025-03-10", broadsheet.StatusDeleted
		put(t, s, announced, withdrawn, voted(5),
			Submitted(Paper("2503.00006", "Second"), "2025-03-11", 2, 3), Submitted(Paper("2503.00005", "First"), "2025-03-11", 1, 3),
			Submitted(Paper("2503.00005", "First"), "2025-03-12", 7, 3))
		got, err := s.Signals(t.Context(), march)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "signals", got, []broadsheet.Signals{
			{ID: "2503.00005", Day: "2025-03-11", Place: 1, Counts: broadsheet.Counts{Upvotes: 3, Comments: 1}},
			{ID: "2503.00006", Day: "2025-03-11", Place: 2, Counts: broadsheet.Counts{Upvotes: 3, Comments: 1}},
			{ID: "2503.00003", Day: "2025-03-10", Published: "2025-03-10", Category: "math.AG"},
		})
	})

	t.Run("predictions are kept until the next, and logged once", func(t *testing.T) {
		s := open(t)
		put(t, s, announced)
		before := len(log(t, s))
		for _, p := range [][]broadsheet.Prediction{
			{{ID: "2503.00003", Interest: 0.25}, {ID: "2599.99999", Interest: 0.5}},
			{{ID: "2503.00003", Interest: 0.25}},
			{},
		} {
			if err := s.PutInterest(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Signals(t.Context(), march)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "interest", got[0].Interest, 0.25)
		equal(t, "changes", log(t, s)[before:], []string{"entry 2503.00003"})
	})

	t.Run("a tally that was there when the paper came is no rise", func(t *testing.T) {
		s := open(t)
		put(t, s, voted(5))
		today := broadsheet.DateOf(time.Now().UTC())
		got, err := s.Moving(t.Context(), broadsheet.Period{Kind: broadsheet.Day, First: today.AddDays(-13), Last: today.AddDays(1)})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "moving", got, nil)
	})

	t.Run("an old paper that gains votes rises, by what it gained", func(t *testing.T) {
		s := open(t)
		put(t, s, voted(5), voted(12))
		today := broadsheet.DateOf(time.Now().UTC())
		got, err := s.Moving(t.Context(), broadsheet.Period{Kind: broadsheet.Day, First: today.AddDays(-13), Last: today.AddDays(1)})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "moving", got, []broadsheet.Signals{{ID: "2503.00004", Day: today, Category: "cs.CV", Rising: true,
			Counts: broadsheet.Counts{Upvotes: 12, Comments: 1}, Before: broadsheet.Counts{Upvotes: 5, Comments: 1}}})
	})

	t.Run("a paper of these days has gained all of its votes in them", func(t *testing.T) {
		s := open(t)
		today := broadsheet.DateOf(time.Now().UTC())
		put(t, s, Submitted(Paper("2503.00005", "New"), today, 1, 3), Submitted(Paper("2503.00005", "New"), today, 1, 8))
		got, err := s.Moving(t.Context(), broadsheet.Period{Kind: broadsheet.Day, First: today.AddDays(-13), Last: today.AddDays(1)})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "moving", got, []broadsheet.Signals{{ID: "2503.00005", Day: today, Place: 1, Counts: broadsheet.Counts{Upvotes: 8, Comments: 1}}})
	})
}
