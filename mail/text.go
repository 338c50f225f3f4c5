package mail

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// columns is the width of the text part: what terminals and quoting leave room for
// (RFC 3676, section 4.2).
const columns = 72

// indent is how far what belongs to a paper stands in.
const indent = "    "

// top writes what stands above the papers of a digest.
func (t *textWriter) top(f frame) {
	t.line(f.Name)
	t.line(strings.Repeat("=", columns))
	t.paragraph(f.Heading, "")
	t.paragraph(strings.Join(f.Facts, " · "), "")
	t.address(f.page+": ", f.URL)
	t.line("")
	for _, note := range f.Notes {
		t.paragraph(note, "")
		t.line("")
	}
}

// item writes a paper behind its number, which takes the place of the indent.
func (t *textWriter) item(it setItem) {
	number := strconv.Itoa(it.kicker.Place) + ". "
	t.WriteString(strings.Repeat(" ", max(0, len(indent)-len(number))) + number)
	t.WriteString(strings.TrimPrefix(it.above, indent))
	if it.kicker.Reason != "" {
		t.paragraph("* "+it.kicker.Reason, indent)
	}
	t.WriteString(it.below)
}

// link writes a link that stands for itself.
func (t *textWriter) link(l link) {
	t.paragraph(l.Text, "")
	t.address("", l.URL)
	t.line("")
}

// noticeText returns the text part of a notice up to the footer.
func (f frame) noticeText() string {
	var t textWriter
	t.line(f.Name)
	t.line(strings.Repeat("=", columns))
	t.line("")
	t.paragraph(f.Heading, "")
	t.line("")
	t.paragraph(f.Text, "")
	t.line("")
	if f.ButtonURL != "" {
		t.paragraph(f.Button+":", "")
		t.address("", f.ButtonURL)
		t.line("")
	}
	t.paragraph(f.Small, "")
	t.line("")
	return t.String()
}

// text returns the end of the text part.
func (f footer) text() string {
	if f.Leave == "" && f.Manage == "" {
		return ""
	}
	var t textWriter
	t.line(strings.Repeat("-", columns))
	if f.Leave != "" {
		t.paragraph(f.because, "")
		t.address(f.leave+": ", f.Leave)
	}
	if f.Manage != "" {
		t.address(f.manage+": ", f.Manage)
	}
	return t.String()
}

type textWriter struct{ strings.Builder }

func (t *textWriter) line(s string) { t.WriteString(s + "\n") }

// title writes a paper's title and authors.
func (t *textWriter) title(s story) {
	t.line(wrapped(s.Title, indent))
	t.paragraph(strings.Join(without(strings.Join(s.Authors, ", "), s.Others), " "), indent)
}

// rest writes what else there is of a paper.
func (t *textWriter) rest(s story) {
	t.paragraph(s.Summary, indent)
	t.paragraph(strings.Join(without(s.Votes, s.Comments), " · "), indent)
	t.address(indent, s.URL)
	if s.CodeURL != "" {
		t.address(indent+s.Code+": ", s.CodeURL)
	}
	t.line("")
}

// without returns the texts that are not empty.
func without(texts ...string) []string {
	var some []string
	for _, s := range texts {
		if s != "" {
			some = append(some, s)
		}
	}
	return some
}

// address writes an address whole, since a broken one is none.
func (t *textWriter) address(before, url string) {
	switch {
	case url == "":
	case before != "" && len(before)+len(url) > columns && strings.TrimSpace(before) != "":
		t.line(strings.TrimRight(before, " "))
		t.line("  " + url)
	default:
		t.line(before + url)
	}
}

func (t *textWriter) paragraph(s, indent string) {
	if s != "" {
		t.line(wrapped(s, indent))
	}
}

// wrapped breaks a text into lines of at most columns, each behind the indent.
func wrapped(s, indent string) string {
	var out strings.Builder
	out.Grow(len(s) + len(s)/8 + columns)
	out.WriteString(indent)
	at, i := len(indent), -1
	for word := range strings.FieldsSeq(s) {
		i++
		w := columnsOf(word)
		if i > 0 && at+1+w <= columns {
			out.WriteByte(' ')
			at++
		} else if i > 0 && at > len(indent) {
			out.WriteString("\n" + indent)
			at = len(indent)
		}
		if at+w <= columns {
			out.WriteString(word)
			at += w
		} else {
			at = writeWord(&out, word, at, indent)
		}
	}
	return out.String()
}

// writeWord writes a word, and breaks it where it is wider than a line: Chinese and
// Japanese have no blanks.
func writeWord(out *strings.Builder, word string, at int, indent string) int {
	for _, r := range word {
		w := runeColumns(r)
		if at+w > columns {
			out.WriteString("\n" + indent)
			at = len(indent)
		}
		out.WriteRune(r)
		at += w
	}
	return at
}

func columnsOf(s string) (n int) {
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// runeColumns returns how wide a character is in a terminal (UAX 11).
func runeColumns(r rune) int {
	if r < utf8.RuneSelf {
		return 1
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}
