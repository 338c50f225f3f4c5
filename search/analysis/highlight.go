package analysis

import (
	"strings"
	"unicode/utf8"
)

// A Span is a part of a text, from byte Start to before byte End.
type Span struct{ Start, End uint32 }

// Highlight returns where the tokens of text stand that match wants, in order and
// apart from each other: what overlaps or touches is one span.
func Highlight(a *Analyzer, text string, match func(Token) bool) []Span {
	a.found = a.Append(a.found[:0], text)
	var spans []Span
	for _, t := range a.found {
		if !match(t) {
			continue
		}
		// Tokens are in order of Start: a Joined form starts with its first word.
		if n := len(spans); n > 0 && t.Start <= spans[n-1].End {
			spans[n-1].End = max(spans[n-1].End, t.End)
		} else {
			spans = append(spans, Span{t.Start, t.End})
		}
	}
	clear(a.found) // its strings belong to a cache that may be emptied
	return spans
}

// Snippet returns the part of text, of so many words, in which most of the spans
// begin. Of several such it takes the beginning of the text, else the beginning of
// a sentence, else the middle one, which shows as much before the spans as after
// them. Words are what blanks divide, and each Chinese, Japanese or Korean
// character is one. The spans are those of Highlight; time is linear in the text.
func Snippet(text string, spans []Span, words int) (from, to int) {
	if words <= 0 {
		return 0, 0
	}
	lo, hi := cursor{text: text}, cursor{text: text}
	lo.forward()
	for range words {
		hi.forward()
	}
	best := plateau{spans: -1}
	for first, last := 0, 0; ; { // spans[first:last] begin between lo and hi
		for last < len(spans) && int(spans[last].Start) < hi.end {
			last++
		}
		for first < last && int(spans[first].Start) < lo.start {
			first++
		}
		best.add(last-first, lo)
		if hi.done() {
			break
		}
		lo.forward()
		hi.forward()
	}
	lo = best.choose()
	hi = lo
	for range words - 1 {
		hi.forward()
	}
	return lo.start, hi.end
}

// A plateau is the first run of neighbouring windows that have the most spans.
type plateau struct {
	spans           int
	windows         int
	over            bool
	first, sentence cursor // windows by their first words; the one of sentence begins one, if there is such
}

func (p *plateau) add(spans int, lo cursor) {
	switch {
	case spans > p.spans:
		*p = plateau{spans: spans, windows: 1, first: lo}
	case spans < p.spans || p.over:
		p.over = true
		return
	default:
		p.windows++
	}
	if p.sentence.index == 0 && lo.startsSentence() {
		p.sentence = lo
	}
}

func (p *plateau) choose() cursor {
	if p.first.index <= 1 {
		return p.first
	}
	if p.sentence.index > 0 {
		return p.sentence
	}
	middle := p.first
	for range p.windows / 2 {
		middle.forward()
	}
	return middle
}

// A cursor stands on a word of a text as a reader counts words. Before the first
// word it stands on nothing.
type cursor struct {
	text       string
	start, end int // of the word
	index      int // its number, from 1
}

// forward goes to the next word and stays on the last one.
func (c *cursor) forward() {
	rest := strings.TrimLeft(c.text[c.end:], blanks)
	if rest == "" {
		return
	}
	c.start = len(c.text) - len(rest)
	c.end = c.start + wordLen(rest)
	c.index++
}

// done reports whether the cursor is on the last word.
func (c *cursor) done() bool { return strings.TrimLeft(c.text[c.end:], blanks) == "" }

// startsSentence reports whether the word before ends a sentence.
func (c *cursor) startsSentence() bool {
	before := strings.TrimRight(c.text[:c.start], blanks)
	r, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(".!?。！？", r)
}

const blanks = " \t\n\v\f\r"

// wordLen returns the length of the word that text begins with.
func wordLen(text string) int {
	for i, r := range text {
		switch {
		case i > 0 && r < utf8.RuneSelf && strings.IndexByte(blanks, byte(r)) >= 0:
			return i
		case isIdeograph(r):
			if i == 0 {
				return utf8.RuneLen(r)
			}
			return i
		}
	}
	return len(text)
}
