package gist

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/tex"
)

// A Span is a piece of a text: bytes of UTF-8 from Start up to End.
type Span struct{ Start, End int }

// Of returns the piece of s.
func (p Span) Of(s string) string { return s[p.Start:p.End] }

// trim returns the span without the white space at its ends.
func (p Span) trim(s string) Span {
	t := strings.TrimRightFunc(p.Of(s), unicode.IsSpace)
	p.End = p.Start + len(t)
	p.Start += len(t) - len(strings.TrimLeftFunc(t, unicode.IsSpace))
	return p
}

// Sentences cuts a text into its sentences. The spans follow each other without a
// gap and are all of the text; white space belongs to the sentence before it.
//
// A sentence ends at a full stop, a question mark or an exclamation mark with white
// space and no small letter behind, and at an empty line. It does not end within
// mathematics or short parentheses, nor at an abbreviation, an initial, or the
// number of an item.
func Sentences(s string) []Span {
	c := cutter{s: s, maths: tex.Math(s)}
	for i := 0; i < len(s); {
		i = c.step(i)
	}
	if c.start < len(s) {
		c.spans = append(c.spans, Span{c.start, len(s)})
	}
	return c.spans
}

// A cutter is the state of cutting one text.
type cutter struct {
	s      string
	maths  [][2]int
	start  int // of the sentence being read
	within int // end of the parentheses being read
	spans  []Span
}

// maxAside bounds the parentheses that no sentence ends in; longer ones hold
// sentences, or were never closed.
const maxAside = 250

// step reads what stands at i and returns where to go on.
func (c *cutter) step(i int) int {
	if len(c.maths) > 0 && c.maths[0][0] == i {
		end := c.maths[0][1]
		c.maths = c.maths[1:]
		return end
	}
	switch b := c.s[i]; {
	case b == '\n' && strings.HasPrefix(c.s[i:], "\n\n"):
		return c.cut(i)
	case b == '(':
		if n := strings.IndexByte(c.s[i:min(len(c.s), i+maxAside)], ')'); n > 0 && !strings.Contains(c.s[i:i+n], "\n\n") {
			c.within = i + n
		}
	case (b == '.' || b == '!' || b == '?') && i >= c.within:
		return c.stop(i)
	case b == 0xE3 && strings.HasPrefix(c.s[i:], "。"):
		return c.cut(i + len("。"))
	}
	return i + 1
}

// cut ends a sentence at i and what white space follows.
func (c *cutter) cut(i int) int {
	for i < len(c.s) {
		r, n := utf8.DecodeRuneInString(c.s[i:])
		if !unicode.IsSpace(r) {
			break
		}
		i += n
	}
	if strings.TrimSpace(c.s[c.start:i]) == "" {
		return i // a text may begin with white space
	}
	c.spans = append(c.spans, Span{c.start, i})
	c.start = i
	return i
}

// stop decides about the mark at i.
func (c *cutter) stop(i int) int {
	end := i + 1
	for end < len(c.s) {
		r, n := utf8.DecodeRuneInString(c.s[end:])
		if !strings.ContainsRune(`.!?)]"'”’`, r) {
			break
		}
		end += n
	}
	next, n := utf8.DecodeRuneInString(c.s[end:])
	if n == 0 {
		return end
	}
	if !unicode.IsSpace(next) {
		return end
	}
	rest := strings.TrimLeftFunc(c.s[end:], unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLower(first) || strings.ContainsRune(",;:)", first) {
		return end
	}
	if c.s[i] == '.' && end == i+1 && c.continues(i, rest) {
		return end
	}
	return c.cut(end)
}

// abbreviations are words whose full stop ends no sentence, in lower case. Behind
// those of the second list a sentence may end, if a word that begins one follows.
var (
	abbreviations = set(`e.g i.e vs cf w.r.t resp viz ca fig figs eq eqs sec secs sect ref refs tab thm prop def cor lem alg vol ch
		no nos pp dr prof mr mrs ms st approx a.k.a al eg ie incl esp i.i.d s.t cit op ed eds phys rev lett proc conf univ dept arxiv`)
	perhaps = set(`etc inc ltd co corp u.s u.k u.s.a e.u ph.d d.c jr sr a.m p.m i.i.d dept est`)
)

// starters begin sentences, and seldom names.
var starters = set(`we the this these those that in our it its here however to for a an as at by on from with while when if
	although moreover furthermore finally first second third then thus hence therefore additionally also both such there they
	using based through specifically experiments extensive results code one two three each all many most despite since after`)

// continues reports whether the full stop at i belongs to its word.
func (c *cutter) continues(i int, rest string) bool {
	from := strings.LastIndexFunc(c.s[c.start:i], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`([{"“‘~`, r) })
	word := c.s[c.start:i]
	if from >= 0 {
		_, n := utf8.DecodeRuneInString(word[from:])
		word = word[from+n:]
	}
	low := strings.ToLower(word)
	next := strings.ToLower(rest[:wordLen(rest)])
	switch {
	case abbreviations[low] && low != "i.i.d":
		return true
	case perhaps[low]:
		return !starters[next]
	case utf8.RuneCountInString(word) == 1 && unicode.IsUpper([]rune(word)[0]), initials(word):
		return !starters[next]
	case strings.TrimSpace(c.s[c.start:i]) == word && len(word) <= 3 && strings.Trim(word, "0123456789ivxIVX") == "":
		return true // 1. The first item
	}
	return false
}

// initials reports whether a word is like J.R or A.-L, before its last full stop.
func initials(word string) bool {
	if len(word) < 3 || len(word) > 8 || !strings.Contains(word, ".") {
		return false
	}
	return strings.IndexFunc(word, func(r rune) bool { return r != '.' && r != '-' && !unicode.IsUpper(r) }) < 0
}

// wordLen returns the length of the letters at the start of s.
func wordLen(s string) int {
	if n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); n >= 0 {
		return n
	}
	return len(s)
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
