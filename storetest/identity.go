package storetest

import (
	"testing"

	"broadsheet"
)

// identity is about one paper under several IDs.
func identity(t *testing.T, open func(*testing.T) Store) {
	const title = "A Paper Known by Its Title: First Notes"
	local := func() broadsheet.Record {
		r := Submitted(Paper(broadsheet.LocalID(title), title), "2025-03-11", 1, 0)
		r.Tallies = nil
		r.Sources = []broadsheet.Source{{Name: "hf-page", Date: "2025-03-11"}}
		return r
	}
	known := func() broadsheet.Record {
		r := Paper("2503.00001", "A paper known by its title:  first notes")
		r.Abstract = "From arXiv."
		r.Sources = []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-05"}}
		return r
	}
	check := func(t *testing.T, s Store) {
		t.Helper()
		r := paper(t, s, broadsheet.LocalID(title))
		equal(t, "id", r.ID, "2503.00001")
		equal(t, "aliases", r.Aliases, []broadsheet.ID{broadsheet.LocalID(title)})
		equal(t, "abstract", r.Abstract, "From arXiv.")
		equal(t, "entries", len(r.Entries), 1)
		equal(t, "papers", len(all(t, s)), 1)
		equal(t, "again", put(t, s, local(), known()), outcomes{unchanged, unchanged})
	}

	t.Run("a local paper finds its name", func(t *testing.T) {
		s := open(t)
		equal(t, "outcomes", put(t, s, local(), known()), outcomes{added, merged})
		check(t, s)
		equal(t, "log", log(t, s), []string{"paper " + string(broadsheet.LocalID(title)), "moved " + string(broadsheet.LocalID(title)), "paper 2503.00001"})
	})

	t.Run("a title meets the paper that is known", func(t *testing.T) {
		s := open(t)
		equal(t, "outcomes", put(t, s, known(), local()), outcomes{added, merged})
		check(t, s)
	})

	t.Run("in one batch", func(t *testing.T) {
		s := open(t)
		out, err := s.Put(t.Context(), []broadsheet.Record{local(), known(), local()})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", out, outcomes{added, merged, unchanged})
		check(t, s)
	})

	t.Run("a corrected title joins two papers", func(t *testing.T) {
		s := open(t)
		early := known()
		early.Title = "Working Title of Some Notes"
		early.Sources[0].Date = "2025-03-01"
		equal(t, "outcomes", put(t, s, early, local(), known()), outcomes{added, added, merged})
		check(t, s)
	})

	t.Run("one word is no name", func(t *testing.T) {
		s := open(t)
		a, b := Paper("2503.00001", "Preface"), Paper(broadsheet.LocalID("Preface"), "Preface")
		equal(t, "outcomes", put(t, s, a, b), outcomes{added, added})
	})

	t.Run("a title of two papers names neither", func(t *testing.T) {
		s := open(t)
		equal(t, "outcomes", put(t, s, Paper("2503.00001", title), Paper("2503.00002", title), local()), outcomes{added, added, added})
	})

	t.Run("a second paper of a title stays itself", func(t *testing.T) {
		s := open(t)
		second := Paper("2503.00002", title)
		equal(t, "outcomes", put(t, s, local(), known(), second), outcomes{added, merged, added})
		equal(t, "again", put(t, s, local(), known(), second), outcomes{unchanged, unchanged, unchanged})
		equal(t, "papers", len(all(t, s)), 2)
	})

	t.Run("arXiv's id is the paper's, whichever comes first", func(t *testing.T) {
		printed := Paper("doi:10.1000/1", "Published Form")
		printed.Aliases = []broadsheet.ID{"2503.00001"}
		for _, order := range [][]broadsheet.Record{{printed, Paper("2503.00001", "Preprint Form")}, {Paper("2503.00001", "Preprint Form"), printed}} {
			s := open(t)
			put(t, s, order...)
			equal(t, "id", paper(t, s, "doi:10.1000/1").ID, "2503.00001")
			equal(t, "papers", len(all(t, s)), 1)
		}
	})

	t.Run("an alias joins two papers", func(t *testing.T) {
		s := open(t)
		a, b := Paper("doi:10.1000/1", "Published Form"), Paper("2503.00001", "Preprint Form")
		put(t, s, a, b)
		b.Aliases = []broadsheet.ID{"doi:10.1000/1"}
		equal(t, "outcomes", put(t, s, b), outcomes{merged})
		equal(t, "id", paper(t, s, "doi:10.1000/1").ID, "2503.00001")
		equal(t, "papers", len(all(t, s)), 1)
		equal(t, "again", put(t, s, b), outcomes{unchanged})
	})
}
