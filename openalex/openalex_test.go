package openalex

import (
	"encoding/json"
	"fmt"
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
	preprint = `{"id": "https://openalex.org/W1", "doi": "https://doi.org/10.48550/arxiv.2503.99001", "title": "Counting Sheep", "cited_by_count": 4,
		"primary_location": {"source": {"display_name": "arXiv (Cornell University)", "type": "repository"}}, "primary_topic": null, "keywords": []}`
	printed = `{"id": "https://openalex.org/W2", "doi": "https://doi.org/10.1000/sheep", "title": "Counting Sheep", "cited_by_count": 9,
		"primary_location": {"source": {"display_name": "Sheep Letters", "type": "journal"}},
		"primary_topic": {"display_name": "Sheep and Goats", "score": 0.99},
		"keywords": [{"display_name": "Sheep", "score": 0.8}, {"display_name": "Wool", "score": 0.1}, {"display_name": "Loom", "score": "x"}]}`
	old = `{"id": "https://openalex.org/W3", "doi": "https://doi.org/10.48550/arxiv.hep-th/9901001", "cited_by_count": 1e99, "primary_location": null}`
)

func papers() []broadsheet.Record {
	sheep := replytest.Paper("2503.99001", "Counting Sheep")
	sheep.DOI = "10.1000/SHEEP 10.1000/other"
	return []broadsheet.Record{sheep, replytest.Paper("hep-th/9901001", "Strings"), replytest.Paper("2503.99003", "Nobody Knows This")}
}

func page(count int, works ...string) string {
	return fmt.Sprintf(`{"meta": {"count": %d, "page": 1, "per_page": 100}, "results": [%s]}`, count, strings.Join(works, ","))
}

func TestEnrich(t *testing.T) {
	record := &broadsheet.Record{Paper: broadsheet.Paper{
		ID: "2503.99001", Title: "Counting Sheep", DOI: "10.1000/sheep", Venue: "Sheep Letters", Keywords: []string{"Sheep and Goats", "Sheep"},
		Sources: []broadsheet.Source{{Name: "openalex", Record: "W2"}},
	}}
	sheep := broadsheet.Enrichment{Paper: "2503.99001", Found: true, Figures: []broadsheet.Figure{{Kind: broadsheet.Citations, Value: 9}}, Record: record}
	strings, nobody := broadsheet.Enrichment{Paper: "hep-th/9901001", Found: true}, broadsheet.Enrichment{Paper: "2503.99003"}
	unknown := broadsheet.Enrichment{Paper: "hep-th/9901001"}
	early := broadsheet.Enrichment{Paper: "2503.99001", Found: true, Figures: []broadsheet.Figure{{Kind: broadsheet.Citations, Value: 4}}}
	for _, tt := range []struct {
		name, answer string
		want         []broadsheet.Enrichment
	}{
		{"of preprint and print the one cited more", page(3, preprint, old, printed), []broadsheet.Enrichment{sheep, strings, nobody}},
		{"in another order", page(3, printed, preprint, old), []broadsheet.Enrichment{sheep, strings, nobody}},
		{"a preprint alone tells nothing else", page(1, preprint), []broadsheet.Enrichment{early, unknown, nobody}},
		{"not the whole list", page(300, printed), []broadsheet.Enrichment{sheep}},
		{"one that cannot be read", page(2, printed, `{"doi": "https://doi.org/10.48550/arxiv.2503.99003", "primary_location": 5}`), []broadsheet.Enrichment{sheep}},
		{"none", page(0), []broadsheet.Enrichment{{Paper: "2503.99001"}, unknown, nobody}},
		{"others", page(1, `{"doi": "https://doi.org/10.1000/wolf", "cited_by_count": 3}`), []broadsheet.Enrichment{{Paper: "2503.99001"}, unknown, nobody}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := replytest.Serve(t, replytest.Text(200, tt.answer))
			got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), papers())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(broadsheet.Enriched{Papers: tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			want := map[string][]string{
				"filter":   {"doi:10.48550/arxiv.2503.99001|10.1000/sheep|10.48550/arxiv.hep-th/9901001|10.48550/arxiv.2503.99003"},
				"per_page": {"100"}, "select": {fields}, "api_key": {replytest.Key},
			}
			if diff := cmp.Diff(want, s.Requests()[0].Query); diff != "" || s.Requests()[0].Path != "/works" {
				t.Errorf("asked %s (-want +got):\n%s", s.Requests()[0].Path, diff)
			}
		})
	}
}

func TestBudget(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header []string
		want   time.Duration // after the request; 0: go on
	}{
		{"enough is left", []string{"X-RateLimit-Remaining-USD", "0.5", "X-RateLimit-Cost-USD", "0.0001", "X-RateLimit-Reset", "3600"}, 0},
		{"not enough for another", []string{"X-RateLimit-Remaining-USD", "0.00005", "X-RateLimit-Cost-USD", "0.0001", "X-RateLimit-Reset", "3600"}, time.Hour},
		{"nothing, till midnight", []string{"X-RateLimit-Remaining-USD", "0"}, 18*time.Hour + 53*time.Minute + 53*time.Second},
		{"no credits", []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "60"}, time.Minute},
		{"nothing is told", nil, 0},
		{"nonsense", []string{"X-RateLimit-Remaining-USD", "lots"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := replytest.Serve(t, replytest.Text(200, page(0), tt.header...))
			start := s.Now()
			got, err := New(s.URL, replytest.Key, s.Options()).Enrich(t.Context(), papers())
			if err != nil || len(got.Papers) != 3 {
				t.Fatalf("%+v, %v", got, err)
			}
			// The client waits for its turn before it asks.
			if at := got.Rest.Sub(start); tt.want == 0 && !got.Rest.IsZero() || tt.want > 0 && (at < tt.want || at > tt.want+time.Second) {
				t.Errorf("rests until %v, want %v after %v", got.Rest, tt.want, start)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	replytest.Fails(t, replytest.Failures(tries), papers(), func(s *replytest.Service) broadsheet.Enricher {
		return New(s.URL, replytest.Key, s.Options())
	})
}

// No DOI gets into a filter that would make another filter of it, and a whole
// batch makes an address that servers take.
func TestAddress(t *testing.T) {
	s := replytest.Serve(t, replytest.Text(200, page(0)))
	c := New(s.URL, replytest.Key, s.Options())
	var list []broadsheet.Record
	for i := range batch {
		p := replytest.Paper(broadsheet.ID(fmt.Sprintf("2503.%05d", i)), "Sheep")
		p.DOI = "10.1000/" + strings.Repeat("(", maxDOI-8)
		list = append(list, p)
	}
	if _, err := c.Enrich(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Requests()[0].Query["filter"][0]); n > 8000 {
		t.Errorf("a filter of %d bytes", n)
	}
	for _, doi := range []string{"10.1000/a,cites:W1", "10.1000/a|10.1000/b", "10.1000/" + strings.Repeat("x", 100)} {
		p := replytest.Paper("local:abc", "Sheep")
		if p.DOI = doi; c.Wants(&p) {
			t.Errorf("%s is asked for", doi)
		}
	}
}

func TestRecordedAnswer(t *testing.T) {
	text, err := os.ReadFile(need.Corpora(t, "data", "samples", "openalex_work.json"))
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Results: []json.RawMessage{text}}
	got := a.read([]broadsheet.Record{replytest.Paper("doi:10.1016/j.xgen.2025.100814", "X")})
	want := &broadsheet.Record{Paper: broadsheet.Paper{
		ID: "doi:10.1016/j.xgen.2025.100814", Title: "X", DOI: "10.1016/j.xgen.2025.100814", Venue: "Cell Genomics",
		Sources: []broadsheet.Source{{Name: "openalex", Record: "W4408732759"}},
	}}
	if len(got) != 1 || got[0].Figures[0].Value != 3 {
		t.Fatalf("%+v", got)
	}
	if len(got[0].Record.Keywords) < 2 {
		t.Errorf("keywords %q", got[0].Record.Keywords)
	}
	got[0].Record.Keywords = nil
	if diff := cmp.Diff(want, got[0].Record); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(page(3, preprint, old, printed)))
	f.Add([]byte(page(1, `{"doi": "10.1000/sheep", "keywords": [{"display_name": "\u0007", "score": 1}]}`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		var a answer
		if json.Unmarshal(text, &a) == nil {
			replytest.Check(t, papers(), a.read(papers()))
		}
	})
}
