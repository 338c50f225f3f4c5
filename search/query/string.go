package query

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// String returns the canonical text of q. A tree that no text has, as that of a word
// with a space in it, becomes a text of similar meaning.
func (q Query) String() string {
	var b strings.Builder
	write(&b, q.Root, 0)
	return b.String()
}

// How strongly lists hold their members together. A list stands in parentheses where
// it is held as strongly by what is around it.
const (
	weakest = iota
	byOr
	byAnd
	bySide
	byNot
)

func write(b *strings.Builder, n Node, around int) {
	switch n := n.(type) {
	case Or:
		writeList(b, n, " OR ", byOr, around)
	case And:
		writeList(b, n, " AND ", byAnd, around)
	case Words:
		writeList(b, n, " ", bySide, around)
	case Not:
		b.WriteByte('-')
		write(b, n.Node, byNot)
	case Word:
		b.WriteString(n.Field.prefix() + bareOrQuoted(n.Text))
		if n.Prefix {
			b.WriteByte('*')
		}
	case Phrase:
		b.WriteString(n.Field.prefix() + quoted(n.Text))
		if n.Slop > 0 {
			b.WriteString("~" + strconv.Itoa(n.Slop))
		}
	case Category:
		b.WriteString("cat:" + bareOrQuoted(n.Pattern))
	case ID:
		if doi, ok := strings.CutPrefix(n.Text, "doi:"); ok {
			b.WriteString("doi:" + bareOrQuoted(doi))
		} else {
			b.WriteString("id:" + bareOrQuoted(n.Text))
		}
	case Range:
		b.WriteString(n.text())
	case Has:
		if int(n) < len(things) {
			b.WriteString("has:" + things[n])
		}
	}
}

func writeList(b *strings.Builder, nodes []Node, op string, by, around int) {
	if around >= by {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(op)
		}
		write(b, n, by)
	}
}

// prefix returns the name of a field of text with its colon.
func (f Field) prefix() string {
	switch f {
	case Title:
		return "title:"
	case Abstract:
		return "abstract:"
	case Author:
		return "author:"
	}
	return ""
}

// bareOrQuoted returns s as it is where it reads as one word, else as a phrase.
func bareOrQuoted(s string) string {
	if s == "" || word(s) != s || operator(s) != "" || fieldName(s) != "" ||
		strings.ContainsAny(s[:1], "+-*") || strings.HasSuffix(s, ":") {
		return quoted(s)
	}
	return s
}

// quoted returns s as a phrase.
func quoted(s string) string {
	for i := quote(s); i < len(s); i = quote(s) {
		s = s[:i] + " " + strings.TrimLeftFunc(s[i:], isQuote)
	}
	return `"` + strings.TrimRight(s, `\`) + `"`
}

// text returns the range as it is typed.
func (r Range) text() string {
	name, low, high := "votes:", strconv.FormatInt(r.From, 10), strconv.FormatInt(r.To, 10)
	if r.Column == Date {
		name, low, high = r.dates()
	}
	switch {
	case r.From == math.MinInt64 && r.To == math.MaxInt64:
		return ""
	case r.From == math.MinInt64:
		return name + "<=" + high
	case r.To == math.MaxInt64:
		return name + ">=" + low
	case low == high:
		return name + low
	}
	return name + low + ".." + high
}

// dates returns the bounds as years where both begin and end one, or else as months,
// or else as days. An open end begins and ends everything.
func (r Range) dates() (name, low, high string) {
	const secondsOfDay = 24 * 60 * 60
	from, to := time.Unix(0, 0).UTC(), time.Unix(-secondsOfDay, 0).UTC() // a year begins; a year has ended
	if r.From != math.MinInt64 {
		from = time.Unix(r.From*secondsOfDay, 0).UTC()
	}
	if r.To != math.MaxInt64 {
		to = time.Unix(r.To*secondsOfDay, 0).UTC()
	}
	name, layout := "date:", time.DateOnly
	if next := to.AddDate(0, 0, 1); from.Day() == 1 && next.Day() == 1 {
		layout = "2006-01"
		if from.Month() == time.January && next.Month() == time.January {
			name, layout = "year:", "2006"
		}
	}
	return name, from.Format(layout), to.Format(layout)
}
