package broadsheet_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func record(source string, date broadsheet.Date, fill func(*broadsheet.Paper)) broadsheet.Record {
	p := broadsheet.Paper{ID: "2503.00001", Title: "Title by " + source, Sources: []broadsheet.Source{{Name: source, Date: date}}}
	if fill != nil {
		fill(&p)
	}
	return broadsheet.Record{Paper: p}
}

func mergeAll(records ...broadsheet.Record) broadsheet.Record {
	var out broadsheet.Record
	for _, r := range records {
		out = broadsheet.Merge(out, r)
	}
	return out
}

func TestMergeKeepsWhatTheBetterSourceSays(t *testing.T) {
	hf := record("hf-daily", "2025-03-11", func(p *broadsheet.Paper) {
		p.Keywords = []string{"light"}
		p.Links = []broadsheet.Link{{Kind: "code", URL: "https://github.com/ada/light"}}
	})
	oai := record("arxiv-oai", "2025-03-05", func(p *broadsheet.Paper) { p.Comments = "Page: https://ada.github.io/light." })
	want := broadsheet.Paper{
		ID: "2503.00001", Title: "Title by arxiv-oai", Comments: "Page: https://ada.github.io/light.", Keywords: []string{"light"},
		Links: []broadsheet.Link{
			{Kind: "code", URL: "https://github.com/ada/light", Source: "hf-daily"},
			{Kind: "project", URL: "https://ada.github.io/light", Source: "text"},
		},
		Sources: []broadsheet.Source{
			{Name: "arxiv-oai", Date: "2025-03-05", Fields: []string{"title", "comments"}},
			{Name: "hf-daily", Date: "2025-03-11", Fields: []string{"keywords"}},
		},
	}
	for _, order := range [][]broadsheet.Record{{hf, oai}, {oai, hf}, {hf, oai, hf, oai}} {
		if diff := cmp.Diff(want, mergeAll(order...).Paper); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestMergeTakesTheLaterRecordOfASource(t *testing.T) {
	old := record("arxiv-oai", "2025-03-05", func(p *broadsheet.Paper) { p.Comments = "withdrawn later" })
	late := record("arxiv-oai", "2025-03-09", func(p *broadsheet.Paper) { p.Title = "Second Title" })
	for _, order := range [][]broadsheet.Record{{old, late}, {late, old}, {old, late, old}} {
		got := mergeAll(order...)
		if got.Title != "Second Title" || got.Comments != "" {
			t.Errorf("got title %q, comments %q; want what the later record says, and no more", got.Title, got.Comments)
		}
	}
}

// A feed announces a paper, and later lists it again as a cross-list; an answer
// that knows less of a vote or a place takes nothing away.
func TestMergeKeepsThePast(t *testing.T) {
	announced := record("arxiv-rss", "2025-03-05", func(p *broadsheet.Paper) {
		p.Announced = "2025-03-05"
		p.Links = []broadsheet.Link{{Kind: "code", URL: "https://github.com/ada/light"}}
	})
	cross := record("arxiv-rss", "2025-03-05", nil)
	full, bare := record("hf-daily", "2025-03-06", nil), record("hf-daily", "2025-03-06", nil)
	full.Entries = []broadsheet.Entry{{Date: "2025-03-06", Place: 2, SubmittedBy: &broadsheet.Person{Name: "Cy"}}}
	full.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: 90, Comments: 7}}
	bare.Entries = []broadsheet.Entry{{Date: "2025-03-06"}}
	bare.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: 5}}
	want := text(t, mergeAll(announced, cross, full, bare))
	for _, order := range [][]broadsheet.Record{
		{cross, announced, bare, full}, {full, bare, announced, cross}, {announced, cross, full, bare, announced, cross, full, bare},
	} {
		got := mergeAll(order...)
		if diff := cmp.Diff(want, text(t, got)); diff != "" {
			t.Errorf("another order (-want +got):\n%s", diff)
		}
		if got.Announced != "2025-03-05" || len(got.Links) != 1 || got.Upvotes() != 90 || got.CommentCount() != 7 ||
			got.Entries[0].Place != 2 || got.Entries[0].SubmittedBy == nil {
			t.Errorf("something was taken back: %s", text(t, got))
		}
	}
}

func TestMergeUndeletes(t *testing.T) {
	first := record("arxiv-oai", "2025-03-05", nil)
	gone := broadsheet.Record{Paper: broadsheet.Paper{ID: "2503.00001", Status: broadsheet.StatusDeleted,
		Sources: []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-07"}}}}
	back := record("arxiv-oai", "2025-03-09", nil)
	if got := mergeAll(first, gone, first); got.Status != broadsheet.StatusDeleted {
		t.Errorf("an old record revived the paper: %+v", got.Paper)
	}
	if got := mergeAll(first, gone, back, gone); got.Status != "" {
		t.Errorf("status %q after a newer record, want none", got.Status)
	}
	if got := mergeAll(record("jsonl", "", nil), gone, record("jsonl", "", nil)); got.Status != broadsheet.StatusDeleted || got.Title == "" {
		t.Errorf("another source revived the paper: %+v", got.Paper)
	}
}

// Whatever the order in which the latest records of several sources come, and
// however often, the same holds in the end; and a result merged with any of its
// parts is itself.
func TestMergeIsOrderless(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sources := []string{"arxiv-oai", "arxiv-oai-raw", "arxiv-rss", "biorxiv", "openreview", "hf-daily", "broadsheet:a.example", "broadsheet:b.example", "hf-page", "elsewhere"}
	for range 300 {
		var parts []broadsheet.Record
		for _, s := range sources {
			if rng.IntN(2) == 0 {
				continue
			}
			parts = append(parts, record(s, broadsheet.Date(fmt.Sprintf("2025-03-%02d", 1+rng.IntN(3))), func(p *broadsheet.Paper) {
				for _, f := range []*string{&p.Abstract, &p.Comments, &p.DOI, &p.Venue} {
					if rng.IntN(2) == 0 {
						*f = "by " + s
					}
				}
				if rng.IntN(2) == 0 {
					p.Published = broadsheet.Date(fmt.Sprintf("2025-02-%02d", 1+rng.IntN(5)))
				}
				if rng.IntN(2) == 0 {
					p.Links = []broadsheet.Link{{Kind: "code", URL: "https://github.com/x/" + s}}
				}
			}))
		}
		base := record("jsonl", "2025-03-01", nil) // a deletion of an unknown paper says nothing
		if rng.IntN(2) == 0 {
			parts = append(parts, broadsheet.Record{Paper: broadsheet.Paper{ID: base.ID, Status: broadsheet.StatusDeleted,
				Sources: []broadsheet.Source{{Name: sources[rng.IntN(2)], Date: broadsheet.Date(fmt.Sprintf("2025-03-%02d", 1+rng.IntN(4)))}}}})
		}
		all := func() broadsheet.Record { return mergeAll(append([]broadsheet.Record{base}, parts...)...) }
		want := text(t, all())
		for range 4 {
			rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
			got := all()
			if diff := cmp.Diff(want, text(t, got)); diff != "" {
				t.Fatalf("another order gives another paper:\n%s", diff)
			}
			for _, p := range parts {
				if diff := cmp.Diff(want, text(t, broadsheet.Merge(got, p))); diff != "" {
					t.Fatalf("merging %s again changes the paper:\n%s", p.Sources[0].Name, diff)
				}
			}
			if diff := cmp.Diff(want, text(t, broadsheet.Merge(broadsheet.Record{}, got))); diff != "" {
				t.Fatalf("an export that comes back is not the same:\n%s", diff)
			}
		}
	}
}

func text(t *testing.T, r broadsheet.Record) string {
	t.Helper()
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFindLinks(t *testing.T) {
	link := func(kind, url string) broadsheet.Link {
		return broadsheet.Link{Kind: kind, URL: url, Source: broadsheet.SourceText}
	}
	for _, tt := range []struct {
		in   string
		want []broadsheet.Link
	}{
		{"The code is at https://github.com/ada/light.", []broadsheet.Link{link("code", "https://github.com/ada/light")}},
		{"(see github.com/ada/light.git)", []broadsheet.Link{link("code", "https://github.com/ada/light")}},
		{`\url{https://ada.github.io/light/}, https://ada.github.io/light/`, []broadsheet.Link{link("project", "https://ada.github.io/light/")}},
		{"https://example.org/a_(b) and http://x.example.org/p?q=1&r=2", []broadsheet.Link{link("project", "https://example.org/a_(b)"), link("project", "http://x.example.org/p?q=1&r=2")}},
		{"https://github.com/ada https://arxiv.org/abs/2503.00001 https://doi.org/10.1/x https://example.org", nil},
		{"[https://github.com/ada/light] and gist.github.com/ada/0", []broadsheet.Link{link("code", "https://github.com/ada/light")}},
		{"at https: //github.com/ada/light or [https://github.com/ada/lid](https://github.com/ada/lid)",
			[]broadsheet.Link{link("code", "https://github.com/ada/light"), link("code", "https://github.com/ada/lid")}},
		{"https://anonymous.4open.science/r/light-1 and https://gitlab.example.org/ada/light",
			[]broadsheet.Link{link("code", "https://anonymous.4open.science/r/light-1"), link("code", "https://gitlab.example.org/ada/light")}},
		{"in http://www.imstat.org/aos/, https://link.springer.com/article/1, https://example.org/paper.PDF", nil},
		{"https://user:pass@example.org/x javascript:alert(1) http:// https://", nil},
	} {
		if diff := cmp.Diff(tt.want, broadsheet.FindLinks(tt.in)); diff != "" {
			t.Errorf("FindLinks(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func FuzzFindLinks(f *testing.F) {
	f.Add("code: https://github.com/ada/light). http://")
	f.Add("github.com/%000L00000/0") // an escaped control character
	f.Add(strings.Repeat("https://a.b/c ", 50_000))
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range broadsheet.FindLinks(s) {
			if broadsheet.WebURL(l.URL) != l.URL {
				t.Errorf("FindLinks(%q) gives %q, which is no web address", s, l.URL)
			}
		}
	})
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"Grüße": "Grüße", "a\x1b[31mb": `a\x1b[31mb`, "a\u202eb": `a\u202eb`, "abcdefghijk": "abcdefghij…", "": "",
	} {
		if got := broadsheet.Printable(in, 10); got != want {
			t.Errorf("Printable(%q) = %q, want %q", in, got, want)
		}
	}
}

// The day of a paper's announcement is the first that a source states, else the one
// that is best computed, in whatever order that becomes known.
func TestMergeKeepsTheFirstAnnouncement(t *testing.T) {
	says := func(source string, date, announced broadsheet.Date, inferred string) broadsheet.Record {
		return record(source, date, func(p *broadsheet.Paper) { p.Announced, p.Inferred = announced, inferred })
	}
	byDay, byTime := says("arxiv-oai", "2025-03-20", "2025-03-04", "day"), says("arxiv-oai-raw", "2025-03-06", "2025-03-05", "time")
	stated, again := says("arxiv-rss", "2025-03-06", "2025-03-06", ""), says("arxiv-rss", "2025-03-12", "2025-03-12", "")
	cross := record("arxiv-rss", "2025-03-18", nil)
	for _, tt := range []struct {
		name     string
		records  []broadsheet.Record
		want     broadsheet.Date
		inferred string
	}{
		{"the time of submission tells more than its day", []broadsheet.Record{byDay, byTime}, "2025-03-05", "time"},
		{"what is stated stands against what is computed", []broadsheet.Record{byDay, byTime, stated}, "2025-03-06", ""},
		{"a cross-list moves nothing", []broadsheet.Record{stated, cross, byDay}, "2025-03-06", ""},
		{"a cross-list states nothing", []broadsheet.Record{cross, byTime}, "2025-03-05", "time"},
		{"the first announcement stands", []broadsheet.Record{stated, again}, "2025-03-06", ""},
		{"and against everything", []broadsheet.Record{stated, again, cross, byDay, byTime}, "2025-03-06", ""},
		{"a file states it against a computed day", []broadsheet.Record{says("jsonl", "", "2025-03-07", ""), byDay, byTime}, "2025-03-07", ""},
		{"a month is no day", []broadsheet.Record{says("jsonl", "", "2025-03", ""), byDay}, "2025-03-04", "day"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			for range 30 {
				got := mergeAll(tt.records...)
				if got.Announced != tt.want || got.Inferred != tt.inferred || got.EditionDay() != tt.want {
					t.Fatalf("announced %s (%q), want %s (%q): %s", got.Announced, got.Inferred, tt.want, tt.inferred, text(t, got))
				}
				if diff := cmp.Diff(got, broadsheet.Merge(got, tt.records[0])); len(tt.records) == 1 && diff != "" {
					t.Fatalf("once more changes it:\n%s", diff)
				}
				rng.Shuffle(len(tt.records), func(i, j int) { tt.records[i], tt.records[j] = tt.records[j], tt.records[i] })
			}
		})
	}
}

func TestMergeMarksWithdrawnPapers(t *testing.T) {
	first := record("arxiv-oai", "2025-03-05", func(p *broadsheet.Paper) { p.Comments = "12 pages" })
	withdrawn := record("arxiv-oai", "2025-03-09", func(p *broadsheet.Paper) { p.Comments = "This paper has been withdrawn by its authors" })
	feed := record("arxiv-rss", "2025-03-10", nil)
	back := record("arxiv-oai", "2025-03-12", func(p *broadsheet.Paper) { p.Comments = "Mended, 13 pages" })
	gone := broadsheet.Record{Paper: broadsheet.Paper{ID: "2503.00001", Status: broadsheet.StatusDeleted,
		Sources: []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-14"}}}}
	for _, tt := range []struct {
		records []broadsheet.Record
		want    string
	}{
		{[]broadsheet.Record{first, feed}, ""},
		{[]broadsheet.Record{first, withdrawn}, broadsheet.StatusWithdrawn},
		{[]broadsheet.Record{withdrawn, feed, first}, broadsheet.StatusWithdrawn},
		{[]broadsheet.Record{first, withdrawn, back, withdrawn}, ""},
		{[]broadsheet.Record{withdrawn, gone}, broadsheet.StatusDeleted},
	} {
		if got := mergeAll(tt.records...); got.Status != tt.want || got.Title == "" {
			t.Errorf("status %q, want %q: %s", got.Status, tt.want, text(t, got))
		}
	}
}

// Services that gather from others fill in what nobody else says, and never
// override a source of papers, whichever comes first; the registry of DOIs stands
// before the others.
func TestMergeFillsInWhatServicesSay(t *testing.T) {
	said := func(venue string) func(*broadsheet.Paper) {
		return func(p *broadsheet.Paper) {
			p.Venue, p.Keywords, p.DOI = venue, []string{venue}, "10.1000/"+venue
		}
	}
	page := record("hf-page", "", func(p *broadsheet.Paper) { p.Keywords = []string{"light"} })
	s2, openalex, crossref := record("s2", "", said("s2")), record("openalex", "", said("openalex")), record("crossref", "", func(p *broadsheet.Paper) { p.DOI = "10.1000/crossref" })
	for _, order := range [][]broadsheet.Record{{page, s2, openalex, crossref}, {crossref, openalex, page, s2}, {s2, crossref, openalex, page}} {
		got := mergeAll(order...)
		if got.Title != "Title by hf-page" || got.Keywords[0] != "light" || got.DOI != "10.1000/crossref" || got.Venue != "openalex" {
			t.Errorf("%s, %v, %s, %s", got.Title, got.Keywords, got.DOI, got.Venue)
		}
		again := mergeAll(got, s2, openalex, crossref)
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("said again (-want +got):\n%s", diff)
		}
	}
}
