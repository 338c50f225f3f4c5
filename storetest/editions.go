package storetest

import (
	"testing"

	"broadsheet"
)

func period(t *testing.T, kind broadsheet.PeriodKind, s string) broadsheet.Period {
	t.Helper()
	p, err := broadsheet.ParsePeriod(kind, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func editions(t *testing.T, open func(*testing.T) Store) {
	// Tuesday 11 and Wednesday 12 March 2025 have submitted papers, and Monday 10
	// one that was only announced.
	fill := func(t *testing.T) Store {
		s := open(t)
		announced := Paper("2503.00003", "Only Announced")
		announced.Published = "2025-03-10"
		both := Paper("2503.00002", "Announced, Then Submitted")
		both.Published = "2025-03-10"
		put(t, s, announced, both,
			Submitted(Paper("2503.00005", "Second Place"), "2025-03-11", 2, 3),
			Submitted(Paper("2503.00004", "First Place"), "2025-03-11", 1, 3),
			Submitted(both, "2025-03-11", 3, 9),
			Submitted(Paper("2503.00006", "Next Day"), "2025-03-12", 1, 4))
		return s
	}
	list := func(t *testing.T, s Store, q broadsheet.EditionQuery) (ids []broadsheet.ID, total int) {
		t.Helper()
		ed, err := s.Edition(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range ed.Papers {
			ids = append(ids, r.ID)
		}
		return ids, ed.Total
	}
	for _, tt := range []struct {
		name  string
		query broadsheet.EditionQuery
		want  []broadsheet.ID
		total int
	}{
		{"by votes, then place", broadsheet.EditionQuery{Period: period(t, broadsheet.Day, "2025-03-11")},
			[]broadsheet.ID{"2503.00002", "2503.00004", "2503.00005"}, 3},
		{"a page of it", broadsheet.EditionQuery{Period: period(t, broadsheet.Day, "2025-03-11"), Limit: 1, Offset: 1},
			[]broadsheet.ID{"2503.00004"}, 3},
		{"a submitted paper leaves the day it was announced", broadsheet.EditionQuery{Period: period(t, broadsheet.Day, "2025-03-10")},
			[]broadsheet.ID{"2503.00003"}, 1},
		{"a week", broadsheet.EditionQuery{Period: period(t, broadsheet.Week, "2025-W11"), Order: broadsheet.ByUpvotes},
			[]broadsheet.ID{"2503.00002", "2503.00006", "2503.00004", "2503.00005", "2503.00003"}, 5},
		{"a month by date", broadsheet.EditionQuery{Period: period(t, broadsheet.Month, "2025-03"), Order: broadsheet.ByPublished, Limit: 2},
			[]broadsheet.ID{"2503.00002", "2503.00003"}, 5},
		{"by votes where trending is asked of a store alone", broadsheet.EditionQuery{Period: broadsheet.Period{Kind: broadsheet.Week, First: "2025-03-11", Last: "2025-03-12"}, Order: broadsheet.ByTrending},
			[]broadsheet.ID{"2503.00002", "2503.00006", "2503.00004", "2503.00005"}, 4},
		{"an empty day", broadsheet.EditionQuery{Period: period(t, broadsheet.Day, "2025-03-09")}, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ids, total := list(t, fill(t), tt.query)
			equal(t, "papers", ids, tt.want)
			equal(t, "total", total, tt.total)
		})
	}

	t.Run("a paper shows the entry that put it there", func(t *testing.T) {
		s := fill(t)
		put(t, s, Submitted(Paper("2503.00006", "Next Day"), "2025-03-14", 7, 4))
		ed, err := s.Edition(t.Context(), broadsheet.EditionQuery{Period: period(t, broadsheet.Day, "2025-03-14")})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "entries", ed.Papers[0].Entries, []broadsheet.Entry{{Date: "2025-03-14", Place: 7, SubmittedBy: &broadsheet.Person{Name: "Cy Reader", User: "cy"}}})
	})

	t.Run("a paper keeps the day of its first announcement", func(t *testing.T) {
		s := open(t)
		said := func(source string, date, announced broadsheet.Date, inferred string) broadsheet.Record {
			r := Paper("2503.00009", "Announced Again and Again")
			r.Sources = []broadsheet.Source{{Name: source, Date: date}}
			r.Announced, r.Inferred = announced, inferred
			return r
		}
		withdrawn := said("arxiv-oai", "2025-03-20", "2025-03-10", broadsheet.InferredFromDay)
		withdrawn.Comments = "This paper has been withdrawn by the author"
		put(t, s, said("arxiv-oai", "2025-03-10", "2025-03-10", broadsheet.InferredFromDay), // computed
			said("arxiv-rss", "2025-03-11", "2025-03-11", ""), // stated
			said("arxiv-rss", "2025-03-12", "", ""),           // a cross-list
			said("arxiv-rss", "2025-03-14", "2025-03-14", ""), // stated again
			withdrawn)
		ids, total := list(t, s, broadsheet.EditionQuery{Period: period(t, broadsheet.Day, "2025-03-11")})
		equal(t, "papers", ids, []broadsheet.ID{"2503.00009"})
		equal(t, "total", total, 1)
		_, total = list(t, s, broadsheet.EditionQuery{Period: period(t, broadsheet.Month, "2025-03")})
		equal(t, "total of the month", total, 1)
		equal(t, "status", paper(t, s, "2503.00009").Status, broadsheet.StatusWithdrawn)
	})

	t.Run("neighbours", func(t *testing.T) {
		s := fill(t)
		for _, tt := range []struct {
			day           string
			before, after broadsheet.Date
		}{
			{"2025-03-09", "", "2025-03-10"},
			{"2025-03-11", "2025-03-10", "2025-03-12"},
			{"2025-03-20", "2025-03-12", ""},
		} {
			before, after, err := s.Neighbours(t.Context(), period(t, broadsheet.Day, tt.day))
			if err != nil {
				t.Fatal(err)
			}
			equal(t, tt.day+" before", before, tt.before)
			equal(t, tt.day+" after", after, tt.after)
		}
	})
}
