package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"broadsheet"
)

func TestSearch(t *testing.T) {
	f := papers(45, "2025-03-11")
	f.records = append(f.records, rich())
	h := server(f).Handler()
	p := get(t, h, "/papers?q=Paper&cat=cs.LG&from=2025-03&to=2025-03-11").want(200)
	if got := p.words("main h2"); got != "45 papers" {
		t.Errorf("total %q", got)
	}
	if got := len(p.find("article")); got != perSearch {
		t.Errorf("%d articles, want %d", got, perSearch)
	}
	if got := p.words("h3 mark"); !strings.HasPrefix(got, "Paper Paper") {
		t.Errorf("marked %q", got)
	}
	if got := p.attrs("nav.pager a", "href"); len(got) != 1 || got[0] != "/papers?cat=cs.LG&from=2025-03&p=2&q=Paper&to=2025-03-11" {
		t.Errorf("pages %q", got)
	}
	if got := p.attrs("form.question input", "value"); strings.Join(got, " ") != "Paper cs.LG 2025-03 2025-03-11" {
		t.Errorf("the form holds %q", got)
	}
}

// An answer leads to its parts and to other orders, and tells what it cannot count.
func TestSearchLeadsOn(t *testing.T) {
	h := server(papers(45, "2025-03-11")).Handler()
	p := get(t, h, "/papers?q=Pape&cat=cs.LG").want(200)
	if got := p.words("main h2"); got != "More than 45 papers" {
		t.Errorf("total %q", got)
	}
	if got := p.words("p.note"); got != "A word was left out: <i>." {
		t.Errorf("note %q", got)
	}
	if got := p.words("p.meant"); got != "Did you mean Paper <b> ?" && got != "Did you mean Paper <b>?" {
		t.Errorf("proposal %q", got)
	}
	for at, want := range map[string]string{
		"p.meant a":    "/papers?cat=cs.LG&q=Paper+%3Cb%3E",
		"nav.choice a": "/papers?cat=cs.LG&q=Pape /papers?cat=cs.LG&q=Pape&sort=newest /papers?cat=cs.LG&q=Pape&sort=oldest /papers?cat=cs.LG&q=Pape&sort=votes",
		"nav.facet a":  "/papers?cat=cs.LG&from=2025-01-01&q=Pape&to=2025-12-31 /papers?cat=cs.LG&from=2024-01-01&q=Pape&to=2024-12-31 /papers?cat=cs.CV&q=Pape /papers?cat=stat.ML&q=Pape",
	} {
		var got []string
		for _, a := range p.attrs(at, "href") {
			got = append(got, strings.TrimSpace(a))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s lead to %q, want %q", at, got, want)
		}
	}
	p = get(t, h, "/papers?q=Paper&sort=votes&p=2").want(200)
	if got := p.attrs("form.question input", "value"); got[len(got)-1] != "votes" {
		t.Errorf("the form keeps the order %q", got)
	}
	if got := p.attrs("nav.pager a", "href"); len(got) != 2 || got[1] != "/papers?p=3&q=Paper&sort=votes" {
		t.Errorf("pages %q", got)
	}
	get(t, h, "/papers?q=Paper&sort=best").want(400)
}

func TestSearchAddresses(t *testing.T) {
	f := papers(45, "2025-03-11")
	f.records = append(f.records, rich())
	h := server(f).Handler()
	for _, tt := range []struct {
		name, query string
		code        int
		want        string // in the main part, or where it leads
	}{
		{"no words yet", "q=", 200, "Search Words, a “phrase”"},
		{"a category alone", "cat=stat.ML", 200, "1 paper"},
		{"the last page", "q=Paper&p=3", 200, "Page 3 of 3"},
		{"beyond the last page", "q=Paper&p=4", 404, "This answer has no page 4."},
		{"beyond all pages", "q=Paper&p=51", 400, "A search shows 50 pages"},
		{"a bad page", "q=Paper&p=-1", 400, `"-1" is not the number of a page`},
		{"a bad category", "q=a&cat=%3Cb%3E", 400, `"<b>" is not a category: write it like cs.LG`},
		{"a bad date", "q=a&from=2025-02-30", 400, `"2025-02-30" is not a date`},
		{"dates the wrong way round", "q=a&from=2025-02&to=2025-01", 400, "The first day, 2025-02, is after the last, 2025-01-31."},
		{"a question that is too long", "q=" + strings.Repeat("a", 2001), 400, "The question has 2,001 bytes; a question may have 2,000."},
		{"broken UTF-8", "q=%ff", 200, "No paper answers this"},
		{"broken escapes", "q=%zz", 200, "Tuesday, 11 March 2025"},
		{"a script", "q=%3Cscript%3Ealert(1)%3C/script%3E&cat=stat.ML", 200, "<script>alert(1)</script>"},
		{"nothing found", "q=zebra", 200, "No paper answers this Use fewer words"},
		{"nothing found in a category", "q=zebra&cat=cs.CV", 200, "Ask the same without category and dates."},
		{"nothing found for a phrase", "q=%22a+zebra%22", 200, "Take the quotation marks away"},
		{"a known id", "q=arXiv:2503.77777v2", 302, "/papers/2503.77777"},
		{"an address of a paper", "q=https://arxiv.org/abs/2503.77777", 302, "/papers/2503.77777"},
		{"an alias", "q=local:abc", 302, "/papers/2503.77777"},
		{"an id that is not here", "q=2503.99999", 200, "Look for it at arXiv."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := get(t, h, "/papers?"+tt.query).want(tt.code)
			got := p.words("main")
			if tt.code == http.StatusFound {
				got = p.head.Get("Location")
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("%q is not in %q", tt.want, clip(got, 300))
			}
		})
	}
}

// What is written into an address is read back as the same question.
func TestQuestionAddress(t *testing.T) {
	for _, q := range []question{
		{Text: "a", Sort: broadsheet.SortScore, Page: 1},
		{Text: "a & b=c", Category: "cs.LG", From: "2024", To: "2024-12-31", Sort: broadsheet.SortVotes, Page: 3},
	} {
		u, err := url.Parse(q.address(q.Page))
		if err != nil {
			t.Fatal(err)
		}
		got, err := readQuestion(u.Query())
		if err != nil || got != q {
			t.Errorf("%s is read as %+v (%v), want %+v", u, got, err, q)
		}
	}
}

func TestLastDay(t *testing.T) {
	for in, want := range map[broadsheet.Date]broadsheet.Date{
		"": "", "2024": "2024-12-31", "2024-02": "2024-02-29", "2024-02-03": "2024-02-03", "9999": "9999-12-31",
	} {
		if got := lastDay(in); got != want {
			t.Errorf("lastDay(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever stands in an address, the answer is a page, and nothing of the
// address becomes markup.
func FuzzAddress(f *testing.F) {
	for _, seed := range []struct{ path, query string }{
		{"/papers", "q=a&cat=cs.LG&from=2024&to=2025&p=2"}, {"/papers/date/2025-03-11", "p=2&sort=trending"},
		{"/papers/week/2025-W11", ""}, {"/papers/2503.77777v1", ""}, {"/papers/../x", "q=%00"}, {"/static/x/style.css", ""},
		{"/papers", "q=<script>x</script>"}, {"/papers/https:/arxiv.org/abs/2503.77777", ""},
	} {
		f.Add(seed.path, seed.query)
	}
	store := papers(60, "2025-03-11")
	store.records = append(store.records, rich())
	h := server(store).Handler()
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = &url.URL{Path: "/" + path, RawQuery: query}
		p := do(t, h, r)
		switch p.code {
		case 200, 301, 302, 307, 400, 404:
		default:
			t.Errorf("status %d", p.code)
		}
		if p.head.Get("Content-Security-Policy") != policy {
			t.Error("no security policy")
		}
		if n := len(p.find("script")) + len(p.find("style")); n > 0 {
			t.Errorf("%d scripts or styles", n)
		}
	})
}
