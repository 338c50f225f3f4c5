package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/internal/answer"
)

//go:embed templates
var templateFiles embed.FS

// parseTemplates returns the pages by name. Each is the layout and the shared
// parts with a "main" of its own.
func parseTemplates() map[string]*template.Template {
	funcs := template.FuncMap{
		"count":  count,
		"number": number,
		"phrase": phraseURL,
		"search": searchURL,
		"text":   linked,
	}
	shared := template.Must(template.New("").Funcs(funcs).ParseFS(templateFiles,
		"templates/layout.html", "templates/parts.html"))
	pages := map[string]*template.Template{}
	for _, name := range []string{"edition", "paper", "search", "topics", "topic", "subscribe", "subscriptions", "notice", "admin", "error"} {
		t := template.Must(shared.Clone())
		pages[name] = template.Must(t.ParseFS(templateFiles, "templates/"+name+".html"))
	}
	return pages
}

// A head is what the layout needs, whatever the page.
type head struct {
	Title       string // of the window, before the name of the paper
	Description string
	Canonical   string // full address; "" leaves it out
	NoIndex     bool
	Front       bool   // the large nameplate
	Here        string // the entry of the navigation that leads to this page
	Mail        bool   // digests are sent from here
	ByMail      string // where to subscribe to what this page lists; "" for none
	Trends      bool   // the navigation leads to what trends
	Style, Icon string
}

// head fills in what all pages share; path is the page's own address, or "" for
// one that search engines should not keep.
func (s *site) head(title, path string) head {
	h := head{Title: title, Style: s.assets.url("style.css"), Icon: s.assets.url("favicon.svg"), NoIndex: path == "", Mail: s.Desk != nil,
		Trends: s.Trends != nil}
	if s.BaseURL != "" && path != "" {
		h.Canonical = s.BaseURL + path
	}
	return h
}

// render executes a page into memory first: a template that fails halfway must
// not leave half a page behind a 200.
func (s *site) render(name string, status int, view any) (*answer.Answer, error) {
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "layout", view); err != nil {
		return nil, fmt.Errorf("web: render %s: %w", name, err)
	}
	return answer.New(status, "text/html; charset=utf-8", scrub(b.Bytes())), nil
}

// scrub drops, in place, the characters that no text of ours needs and hostile
// text uses to turn the words around it: controls, and the Unicode marks that
// open and close a direction (UAX #9, section 2). It sees the finished page, so
// that no field can be forgotten; names and titles stand in <bdi> besides.
func scrub(page []byte) []byte {
	out := page[:0]
	for len(page) > 0 {
		r, n := rune(page[0]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(page)
		}
		if !banned(r) {
			out = append(out, page[:n]...)
		}
		page = page[n:]
	}
	return out
}

func banned(r rune) bool {
	switch {
	case r < ' ':
		return r != '\n' && r != '\t'
	case r < 0x7f:
		return false
	}
	return r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0xfff9 && r <= 0xfffb || r == 0xfeff
}

// count writes a number with its thousands apart.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// number counts a thing in words: "No papers", "1 paper", "1,234 papers".
func number(n int, thing string) string {
	switch n {
	case 0:
		return "No " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return count(n) + " " + thing + "s"
}

// A link is a word that leads somewhere.
type link struct {
	Text string
	URL  string
	Here bool // it leads to this very page
}

// A pager leads through the pages of a list.
type pager struct {
	Page, Pages int
	Prev, Next  string // "" at the ends
}

// newPager pages a list of total items; address tells where a page stands.
func newPager(page, size, total int, address func(page int) string) pager {
	p := pager{Page: page, Pages: (total + size - 1) / size}
	if page > 1 {
		p.Prev = address(page - 1)
	}
	if page < p.Pages {
		p.Next = address(page + 1)
	}
	return p
}

// dated is a date for a <time> element.
type dated struct{ Machine, Human string }

func shortDate(d broadsheet.Date) dated { return dated{d.String(), d.Short()} }
