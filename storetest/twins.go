package storetest

import (
	"slices"
	"testing"

	"broadsheet"
)

// twins is about one work that two sources know under two IDs.
func twins(t *testing.T, open func(*testing.T) Store) {
	preprint := func() broadsheet.Record {
		r := Paper("2503.00001", "Kettles That Know When to Stop")
		r.Published = "2025-03-01"
		r.Sources = []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-05"}}
		return r
	}
	printed := func() broadsheet.Record {
		r := Paper("doi:10.1000/ex.1", "Kettles that know when to stop")
		r.Published, r.Venue, r.Abstract = "2026", "Kettle Letters", ""
		r.Sources = []broadsheet.Source{{Name: "crossref", Date: "2026-01-02"}}
		return r
	}

	t.Run("two sources of one work make one paper, in either order", func(t *testing.T) {
		var got []broadsheet.Record
		for _, order := range [][]broadsheet.Record{{preprint(), printed()}, {printed(), preprint()}} {
			s := open(t)
			equal(t, "outcomes", put(t, s, order...), outcomes{added, merged})
			equal(t, "again", put(t, s, order...), outcomes{unchanged, unchanged})
			equal(t, "the other way round", put(t, s, order[1], order[0]), outcomes{unchanged, unchanged})
			equal(t, "papers", len(all(t, s)), 1)
			got = append(got, paper(t, s, "doi:10.1000/ex.1"))
		}
		equal(t, "paper", got[1], got[0])
		equal(t, "id", got[0].ID, "2503.00001")
		equal(t, "aliases", got[0].Aliases, []broadsheet.ID{"doi:10.1000/ex.1"})
		equal(t, "venue", got[0].Venue, "Kettle Letters")
		equal(t, "who said the venue", got[0].Sources[1].Fields, []string{"venue"})
		equal(t, "who said the rest", slices.Contains(got[0].Sources[0].Fields, "title"), true)
	})

	t.Run("a title that is corrected joins them", func(t *testing.T) {
		s := open(t)
		early := printed()
		early.Title, early.Sources[0].Date = "A Working Title of Kettles", "2026-01-01"
		equal(t, "outcomes", put(t, s, preprint(), early, printed()), outcomes{added, added, merged})
		equal(t, "papers", len(all(t, s)), 1)
	})

	t.Run("a DOI joins them, whatever their titles", func(t *testing.T) {
		for _, swap := range []bool{false, true} {
			s := open(t)
			a, b := preprint(), printed()
			a.DOI, b.Title = "10.1000/EX.1", "Patient Kettles"
			if swap {
				a, b = b, a
			}
			equal(t, "outcomes", put(t, s, a, b), outcomes{added, merged})
			equal(t, "papers", len(all(t, s)), 1)
		}
	})

	t.Run("what may be two works stays two papers", func(t *testing.T) {
		for name, change := range map[string]func(*broadsheet.Record){
			"another first author":     func(r *broadsheet.Record) { slices.Reverse(r.Authors) },
			"years later":              func(r *broadsheet.Record) { r.Published = "2031" },
			"one source has them both": func(r *broadsheet.Record) { r.Sources[0].Name = "arxiv-oai" },
			"two ids of arXiv":         func(r *broadsheet.Record) { r.ID = "2503.00002" },
		} {
			s := open(t)
			r := printed()
			change(&r)
			equal(t, name, put(t, s, preprint(), r), outcomes{added, added})
		}
	})

	t.Run("a record joins all that are the same work as it", func(t *testing.T) {
		review := printed()
		review.ID, review.DOI, review.Sources[0].Name = "openreview:Kettle", "10.1000/ex.2", "openreview"
		book := printed()
		book.ID, book.Title = "doi:10.1000/ex.2", "Patient Kettles"
		for _, order := range [][]broadsheet.Record{{preprint(), book, review}, {preprint(), review, book}} {
			s := open(t)
			put(t, s, order...)
			equal(t, "papers", len(all(t, s)), 1)
			equal(t, "again", put(t, s, order...), outcomes{unchanged, unchanged, unchanged})
		}
	})

	t.Run("what may be either of two stays itself", func(t *testing.T) {
		s := open(t)
		second := preprint()
		second.ID = "2503.00002"
		equal(t, "outcomes", put(t, s, preprint(), second, printed()), outcomes{added, added, added})
	})
}
