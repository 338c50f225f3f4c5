package crossref

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/internal/need"
	"broadsheet/internal/reply/replytest"
)

const (
	sheep = `{"DOI": "10.1000/SHEEP", "title": ["Counting Sheep: A Survey"], "type": "journal-article", "container-title": ["Sheep &amp; Goats", "S&G"],
		"volume": "3", "issue": "2", "page": "45-67", "issued": {"date-parts": [[2025, 4]]}, "is-referenced-by-count": 7, "author": [{"given": "Ada", "family": "Example"}]}`
	goats = `{"DOI": "10.1000/goat", "title": ["Goats, Too"], "type": "proceedings-article", "container-title": ["Proc. Goats"], "is-referenced-by-count": 0,
		"issued": {"date-parts": [[null]]}, "author": [{"family": "Example"}]}`
)

func paper(id broadsheet.ID, title, doi string) broadsheet.Record {
	p := replytest.Paper(id, title)
	p.DOI = doi
	return p
}

func list(total int, works ...string) string {
	return fmt.Sprintf(`{"status": "ok", "message-type": "work-list", "message": {"total-results": %d, "items": [%s]}}`, total, strings.Join(works, ","))
}

func one(work string) string { return `{"status": "ok", "message": ` + work + `}` }

func known(id broadsheet.ID, title, record string, cited int64, fill func(*broadsheet.Paper)) broadsheet.Enrichment {
	r := &broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: title, Sources: []broadsheet.Source{{Name: "crossref", Record: record}}}}
	fill(&r.Paper)
	return broadsheet.Enrichment{Paper: id, Found: true, Figures: []broadsheet.Figure{{Kind: broadsheet.Citations, Value: cited}}, Record: r}
}

func wantSheep() broadsheet.Enrichment {
	return known("2503.99001", "Counting Sheep: a Survey", "10.1000/SHEEP", 7, func(p *broadsheet.Paper) {
		p.DOI, p.Venue, p.JournalRef = "10.1000/sheep", "Sheep & Goats", "Sheep & Goats 3 (2), 45-67 (2025)"
	})
}

func wantGoats(id broadsheet.ID) broadsheet.Enrichment {
	return known(id, "Goats, too", "10.1000/goat", 0, func(p *broadsheet.Paper) { p.DOI, p.Venue = "10.1000/goat", "Proc. Goats" })
}

func TestList(t *testing.T) {
	papers := []broadsheet.Record{paper("2503.99001", "Counting Sheep: a Survey", "10.1000/sheep"), paper("2503.99002", "Goats, too", "10.1000/goat"),
		paper("2503.99003", "Nobody Knows This", "10.9999/x")}
	for _, tt := range []struct {
		name, answer string
		want         []broadsheet.Enrichment
	}{
		{"in any order", list(2, goats, sheep), []broadsheet.Enrichment{wantSheep(), wantGoats("2503.99002"), {Paper: "2503.99003"}}},
		{"not the whole list", list(3, goats, sheep), []broadsheet.Enrichment{wantSheep(), wantGoats("2503.99002")}},
		{"one that cannot be read", list(2, sheep, `{"DOI": "10.1000/goat", "issued": 7}`), []broadsheet.Enrichment{wantSheep()}},
		{"the DOI of another work", list(1, strings.Replace(sheep, "Counting Sheep", "Of Wolves and Men", 1)),
			[]broadsheet.Enrichment{{Paper: "2503.99001"}, {Paper: "2503.99002"}, {Paper: "2503.99003"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := replytest.Serve(t, replytest.Text(200, tt.answer))
			got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), papers)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(broadsheet.Enriched{Papers: tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			want := map[string][]string{"filter": {"doi:10.1000/sheep,doi:10.1000/goat,doi:10.9999/x"}, "rows": {"80"}, "select": {fields}, "mailto": {replytest.Key}}
			if diff := cmp.Diff(want, s.Requests()[0].Query); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOne(t *testing.T) {
	appeared := paper("2503.99002", "Goats, too", "")
	appeared.JournalRef = "Goats 2025"
	for _, tt := range []struct {
		name   string
		paper  broadsheet.Record
		answer http.HandlerFunc
		want   broadsheet.Enrichment
		path   string
	}{
		{"by its DOI", paper("2503.99002", "Goats, too", "10.1000/goat"), replytest.Text(200, one(goats)), wantGoats("2503.99002"), "/works/10.1000%2Fgoat"},
		{"a DOI that is not theirs", paper("2503.99002", "Goats, too", "10.1000/goat"), replytest.Text(404, "Resource not found."), broadsheet.Enrichment{Paper: "2503.99002"}, "/works/10.1000%2Fgoat"},
		{"a DOI with signs", paper("2503.99002", "Goats, too", "10.1000/a?b#c"), replytest.Text(404, "x"), broadsheet.Enrichment{Paper: "2503.99002"}, "/works/10.1000%2Fa%3Fb%23c"},
		{"found by title and author", appeared, replytest.Text(200, list(2, sheep, goats)), wantGoats("2503.99002"), "/works"},
		{"the title of somebody else", appeared, replytest.Text(200, list(1, strings.Replace(goats, "Example", "Else", 1))), broadsheet.Enrichment{Paper: "2503.99002"}, "/works"},
		{"the same title, many years ago", appeared, replytest.Text(200, list(1, strings.Replace(goats, "null", "1990", 1))), broadsheet.Enrichment{Paper: "2503.99002"}, "/works"},
		{"another preprint", appeared, replytest.Text(200, list(1, strings.Replace(goats, "proceedings-article", "posted-content", 1))), broadsheet.Enrichment{Paper: "2503.99002"}, "/works"},
		{"nothing is found", appeared, replytest.Text(200, list(0)), broadsheet.Enrichment{Paper: "2503.99002"}, "/works"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := replytest.Serve(t, tt.answer)
			got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), []broadsheet.Record{tt.paper})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(broadsheet.Enriched{Papers: []broadsheet.Enrichment{tt.want}}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if r := s.Requests()[0]; r.Path != tt.path || r.Query["mailto"][0] != replytest.Key {
				t.Errorf("asked %s %v, want %s", r.Path, r.Query, tt.path)
			}
		})
	}
}

// What was answered before a failure is kept.
func TestHalfAnAnswer(t *testing.T) {
	n := 0
	s := replytest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n > 1 {
			replytest.Text(429, "", "Retry-After", "7200")(w, r)
			return
		}
		replytest.Text(404, "Resource not found.")(w, r)
	})
	odd, plain := paper("2503.99001", "Sheep", "10.1000/a,b"), paper("2503.99002", "Goats, too", "10.1000/goat")
	got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), []broadsheet.Record{odd, plain})
	if broadsheet.KindOf(err) != broadsheet.Unavailable || len(got.Papers) != 1 || got.Papers[0].Paper != odd.ID || got.Rest.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFailures(t *testing.T) {
	papers := []broadsheet.Record{paper("2503.99001", "Sheep", "10.1000/sheep"), paper("2503.99002", "Goats", "10.1000/goat")}
	replytest.Fails(t, replytest.Failures(tries), papers, func(s *replytest.Service) broadsheet.Enricher {
		return New(s.URL, replytest.Key, s.Options())
	})
}

// The client keeps to fewer requests a time where an answer asks for that.
func TestPace(t *testing.T) {
	for header, want := range map[string]time.Duration{"5/1s": interval, "1/2s": 2 * time.Second, "0/1s": interval, "1/1000h": time.Minute, "x/y": interval, "1/-5s": interval} {
		most, each, _ := strings.Cut(header, "/")
		s := replytest.Serve(t, replytest.Text(200, list(0), "X-Rate-Limit-Limit", most, "X-Rate-Limit-Interval", each))
		c := New(s.URL, replytest.Key, s.Options())
		for range 3 {
			if _, err := c.Enrich(t.Context(), []broadsheet.Record{paper("2503.99001", "Sheep", "10.1000/s"), paper("2503.99002", "Goats", "10.1000/g")}); err != nil {
				t.Fatal(err)
			}
		}
		r := s.Requests()
		if d := r[2].At.Sub(r[1].At); d < want || d > want+time.Minute {
			t.Errorf("%s: %v between two requests, want %v", header, d, want)
		}
	}
}

func TestWants(t *testing.T) {
	c := New(URL, "", replytest.Serve(t, nil).Options())
	appeared := replytest.Paper("2503.99001", "Sheep")
	appeared.Venue = "Sheep 2025"
	for name, tt := range map[string]struct {
		paper broadsheet.Record
		want  bool
	}{
		"a preprint": {replytest.Paper("2503.99001", "Sheep"), false}, "arXiv's DOI": {paper("2503.99001", "Sheep", "10.48550/arXiv.2503.99001"), false},
		"a publisher's DOI": {paper("2503.99001", "Sheep", "10.1000/s"), true}, "one that appeared": {appeared, true},
		"a DOI as its id": {replytest.Paper("doi:10.1000/s", "Sheep"), true},
	} {
		if got := c.Wants(&tt.paper); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestRecordedAnswers(t *testing.T) {
	for _, tt := range []struct{ file, id, title, reference string }{
		{"crossref_work.json", "doi:10.1016/j.xgen.2025.100814", "High-throughput screening of human genetic variants by pooled prime editing", "Cell Genomics 5 (4), 100814 (2025)"},
	} {
		text, err := os.ReadFile(need.Corpora(t, "data", "samples", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		s := replytest.Serve(t, replytest.Text(200, string(text)))
		got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), []broadsheet.Record{replytest.Paper(broadsheet.ID(tt.id), tt.title)})
		if err != nil || len(got.Papers) != 1 || !got.Papers[0].Found || got.Papers[0].Record.JournalRef != tt.reference {
			t.Errorf("%s: %+v, %v", tt.file, got, err)
		}
	}
	for _, file := range []string{"crossref_works_query.json", "crossref_search.json", "crossref_cursor.json", "crossref_work_aps_2018.json"} {
		text, err := os.ReadFile(need.Corpora(t, "data", "samples", file))
		if err != nil {
			t.Fatal(err)
		}
		var a struct{ Message json.RawMessage }
		if err := json.Unmarshal(text, &a); err != nil {
			t.Fatal(err)
		}
		if a.Message == nil {
			a.Message = text
		}
		if got, err := parse(a.Message); err != nil || len(got.works) == 0 || got.works[0].title() == "" {
			t.Errorf("%s: %+v, %v", file, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{list(2, goats, sheep), one(goats), one(`{"DOI": "10.1000/goat", "title": ["Goats, too"], "container-title": ["\u0001"]}`)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var a struct{ Message json.RawMessage }
		if json.Unmarshal(text, &a) != nil {
			return
		}
		got, err := parse(a.Message)
		if err != nil {
			return
		}
		papers := []broadsheet.Record{paper("2503.99001", "Counting Sheep: a Survey", "10.1000/sheep"), paper("2503.99002", "Goats, too", "10.1000/goat")}
		replytest.Check(t, papers, got.read(papers))
		untold := paper("2503.99002", "Goats, too", "")
		replytest.Check(t, []broadsheet.Record{untold}, []broadsheet.Enrichment{got.likest(&untold)})
	})
}
