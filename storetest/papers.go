package storetest

import (
	"context"
	"testing"
	"time"

	"broadsheet"
)

const (
	added     = broadsheet.Added
	updated   = broadsheet.Updated
	unchanged = broadsheet.Unchanged
	merged    = broadsheet.MergedPapers
)

type outcomes = []broadsheet.Outcome

func papers(t *testing.T, open func(*testing.T) Store) {
	t.Run("missing paper is NotFound", func(t *testing.T) {
		_, err := open(t).Paper(t.Context(), "2611.99999")
		if got := broadsheet.KindOf(err); got != broadsheet.NotFound {
			t.Fatalf("kind %v (%v), want NotFound", got, err)
		}
	})

	t.Run("all of a record is kept", func(t *testing.T) {
		s := open(t)
		want := Submitted(Paper("2503.01234", "On Everything at Once"), "2025-03-11", 3, 42)
		want.Categories = []string{"cs.LG", "stat.ML"}
		want.Published, want.Updated, want.Announced = "2025-03-03", "2025-03-09", "2025-03-04"
		want.Versions = []broadsheet.Version{{Number: 1, At: time.Date(2025, 3, 3, 8, 26, 30, 0, time.UTC), Size: "12kb"}}
		want.DOI, want.Comments, want.JournalRef = "10.1000/182", "9 pages <b>&amp;", "J. Ex. 1 (2025) 2"
		want.Venue, want.License, want.TLDR = "EX 2025", "http://creativecommons.org/licenses/by/4.0/", "All at once."
		want.Keywords = []string{"all", "once"}
		want.Links = []broadsheet.Link{{Kind: "code", URL: "https://github.com/ada/all", Source: "jsonl"}}
		want.Aliases = []broadsheet.ID{"acl:2025.ex-1"}
		put(t, s, want)
		equal(t, "record", paper(t, s, want.ID), want)
		equal(t, "by alias", paper(t, s, "acl:2025.ex-1"), want)
		equal(t, "All", all(t, s), []broadsheet.Record{want})
	})

	t.Run("an unchanged paper logs nothing", func(t *testing.T) {
		s := open(t)
		a, b := Paper("2503.00001", "First Light"), Submitted(Paper("2503.00002", "Second Light"), "2025-03-11", 1, 5)
		equal(t, "first time", put(t, s, a, b), outcomes{added, added})
		equal(t, "second time", put(t, s, a, b), outcomes{unchanged, unchanged})
		equal(t, "log", log(t, s), []string{"paper 2503.00001", "paper 2503.00002"})
	})

	t.Run("what changed is told apart", func(t *testing.T) {
		s := open(t)
		p := Paper("2503.00001", "First Light")
		put(t, s, p)
		p.Abstract = "Rewritten."
		voted := Submitted(p, "2025-03-11", 1, 5)
		more := Submitted(p, "2025-03-11", 1, 6)
		equal(t, "outcomes", put(t, s, p, voted, more), outcomes{updated, updated, updated})
		equal(t, "log", log(t, s), []string{"paper 2503.00001", "paper 2503.00001", "entry 2503.00001", "entry 2503.00001"})
		equal(t, "record", paper(t, s, p.ID), more)
	})

	t.Run("a batch is put in order", func(t *testing.T) {
		s := open(t)
		p, q := Paper("2503.00001", "First Light"), Paper("2503.00001", "First Light, Revised")
		out, err := s.Put(t.Context(), []broadsheet.Record{p, q, q})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "outcomes", out, outcomes{added, updated, unchanged})
		equal(t, "title", paper(t, s, p.ID).Title, q.Title)
	})

	t.Run("a deleted paper keeps its page", func(t *testing.T) {
		s := open(t)
		p := Paper("2503.00001", "First Light")
		p.Sources = []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-05"}}
		gone := broadsheet.Record{Paper: broadsheet.Paper{ID: p.ID, Status: broadsheet.StatusDeleted,
			Sources: []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-07"}}}}
		equal(t, "outcomes", put(t, s, gone, p, gone, gone, p), outcomes{unchanged, added, updated, unchanged, unchanged})
		got := paper(t, s, p.ID)
		if got.Status != broadsheet.StatusDeleted || got.Title != p.Title {
			t.Errorf("got status %q, title %q", got.Status, got.Title)
		}
	})

	t.Run("Papers keeps the order asked for and leaves out the unknown", func(t *testing.T) {
		s := open(t)
		a, b := Paper("2503.00001", "First Light"), Paper("2503.00002", "Second Light")
		b.Aliases = []broadsheet.ID{"doi:10.1000/2"}
		put(t, s, a, b)
		got, err := s.Papers(t.Context(), []broadsheet.ID{"doi:10.1000/2", "2503.09999", "2503.00001"})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "papers", got, []broadsheet.Record{b, a})
	})

	t.Run("a cancelled Put stores nothing", func(t *testing.T) {
		s := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Put(ctx, []broadsheet.Record{Paper("2503.00001", "First Light")}); err == nil {
			t.Fatal("no error")
		}
		equal(t, "log", log(t, s), nil)
	})

	t.Run("Stats", func(t *testing.T) {
		s := open(t)
		p := Paper("2503.00001", "First Light")
		p.Published = "2025-02-27"
		put(t, s, p, Submitted(Paper("2503.00002", "Second Light"), "2025-03-11", 1, 5))
		got, err := s.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "stats", got, broadsheet.Stats{Papers: 2, LastChange: 2, FirstDay: "2025-02-27", LastDay: "2025-03-11"})
	})
}
