package bib

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// writeBibTeX writes one entry with the fields that BibTeX styles and biblatex
// share. An arXiv paper that has not appeared elsewhere is @misc with eprint, as
// https://info.arxiv.org/help/hypertex/bibstyles/ asks for.
func writeBibTeX(w *bufio.Writer, e *entry) error {
	types := [...]string{preprint: "misc", article: "article", conference: "inproceedings"}
	fmt.Fprintf(w, "@%s{%s,\n", types[e.kind], e.key)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %s = {%s},\n", name, value)
		}
	}
	field("title", texTitle(e.title))
	field("author", texAuthors(e.authors))
	writeContainer(field, e)
	field("year", e.year())
	if month, day := e.monthDay(); month > 0 {
		fmt.Fprintf(w, "  month = %s,\n", strings.ToLower(time.Month(month).String()[:3]))
		if day > 0 {
			field("day", strconv.Itoa(day))
		}
	}
	field("eprint", e.arXiv)
	if e.arXiv != "" {
		field("archivePrefix", "arXiv")
		field("primaryClass", texText(e.class))
	}
	field("doi", e.doi)
	field("url", e.url)
	field("keywords", texText(strings.Join(e.keywords, ", ")))
	field("abstract", texText(e.abstract))
	// Styles print a note behind the reference, but not an annote: "9 pages, 3
	// figures" is not part of a citation.
	field("annote", texText(e.comments))
	_, err := w.WriteString("}\n")
	return err
}

func writeContainer(field func(name, value string), e *entry) {
	c := e.container
	if e.kind == conference {
		field("booktitle", texTitle(c.name))
		return
	}
	field("journal", texText(c.name))
	field("volume", texText(c.volume))
	field("number", texText(c.number))
	field("pages", texText(strings.ReplaceAll(strings.ReplaceAll(c.pages, "–", "-"), "--", "-")))
}

// year returns the year of what is cited: that of the journal where it is known.
func (e *entry) year() string {
	switch {
	case e.container.year != "":
		return e.container.year
	case e.date != "":
		return strconv.Itoa(e.date.Year())
	}
	return ""
}

// monthDay returns the month and the day that belong to year, 0 where unknown.
func (e *entry) monthDay() (month, day int) {
	if y := e.container.year; len(e.date) < len("2006-01") || y != "" && y != string(e.date[:4]) {
		return 0, 0
	}
	t := e.date.Time()
	if e.date.IsDay() {
		day = t.Day()
	}
	return int(t.Month()), day
}

// texAuthors joins names as BibTeX reads them: "Family, Jr., Given" and a
// literal in braces, so that no word or comma in it is taken for more.
func texAuthors(names []name) string {
	list := make([]string, len(names))
	for i, n := range names {
		switch {
		case n.literal != "":
			list[i] = "{" + texText(n.literal) + "}"
		case n.suffix != "":
			list[i] = texText(n.fullFamily()) + ", " + texText(n.suffix) + ", " + texText(n.given)
		default:
			list[i] = texText(n.fullFamily()) + ", " + texText(n.given)
		}
	}
	return strings.Join(list, " and ")
}
