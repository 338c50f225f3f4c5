package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet"
	"broadsheet/tex"
)

// Normalize brings a record into the form in which papers are kept: composed
// Unicode (NFC), TeX outside mathematics as the characters that it prints, single
// blanks, no control characters, nothing twice in a list, only addresses that a page
// may link to. It does not change what is said, and doing it twice changes nothing
// more.
func Normalize(r *broadsheet.Record) {
	title := r.Title
	for _, s := range []*string{&r.Title, &r.Comments, &r.JournalRef, &r.Venue, &r.TLDR} {
		*s = plain(*s)
	}
	for _, s := range []*string{&r.DOI, &r.License} {
		*s = oneLine(*s)
	}
	r.Abstract = paragraphs(tex.Unicode(paragraphs(r.Abstract)))
	for i := range r.Authors {
		r.Authors[i].Name = person(r.Authors[i].Name)
		r.Authors[i].Affiliation = plain(r.Authors[i].Affiliation)
	}
	// A paper that is known by its title alone is known by the title as it is kept.
	if r.ID.Scheme() == "local" && r.Title != title && r.ID == broadsheet.LocalID(title) {
		r.ID = broadsheet.LocalID(r.Title)
	}
	r.Authors = keep(r.Authors, func(a broadsheet.Author) bool { return a.Name != "" })
	for i, k := range r.Keywords {
		r.Keywords[i] = plain(k)
	}
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

// plain returns s in one line without TeX. White space comes first, since where a
// paragraph ends decides what is mathematics.
func plain(s string) string { return oneLine(tex.Unicode(oneLine(s))) }

// footnote is a number that pointed to an affiliation before a name was cut out of its
// paper: "Ada Example1", "2 Ben Sample". Groups have numbers in their names.
var (
	footnote = regexp.MustCompile(`^\d{1,2} ?(\p{Lu}\p{Ll}*\.? .*)$|^(.* .*\p{Ll}{2})\d{1,2}$`)
	group    = regexp.MustCompile(`(?i)collaboration|team|group|lab|consortium|project`)
)

// person returns a name in plain text. The double hyphen of French double names,
// "Anne--Marie", is written as one; in a text it would be a dash.
func person(name string) string {
	name = plain(strings.ReplaceAll(name, "--", "-"))
	if !strings.ContainsAny(name, "0123456789") || group.MatchString(name) {
		return name
	}
	for m := footnote.FindStringSubmatch(name); m != nil; m = footnote.FindStringSubmatch(name) {
		name = m[1] + m[2] // one in front and one behind
	}
	return name
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
