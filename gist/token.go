package gist

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/tex"
)

// A token is a word of the text.
type token struct {
	start, end int
	key        string
	hash       uint64
	gap        bool // nothing before belongs to the same phrase
	stop       bool // stands in no phrase
	opens      bool // begins a sentence
}

// tokensOf cuts a text into words. Mathematics is none, and parts phrases.
func tokensOf(s string) []token {
	tokens := make([]token, 0, len(s)/6+1)
	maths := tex.Math(s)
	gap, opens := true, true
	for i := 0; i < len(s); {
		if len(maths) > 0 && i >= maths[0][0] {
			i, gap, maths = max(i, maths[0][1]), true, maths[1:]
			continue
		}
		c, n := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(s[i:])
		}
		if !isWordRune(c) {
			gap = gap || c != ' '
			opens = opens || c == '.' || c == '!' || c == '?' || c == '\n'
			i += n
			continue
		}
		end := wordEnd(s, i)
		t := token{start: i, end: end, gap: gap, opens: opens}
		low := strings.ToLower(s[i:end])
		t.stop = end-i < 2 || stopWords[low] || unicode.IsDigit(c) && strings.IndexFunc(low, unicode.IsLetter) < 0 || isAddress(low)
		if !t.stop {
			t.key = stem(low)
			t.hash = uint64(hash(t.key))*0x9E3779B97F4A7C15 + uint64(len(t.key))
		}
		tokens = append(tokens, t)
		i, gap, opens = end, false, false
	}
	return tokens
}

// wordEnd returns the end of the word at i: letters, digits, and single hyphens,
// apostrophes and stops between them.
func wordEnd(s string, i int) int {
	for i < len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			i++
			continue
		}
		c, n := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(c) && !unicode.IsMark(c) {
			after, _ := utf8.DecodeRuneInString(s[i+n:])
			if !strings.ContainsRune("-'’./+", c) || !isWordRune(after) || c == '/' && !strings.HasPrefix(s[i:], "//") {
				return i
			}
		}
		i += n
	}
	return len(s)
}

func isAddress(w string) bool {
	return strings.Contains(w, ".") || strings.HasPrefix(w, "http") || strings.HasPrefix(w, "www")
}

// stem makes one of the forms of a word that an index of keywords would not tell
// apart: singular and plural, with and without a hyphen.
func stem(w string) string {
	w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		w = w[:len(w)-3] + "y"
	case len(w) > 4 && (strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes") || strings.HasSuffix(w, "ches")):
		w = w[:len(w)-2]
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		w = w[:len(w)-1]
	}
	return strings.ReplaceAll(w, "-", " ")
}
