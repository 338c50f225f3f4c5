package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/search/query"
)

func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	e, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	update := func(papers []Paper, deleted ...string) {
		t.Helper()
		if err := e.Update(t.Context(), papers, deleted); err != nil {
			t.Fatal(err)
		}
	}
	check := func(text, want string) {
		t.Helper()
		if got := ask(t, e, Request{Text: text}); got != want {
			t.Errorf("%q finds %s, expected %s", text, got, want)
		}
	}
	update([]Paper{{ID: "a", Title: "one"}, {ID: "b", Title: "one two"}})
	check("one", "a b")
	check("two", "b")
	update([]Paper{{ID: "a", Title: "three"}}, "a") // what is here is not deleted
	check("one", "b")
	check("three", "a")
	update([]Paper{{ID: "c", Title: "old"}, {ID: "c", Title: "new"}})
	check("old", "")
	check("new", "c")
	update(nil, "b", "nobody")
	check("two", "")
	update(nil)
	if err := e.Update(t.Context(), []Paper{{Title: "no id"}}, nil); err == nil {
		t.Error("a paper without an id is no error")
	}
	if err := e.Update(t.Context(), []Paper{{ID: strings.Repeat("x", 70_000)}}, nil); err == nil {
		t.Error("a paper with an endless id is no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Update(ctx, []Paper{{ID: "d", Title: "one"}}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Update: %v, expected the context's error", err)
	}
	if _, err := e.Search(ctx, Request{Text: "three"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search: %v, expected the context's error", err)
	}

	if err := e.Commit([]byte("42")); err != nil {
		t.Fatal(err)
	}
	update([]Paper{{ID: "e", Title: "lost"}})
	reader, err := OpenReadOnly(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if got := ask(t, reader, Request{Text: "three OR lost"}); got != "a" {
		t.Errorf("a reader finds %s, expected a", got)
	}
	if err := reader.Update(t.Context(), []Paper{{ID: "f"}}, nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Update of a reader: %v, expected ErrReadOnly", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if e, err = Open(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer func() { e.Close() }()
	check("lost", "")
	check("three", "a")
	if string(e.Note()) != "42" {
		t.Errorf("the note is %q, expected 42", e.Note())
	}
	if err := e.Optimize(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	check("", "a c")
	update([]Paper{{ID: "g", Title: "more"}})
	if err := e.Commit([]byte("43")); err != nil {
		t.Fatal(err)
	}
	if changed, err := reader.Refresh(); !changed || err != nil {
		t.Errorf("Refresh: %t, %v", changed, err)
	}
	if got := ask(t, reader, Request{Text: "more"}); got != "g" {
		t.Errorf("a reader finds %s, expected g", got)
	}
	if s := e.Stats(); s.Docs != 3 {
		t.Errorf("Stats: %d papers, expected 3", s.Docs)
	}
	if err := errors.Join(e.Check(t.Context(), nil), Check(t.Context(), dir, nil)); err != nil {
		t.Error(err)
	}
	if err := e.Reset(); err != nil {
		t.Fatal(err)
	}
	check("", "")
	if len(e.Note()) > 0 {
		t.Errorf("the note is %q after a reset", e.Note())
	}
}

// TestHostilePapers takes what nobody would write.
func TestHostilePapers(t *testing.T) {
	long := strings.Repeat("word ", 200_000)
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprintf("Name%d Family%d", i, i))
	}
	e := open(t, []Paper{
		{ID: "long", Title: long, Abstract: long, Authors: []string{long}, Day: Unknown},
		{ID: "many", Title: "many", Authors: many, Categories: many, Aliases: many, Day: 1 << 62},
		{ID: "bytes", Title: "\xff\xfe\x00 bytes \u202e", Abstract: strings.Repeat("a", 1<<20), Source: long, Day: -1 << 62},
		{ID: "twice", Title: "twice", Categories: []string{"cs.LG", "cs.LG", "CS.lg", "", long}, Aliases: []string{"x", "x", ""}, Authors: []string{"", " ", "A"}},
	})
	for _, tt := range []struct{ text, want string }{
		{"many", "many"}, {"bytes", "bytes"}, {"twice", "twice"}, {"cat:cs.lg", "twice"}, {"id:x:x", ""},
		{"author:name7", "many"}, {`author:"name7 family7"`, "many"}, {`author:"family7 name8"`, ""}, {"word", "long"},
	} {
		if got := ask(t, e, Request{Text: tt.text, Facets: 10}); got != tt.want {
			t.Errorf("%q finds %s, expected %s", tt.text, got, tt.want)
		}
	}
	for _, s := range []Sort{Newest, Oldest, MostVotes} {
		if got := ask(t, e, Request{Sort: s, Facets: 3}); len(strings.Fields(got)) != 4 {
			t.Errorf("in order %d: %s", s, got)
		}
	}
}

// TestUpdateWhileSearching searches, commits and merges while papers come and go: what
// is always there is always found.
func TestUpdateWhileSearching(t *testing.T) {
	e := open(t, append(many(300), Paper{ID: "rock", Title: "the rock stays", Day: Unknown}))
	if err := e.RebuildSuggestions(t.Context(), all(library())); err != nil {
		t.Fatal(err)
	}
	d := 2 * time.Second
	if testing.Short() {
		d = 300 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		rng := rand.New(rand.NewPCG(1, 1))
		for i := 0; ctx.Err() == nil; i++ {
			var papers []Paper
			for range 1 + rng.IntN(200) {
				papers = append(papers, Paper{ID: fmt.Sprint("n", rng.IntN(500)), Title: fmt.Sprint("common rock word", rng.IntN(50)), Day: int64(i)})
			}
			if err := e.Update(t.Context(), papers, []string{fmt.Sprint("n", rng.IntN(500))}); err != nil {
				t.Error(err)
			}
			if i%5 == 0 {
				if err := e.Commit([]byte{byte(i)}); err != nil {
					t.Error(err)
				}
			}
			if i%20 == 0 {
				if err := errors.Join(e.Optimize(t.Context(), nil), e.RebuildSuggestions(t.Context(), all(papers))); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			for ctx.Err() == nil {
				answer, err := e.Search(t.Context(), Request{Text: "rock stays", Facets: 3})
				if err != nil || len(answer.Hits) == 0 || answer.Hits[0].ID != "rock" {
					t.Errorf("%v, %v", answer.Hits, err)
					return
				}
				for _, err := range e.IDs(t.Context(), answer.Query, query.Query{}) {
					if err != nil {
						t.Error(err)
					}
				}
				e.Complete("att", 3)
				e.Stats()
			}
		})
	}
}
