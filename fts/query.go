package fts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A term is one thing that a question asks for: a word, or words that follow each
// other.
type term struct {
	words  []string // letters, digits and marks only
	quoted bool     // it must be there, whatever else is relaxed
	prefix bool     // the last word may go on
	not    bool     // it must not be there
}

// FTS5 cannot be interrupted while it looks for the next match, so what one
// question can cost is bounded by its size: the worst known, phrases of "a" and
// "the" that nobody wrote, takes some 3 s among 400,000 papers.
const (
	maxWords     = 64 // of a whole question; the rest is ignored
	maxPhrase    = 16 // of one term; what follows them is ignored
	minPrefixLen = 3  // bytes; "s*" would read a tenth of the index
)

// functionWords carry the grammar of an English question rather than its subject.
const functionWords = " a about an and are as at be by can do does for from has have how in into is it its of on or " +
	"that the their there these this to was were what when where which who why will with "

// parse reads a question: words, "exact phrases", -word, -"phrase" and prefix*.
// Everything else is plain words, divided as the tokenizer would: "GPT-4" asks for
// "gpt" followed by "4". A phrase that is not closed goes on to the end, as in a
// question that is still being typed. What has no word in it is dropped.
func parse(text string) []term {
	text = strings.ToValidUTF8(text, " ")
	var terms []term
	left := maxWords
	for left > 0 {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			break
		}
		var t term
		var raw string
		if rest, ok := strings.CutPrefix(text, "-"); ok {
			t.not, text = true, rest
		}
		if r, size := utf8.DecodeRuneInString(text); isQuote(r) {
			t.quoted = true
			raw, text = cut(text[size:], isQuote)
			_, size = utf8.DecodeRuneInString(text)
			text = text[size:]
		} else {
			raw, text = cut(text, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) })
		}
		var cost int
		t.words, cost = split(raw, min(left, maxPhrase))
		left -= cost
		if len(t.words) > 0 {
			t.prefix = !t.quoted && strings.HasSuffix(raw, "*") && len(t.words[len(t.words)-1]) >= minPrefixLen
			if !slices.ContainsFunc(terms, t.equal) {
				terms = append(terms, t)
			}
		}
	}
	return terms
}

// isQuote knows the typographic quotes, too, since telephones put them in.
func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' }

// cut divides s before the first character for which f is true.
func cut(s string, f func(rune) bool) (before, after string) {
	if i := strings.IndexFunc(s, f); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// split returns the words of s in lower case until they cost limit. A word costs
// 1, and 1 more for each time it goes back from other letters to ASCII: the
// tokenizer knows an older Unicode than we do, and must not find many common
// words where we count one.
func split(s string, limit int) (words []string, cost int) {
	var word strings.Builder
	ascii := true
	end := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			end()
			continue
		}
		if word.Len() == 0 || r < utf8.RuneSelf && !ascii {
			if cost == limit {
				break
			}
			cost++
		}
		ascii = r < utf8.RuneSelf
		word.WriteRune(r)
	}
	end()
	return words, cost
}

// equal reports whether one of t and u says all.
func (t term) equal(u term) bool {
	return t.quoted == u.quoted && t.not == u.not && t.String() == u.String()
}

// content reports whether t says something of the subject.
func (t term) content() bool {
	return t.quoted || t.prefix || len(t.words) > 1 || !strings.Contains(functionWords, " "+t.words[0]+" ")
}

// String returns the term in the language of FTS5. Words hold no quote, and no
// input stands outside of quotes.
func (t term) String() string {
	s := `"` + strings.Join(t.words, " ") + `"`
	if t.prefix {
		s += "*"
	}
	return s
}

// A question is what parse found, by what is to be done with it.
type question struct {
	all    []term // must be there
	quoted []term // those of all that were quoted
	words  []term // the others
	not    []term // must not be there
}

func newQuestion(text string) (q question) {
	for _, t := range parse(text) {
		switch {
		case t.not:
			q.not = append(q.not, t)
			continue
		case t.quoted:
			q.quoted = append(q.quoted, t)
		default:
			q.words = append(q.words, t)
		}
		q.all = append(q.all, t)
	}
	return q
}

// content returns the words about the subject, or all when none is.
func (q question) content() []term {
	var words []term
	for _, t := range q.words {
		if t.content() {
			words = append(words, t)
		}
	}
	if len(words) == 0 {
		return q.words
	}
	return words
}

// every returns the expression for papers with all of the terms. Side by side,
// FTS5 passes over a term in which its tokenizer finds no word; after AND it would
// find nothing.
func (q question) every() string { return q.without(join(q.all, " ")) }

// titles is every, but with all terms in the title.
func (q question) titles() string { return q.without("title : (" + join(q.all, " ") + ")") }

// any returns the expression for papers with all that was quoted and any of words.
func (q question) any(words []term) string {
	s := "(" + join(words, " OR ") + ")"
	if len(q.quoted) > 0 {
		s = "(" + join(q.quoted, " ") + ") AND " + s
	}
	return q.without(s)
}

func (q question) without(s string) string {
	if len(q.not) == 0 {
		return s
	}
	return "(" + s + ") NOT (" + join(q.not, " OR ") + ")"
}

func join(terms []term, sep string) string {
	s := make([]string, len(terms))
	for i, t := range terms {
		s[i] = t.String()
	}
	return strings.Join(s, sep)
}
