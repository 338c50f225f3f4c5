package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet"
)

// Normalize brings a record into the form in which papers are kept: composed
// Unicode (NFC), single blanks, no control characters, nothing twice in a list,
// only addresses that a page may link to. It does not change what is said, and
// doing it twice changes nothing more.
func Normalize(r *broadsheet.Record) {
	for _, s := range []*string{&r.Title, &r.Comments, &r.JournalRef, &r.DOI, &r.Venue, &r.License, &r.TLDR} {
		*s = oneLine(*s)
	}
	r.Abstract = paragraphs(r.Abstract)
	for i := range r.Authors {
		r.Authors[i].Name = oneLine(r.Authors[i].Name)
		r.Authors[i].Affiliation = oneLine(r.Authors[i].Affiliation)
	}
	r.Authors = keep(r.Authors, func(a broadsheet.Author) bool { return a.Name != "" })
	r.Categories = distinct(r.Categories)
	r.Keywords = distinct(r.Keywords)
	for i, l := range r.Links {
		if l.Kind != broadsheet.LinkCode { // whatever a file calls it
			r.Links[i].Kind = broadsheet.LinkProject
		}
	}
	r.Links = keep(r.Links, func(l broadsheet.Link) bool { return broadsheet.WebURL(l.URL) == l.URL })
	for i := range r.Entries {
		if p := r.Entries[i].SubmittedBy; p != nil {
			p.Name, p.User = oneLine(p.Name), oneLine(p.User)
		}
	}
	inferAnnouncement(&r.Paper)
	r.SetStatus()
}

// oneLine returns s with every run of white space and control characters as one
// blank. Most text is in that form already and is returned as it is.
func oneLine(s string) string {
	if tidy(s) {
		return s
	}
	s = norm.NFC.String(s)
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for i, width := 0, 1; i < len(s); i += width {
		c := rune(s[i])
		if width = 1; c >= utf8.RuneSelf {
			c, width = utf8.DecodeRuneInString(s[i:])
		}
		if blank(c) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteString(s[i : i+width]) // invalid bytes, too: Validate names them
	}
	return b.String()
}

// indented is where arXiv starts a paragraph: a sentence has ended, and the next
// line is indented. Indentation within a sentence is only how a line was wrapped.
var indented = regexp.MustCompile(`([.!?:])\n {2,}(\p{Lu})`)

// paragraphs is oneLine for an abstract, whose paragraphs are kept: those with an
// empty line between them, and those that arXiv indents.
func paragraphs(s string) string {
	if tidy(s) {
		return s
	}
	s = strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n")
	if strings.Contains(s, "\n  ") {
		s = indented.ReplaceAllString(s, "$1\n\n$2")
	}
	var parts []string
	for p := range strings.SplitSeq(s, "\n\n") {
		if p = oneLine(p); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n\n")
}

func blank(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsSpace(r) || unicode.IsControl(r)
}

// tidy reports whether s is ASCII or composed text with single blanks only.
func tidy(s string) bool {
	ascii, last := true, byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f || c == ' ' && last == ' ' {
			return false
		}
		if c >= 0x80 {
			ascii = false
		}
		last = c
	}
	if s != "" && last == ' ' {
		return false
	}
	return ascii || norm.NFC.IsNormalString(s) && strings.IndexFunc(s, func(r rune) bool { return r != ' ' && blank(r) }) < 0
}

// distinct trims the elements of a list and drops empty and repeated ones.
func distinct(list []string) []string {
	seen := make(map[string]bool, len(list))
	out := list[:0]
	for _, s := range list {
		if s = oneLine(s); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func keep[T any](list []T, ok func(T) bool) []T {
	out := list[:0]
	for _, e := range list {
		if ok(e) {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
