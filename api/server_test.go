package api_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/api"
	"broadsheet/edition"
	"broadsheet/indexer"
	"broadsheet/sqlite"
)

// An instance is a real store and its API.
type instance struct {
	db *sqlite.DB
	h  http.Handler
}

func newInstance(t testing.TB, s api.Server, records ...broadsheet.Record) *instance {
	t.Helper()
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, r := range records {
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Put(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	s.Papers, s.Editions = db, edition.New(db)
	s.Now = func() time.Time { return time.Date(2026, 1, 9, 12, 0, 0, 0, time.UTC) }
	return &instance{db, s.Handler()}
}

// get asks with a header or more, and checks the status.
func (i *instance) get(t *testing.T, path string, status int, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for n := 0; n < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	w := httptest.NewRecorder()
	i.h.ServeHTTP(w, r)
	if w.Code != status {
		t.Fatalf("%s: status %d, want %d: %s", path, w.Code, status, w.Body)
	}
	return w
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) (v T) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func ids(t *testing.T, w *httptest.ResponseRecorder) string {
	var ids []string
	for _, it := range decode[[]struct{ ID string }](t, w) {
		ids = append(ids, it.ID)
	}
	return strings.Join(ids, " ")
}

func paperOf(id broadsheet.ID, day broadsheet.Date, place int, by string) broadsheet.Record {
	r := broadsheet.Record{
		Paper: broadsheet.Paper{ID: id, Title: "Of kettle " + string(id), Abstract: "It whistles.", Published: day,
			Authors: []broadsheet.Author{{Name: "Ada Example"}}, Sources: []broadsheet.Source{{Name: "jsonl", Date: day}}},
		Entries: []broadsheet.Entry{{Date: day, Place: place}},
		Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: place, Comments: 1}},
	}
	if by != "" {
		r.Entries[0].SubmittedBy = &broadsheet.Person{Name: strings.ToUpper(by), User: by}
	}
	return r
}

func TestDailyPapers(t *testing.T) {
	i := newInstance(t, api.Server{BaseURL: "https://papers.example.org/"},
		paperOf("2912.00001", "2026-01-05", 1, "dot"), paperOf("2912.00002", "2026-01-05", 2, "eve"), paperOf("doi:10.1101/2599.01.05.1", "2026-01-06", 3, "dot"),
		paperOf("hep-th/9901001", "2026-01-07", 4, ""), paperOf("2912.90009", "2025-12-25", 9, "dot"))
	for _, tt := range []struct{ query, want, next string }{
		{"", "hep-th/9901001 doi:10.1101/2599.01.05.1 2912.00001 2912.00002", ""},
		{"?limit=2", "hep-th/9901001 doi:10.1101/2599.01.05.1", "limit=2&p=1"},
		{"?limit=2&p=1", "2912.00001 2912.00002", ""},
		{"?p=100", "", ""},
		{"?p=100&limit=100", "", ""},
		{"?date=2026-01-05", "2912.00001 2912.00002", ""},
		{"?date=2026-01-05T12:34:56.000Z", "2912.00001 2912.00002", ""},
		{"?date=2026-01-05&limit=1&p=0", "2912.00001", "date=2026-01-05&limit=1&p=1"},
		{"?date=2026-01-05&sort=upvotes", "2912.00002 2912.00001", ""},
		{"?date=2026-01-04", "", ""},
		{"?week=2026-W02", "hep-th/9901001 doi:10.1101/2599.01.05.1 2912.00001 2912.00002", ""},
		{"?month=2025-12", "2912.90009", ""},
		{"?date=2026-01-05&sort=trending", "hep-th/9901001 2912.90009 doi:10.1101/2599.01.05.1 2912.00002 2912.00001", ""},
		{"?submitter=dot", "doi:10.1101/2599.01.05.1 2912.00001 2912.90009", ""},
		{"?submitter=dot&limit=1&p=1", "2912.00001", "limit=1&p=2&submitter=dot"},
		{"?submitter=DOT&week=2026-W02", "doi:10.1101/2599.01.05.1 2912.00001", ""},
		{"?submitter=nobody", "", ""},
	} {
		t.Run(tt.query, func(t *testing.T) {
			w := i.get(t, "/api/daily_papers"+tt.query, 200)
			if diff := cmp.Diff(tt.want, ids(t, w)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			want := ""
			if tt.next != "" {
				want = `<https://papers.example.org/api/daily_papers?` + tt.next + `>; rel="next"`
			}
			if diff := cmp.Diff(want, w.Header().Get("Link")); diff != "" {
				t.Errorf("link (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDailyPapersRefuses(t *testing.T) {
	i := newInstance(t, api.Server{})
	for _, tt := range []struct{ query, want string }{
		{"date=2025-13-40", "✖ Invalid ISO date\n  → at date"},
		{"date=", "✖ Invalid ISO date\n  → at date"},
		{"week=2026-W54", "✖ Invalid ISO week\n  → at week"},
		{"month=2026", "✖ Invalid month\n  → at month"},
		{"p=-1", "✖ Too small: expected number to be >=0\n  → at p"},
		{"p=9999999999999999999999", "✖ Invalid input: expected number\n  → at p"},
		{"limit=0", "✖ Too small: expected number to be >=1\n  → at limit"},
		{"limit=101", "✖ Too big: expected number to be <=100\n  → at limit"},
		{"sort=best", "✖ Invalid option: expected one of \"publishedAt\"|\"trending\"|\"upvotes\"\n  → at sort"},
		{"date=2026-01-05&week=2026-W02", "✖ Only one of date, week and month can be asked for\n  → at week"},
		{"limit=x&date=1", "✖ Invalid input: expected number\n  → at limit\n✖ Invalid ISO date\n  → at date"},
	} {
		w := i.get(t, "/api/daily_papers?"+tt.query, 400)
		if diff := cmp.Diff(map[string]string{"error": tt.want}, decode[map[string]string](t, w)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.query, diff)
		}
		if m := w.Header().Get("X-Error-Message"); m == "" || strings.ContainsAny(m, "\n✖→") {
			t.Errorf("%s: X-Error-Message is %q", tt.query, m)
		}
	}
}

func TestAnswersHaveTheirHeaders(t *testing.T) {
	i := newInstance(t, api.Server{}, paperOf("2912.00001", "2026-01-05", 1, "dot"))
	w := i.get(t, "/api/daily_papers?date=2026-01-05", 200)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Content-Type": "application/json; charset=utf-8", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-cache", "Set-Cookie": "", "Content-Length": fmt.Sprint(w.Body.Len()),
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	etag := w.Header().Get("ETag")
	if again := i.get(t, "/api/daily_papers?date=2026-01-05", 304, "If-None-Match", etag); again.Body.Len() != 0 {
		t.Errorf("a 304 has the body %q", again.Body)
	}
	i.get(t, "/api/daily_papers?date=2026-01-06", 200, "If-None-Match", etag)
	if _, err := i.db.Put(t.Context(), []broadsheet.Record{paperOf("2912.00001", "2026-01-05", 7, "dot")}); err != nil {
		t.Fatal(err)
	}
	i.get(t, "/api/daily_papers?date=2026-01-05", 200, "If-None-Match", etag) // a vote more

	packed := i.get(t, "/api/daily_papers?date=2026-01-05", 200, "Accept-Encoding", "br, gzip")
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	plain := i.get(t, "/api/daily_papers?date=2026-01-05", 200, "Accept-Encoding", "gzip;q=0").Body.String()
	if text, err := io.ReadAll(z); err != nil || string(text) != plain {
		t.Errorf("unpacked: %q, %v", text, err)
	}
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"OPTIONS", "/api/daily_papers", 204}, {"POST", "/api/daily_papers", 405}, {"DELETE", "/api/papers/2912.00001", 405},
		{"GET", "/api/nothing", 404}, {"GET", "/api/papers/search", 404}, {"HEAD", "/api/daily_papers", 200},
	} {
		w := httptest.NewRecorder()
		i.h.ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		if w.Code != tt.status || w.Code >= 400 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s: %d %s, want %d", tt.method, tt.path, w.Code, w.Body, tt.status)
		}
	}
}

func TestOnePaper(t *testing.T) {
	r := paperOf("2912.00001", "2026-01-05", 1, "dot")
	r.Aliases = []broadsheet.ID{"doi:10.1000/182"}
	i := newInstance(t, api.Server{}, r, paperOf("doi:10.1101/2599.01.05.1", "2026-01-06", 3, "dot"), paperOf("openreview:AbC", "2026-01-06", 3, ""))
	for _, tt := range []struct {
		path   string
		status int
		id     string
	}{
		{"2912.00001", 200, "2912.00001"}, {"2912.00001v2", 200, "2912.00001"}, {"doi:10.1000/182", 200, "2912.00001"},
		{"doi:10.1101/2599.01.05.1", 200, "doi:10.1101/2599.01.05.1"}, {"openreview:AbC", 200, "openreview:AbC"},
		{"1234.56789", 404, ""}, {"2912.99999", 404, ""}, {"%00", 404, ""},
	} {
		got := decode[map[string]any](t, i.get(t, "/api/papers/"+tt.path, tt.status))
		if tt.status == 404 && got["error"] == nil || tt.status == 200 && (got["id"] != tt.id || got["paper"] != nil || got["numTotalModels"] != 0.0) {
			t.Errorf("%s: %v", tt.path, got)
		}
	}
}

func TestSearch(t *testing.T) {
	i := newInstance(t, api.Server{}, paperOf("2912.00001", "2026-01-05", 1, "dot"), paperOf("2912.00002", "2026-01-05", 2, ""))
	index, err := indexer.Open(t.Context(), filepath.Join(t.TempDir(), "index"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	if err := index.Follow(t.Context(), i.db, nil); err != nil {
		t.Fatal(err)
	}
	i.h = (&api.Server{Papers: i.db, Editions: i.db, Search: index}).Handler()
	type item struct {
		ID, Title, Summary                   string
		SubmittedBy                          any
		Upvoted                              *bool
		HighlightedTitle, HighlightedSummary []struct{ Type, Text string }
	}
	items := decode[[]item](t, i.get(t, "/api/papers/search?q=kettle+whistles&limit=1", 200))
	if len(items) != 1 {
		t.Fatalf("%d items, want 1", len(items))
	}
	it := items[0]
	title, marked := "", ""
	for _, s := range it.HighlightedTitle {
		if title += s.Text; s.Type == "highlight" {
			marked += s.Text
		}
	}
	if title != it.Title || marked != "kettle" || it.SubmittedBy != nil || it.Upvoted == nil || *it.Upvoted || len(it.HighlightedSummary) == 0 {
		t.Errorf("%+v", it)
	}
	for _, q := range []string{"", "q=", "q=" + strings.Repeat("x", 251), "q=x&limit=121"} {
		i.get(t, "/api/papers/search?"+q, 400)
	}
}
