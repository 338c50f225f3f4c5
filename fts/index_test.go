package fts_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/fts"
)

var keys = maps.Keys[map[broadsheet.ID]broadsheet.Record]

// follow returns an index of all that store holds.
func follow(tb testing.TB, store broadsheet.PaperStore) *fts.Index {
	tb.Helper()
	x := open(tb, tb.TempDir())
	if err := x.Follow(tb.Context(), store, nil); err != nil {
		tb.Fatal(err)
	}
	return x
}

func open(tb testing.TB, dir string) *fts.Index {
	tb.Helper()
	x, err := fts.Open(tb.Context(), dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { x.Close() })
	return x
}

func search(tb testing.TB, x *fts.Index, q broadsheet.Query) broadsheet.Hits {
	tb.Helper()
	hits, err := x.Search(tb.Context(), q)
	if err != nil {
		tb.Fatalf("Search(%q): %v", q.Text, err)
	}
	return hits
}

// find returns the IDs of the hits, separated by spaces.
func find(tb testing.TB, x *fts.Index, q broadsheet.Query) string {
	tb.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	var ids []string
	for _, h := range search(tb, x, q).Hits {
		ids = append(ids, string(h.ID))
	}
	return strings.Join(ids, " ")
}

func indexed(tb testing.TB, x *fts.Index) int64 {
	tb.Helper()
	n, err := x.Indexed(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func check(tb testing.TB, x *fts.Index) {
	tb.Helper()
	if err := x.Check(tb.Context()); err != nil {
		tb.Errorf("Check: %v", err)
	}
}

func paper(id broadsheet.ID, title, abstract string) broadsheet.Record {
	return broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: title, Abstract: abstract}}
}

// herons returns n papers, of which every third speaks of rivers.
func herons(n int) *memory {
	m := newMemory()
	for i := range n {
		where := []string{"lakes", "rivers", "the sea"}[i%3]
		p := paper(broadsheet.ID(fmt.Sprintf("2599.%05d", i)), fmt.Sprintf("Counting herons %d", i), "We count herons by "+where+".")
		p.Published = broadsheet.Date(fmt.Sprintf("2099-%02d-%02d", i/28%12+1, i%28+1))
		p.Categories = []string{[]string{"q-bio.PE", "cs.CV", "stat"}[i%3]}
		m.Put(context.Background(), []broadsheet.Record{p})
	}
	return m
}

func TestOpenReplacesWhatItCannotRead(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(file []byte) []byte
	}{
		{"another version", func(b []byte) []byte { b[63]++; return b }}, // user_version, https://www.sqlite.org/fileformat.html
		{"not a database", func([]byte) []byte { return []byte(strings.Repeat("not a database ", 1000)) }},
		{"cut in the first page", func(b []byte) []byte { return b[:1000] }},
		{"cut in the middle", func(b []byte) []byte { return b[:len(b)/2] }},
		{"no tables", func([]byte) []byte { return nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, store := t.TempDir(), herons(50)
			x := open(t, dir)
			if err := x.Follow(t.Context(), store, nil); err != nil {
				t.Fatal(err)
			}
			x.Close()
			path := filepath.Join(dir, fts.FileName)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, tt.spoil(b), 0o600); err != nil {
				t.Fatal(err)
			}
			if ro, err := fts.OpenReadOnly(t.Context(), dir); broadsheet.KindOf(err) != broadsheet.Unavailable ||
				!strings.Contains(broadsheet.TextFor(err), "broadsheet reindex") {
				t.Errorf("OpenReadOnly: %v, %v; want Unavailable and what to run", ro, err)
			}
			x = open(t, dir)
			if n := indexed(t, x); n != 0 {
				t.Errorf("Indexed is %d, want 0", n)
			}
			if err := x.Follow(t.Context(), store, nil); err != nil {
				t.Fatal(err)
			}
			if n := search(t, x, broadsheet.Query{Text: "herons"}).Total; n != 50 {
				t.Errorf("found %d papers, want 50", n)
			}
			check(t, x)
		})
	}
}

// Damage that Open does not see must not make a panic or a wrong kind of error.
func TestDamageWithinTheFile(t *testing.T) {
	dir, store := t.TempDir(), herons(500)
	x := open(t, dir)
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	x.Close()
	path := filepath.Join(dir, fts.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	unseen, runs := 0, 40
	for i := range runs {
		b := slices.Clone(whole)
		for range 1 << (i % 10) {
			b[4096+rng.IntN(len(b)-4096)] = byte(rng.Uint32())
		}
		os.Remove(path + "-wal")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		x := open(t, dir)
		if indexed(t, x) > 0 {
			unseen++
			err := x.Check(t.Context())
			tellsDamage(t, err)
			if i%10 > 6 && err == nil {
				t.Errorf("Check has not found %d damaged bytes", 1<<(i%10))
			}
			for _, q := range []broadsheet.Query{{Text: "herons rivers", Limit: 10}, {Text: "sea herons* -lakes", Limit: 10}, {Limit: 10}} {
				_, err := x.Search(t.Context(), q)
				tellsDamage(t, err)
			}
			store.Put(t.Context(), []broadsheet.Record{store.papers["2599.00007"]})
			tellsDamage(t, x.Follow(t.Context(), store, nil))
		}
		x.Close()
	}
	t.Logf("Open did not see the damage in %d of %d files", unseen, runs)
}

func tellsDamage(t *testing.T, err error) {
	t.Helper()
	if err != nil && broadsheet.KindOf(err) != broadsheet.Unavailable {
		t.Errorf("got %v, want an answer or Unavailable", err)
	}
}

func TestOpenReadOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), `odd "name" 100% a?b#c&_pragma=x`)
	_, err := fts.OpenReadOnly(t.Context(), dir)
	if broadsheet.KindOf(err) != broadsheet.NotFound || !strings.Contains(broadsheet.TextFor(err), "broadsheet reindex") {
		t.Errorf("without an index: %v, want NotFound and what to run", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("OpenReadOnly has made a directory")
	}
	store := herons(30)
	w := open(t, dir)
	if err := w.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"beside a writer", "after it"} {
		t.Run(state, func(t *testing.T) {
			r, err := fts.OpenReadOnly(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if n := search(t, r, broadsheet.Query{Text: "herons"}).Total; n != len(store.papers) {
				t.Errorf("found %d papers, want %d", n, len(store.papers))
			}
			check(t, r)
			if err := r.Follow(t.Context(), store, nil); err == nil {
				t.Error("Follow wrote to an index that was opened to read")
			}
			if state == "beside a writer" { // what is written now is seen at once
				store.Put(t.Context(), []broadsheet.Record{paper("2599.77777", "Late herons", "")})
				if err := w.Follow(t.Context(), store, nil); err != nil {
					t.Fatal(err)
				}
				if got := find(t, r, broadsheet.Query{Text: "late"}); got != "2599.77777" {
					t.Errorf("found %q, want the new paper", got)
				}
				w.Close()
			}
		})
	}
}

func TestOpenNamesAPlaceThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := fts.Open(t.Context(), file)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Open: %v, want an error that names %s", err, file)
	}
	if _, ok := errors.AsType[*os.PathError](err); !ok {
		t.Errorf("Open: %T, want the cause within", err)
	}
}
