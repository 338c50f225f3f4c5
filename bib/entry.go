package bib

import (
	"regexp"
	"strings"
	"unicode"

	"broadsheet"
)

// A kind is how a work was published.
type kind int

const (
	preprint kind = iota
	article
	conference
)

// An entry is a paper as every citation format needs it: clean single-line
// text, names in parts, and one answer to where it appeared.
type entry struct {
	kind      kind
	key       string
	title     string
	authors   []name
	date      broadsheet.Date
	container container
	arXiv     string // identifier without version, or ""
	class     string // arXiv category of the paper
	doi, url  string
	abstract  string
	comments  string
	keywords  []string
}

func newEntry(p *broadsheet.Paper) *entry {
	e := &entry{
		key:      Key(*p),
		title:    clean(p.Title),
		date:     dateOf(p),
		arXiv:    arXivOf(p),
		url:      verbatim(p.ID.URL()),
		abstract: clean(p.Abstract),
		comments: clean(p.Comments),
	}
	e.kind, e.container = appeared(clean(p.Venue), clean(p.JournalRef))
	e.doi = doiOf(p, e.arXiv)
	if e.url == "" {
		e.url = verbatim(p.Link(broadsheet.LinkProject))
	}
	for _, a := range p.Authors {
		if n := parseName(clean(a.Name)); n != (name{}) {
			e.authors = append(e.authors, n)
		}
	}
	for _, k := range append(p.Categories[:len(p.Categories):len(p.Categories)], p.Keywords...) {
		// Every format separates keywords by commas.
		if k = clean(strings.ReplaceAll(k, ",", " ")); k != "" {
			e.keywords = append(e.keywords, k)
		}
	}
	if e.arXiv != "" && len(p.Categories) > 0 {
		e.class = clean(p.Categories[0])
	}
	return e
}

// clean returns s as one line of valid UTF-8 without control characters and
// without those that reorder what is shown.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r < 0x7f: // nearly all there is
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar || r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// verbatim returns s if it can stand where BibTeX takes text as it is, or "".
func verbatim(s string) string {
	if clean(s) != s || strings.ContainsAny(s, " {}\\\"") {
		return ""
	}
	return s
}

func dateOf(p *broadsheet.Paper) broadsheet.Date {
	for _, s := range []broadsheet.Date{p.Published, p.Announced, p.Updated} {
		if d, err := broadsheet.ParseDate(string(s)); err == nil {
			return d
		}
	}
	return ""
}

func arXivOf(p *broadsheet.Paper) string {
	for _, id := range append([]broadsheet.ID{p.ID}, p.Aliases...) {
		if id.Scheme() != "arxiv" {
			continue
		}
		if got, err := broadsheet.ParseID(string(id)); err == nil && got == id {
			return string(id)
		}
	}
	return ""
}

var doiForm = regexp.MustCompile(`^10\.[0-9.]{4,20}/[^\s{}\\"]+$`)

// doiOf returns the publisher's DOI, else the one that arXiv registers for each
// of its papers (https://info.arxiv.org/help/doi.html), else "".
func doiOf(p *broadsheet.Paper, arXiv string) string {
	candidates := strings.Fields(p.DOI)
	if p.ID.Scheme() == "doi" {
		candidates = append(candidates, p.ID.Local())
	}
	for _, d := range candidates {
		if doiForm.MatchString(d) && verbatim(d) == d {
			return d
		}
	}
	if arXiv != "" {
		return "10.48550/arXiv." + arXiv
	}
	return ""
}
