package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"

	"broadsheet"
	"broadsheet/gist"
	"broadsheet/ingest"
	"broadsheet/internal/need"
	"broadsheet/sqlite"
)

// openStore opens a fresh store.
func openStore(tb testing.TB) *sqlite.DB {
	tb.Helper()
	db, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "broadsheet.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	model, err := gist.Builtin()
	if err != nil {
		tb.Fatal(err)
	}
	db.Derive = model.Derive
	return db
}

// imported is the result of importing one file.
type imported struct {
	ingest.Summary
	bad []string
	err error
}

func importFile(tb testing.TB, db *sqlite.DB, name string, opts ingest.Options) (res imported) {
	tb.Helper()
	f, err := ingest.Open(tb.Context(), name, opts)
	if err != nil {
		return imported{err: err}
	}
	defer f.Close()
	im := ingest.Importer{Store: db, Rejected: func(b *broadsheet.BadRecord) { res.bad = append(res.bad, b.Error()) }}
	res.err = im.Import(tb.Context(), f, &res.Summary)
	return res
}

// importText imports text as standard input.
func importText(tb testing.TB, db *sqlite.DB, text string) imported {
	tb.Helper()
	return importFile(tb, db, "-", ingest.Options{Stdin: strings.NewReader(text)})
}

func count(t *testing.T, res imported, want ingest.Summary) {
	t.Helper()
	if diff := cmp.Diff(want, res.Summary, cmpopts.IgnoreFields(ingest.Summary{}, "Seconds")); diff != "" {
		t.Errorf("summary (-want +got):\n%s\nrejected: %q\nerror: %v", diff, res.bad, res.err)
	}
}

func line(n int) string {
	return fmt.Sprintf(`{"id":"2503.%05d","title":"Paper Number %d","abstract":"What number %d says.","authors":"A. Name, B. Name","categories":"cs.LG cs.CL","published":"2025-03-0%d","date_kind":"exact"}`+"\n", n, n, n, 1+n%9)
}

func lines(from, to int) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		b.WriteString(line(n))
	}
	return b.String()
}

func TestImportTwiceChangesNothing(t *testing.T) {
	db := openStore(t)
	count(t, importText(t, db, "\ufeff"+lines(1, 2500)), ingest.Summary{Added: 2500}) // with a byte order mark
	before, err := db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count(t, importText(t, db, lines(1, 2500)), ingest.Summary{Unchanged: 2500})
	after, err := db.Stats(t.Context())
	if err != nil || before != after {
		t.Errorf("stats %+v, %v after the second import; want %+v", after, err, before)
	}
}

func TestCompression(t *testing.T) {
	pack := map[string]func(io.Writer) io.WriteCloser{
		"gz":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"zst": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	}
	for name, newWriter := range pack {
		t.Run(name, func(t *testing.T) {
			var buf bytes.Buffer
			w := newWriter(&buf)
			io.WriteString(w, lines(1, 3000))
			w.Close()
			path := filepath.Join(t.TempDir(), "papers") // the name does not tell
			if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			count(t, importFile(t, openStore(t), path, ingest.Options{}), ingest.Summary{Added: 3000})

			// Cut short: what stands before the cut is stored, and the message says so.
			if err := os.Truncate(path, int64(buf.Len()*3/4)); err != nil {
				t.Fatal(err)
			}
			db := openStore(t)
			res := importFile(t, db, path, ingest.Options{})
			if broadsheet.KindOf(res.err) != broadsheet.Invalid || !strings.Contains(broadsheet.TextFor(res.err), "cut short or damaged") {
				t.Errorf("error %v, want that the file is cut short", res.err)
			}
			stats, err := db.Stats(t.Context())
			if err != nil || stats.Papers == 0 || int(stats.Papers) != res.Added {
				t.Errorf("%d papers stored (%v), %d counted; want all before the cut", stats.Papers, err, res.Added)
			}
		})
	}
}

func TestImportFromAnAddress(t *testing.T) {
	var agent string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent = r.Header.Get("User-Agent")
		if r.URL.Path != "/papers.jsonl" {
			w.Header().Set("Retry-After", "120")
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, lines(1, 3))
	}))
	defer srv.Close()
	count(t, importFile(t, openStore(t), srv.URL+"/papers.jsonl", ingest.Options{Agent: "broadsheet/test"}), ingest.Summary{Added: 3})
	if agent != "broadsheet/test" {
		t.Errorf("User-Agent %q", agent)
	}
	res := importFile(t, openStore(t), srv.URL+"/other", ingest.Options{})
	if text := broadsheet.TextFor(res.err); !strings.Contains(text, "503") || !strings.Contains(text, "120") {
		t.Errorf("error %q, want the status and when to try again", text)
	}
	srv.Close()
	res = importFile(t, openStore(t), srv.URL+"/papers.jsonl", ingest.Options{})
	if broadsheet.KindOf(res.err) != broadsheet.Unavailable {
		t.Errorf("error %v, want Unavailable", res.err)
	}
}

// Each bad line is named with its reason, and the lines around it are taken.
func TestBadRecords(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"not JSON", "{nonsense}\n", "line 2: it is not JSON"},
		{"a list", "[1]\n", "line 2: the line: it is a JSON array"},
		{"no id", `{"title":"T"}` + "\n", "line 2: id: A paper id is missing"},
		{"path tricks", `{"id":"local:../../etc/passwd","title":"T"}` + "\n", "line 2: local:../../etc/passwd: id:"},
		{"no title", `{"id":"2503.09999"}` + "\n", "title: it is empty"},
		{"title of blanks", `{"id":"2503.09999","title":" \n\t "}` + "\n", "title: it is empty"},
		{"title is a number", `{"id":"2503.09999","title":7}` + "\n", "title: it is a JSON number"},
		{"impossible date", `{"id":"2503.09999","title":"T","published":"2025-13-40"}` + "\n", `published: "2025-13-40" is not a date`},
		{"impossible edition", `{"id":"2503.09999","title":"T","editions":[{"date":"2025-13-40"}]}` + "\n", `editions: "2025-13-40" is not a day`},
		{"invalid UTF-8", "{\"id\":\"2503.09999\",\"title\":\"a\xff\"}\n", "line 2: it is not valid UTF-8"},
		{"negative votes", `{"id":"2503.09999","title":"T","tallies":[{"source":"x","upvotes":-1}]}` + "\n", "tallies: -1 upvotes"},
		{"abstract is a number", `{"id":"2503.09999","title":"T","abstract":7}` + "\n", "line 2: 2503.09999: abstract: it is a JSON number"},
		{"huge title", `{"id":"2503.09999","title":"` + strings.Repeat("x", 10_000) + `"}` + "\n", "title: it has 10000 bytes"},
		{"line of 17 MiB", `{"id":"2503.09999","title":"` + strings.Repeat("x", 17<<20) + `"}` + "\n", "line 2: the line is longer than 16 MiB"},
		{"terminal tricks", `{"id":"x\u001b[31m","title":"T"}` + "\n", `x\x1b[31m`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := openStore(t)
			res := importText(t, db, line(1)+tt.in+"\n\n"+line(2))
			count(t, res, ingest.Summary{Added: 2, Rejected: 1})
			if len(res.bad) != 1 || !strings.Contains(res.bad[0], tt.want) {
				t.Errorf("rejected %.300q, want one with %q", res.bad, tt.want)
			}
		})
	}
}

// A line of one gigabyte costs neither memory nor the lines after it.
func TestLineOfOneGibibyte(t *testing.T) {
	need.Long(t)
	in := io.MultiReader(strings.NewReader(line(1)), io.LimitReader(letters{}, 1<<30), strings.NewReader("\n"+line(2)))
	res := importFile(t, openStore(t), "-", ingest.Options{Stdin: in})
	count(t, res, ingest.Summary{Added: 2, Rejected: 1})
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct{ name, path, want string }{
		{"missing", filepath.Join(dir, "none"), "cannot be read"},
		{"directory", dir, "is a directory"},
		{"empty", write("empty", ""), "it is empty"},
		{"only blanks", write("blank", " \n\n"), "it is empty"},
		{"an error of a service", write("other.json", `{"error":"rate limit"}`), `the error message of a service, "{"error":"rate limit"}"`},
		{"another service", write("work.json", `{"id":"https://openalex.org/W1","title":"T","referenced_works":[]}`), "it is an answer of OpenAlex"},
		{"another XML", write("other.xml", "<html><body>no</body></html>"), "it is XML or HTML"},
		{"prose", write("prose.txt", "Once upon a time."), "it is text"},
		{"zip archive", write("papers.zip", "PK\x03\x04rest"), "it is a zip archive, which must be unpacked first"},
		{"truncated gzip header", write("short.gz", "\x1f\x8b\x08"), "cut short"},
		{"entity bomb", write("bomb.xml", `<?xml version="1.0"?><!DOCTYPE OAI-PMH [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>&b;</ListRecords></OAI-PMH>`), "document type declaration"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := importFile(t, openStore(t), tt.path, ingest.Options{})
			if res.err == nil || !strings.Contains(broadsheet.TextFor(res.err), tt.want) {
				t.Errorf("error %v, want a sentence with %q", res.err, tt.want)
			}
		})
	}
	res := importFile(t, openStore(t), write("x", lines(1, 1)), ingest.Options{Format: "marc"})
	if text := broadsheet.TextFor(res.err); !strings.Contains(text, "arxiv-json") {
		t.Errorf("error %q, want the list of formats", text)
	}
}

func TestInterruptedImportKeepsWhatItHas(t *testing.T) {
	db := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	f, err := ingest.Open(ctx, "-", ingest.Options{Stdin: strings.NewReader(lines(1, 10_000))})
	if err != nil {
		t.Fatal(err)
	}
	var sum ingest.Summary
	im := ingest.Importer{Store: db, Progress: func(int) { cancel() }}
	if err := im.Import(ctx, f, &sum); broadsheet.KindOf(err) != broadsheet.Unavailable || !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that it was interrupted", err)
	}
	if sum.Added == 0 || sum.Added == 10_000 {
		t.Fatalf("%d added, want some", sum.Added)
	}
	count(t, importText(t, db, lines(1, 10_000)), ingest.Summary{Added: 10_000 - sum.Added, Unchanged: sum.Added})
}

// What an export writes comes back whole, into an empty store and into itself.
func TestExportComesBack(t *testing.T) {
	db := openStore(t)
	rich := `{"id":"hep-th/9901001","title":"A <b>Title</b> & \"More\"","abstract":"One.\n\nTwo: see https://github.com/ada/two.","authors":[{"name":"Ada É. Example","affiliation":"Somewhere"}],"published":"1999","doi":"10.1000/1","aliases":["doi:10.1000/1"],"links":[{"kind":"project","url":"https://example.org/two"}],"editions":[{"date":"2025-03-11","place":2,"submitted_by":{"name":"Cy","user":"cy"}}],"tallies":[{"source":"hf","upvotes":3,"comments":1}]}` + "\n"
	page := "Get trending papers in your email inbox!\n\nMar 11\n\nPaper Number 7\n\n" + strings.Repeat("A long abstract. ", 30) + "\n"
	importText(t, db, lines(1, 20)+rich)
	if res := importFile(t, db, "-", ingest.Options{Stdin: strings.NewReader(page), Date: "2025-03-11"}); res.err != nil || res.Merged != 1 {
		t.Fatalf("page: %+v", res)
	}
	export := func(db *sqlite.DB) string {
		var b strings.Builder
		if _, err := ingest.WriteJSONL(&b, db.All(t.Context())); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := export(db)
	other := openStore(t)
	count(t, importText(t, other, want), ingest.Summary{Added: 21})
	if diff := cmp.Diff(want, export(other)); diff != "" {
		t.Errorf("in another store (-want +got):\n%s", diff)
	}
	count(t, importText(t, db, want), ingest.Summary{Unchanged: 21})
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(line(1)))
	f.Add([]byte("<rss><channel><item><title>x</title></item></channel></rss>"))
	f.Add([]byte(`[{"paper":{"id":"2503.00001","title":"T"}}]`))
	db := openStore(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		file, err := ingest.Open(t.Context(), "-", ingest.Options{Stdin: bytes.NewReader(in), Date: "2025-03-11"})
		if err != nil {
			return
		}
		defer file.Close()
		var sum ingest.Summary
		im := ingest.Importer{Store: db}
		if err := im.Import(t.Context(), file, &sum); err != nil && broadsheet.KindOf(err) == broadsheet.Internal {
			t.Errorf("input %q: %v, want an error that says what is wrong with the file", in, err)
		}
	})
}

func TestNormalize(t *testing.T) {
	r := broadsheet.Record{Paper: broadsheet.Paper{
		Title:      " Two\n  Lines\u00a0and\ta cafe\u0301 ",
		Abstract:   "  First wrapped\nline goes on.\n  Second paragraph\n  only wrapped.\r\n\r\nThird.",
		Authors:    []broadsheet.Author{{Name: " Ada \n Example"}, {Name: " "}},
		Categories: []string{"cs.LG", " cs.LG", "", "cs.CL"},
		Links:      []broadsheet.Link{{Kind: "code", URL: "javascript:alert(1)"}, {Kind: "home", URL: "https://example.org/x"}},
		Published:  "2025-03-01",
	}}
	want := broadsheet.Record{Paper: broadsheet.Paper{
		Title:      "Two Lines and a café",
		Abstract:   "First wrapped line goes on.\n\nSecond paragraph only wrapped.\n\nThird.",
		Authors:    []broadsheet.Author{{Name: "Ada Example"}},
		Categories: []string{"cs.LG", "cs.CL"},
		Links:      []broadsheet.Link{{Kind: "project", URL: "https://example.org/x"}},
		Published:  "2025-03-01",
	}}
	for range 2 { // twice is the same as once
		ingest.Normalize(&r)
		if diff := cmp.Diff(want, r); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}
