package acronym

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A part is a run of letters and digits in a candidate for a long form: a word,
// or one of a compound's words.
type part struct {
	start, end int
	inside     bool // not the first of its compound
}

// maxParts bounds how many parts are looked at.
const maxParts = 2 * maxLongWords

// A candidate is a text in which a long form is looked for.
type candidate struct {
	text  string
	parts [maxParts]part
	n     int
}

// read divides text; of too many parts it keeps the first.
func (c *candidate) read(text string) {
	c.text, c.n = text, 0
	start := -1
	for i, r := range text {
		alnum := isAlnum(r) || isApostrophe(r) && start >= 0
		if alnum && start < 0 {
			start = i
		}
		if !alnum && start >= 0 {
			c.add(start, i)
			start = -1
		}
	}
	if start >= 0 {
		c.add(start, len(text))
	}
}

func (c *candidate) add(start, end int) {
	if c.n < maxParts {
		inside := start > 0 && strings.IndexByte("-/.&+", c.text[start-1]) >= 0
		c.parts[c.n] = part{start, end, inside}
		c.n++
	}
}

func (c *candidate) word(i int) string { return c.text[c.parts[i].start:c.parts[i].end] }

// matchBefore returns the long form at the end of text.
func matchBefore(short, text string) (long string, ok bool) {
	var c candidate
	if c.read(text); c.n == 0 || c.parts[c.n-1].end < len(strings.TrimRight(text, "\"'`*“”‘’,")) {
		return "", false
	}
	first := c.initialsBackward(short)
	if first < 0 || !c.begins(first) {
		first = c.shortest(short)
	}
	if first < 0 || !c.begins(first) || c.isClause(first) {
		return "", false
	}
	long = text[c.parts[first].start:c.parts[c.n-1].end]
	return long, plausible(short, long)
}

// matchAfter returns the long form at the beginning of text, of at most so many
// words. It is all of text unless initials say where it ends.
func matchAfter(short, text string, words int) (long string, ok bool) {
	var c candidate
	if c.read(text); c.n == 0 || c.parts[0].start > 0 || !c.begins(0) {
		return "", false
	}
	last := c.initialsForward(short)
	if last < 0 {
		if c.shortest(short) != 0 || c.isClause(0) {
			return "", false
		}
		last = c.n - 1
	}
	long = text[:c.parts[last].end]
	return long, len(strings.Fields(long)) <= words && plausible(short, long)
}

// begins reports whether a long form can begin with part i.
func (c *candidate) begins(i int) bool {
	return !c.parts[i].inside && !isFunctionWord(c.word(i))
}

// isClause reports whether the parts from first on have a verb or a pronoun,
// whose letters are there by chance.
func (c *candidate) isClause(first int) bool {
	for i := first; i < c.n; i++ {
		switch c.word(i) {
		case "we", "it", "is", "are", "was", "were", "be", "been", "has", "have", "which", "that", "this", "these", "can":
			return true
		}
	}
	return false
}

// plausible holds what Schwartz and Hearst ask at the end: the long form is
// longer than the short one, which is none of its words.
func plausible(short, long string) bool {
	if len(long) <= len(short) {
		return false
	}
	for word := range strings.FieldsSeq(long) {
		if strings.EqualFold(word, short) {
			return false
		}
	}
	return true
}

// initialsBackward returns the part from which on the initials of the parts are
// the characters of short, or -1.
func (c *candidate) initialsBackward(short string) int {
	j := c.n
	for len(short) > 0 {
		r, size := utf8.DecodeLastRuneInString(short)
		if short = short[:len(short)-size]; !isAlnum(r) {
			continue
		}
		for j--; ; j-- {
			if j < 0 {
				return -1
			}
			function := isFunctionWord(c.word(j))
			if begins(c.word(j), r) && !(function && short == "") {
				break
			}
			if !function || j == c.n-1 {
				return -1
			}
		}
	}
	return j
}

// initialsForward returns the part up to which the initials of the parts, from
// the first on, are the characters of short, or -1.
func (c *candidate) initialsForward(short string) int {
	j := -1
	for i, r := range short {
		if !isAlnum(r) {
			continue
		}
		last := i+utf8.RuneLen(r) == len(short)
		for j++; ; j++ {
			if j == c.n {
				return -1
			}
			function := isFunctionWord(c.word(j))
			if begins(c.word(j), r) && !(function && last) {
				break
			}
			if j == 0 || !function {
				return -1
			}
		}
	}
	return j
}

// shortest returns the part with which the shortest long form begins that ends
// with the last part, or -1: the algorithm of Schwartz and Hearst. From right to
// left, each character of short is found in the text as far right as possible,
// the first of them at the beginning of a part.
func (c *candidate) shortest(short string) int {
	last := c.parts[c.n-1]
	at, found := last.end, false
	for len(short) > 0 {
		r, size := utf8.DecodeLastRuneInString(short)
		if short = short[:len(short)-size]; !isAlnum(r) {
			continue
		}
		for {
			if at == 0 {
				return -1
			}
			t, size := utf8.DecodeLastRuneInString(c.text[:at])
			at -= size
			if sameLetter(t, r) && (short != "" || c.partAt(at) >= 0) {
				break
			}
		}
		if !found && at < last.start {
			return -1
		}
		found = true
	}
	return c.partAt(at)
}

// partAt returns the part that starts at a byte of the text, or -1.
func (c *candidate) partAt(at int) int {
	for i, p := range c.parts[:c.n] {
		if p.start == at {
			return i
		}
	}
	return -1
}

// begins reports whether word begins with the character r, or is the number or
// the word that a digit stands for: the 3 of "3D", the 2 of "T2I".
func begins(word string, r rune) bool {
	first, _ := utf8.DecodeRuneInString(word)
	if sameLetter(first, r) {
		return true
	}
	if r < '0' || r > '9' {
		return false
	}
	return strings.EqualFold(word, numbers[r-'0']) ||
		r == '2' && strings.EqualFold(word, "to") || r == '4' && strings.EqualFold(word, "for")
}

var numbers = [10]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// isFunctionWord reports whether short forms often leave the word out.
func isFunctionWord(word string) bool {
	switch len(word) {
	case 1:
		return word == "a" || word == "A"
	case 2, 3, 4:
		var lower [4]byte
		for i := range len(word) {
			lower[i] = word[i] | 0x20
		}
		switch string(lower[:len(word)]) {
		case "an", "as", "at", "by", "in", "of", "on", "or", "to", "and", "for", "its", "our", "the",
			"via", "from", "into", "with":
			return true
		}
	}
	return false
}

func sameLetter(a, b rune) bool {
	return a == b || unicode.ToLower(a) == unicode.ToLower(b)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }
