package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet"
)

// A page is an answer of the server, with its HTML as a tree.
type page struct {
	t    testing.TB
	code int
	head http.Header
	body string
	root *html.Node
}

// noon is the time in tests: Tuesday, 11 March 2025.
var noon = time.Date(2025, 3, 11, 12, 0, 0, 0, time.UTC)

func server(f *fake) *Server {
	return &Server{Papers: f, Editions: f, Search: f, Now: func() time.Time { return noon }, BaseURL: "https://papers.example.org/"}
}

// get asks for a path as a browser would.
func get(t testing.TB, h http.Handler, path string) *page {
	t.Helper()
	return do(t, h, httptest.NewRequest(http.MethodGet, path, nil))
}

func do(t testing.TB, h http.Handler, r *http.Request) *page {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{t: t, code: w.Code, head: w.Header(), body: string(body)}
	if p.root, err = html.Parse(strings.NewReader(p.body)); err != nil {
		t.Fatal(err)
	}
	return p
}

// want fails the test unless the answer has a status.
func (p *page) want(code int) *page {
	p.t.Helper()
	if p.code != code {
		p.t.Fatalf("status %d, want %d: %s", p.code, code, clip(p.words("main"), 300))
	}
	return p
}

// find returns the elements that a path of tags leads to, such as "main h3 a";
// a tag may name one class, as in "p.note".
func (p *page) find(path string) []*html.Node {
	found := []*html.Node{p.root}
	for step := range strings.FieldsSeq(path) {
		tag, class, _ := strings.Cut(step, ".")
		var next []*html.Node
		for _, from := range found {
			for n := range from.Descendants() {
				if n.Type == html.ElementNode && n.Data == tag && !slices.Contains(next, n) &&
					(class == "" || slices.Contains(strings.Fields(attr(n, "class")), class)) {
					next = append(next, n)
				}
			}
		}
		found = next
	}
	return found
}

// words returns the text of the elements at a path, with single spaces.
func (p *page) words(path string) string {
	var b strings.Builder
	for _, from := range p.find(path) {
		for n := range from.Descendants() {
			if n.Type == html.TextNode {
				b.WriteString(n.Data)
			} else if slices.Contains([]string{"p", "li", "dt", "dd", "h1", "h2", "h3"}, n.Data) {
				b.WriteByte(' ') // it begins a line
			}
		}
		b.WriteByte(' ')
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// attrs returns an attribute of all elements at a path that have it.
func (p *page) attrs(path, name string) []string {
	var all []string
	for _, n := range p.find(path) {
		if v := attr(n, name); v != "" {
			all = append(all, v)
		}
	}
	return all
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// paper returns an invented paper in the edition of a day.
func paper(id broadsheet.ID, day broadsheet.Date, place int) broadsheet.Record {
	return broadsheet.Record{
		Paper: broadsheet.Paper{
			ID: id, Title: "Paper " + string(id), Abstract: "It counts " + string(id) + " sheep.", Published: day,
			Authors: []broadsheet.Author{{Name: "Ada Sample"}}, Categories: []string{"cs.LG"},
			Sources: []broadsheet.Source{{Name: "jsonl", Date: day}},
		},
		Entries: []broadsheet.Entry{{Date: day, Place: place}},
	}
}

// papers returns n invented papers in the edition of a day.
func papers(n int, day broadsheet.Date) *fake {
	f := &fake{change: 1}
	for i := range n {
		f.records = append(f.records, paper(broadsheet.ID(fmt.Sprintf("2503.%05d", i+1)), day, i+1))
	}
	return f
}

// rich is a paper that has everything, some of it hostile.
func rich() broadsheet.Record {
	r := paper("2503.77777", "2025-03-11", 2)
	r.Title = `<script>alert(1)</script> & "q" of $\alpha$`
	r.Abstract = "First we see https://example.org/a_(b). Then <b>nothing</b> & more at javascript:alert(1).\n\nA second paragraph."
	r.Authors = []broadsheet.Author{{Name: `Ann <i>O'Brien</i>`, Affiliation: "Inst & Co"}, {Name: "Bo"}}
	r.Categories = []string{"cs.LG", "stat.ML"}
	r.Updated, r.Announced = "2025-03-12", "2025-03-11"
	r.DOI, r.Comments, r.JournalRef, r.Venue = "10.1000/a<b 10.1000/c", "See http://example.org/c.", "J. Sheep 3", "SHEEP 2025"
	r.License, r.TLDR, r.Keywords = "http://creativecommons.org/licenses/by-sa/4.0/", "It counts.", []string{"counting"}
	r.Versions = []broadsheet.Version{{Number: 1, At: noon, Size: "12kb"}, {Number: 2}}
	r.Links = []broadsheet.Link{{Kind: broadsheet.LinkCode, URL: "https://github.com/a/b"}, {Kind: broadsheet.LinkProject, URL: "https://a.github.io/"}}
	r.Aliases = []broadsheet.ID{"local:abc", "doi:10.1000/old"}
	r.Sources = []broadsheet.Source{{Name: "arxiv-oai", Date: "2025-03-07", Fields: []string{"title", "journal_ref"}}, {Name: "elsewhere", Record: "x1"}}
	r.Entries[0].SubmittedBy = &broadsheet.Person{Name: "Cy <u>"}
	r.Tallies = []broadsheet.Tally{{Source: "hf-daily", Upvotes: 1234, Comments: 1}}
	return r
}
