package web

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones, wherever the test runs

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func TestEdition(t *testing.T) {
	f := papers(60, "2025-03-11")
	f.records = append(f.records, paper("2503.90001", "2025-03-07", 1), paper("2503.90002", "2025-03-17", 1))
	p := get(t, server(f).Handler(), "/papers/date/2025-03-11").want(200)

	if got := len(p.find("article")); got != perPage {
		t.Errorf("%d articles, want %d", got, perPage)
	}
	if got := p.attrs("article h3 a", "href"); got[0] != "/papers/2503.00001" || got[49] != "/papers/2503.00050" {
		t.Errorf("h3 links run from %s to %s", got[0], got[len(got)-1])
	}
	for path, want := range map[string]string{
		"h1":         "Tuesday, 11 March 2025",
		"h2":         "60 papers",
		"nav.turn":   "← 7 March 2025 17 March 2025 →",
		"nav.choice": "Day Week Month Votes Trending Newest",
		"nav.pager":  "Page 1 of 2 Next page",
	} {
		if got := p.words(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if diff := cmp.Diff([]string{"/papers/date/2025-03-07", "/papers/date/2025-03-17"}, p.attrs("nav.turn a", "href")); diff != "" {
		t.Errorf("neighbours (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/papers/date/2025-03-11", "/papers/week/2025-W11", "/papers/month/2025-03",
		"/papers/date/2025-03-11", "/papers/date/2025-03-11?sort=trending", "/papers/date/2025-03-11?sort=publishedAt"},
		p.attrs("nav.choice a", "href")); diff != "" {
		t.Errorf("periods and orders (-want +got):\n%s", diff)
	}
	if got := p.attrs("link", "href")[0]; got != "https://papers.example.org/papers/date/2025-03-11" {
		t.Errorf("canonical address %s", got)
	}
}

func TestEditionAddresses(t *testing.T) {
	h := server(papers(60, "2025-03-11")).Handler()
	for _, tt := range []struct {
		path string
		code int
		want string // in the main part
	}{
		{"/", 200, "Tuesday, 11 March 2025"},
		{"/papers", 200, "Tuesday, 11 March 2025"},
		{"/papers?p=2&sort=trending", 200, "Page 2 of 2"},
		{"/papers/date/2025-03-11?p=2", 200, "Previous page Page 2 of 2"},
		{"/papers/date/2025-03-11?p=3", 404, "This edition has no page 3."},
		{"/papers/date/2025-03-11?p=0", 400, `"0" is not the number of a page`},
		{"/papers/date/2025-03-11?p=x", 400, `"x" is not the number of a page`},
		{"/papers/date/2025-03-11?p=99999999999999999999", 400, "is not the number of a page"},
		{"/papers/date/2025-03-11?p=999999999", 404, "There is no page 999999999."},
		{"/papers/date/2025-03-11?sort=best", 400, `"best" is not an order`},
		{"/papers/date/2025-13-40", 400, `"2025-13-40" is not a day`},
		{"/papers/week/2025-W11", 200, "Week 11 of 2025, 10 – 16 March"},
		{"/papers/week/2025-W54", 400, `"2025-W54" is not an ISO week`},
		{"/papers/month/2025-03", 200, "March 2025"},
		{"/papers/month/2025-3", 400, `"2025-3" is not a month`},
		{"/papers/date/0001-01-01", 200, "No papers of that time have been imported."},
		{"/papers/date/9999-12-31", 200, "It has not come yet."},
		{"/papers/week/9999-W52", 200, "It has not come yet."},
		{"/papers/month/9999-12", 200, "It has not come yet."},
		{"/papers/date/", 404, "is not a paper id"},
		{"/papers/year/2025", 404, "is not a paper id"},
		{"/nothing/here", 404, "There is no page at this address."},
	} {
		t.Run(tt.path, func(t *testing.T) {
			p := get(t, h, tt.path).want(tt.code)
			if got := p.words("main"); !strings.Contains(got, tt.want) {
				t.Errorf("%q is not in %q", tt.want, clip(got, 400))
			}
		})
	}
}

func TestFrontPageFallsBack(t *testing.T) {
	f := papers(3, "2025-03-07")
	f.records = append(f.records, paper("2503.90002", "2025-03-17", 1)) // not yet
	s := server(f)
	s.Now = func() time.Time { return time.Date(2025, 3, 8, 23, 30, 0, 0, time.UTC) }
	for _, tt := range []struct{ zone, want string }{
		{"UTC", "No edition today, Saturday 8 March. arXiv announces nothing on Saturdays. This is the latest."},
		{"Europe/Paris", "No edition today, Sunday 9 March. arXiv announces nothing on Sundays. This is the latest."},
	} {
		var err error
		if s.Location, err = time.LoadLocation(tt.zone); err != nil {
			t.Fatal(err)
		}
		p := get(t, s.Handler(), "/").want(200)
		if got := p.words("p.note"); got != tt.want {
			t.Errorf("note in %s: %q, want %q", tt.zone, got, tt.want)
		}
		if got := p.words("h1"); got != "Friday, 7 March 2025" {
			t.Errorf("headline %q", got)
		}
		if got := p.words("article h3"); !strings.HasPrefix(got, "Paper 2503.00001") {
			t.Errorf("stories %q", got)
		}
	}
	s.Demo = true
	want := "The built-in edition, for a first look: nothing is kept when the server stops. No edition today, Sunday 9 March."
	if got := get(t, s.Handler(), "/").words("p.note"); got != want {
		t.Errorf("note of the demo: %q, want %q", got, want)
	}
}

func TestEmptyEdition(t *testing.T) {
	f := papers(1, "2025-03-07")
	f.records = append(f.records, paper("2503.90002", "2025-03-17", 1))
	p := get(t, server(f).Handler(), "/papers/date/2025-03-08").want(200)
	want := "arXiv announces nothing on Saturdays. The edition before: 7 March 2025 The edition after: 17 March 2025"
	if got := p.words("section"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if len(p.find("article")) != 0 || p.words("h2") != "No papers" {
		t.Errorf("an empty edition has stories or the headline %q", p.words("h2"))
	}

	p = get(t, server(&fake{}).Handler(), "/").want(200)
	if got := p.words("section"); !strings.Contains(got, "No edition has any papers yet.") {
		t.Errorf("an empty instance says %q", got)
	}
}

func TestGistStandsForAnAbstractThatIsCut(t *testing.T) {
	long := strings.Repeat("Seven words stand in this one sentence. ", 19) + "We boil <kettles>."
	at := strings.Index(long, "We boil")
	for name, tt := range map[string]struct {
		change        func(*broadsheet.Record)
		gist, summary string
	}{
		"its own sentence": {func(r *broadsheet.Record) {
			r.Gist = []broadsheet.Sentence{{Role: "idea", Start: at, End: len(long), Text: long[at:]}}
		}, "In its own words We boil <kettles>.", "Read the abstract"},
		"a source's TL;DR stands above": {func(r *broadsheet.Record) {
			r.TLDR, r.Sources = "It <boils>.", []broadsheet.Source{{Name: "jsonl"}}
			r.Gist = []broadsheet.Sentence{{Role: "idea", Start: at, End: len(long), Text: long[at:]}}
		}, "TL;DR by an import of JSON lines It <boils>.", "Read the abstract"},
		"neither": {func(*broadsheet.Record) {}, "", "Read on"},
	} {
		t.Run(name, func(t *testing.T) {
			f := papers(leadStories+1, "2025-03-11")
			last := &f.records[leadStories]
			last.Abstract = long
			tt.change(last)
			p := get(t, server(f).Handler(), "/").want(200)
			p.root = p.find("article")[leadStories]
			if got := p.words("p.gist"); got != tt.gist {
				t.Errorf("the gist is %q, want %q", got, tt.gist)
			}
			if got := p.words("summary"); got != tt.summary {
				t.Errorf("the summary is %q, want %q", got, tt.summary)
			}
			if got := strings.Count(p.words("div.text"), "Seven words"); got != 19 {
				t.Errorf("%d of 19 sentences are on the page", got)
			}
		})
	}
}

func TestStory(t *testing.T) {
	f := papers(4, "2025-03-11")
	r := rich()
	for range 6 {
		r.Authors = append(r.Authors, broadsheet.Author{Name: "X"})
	}
	r.Abstract = strings.Repeat("Seven words stand in this one sentence. ", 20)
	r.Tallies, r.TLDR = nil, ""
	f.records = append(f.records, r)
	p := get(t, server(f).Handler(), "/").want(200)
	last := p.find("article")[4]
	p.root = last
	for path, want := range map[string]string{
		"h3":        `<script>alert(1)</script> & "q" of $\alpha$`,
		"p.place":   "5",
		"p.kicker":  "cs.LG stat.ML 11 Mar 2025, revised 12 Mar 2025",
		"p.byline":  "Ann <i>O'Brien</i>, Bo, X, X, X, X and 2 more",
		"p.figures": "submitted by Cy <u> arXiv PDF Code Project",
		"summary":   "Read on",
	} {
		if got := p.words(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if shown := p.find("p")[3]; len(strings.Fields(shown.FirstChild.Data)) > passageMax {
		t.Errorf("the passage is %q", shown.FirstChild.Data)
	}
	if got := strings.Count(p.words("article"), "Seven words") + strings.Count(p.words("div.text"), "Seven words"); got != 20 {
		t.Errorf("%d of 20 sentences are on the page", got)
	}
}
