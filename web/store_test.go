package web

import (
	"path/filepath"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/sqlite"
)

// The pages over the real store and the real index.
func TestPagesOverStore(t *testing.T) {
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	index, err := indexer.Open(t.Context(), filepath.Join(dir, "index"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	h := (&Server{Papers: db, Editions: db, Search: index}).Handler()
	if p := get(t, h, "/").want(200); !strings.Contains(p.words("section"), "No edition has any papers yet.") {
		t.Errorf("an empty instance says %q", p.words("main"))
	}

	put := func(records ...broadsheet.Record) {
		t.Helper()
		if _, err := db.Put(t.Context(), records); err != nil {
			t.Fatal(err)
		}
		if err := index.Follow(t.Context(), db, nil); err != nil {
			t.Fatal(err)
		}
	}
	put(rich(), paper("2503.00001", "2025-03-11", 1), paper("2503.90001", "2025-03-07", 1))
	for _, tt := range []struct{ path, at, want string }{
		{"/", "h1", "Tuesday, 11 March 2025"},
		{"/", "h3", `<script>alert(1)</script> & "q" of $\alpha$ Paper 2503.00001`},
		{"/papers?sort=publishedAt", "h2", "2 papers"},
		{"/papers/week/2025-W10", "nav.turn", "Week 11 of 2025 →"},
		{"/papers/2503.77777", "h1", `<script>alert(1)</script> & "q" of $\alpha$`},
		{"/papers?q=sheep+2503.00001", "h3", "Paper 2503.00001"},
		{"/papers?q=alert", "h3 mark", "alert"},
		{"/papers?cat=stat", "h2", "1 paper"},
		{"/papers?q=zebra", "h2", "No paper answers this"},
	} {
		if got := get(t, h, tt.path).want(200).words(tt.at); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s is %q, want %q", tt.path, tt.at, got, tt.want)
		}
	}
	get(t, h, "/papers/local:abc").want(301)

	put(paper("2503.00002", "2025-03-12", 1))
	if got := get(t, h, "/").words("h1"); got != "Wednesday, 12 March 2025" {
		t.Errorf("after a new edition the front page is that of %s", got)
	}
}
