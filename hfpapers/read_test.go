package hfpapers_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/internal/need"
)

func testdata(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func open(t *testing.T, elem ...string) io.Reader {
	t.Helper()
	f, err := os.Open(need.Corpora(t, append([]string{"data"}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(f.Name(), ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// check states what every record has that a reader yields.
func check(t *testing.T, r broadsheet.Record) {
	t.Helper()
	if id, err := broadsheet.ParseID(string(r.ID)); err != nil || id != r.ID {
		t.Errorf("id %q: %v", r.ID, err)
	}
	if r.Title == "" || !utf8.ValidString(r.Title+r.Abstract) || strings.ContainsAny(r.Title, "\n\t") {
		t.Errorf("%s: title %q, abstract %q", r.ID, r.Title, r.Abstract)
	}
	if len(r.Sources) != 1 || len(r.Entries) > 1 || len(r.Tallies) > 1 {
		t.Errorf("%s: %d sources, %d entries, %d tallies", r.ID, len(r.Sources), len(r.Entries), len(r.Tallies))
	}
	for _, e := range r.Entries {
		if d, err := broadsheet.ParseDate(string(e.Date)); err != nil || d != e.Date || !d.IsDay() || e.Place < 0 {
			t.Errorf("%s: entry %+v", r.ID, e)
		}
	}
	for _, l := range r.Links {
		if broadsheet.WebURL(l.URL) != l.URL {
			t.Errorf("%s: link %+v", r.ID, l)
		}
	}
	for _, c := range r.Tallies {
		if c.Upvotes < 0 || c.Comments < 0 {
			t.Errorf("%s: %+v", r.ID, c)
		}
	}
}
