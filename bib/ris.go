package bib

import (
	"bufio"
	"fmt"
	"strings"
)

// writeRIS writes one reference: lines of a two-letter tag, from TY to ER, each
// on one line whatever the paper says, since newEntry leaves no line end in it.
func writeRIS(w *bufio.Writer, e *entry) error {
	types := [...]string{preprint: "GEN", article: "JOUR", conference: "CONF"}
	tag := func(tag, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s  - %s\r\n", tag, value)
		}
	}
	tag("TY", types[e.kind])
	tag("ID", e.key)
	tag("TI", e.title)
	for _, n := range e.authors {
		tag("AU", risName(n))
	}
	c := e.container
	tag("T2", c.name)
	tag("VL", c.volume)
	tag("IS", c.number)
	first, last, _ := strings.Cut(strings.ReplaceAll(c.pages, "–", "-"), "-")
	tag("SP", first)
	tag("EP", strings.TrimLeft(last, "-"))
	tag("PY", e.year())
	tag("DA", risDate(e))
	if e.arXiv != "" {
		tag("AN", "arXiv:"+e.arXiv)
		tag("DB", "arXiv")
	}
	tag("DO", e.doi)
	tag("UR", e.url)
	tag("AB", e.abstract)
	for _, k := range e.keywords {
		tag("KW", k)
	}
	tag("N1", e.comments)
	_, err := w.WriteString("ER  - \r\n")
	return err
}

// risName writes "Family, Given, Jr.". A comma always separates parts in RIS, so
// a literal loses its own.
func risName(n name) string {
	if n.literal != "" {
		return clean(strings.ReplaceAll(n.literal, ",", " "))
	}
	s := n.fullFamily() + ", " + n.given
	if n.suffix != "" {
		s += ", " + n.suffix
	}
	return s
}

// risDate writes YYYY/MM/DD/ with what is not known left empty.
func risDate(e *entry) string {
	month, day := e.monthDay()
	switch {
	case day > 0:
		return fmt.Sprintf("%s/%02d/%02d/", e.year(), month, day)
	case month > 0:
		return fmt.Sprintf("%s/%02d//", e.year(), month)
	case e.year() != "":
		return e.year() + "///"
	}
	return ""
}
