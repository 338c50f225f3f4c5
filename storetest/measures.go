package storetest

import (
	"testing"
	"time"

	"broadsheet"
)

// counted returns what a service said of a paper on a day: its stars, if any.
func counted(id broadsheet.ID, day broadsheet.Date, stars ...int64) broadsheet.Answered {
	a := broadsheet.Answered{Paper: id, Answer: broadsheet.AnswerFound, Day: day, Due: day.AddDays(1)}
	for _, n := range stars {
		a.Measures = append(a.Measures, broadsheet.Measure{Kind: broadsheet.Stars, Value: n})
	}
	return a
}

// answer keeps answers of a service, one call each.
func answer(t *testing.T, s Store, source string, answers ...broadsheet.Answered) {
	t.Helper()
	for _, a := range answers {
		if err := s.PutAnswers(t.Context(), source, []broadsheet.Answered{a}); err != nil {
			t.Fatal(err)
		}
	}
}

func history(t *testing.T, s Store, id broadsheet.ID) []broadsheet.Measure {
	t.Helper()
	list, err := s.History(t.Context(), id, broadsheet.Stars, "github")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func stars(value int64, since, last broadsheet.Date) broadsheet.Measure {
	return broadsheet.Measure{Kind: broadsheet.Stars, Source: "github", Value: value, Since: since, Counted: last}
}

// measures exercises the MeasureStore of a store.
func measures(t *testing.T, open func(*testing.T) Store) {
	const one, two, gone = broadsheet.ID("2503.00001"), broadsheet.ID("2503.00002"), broadsheet.ID("2503.09999")
	filled := func(t *testing.T) Store {
		s := open(t)
		put(t, s, Paper(one, "The First Sheep"), Paper(two, "The Second Sheep"))
		return s
	}

	t.Run("a count that stays is one measure, and a day has one", func(t *testing.T) {
		s := filled(t)
		answer(t, s, "github",
			counted(one, "2025-03-01", 5), counted(one, "2025-03-02", 5), counted(one, "2025-03-05", 5),
			counted(one, "2025-03-06", 7), counted(one, "2025-03-06", 8), // the later of a day stands
			counted(one, "2025-03-09", 8), counted(one, "2025-03-09", 6), // also where it ends a count that stood
			counted(one, "2025-03-08", 99), // a clock was set back
			counted(one, "2025-03-10"),     // nothing was counted
			counted(gone, "2025-03-10", 4), // a paper that is not there
		)
		equal(t, "history", history(t, s, one), []broadsheet.Measure{
			stars(5, "2025-03-01", "2025-03-05"), stars(8, "2025-03-06", "2025-03-08"), stars(6, "2025-03-09", "2025-03-09"),
		})
		equal(t, "history of another", history(t, s, two), nil)
		equal(t, "history of none", history(t, s, gone), nil)
	})

	t.Run("the latest of each kind and source", func(t *testing.T) {
		s := filled(t)
		answer(t, s, "github", counted(one, "2025-03-01", 5), counted(one, "2025-03-02", 6))
		a := counted(one, "2025-03-03")
		a.Measures = []broadsheet.Measure{{Kind: broadsheet.Citations, Value: 3}, {Kind: broadsheet.InfluentialCitations}}
		answer(t, s, "s2", a)
		answer(t, s, "openalex", a)
		got, err := s.Measures(t.Context(), []broadsheet.ID{one, two, gone, one})
		if err != nil {
			t.Fatal(err)
		}
		cited := func(kind broadsheet.MeasureKind, source string, n int64) broadsheet.Measure {
			return broadsheet.Measure{Kind: kind, Source: source, Value: n, Since: "2025-03-03", Counted: "2025-03-03"}
		}
		equal(t, "measures", got, map[broadsheet.ID][]broadsheet.Measure{one: {
			cited(broadsheet.Citations, "openalex", 3), cited(broadsheet.Citations, "s2", 3),
			cited(broadsheet.InfluentialCitations, "openalex", 0), cited(broadsheet.InfluentialCitations, "s2", 0),
			stars(6, "2025-03-02", "2025-03-02"),
		}})
	})

	t.Run("years ago, one a month is enough", func(t *testing.T) {
		s := filled(t)
		day := broadsheet.Date("2023-01-15")
		var all []broadsheet.Answered
		for i := range 800 {
			all = append(all, counted(one, day.AddDays(i), int64(i)))
		}
		if err := s.PutAnswers(t.Context(), "github", all); err != nil {
			t.Fatal(err)
		}
		got := history(t, s, one)
		equal(t, "first", got[0], stars(0, "2023-01-15", "2023-01-15"))
		equal(t, "second", got[1], stars(17, "2023-02-01", "2023-02-01"))
		if last := got[len(got)-1]; last.Value != 799 || len(got) < 366 || len(got) > 366+15 {
			t.Errorf("%d measures, the last %+v", len(got), last)
		}
	})

	t.Run("an answer that cannot be kept is refused, and the others with it", func(t *testing.T) {
		s := filled(t)
		for _, bad := range []broadsheet.Answered{
			{Paper: one, Answer: broadsheet.AnswerFound}, {Paper: one, Day: "2025-03-01"},
			{Paper: one, Day: "2025-03", Answer: broadsheet.AnswerFound},
			counted(one, "2025-03-01", -1), counted(one, "2025-03-01", broadsheet.MaxMeasure+1),
		} {
			err := s.PutAnswers(t.Context(), "github", []broadsheet.Answered{counted(two, "2025-03-01", 1), bad})
			if broadsheet.KindOf(err) != broadsheet.Invalid {
				t.Errorf("%+v: %v, want Invalid", bad, err)
			}
		}
		equal(t, "history", history(t, s, two), nil)
	})
	t.Run("rises", func(t *testing.T) { rises(t, filled(t)) })
	t.Run("due", func(t *testing.T) { due(t, filled(t)) })
	t.Run("united", func(t *testing.T) { united(t, open(t)) })
	t.Run("services", func(t *testing.T) { services(t, filled(t)) })
}

func rises(t *testing.T, s Store) {
	const one, two, three = broadsheet.ID("2503.00001"), broadsheet.ID("2503.00002"), broadsheet.ID("2503.00003")
	put(t, s, Paper(three, "The Third Sheep"), Paper("2503.00004", "The Fourth Sheep"), Paper("2503.00005", "The Fifth Sheep"))
	answer(t, s, "github",
		counted(one, "2025-03-01", 100), counted(one, "2025-03-08", 100), counted(one, "2025-03-14", 170), // stood on the 7th
		counted(two, "2025-03-12", 10), counted(two, "2025-03-14", 30), // first seen after the 7th
		counted(three, "2025-02-04", 80), counted(three, "2025-03-14", 4), // last counted long before; it fell
		counted("2503.00004", "2025-03-14", 9)) // counted once
	got, err := s.Rises(t.Context(), broadsheet.RiseQuery{Kind: broadsheet.Stars, Source: "github", Since: "2025-03-07",
		Papers: []broadsheet.ID{two, "2503.09999", one, three, "2503.00004", "2503.00005", two}})
	if err != nil {
		t.Fatal(err)
	}
	second := broadsheet.Rise{Value: 30, Counted: "2025-03-14", PerDay: 10}
	equal(t, "rises", got, []broadsheet.Rise{
		second, {}, {Value: 170, Counted: "2025-03-14", PerDay: 10}, {Value: 4, Counted: "2025-03-14", PerDay: -2},
		{Value: 9, Counted: "2025-03-14"}, {}, second,
	})
}

func due(t *testing.T, s Store) {
	put(t, s, Paper("2503.00003", "The Third Sheep"), Paper("2503.00004", "The Fourth Sheep"))
	ask := func(source string, day broadsheet.Date, limit int) []broadsheet.ID {
		t.Helper()
		ids, err := s.DueFor(t.Context(), source, day, limit)
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	equal(t, "at first all, the latest first", ask("s2", "2025-03-01", 9), []broadsheet.ID{"2503.00004", "2503.00003", "2503.00002", "2503.00001"})
	never := counted("2503.00003", "2025-03-01")
	never.Due = ""
	answer(t, s, "s2", counted("2503.00004", "2025-03-02"), never, counted("2503.00002", "2025-03-01"))
	equal(t, "nothing but the rest", ask("s2", "2025-03-01", 9), []broadsheet.ID{"2503.00001"})
	equal(t, "in turns", ask("s2", "2025-03-04", 9), []broadsheet.ID{"2503.00001", "2503.00002", "2503.00004"})
	equal(t, "a few", ask("s2", "2025-03-04", 2), []broadsheet.ID{"2503.00001", "2503.00002"})
	equal(t, "another service", len(ask("openalex", "2025-03-01", 9)), 4)
}

// united: two papers become one, and with them what was counted for them.
func united(t *testing.T, s Store) {
	first, second := Paper("doi:10.1000/182", "Sheep, Counted"), Paper("2503.00007", "Sheep Counted Again")
	put(t, s, first, second)
	answer(t, s, "github", counted(first.ID, "2025-03-01", 3), counted(first.ID, "2025-03-02", 4), counted(second.ID, "2025-03-02", 1))
	a := counted(second.ID, "2025-03-02")
	a.Answer, a.Measures = broadsheet.AnswerUnknown, []broadsheet.Measure{{Kind: broadsheet.Citations, Value: 2}}
	answer(t, s, "s2", a, counted(first.ID, "2025-03-02"))
	second.Aliases = []broadsheet.ID{first.ID}
	put(t, s, second)
	for _, id := range []broadsheet.ID{first.ID, second.ID} {
		equal(t, "the history that counted more", history(t, s, id), []broadsheet.Measure{stars(3, "2025-03-01", "2025-03-01"), stars(4, "2025-03-02", "2025-03-02")})
		found, err := s.Measures(t.Context(), []broadsheet.ID{id})
		if err != nil || len(found[id]) != 2 || found[id][0].Value != 2 {
			t.Errorf("measures of %s: %+v, %v", id, found, err)
		}
	}
	ids, err := s.DueFor(t.Context(), "s2", "2025-03-02", 9)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "what was unknown by one name is asked for by the other", ids, []broadsheet.ID{second.ID})
}

func services(t *testing.T, s Store) {
	list := func() []broadsheet.ServiceState {
		t.Helper()
		got, err := s.Services(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	equal(t, "none at first", list(), nil)
	until := time.Date(2025, 3, 1, 10, 0, 0, 0, time.UTC)
	if err := s.Rest(t.Context(), "openalex", until); err != nil {
		t.Fatal(err)
	}
	answer(t, s, "github", counted("2503.00001", "2025-03-01"))
	none := counted("2503.00001", "2025-03-01")
	none.Answer = broadsheet.AnswerNone
	answer(t, s, "s2", none) // it was not asked
	got := list()
	if len(got) != 2 || got[0].Answered.IsZero() || got[0].Source != "github" || !got[0].Rest.IsZero() {
		t.Fatalf("services %+v", got)
	}
	equal(t, "one that rests", got[1], broadsheet.ServiceState{Source: "openalex", Rest: until})
}
