package indexer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/indexer"
)

var keys = maps.Keys[map[broadsheet.ID]broadsheet.Record]

// follow returns an index of all that store holds.
func follow(tb testing.TB, store broadsheet.PaperStore) *indexer.Index {
	tb.Helper()
	return followIn(tb, tb.TempDir(), store)
}

func followIn(tb testing.TB, dir string, store broadsheet.PaperStore) *indexer.Index {
	tb.Helper()
	x := open(tb, dir)
	if err := x.Follow(tb.Context(), store, nil); err != nil {
		tb.Fatal(err)
	}
	return x
}

func open(tb testing.TB, dir string) *indexer.Index {
	tb.Helper()
	x, err := indexer.Open(tb.Context(), dir, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { x.Close() })
	return x
}

func search(tb testing.TB, x *indexer.Index, q broadsheet.Query) broadsheet.Hits {
	tb.Helper()
	hits, err := x.Search(tb.Context(), q)
	if err != nil {
		tb.Fatalf("Search(%q): %v", q.Text, err)
	}
	return hits
}

// find returns the IDs of the hits, separated by spaces.
func find(tb testing.TB, x *indexer.Index, q broadsheet.Query) string {
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

func indexed(tb testing.TB, x *indexer.Index) int64 {
	tb.Helper()
	n, err := x.Indexed(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func check(tb testing.TB, dir string) {
	tb.Helper()
	if err := indexer.Check(tb.Context(), dir); err != nil {
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

// An index that cannot be used is made anew; who only reads is told what to run.
func TestOpenReplacesWhatItCannotRead(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		spoil      func(file []byte) []byte
	}{
		{"another version", "manifest", func(b []byte) []byte {
			return signed(bytes.Replace(b, []byte(`"version": `), []byte(`"version": 9`), 1))
		}},
		{"a note of somebody else", "manifest", func(b []byte) []byte {
			return signed(regexp.MustCompile(`"note": ".*"`).ReplaceAll(b, []byte(`"note": "AAAA"`)))
		}},
		{"not a manifest", "manifest", func([]byte) []byte { return []byte(strings.Repeat("not a manifest ", 1000)) }},
		{"a manifest that is cut", "manifest", func(b []byte) []byte { return b[:len(b)/2] }},
		{"an empty manifest", "manifest", func([]byte) []byte { return nil }},
		{"a segment that is cut", "*.postings", func(b []byte) []byte { return b[:len(b)/2] }},
		{"an empty segment", "*.columns", func([]byte) []byte { return nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, store := t.TempDir(), herons(50)
			x := open(t, dir)
			if err := x.Follow(t.Context(), store, nil); err != nil {
				t.Fatal(err)
			}
			x.Close()
			edit(t, filepath.Join(dir, tt.file), tt.spoil)
			if ro, err := indexer.OpenReadOnly(t.Context(), dir); broadsheet.KindOf(err) != broadsheet.Unavailable ||
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
			check(t, dir)
		})
	}
}

// edit changes the one file of a pattern.
func edit(t *testing.T, pattern string, change func([]byte) []byte) {
	t.Helper()
	names, _ := filepath.Glob(pattern)
	if len(names) != 1 {
		t.Fatalf("%s are %q, want one", pattern, names)
	}
	b, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(names[0], change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// signed returns a manifest with the checksum that belongs to it.
func signed(b []byte) []byte {
	b = b[:bytes.LastIndex(b, []byte("crc32c "))]
	return fmt.Appendf(b, "crc32c %08x\n", crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// The file of the former engine goes, with a line in the log.
func TestOpenReplacesTheFormerIndex(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"fts.db", "fts.db-wal"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := indexer.OpenReadOnly(t.Context(), dir); broadsheet.KindOf(err) != broadsheet.NotFound {
		t.Errorf("OpenReadOnly: %v, want NotFound", err)
	}
	var log bytes.Buffer
	x, err := indexer.Open(t.Context(), dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if names, _ := filepath.Glob(dir + "/fts*"); len(names) > 0 || strings.Count(log.String(), "older form") != 1 {
		t.Errorf("left %q, and logged %s", names, log.String())
	}
}

// Damage that Open does not see is no panic and no wrong kind of error; Check finds it
// and names the file.
func TestDamageWithinAFile(t *testing.T) {
	dir, store := t.TempDir(), herons(500)
	x := open(t, dir)
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	x.Close()
	names, _ := filepath.Glob(dir + "/*.*")
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range names {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			b := slices.Clone(whole)
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
			err := indexer.Check(t.Context(), dir)
			if broadsheet.KindOf(err) != broadsheet.Unavailable || !strings.Contains(broadsheet.TextFor(err), filepath.Base(name)) {
				t.Errorf("%s: Check returns %v, want the file's name", name, err)
			}
			ro, err := indexer.OpenReadOnly(t.Context(), dir)
			tellsDamage(t, err)
			if err != nil {
				continue
			}
			for _, q := range []broadsheet.Query{{Text: "herons rivers"}, {Text: "sea herons* -lakes"}, {Facets: 3}} {
				_, err := ro.Search(t.Context(), q)
				tellsDamage(t, err)
			}
			ro.Close()
		}
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check(t, dir)
}

func tellsDamage(t *testing.T, err error) {
	t.Helper()
	if err != nil && broadsheet.KindOf(err) != broadsheet.Unavailable {
		t.Errorf("got %v, want an answer or Unavailable", err)
	}
}

func TestOpenReadOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), `odd "name" 100% a?b#c&_pragma=x`)
	_, err := indexer.OpenReadOnly(t.Context(), dir)
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
			r, err := indexer.OpenReadOnly(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if n := search(t, r, broadsheet.Query{Text: "herons"}).Total; n != len(store.papers) {
				t.Errorf("found %d papers, want %d", n, len(store.papers))
			}
			check(t, dir)
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
	_, err := indexer.Open(t.Context(), file, nil)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Open: %v, want an error that names %s", err, file)
	}
	if _, ok := errors.AsType[*os.PathError](err); !ok {
		t.Errorf("Open: %T, want the cause within", err)
	}
}
