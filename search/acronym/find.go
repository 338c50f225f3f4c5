package acronym

import (
	"strings"
	"unicode/utf8"
)

// Append appends the definitions in text, a title or an abstract, in its order.
//
// A definition is "long form (SF)" or "SF (long form)", in one sentence. The
// characters of the short form must be found in the long one in their order,
// the first of them at the beginning of its first word. Of the long forms for
// which this holds, one is preferred whose words begin with the characters,
// function words left out or not and digits read as numbers ("T2I", "3D"), else
// the shortest, as Schwartz and Hearst take it. Beyond their conditions, the
// last word must have its part in the short form, the first be no function word
// and the rest of a compound ("non-linear programming") no beginning.
//
// It takes time linear in the text, and memory for dst only.
func Append(dst []Pair, text string) []Pair {
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '(')
		if i < 0 {
			return dst
		}
		open := at + i
		at = open + 1
		// Without a blank before it, it is an application: f(x), SO(3).
		if open == 0 || !isBlank(text[open-1]) {
			continue
		}
		inner, ok := parenthesised(text[open+1:])
		if !ok {
			continue
		}
		if p, ok := define(text[:open], inner); ok {
			dst = append(dst, p)
		}
	}
}

// parenthesised returns what stands before the closing parenthesis, up to a
// semicolon ("MoE; Jacobs et al., 1991").
func parenthesised(s string) (inner string, ok bool) {
	s = s[:min(len(s), maxLongBytes)]
	end := strings.IndexAny(s, "();")
	if end < 0 || s[end] == '(' {
		return "", false
	}
	return trimQuotes(s[:end]), true
}

// define returns the definition that "before (inner)" is.
func define(before, inner string) (Pair, bool) {
	short, _, _ := strings.Cut(inner, ",")
	if short, n, ok := parseShort(trimQuotes(short)); ok {
		candidate := lastWords(before, maxWords(n))
		if long, ok := matchBefore(short, candidate); ok {
			return singular(short, long), true
		}
	}
	short, n, ok := parseShort(trimQuotes(lastWord(before)))
	if !ok || strings.ContainsAny(inner, unlikely) {
		return Pair{}, false
	}
	if long, ok := matchAfter(short, inner, maxWords(n)); ok {
		return singular(short, long), true
	}
	return Pair{}, false
}

// singular takes the s off "ConvNets", convolutional networks, too.
func singular(short, long string) Pair {
	if len(short) > minShort && strings.HasSuffix(short, "s") && strings.HasSuffix(long, "s") {
		short = short[:len(short)-1]
	}
	return Pair{short, long}
}

// unlikely are characters of formulas, markup and other parentheses.
const unlikely = `()[]{}\$=<>|^_`

// lastWords returns at most n words at the end of s, all of the last sentence,
// in at most maxLongBytes.
func lastWords(s string, n int) string {
	end := len(s)
	for end > 0 && isBlank(s[end-1]) {
		end--
	}
	start, limit := end, max(0, end-maxLongBytes)
	for at := end; n > 0 && at > limit; n-- {
		word := wordBefore(s[limit:at])
		if cut := at-len(word) == limit && limit > 0; cut || word == "" || strings.ContainsAny(word, unlikely) || endsSentence(word) {
			break
		}
		at -= len(word)
		start = at
		for at > 0 && isBlank(s[at-1]) {
			at--
		}
	}
	return s[start:end]
}

// lastWord returns the last word of s, blanks after it left out.
func lastWord(s string) string {
	s = s[max(0, len(s)-maxLongBytes):]
	return wordBefore(strings.TrimRight(s, blanks))
}

// wordBefore returns what stands between the last blank of s and its end.
func wordBefore(s string) string {
	return s[strings.LastIndexAny(s, blanks)+1:]
}

const blanks = " \t\n\r"

func isBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// endsSentence reports whether a definition cannot go on beyond the word. "S."
// is an initial.
func endsSentence(word string) bool {
	word = trimQuotes(word)
	if word == "" {
		return false
	}
	switch word[len(word)-1] {
	case '!', '?', ';', ':':
		return true
	case '.':
		return utf8.RuneCountInString(word) > 2
	}
	return false
}

func trimQuotes(s string) string {
	return strings.Trim(s, " \t\n\r\"'`*“”‘’")
}
