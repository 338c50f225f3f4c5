package semanticscholar

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/internal/need"
	"broadsheet/internal/reply/replytest"
)

const (
	sheep = `{"paperId": "5a", "title": "Counting Sheep", "externalIds": {"ArXiv": "2503.99001", "DOI": "10.48550/arXiv.2503.99001", "CorpusId": 7},
		"citationCount": 12, "influentialCitationCount": 3, "venue": "arXiv.org", "fieldsOfStudy": ["Computer Science"],
		"s2FieldsOfStudy": [{"category": "Computer Science", "source": "external"}, {"category": "Zoology", "source": "s2-fos-model"}]}`
	goats = `{"paperId": "6b", "title": "Goats, too", "externalIds": {"DOI": "10.1000/GOAT"}, "citationCount": 0,
		"influentialCitationCount": null, "venue": "Goat &amp; Sheep\n Letters", "fieldsOfStudy": null, "s2FieldsOfStudy": []}`
)

func papers() []broadsheet.Record {
	goat := replytest.Paper("acl:2099.goat-1.1", "Goats, too")
	goat.DOI = "10.1000/goat"
	return []broadsheet.Record{replytest.Paper("2503.99001", "Counting Sheep"), goat, replytest.Paper("2503.99003", "Nobody Knows This")}
}

func found(id broadsheet.ID, title, record string, fill func(*broadsheet.Paper), figures ...broadsheet.Figure) broadsheet.Enrichment {
	r := &broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: title, Sources: []broadsheet.Source{{Name: "s2", Record: record}}}}
	fill(&r.Paper)
	return broadsheet.Enrichment{Paper: id, Found: true, Figures: figures, Record: r}
}

func wantSheep() broadsheet.Enrichment {
	return found("2503.99001", "Counting Sheep", "5a", func(p *broadsheet.Paper) { p.Keywords = []string{"Computer Science", "Zoology"} },
		broadsheet.Figure{Kind: broadsheet.Citations, Value: 12}, broadsheet.Figure{Kind: broadsheet.InfluentialCitations, Value: 3})
}

func wantGoats() broadsheet.Enrichment {
	return found("acl:2099.goat-1.1", "Goats, too", "6b", func(p *broadsheet.Paper) { p.DOI, p.Venue = "10.1000/goat", "Goat & Sheep Letters" },
		broadsheet.Figure{Kind: broadsheet.Citations})
}

func TestEnrich(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		want         []broadsheet.Enrichment
	}{
		{"as asked, null for what is unknown", "[" + sheep + "," + goats + ", null]", []broadsheet.Enrichment{wantSheep(), wantGoats(), {Paper: "2503.99003"}}},
		{"in another order, where null says nothing", "[" + goats + ",null," + sheep + "]", []broadsheet.Enrichment{wantSheep(), wantGoats()}},
		{"too few", "[" + goats + "]", []broadsheet.Enrichment{wantGoats()}},
		{"too many", "[" + sheep + "," + goats + ",null,null," + goats + "]", []broadsheet.Enrichment{wantSheep(), wantGoats()}},
		{"one that cannot be read", "[" + sheep + `, {"externalIds": 5}, null]`, []broadsheet.Enrichment{wantSheep(), {Paper: "2503.99003"}}},
		{"another paper", `[` + sheep + `, {"paperId": "9", "title": "Wolves", "externalIds": {"DOI": "10.1000/wolf"}, "citationCount": 5}, null]`, []broadsheet.Enrichment{wantSheep()}},
		{"one of another id and the same title", `[{"title": "Counting sheep!", "citationCount": 1, "externalIds": null}, null, null]`,
			[]broadsheet.Enrichment{{Paper: "2503.99001", Found: true, Figures: []broadsheet.Figure{{Kind: broadsheet.Citations, Value: 1}}},
				{Paper: "acl:2099.goat-1.1"}, {Paper: "2503.99003"}}},
		{"counts that are none", `[{"title": "Counting Sheep", "citationCount": -4, "influentialCitationCount": 99999999999999999999}, null, null]`,
			[]broadsheet.Enrichment{{Paper: "2503.99001", Found: true}, {Paper: "acl:2099.goat-1.1"}, {Paper: "2503.99003"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := replytest.Serve(t, replytest.Text(200, tt.answer))
			got, err := New(s.URL+"/", replytest.Key, s.Options()).Enrich(t.Context(), papers())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(broadsheet.Enriched{Papers: tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			r := s.Requests()[0]
			if r.Body != `{"ids":["ARXIV:2503.99001","DOI:10.1000/goat","ARXIV:2503.99003"]}` || r.Path != "/paper/batch" || r.Header.Get("X-Api-Key") != replytest.Key {
				t.Errorf("asked %+v", r)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	replytest.Fails(t, replytest.Failures(tries), papers(), func(s *replytest.Service) broadsheet.Enricher {
		return New(s.URL, replytest.Key, s.Options())
	})
}

func TestPace(t *testing.T) {
	s := replytest.Serve(t, replytest.Text(200, "[null]"))
	c := New(s.URL, replytest.Key, s.Options())
	for range 5 {
		if _, err := c.Enrich(t.Context(), papers()[:1]); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range s.Requests()[1:] {
		if d := r.At.Sub(s.Requests()[i].At); d < time.Second {
			t.Errorf("%v between two requests", d)
		}
	}
}

func TestWants(t *testing.T) {
	c := New(URL, "", replytest.Serve(t, nil).Options())
	for id, want := range map[broadsheet.ID]string{
		"2503.99001": "ARXIV:2503.99001", "hep-th/9901001": "ARXIV:hep-th/9901001", "doi:10.1000/182": "DOI:10.1000/182",
		"acl:2099.goat-1.1": "ACL:2099.goat-1.1", "local:abc": "", "openreview:x": "",
	} {
		p := replytest.Paper(id, "Sheep")
		if got := key(&p); got != want || c.Wants(&p) != (want != "") {
			t.Errorf("%s is asked for as %q, want %q", id, got, want)
		}
	}
	moved := replytest.Paper("doi:10.1000/182", "Sheep")
	moved.Aliases = []broadsheet.ID{"2503.99001"}
	if got := key(&moved); got != "ARXIV:2503.99001" {
		t.Errorf("a paper that is at arXiv, too, is asked for as %q", got)
	}
}

// A recorded answer with two unknown ids among four.
func TestRecordedAnswer(t *testing.T) {
	text, err := os.ReadFile(need.Corpora(t, "data", "samples", "semanticscholar_batch.json"))
	if err != nil {
		t.Fatal(err)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		t.Fatal(err)
	}
	asked := []broadsheet.Record{replytest.Paper("doi:10.9999/a", "A"), replytest.Paper("doi:10.2139/ssrn.288970", "B"),
		replytest.Paper("doi:10.9999/c", "C"), replytest.Paper("doi:10.9999/d", "D")}
	got := read(asked, items)
	if len(got) == 0 || got[0].Paper != "doi:10.2139/ssrn.288970" || got[0].Figures[0].Value != 10670 || got[0].Record.Keywords[0] != "Psychology" {
		t.Errorf("%+v", got)
	}
}

// Whatever is answered, each paper has at most one answer, and what is to be
// stored is valid.
func FuzzRead(f *testing.F) {
	f.Add([]byte("[" + sheep + "," + goats + ",null]"))
	f.Add([]byte(`[{"title":"Counting Sheep","venue":"\u0000","externalIds":{"DOI":"10.1000/ "}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var items []json.RawMessage
		if json.Unmarshal(text, &items) != nil {
			return
		}
		replytest.Check(t, papers(), read(papers(), items))
	})
}
