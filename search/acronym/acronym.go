// Package acronym learns from a collection what its short forms stand for:
// "MoE" is "mixture of experts", because papers say so.
//
// [Append] finds the definitions in a text. A [Builder] counts them over the
// papers of a collection and makes a [Table] of those that can be relied on,
// which answers both ways: [Table.Expand] gives the long forms of a short one,
// [Table.Contract] the short forms of the long ones in a text. A table is kept
// in a file by [Table.WriteTo] and [Read].
//
// The method is that of Schwartz and Hearst, "A simple algorithm for identifying
// abbreviation definitions in biomedical text", PSB 2003, made stricter where
// the prose of other fields misleads it: see [Append].
package acronym

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Pair is a definition as a text has it: both are parts of the text, but for
// the plural s that Short loses ("LLMs").
type Pair struct {
	Short, Long string
}

// The conditions of Schwartz and Hearst for short forms.
const (
	minShort      = 2  // characters
	maxShort      = 10 // characters
	maxShortWords = 2
)

// Bounds of their own for hostile text: what is longer is no definition, and
// with them the time is linear in the text.
const (
	maxShortBytes = 24
	maxLongBytes  = 160
	maxLongWords  = maxShort + 5
)

// maxWords returns how many words the long form of a short form of so many
// characters may have, as Schwartz and Hearst have it.
func maxWords(characters int) int {
	return min(characters+5, 2*characters)
}

// fold returns the key of a short form, under which "MoE" and "moe", "k-NN" and
// "kNN" are one: its letters and digits in lower case.
func fold(short string) string {
	return strings.Map(func(r rune) rune {
		if !isAlnum(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, short)
}

// parseShort returns s without a plural s and the number of its letters and
// digits, if it has the form of a short form: that of Schwartz and Hearst, and
// a capital, since most words in parentheses are just words.
func parseShort(s string) (short string, characters int, ok bool) {
	if len(s) < minShort || len(s) > maxShortBytes {
		return "", 0, false
	}
	words, capitals := 1, 0
	var last rune
	for i, r := range s {
		switch {
		case isAlnum(r):
			characters++
			if unicode.IsUpper(r) {
				capitals++
			}
		case i == 0:
			return "", 0, false
		case r == ' ':
			words++
		case !strings.ContainsRune("-/+&*", r):
			return "", 0, false
		}
		if i+utf8.RuneLen(r) < len(s) {
			last = r
		}
	}
	if strings.HasSuffix(s, "s") && (unicode.IsUpper(last) || unicode.IsDigit(last)) && characters > minShort {
		s, characters = s[:len(s)-1], characters-1
	}
	ok = capitals > 0 && characters >= minShort && characters <= maxShort && words <= maxShortWords
	return s, characters, ok
}

func isAlnum(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
