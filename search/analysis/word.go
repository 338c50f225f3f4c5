package analysis

import (
	"bytes"
	"unicode/utf8"
)

// A building is a word while it is read.
type building struct {
	start, end int // in the text
	runes      int // in the clean word
	last       kind
}

// word reads the word at byte i or at the first byte after it that is not for
// nothing, puts its tokens, and leaves it in s.clean: without TeX, with accents
// composed and compatibility forms resolved, its case kept. It returns where to
// go on, and whether there was a word.
func (s *scanner) word(i int) (next int, ok bool) {
	i, c := s.first(i)
	b := building{start: i, end: c.end}
	s.clean = s.clean[:0]
	switch c.kind {
	case letter, digit, raised:
		s.rest(&b, i)
	case command:
		s.clean = append(s.clean, s.text[i+1:min(c.end, i+1+MaxRunes)]...)
	case ideograph:
		return i, false
	default:
		return c.end, false
	}
	s.put(s.lookupBytes(s.clean), b.start, b.end)
	return b.end, true
}

// first returns the first character from byte i on that is for something, and
// where it is: a divider at the end of the text.
func (s *scanner) first(i int) (at int, c char) {
	for i < len(s.text) {
		if c = s.next(i); c.kind != nothing && c.kind != mark {
			return i, c
		}
		i = c.end
	}
	return i, char{kind: divider, end: i}
}

// rest reads a word from its first letter at byte i on.
func (s *scanner) rest(b *building, i int) {
	for more := true; more && i < len(s.text); {
		if c := s.next(i); c.kind == nothing {
			i = c.end
		} else {
			i, more = s.extend(b, i, c)
		}
	}
}

// extend puts the character at byte i at the end of the word, unless the word is
// over before it or with it. It returns where to go on.
func (s *scanner) extend(b *building, i int, c char) (end int, more bool) {
	switch c.kind {
	case letter:
	case digit:
		if b.last == letter && s.text[i-1] == '$' { // US$100
			return i, false
		}
	case raised:
		if b.last == digit { // 10⁵
			return i, false
		}
	case mark:
		s.mark(b, c)
		return c.end, true
	case apostrophe:
		if b.last != letter || c.end == len(s.text) || s.next(c.end).kind != letter {
			return i, false
		}
		c.r = '\''
	case sign:
		return s.sign(b, i, c)
	default:
		return i, false
	}
	s.add(b, c)
	return c.end, true
}

// add appends a character to the word.
func (s *scanner) add(b *building, c char) {
	if b.runes < MaxRunes {
		s.clean = append(utf8.AppendRune(s.clean, c.r), c.more...)
	}
	b.runes++
	b.end, b.last = c.end, c.kind
}

// mark puts a combining mark on the last letter.
func (s *scanner) mark(b *building, c char) {
	if b.runes < MaxRunes {
		s.clean = appendMark(s.clean, c.r)
	}
	b.runes++
	b.end = c.end
}

// sign extends the word by a sign, and by what the sign joins to it, where they
// belong to it.
func (s *scanner) sign(b *building, i int, c char) (end int, more bool) {
	switch c.r {
	case '.':
		if b.last != digit || !isDigit(s.at(c.end)) {
			return i, false
		}
	case ',':
		if !s.thousands(b, c.end) {
			return i, false
		}
	case '+':
		if s.text[i] != '+' || s.at(i+1) != '+' || s.at(i+2) == '+' {
			return i, false
		}
		s.add(b, char{kind: sign, r: '+', more: "+", end: i + 2})
		return i, false
	case '#':
		if b.runes == 1 && b.last == letter && after[s.at(c.end)] != alnum {
			s.add(b, c)
		}
		return i, false
	case '_', '^':
		return s.script(b, i, c.end)
	default:
		return i, false
	}
	s.add(b, c)
	return c.end, true
}

// thousands reports whether the comma before byte i divides a number's digits by
// threes.
func (s *scanner) thousands(b *building, i int) bool {
	if b.last != digit || !isDigit(s.at(i)) || !isDigit(s.at(i+1)) || !isDigit(s.at(i+2)) || after[s.at(i+3)] == alnum {
		return false
	}
	before := s.clean[bytes.LastIndexByte(s.clean, ',')+1:]
	for _, d := range before {
		if !isDigit(d) {
			return false
		}
	}
	return len(before) <= 3
}

const (
	// maxIndex is the length of what may be raised or lowered and belong to the
	// word before: the i and j of x_ij, the th of n^th. It is bound to words no
	// longer than that, since an underscore also joins whole words.
	maxIndex = 2

	// maxIndexDigits is the same for numbers after any word: C_60, top_100.
	maxIndexDigits = 4
)

// script extends the word by what is raised or lowered before byte i, from i on in
// braces or alone. at is where its sign stands.
func (s *scanner) script(b *building, at, i int) (end int, more bool) {
	braced := s.at(i) == '{'
	if braced {
		i++
	}
	var group [maxIndexDigits]char
	n, digits := 0, true
	for i < len(s.text) {
		c := s.next(i)
		if c.kind != letter && c.kind != digit {
			break
		}
		if n == len(group) {
			return at, false
		}
		group[n], i = c, c.end
		n++
		digits = digits && c.kind == digit
	}
	if braced {
		if s.at(i) != '}' {
			return at, false
		}
		i++
	}
	fits := digits && b.last == letter || n <= maxIndex && b.runes <= maxIndex
	if n == 0 || !fits || digits && b.last == digit {
		return at, false
	}
	for _, c := range group[:n] {
		s.add(b, c)
	}
	b.end = i
	return i, true
}

// seam reports whether the word that ends at byte i and another one are joined,
// and where that begins.
func (s *scanner) seam(i int) (next int, ok bool) {
	i, c := s.skip(i)
	switch {
	case c.kind == hyphen:
		i = s.dash(i, c.end)
	case c.kind != sign:
		return i, false
	case c.r == '_' && s.at(c.end) != '{':
		i = c.end
	case c.r == '.' && len(s.clean) == 1 && isLetter(s.clean[0]): // U.S.
		if i = c.end; !isLetter(s.at(i)) || after[s.at(i+1)] == alnum {
			return i, false
		}
	case c.r == '&' && len(s.clean) <= 2: // R&D, AT&T
		i = c.end
	default:
		return i, false
	}
	_, c = s.skip(i)
	return i, c.kind == letter || c.kind == digit || c.kind == command
}

// dash returns the end of a hyphen that stands from byte i to end: of two, which
// are TeX's dash between names, and of the line's end behind it.
func (s *scanner) dash(i, end int) int {
	if s.text[i] == '-' && s.at(end) == '-' {
		end++
	}
	next := end
	if s.at(next) == '\r' {
		next++
	}
	if s.at(next) != '\n' {
		return end
	}
	for next++; s.at(next) == ' ' && next-end < maxSkipped; next++ {
	}
	return next
}

// maxSkipped bounds what stands between a word and its hyphen, of braces and
// dollars, and the blanks at a line's beginning.
const maxSkipped = 16

// skip returns the first character from byte i on that is for something, and
// where it is.
func (s *scanner) skip(i int) (at int, c char) {
	for range maxSkipped {
		if i >= len(s.text) {
			return i, char{kind: divider, end: i}
		}
		if c = s.next(i); c.kind != nothing {
			break
		}
		i = c.end
	}
	return i, c
}
