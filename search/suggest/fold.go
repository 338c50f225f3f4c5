package suggest

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// A class says what a character does to the words around it.
type class uint8

const (
	gap    class = iota // ends a word
	letter              // belongs to a word; digits and numbers, too
	mute                // within a word, but not of it: apostrophes, marks, TeX accents
	lone                // a word of its own: scripts that are written without spaces
	sign                // belongs to the word that it ends, as in C++ and C#
)

// ascii has the class of each ASCII character.
var ascii = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		if r := rune(c); unicode.IsLetter(r) || unicode.IsDigit(r) {
			t[c] = letter
		}
	}
	t['\''], t['`'], t['}'] = mute, mute, mute
	t['+'], t['#'] = sign, sign
	return t
}()

// classify returns the class and the width in bytes of what text begins with.
// Bytes that are not UTF-8 are gaps.
func classify(text []byte) (class, int) {
	if c := text[0]; c < utf8.RuneSelf {
		if c == '\\' || c == '{' {
			if n := texAccent(text); n > 0 {
				return mute, n
			}
		}
		return ascii[c], 1
	}
	r, width := utf8.DecodeRune(text)
	switch {
	case r == '’' || r == '‘' || r == 'ʼ' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return mute, width
	case r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return lone, width
	case r == utf8.RuneError:
		return gap, width
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r):
		return letter, width
	}
	return gap, width
}

// texAccent returns the length of the TeX accent that text begins with, as in
// Schr\"odinger, Andr\'{e} and Poincar{\'e}, or 0.
func texAccent(text []byte) int {
	n := 0
	if text[0] == '{' {
		n = 1
	}
	if len(text) < n+2 || text[n] != '\\' {
		return 0
	}
	switch text[n+1] {
	case '"', '\'', '`', '^', '~', '=', '.':
	default:
		return 0
	}
	if n += 2; n < len(text) && text[n] == '{' {
		n++
	}
	return n
}

// nextWord returns where the first word at or after i begins and ends; both are
// len(text) when there is none. A word begins with a letter, so that the words of
// a text from there on are those of the whole text from there on.
func nextWord(text []byte, i int) (start, end int) {
	for width := 0; i < len(text); i += width {
		var c class
		if c, width = classify(text[i:]); c == letter || c == lone {
			return i, wordEnd(text, i+width, c)
		}
	}
	return len(text), len(text)
}

// wordEnd returns where the word ends whose first character, of class c, ends at i.
func wordEnd(text []byte, i int, c class) int {
	for i < len(text) {
		next, width := classify(text[i:])
		if next != mute && (next != letter || c == lone) {
			break
		}
		i += width
	}
	j := i
	for j < len(text) && ascii[text[j]&0x7f] == sign && text[j] < utf8.RuneSelf {
		j++
	}
	if j < len(text) {
		// "CNN+LSTM" is two words, "C++ code" begins with a sign that counts.
		if next, _ := classify(text[j:]); next == letter || next == lone {
			return i
		}
	}
	return j
}

// appendWord appends the folded form of a word.
func appendWord(dst, word []byte) []byte {
	for i := 0; i < len(word); {
		c, width := classify(word[i:])
		if b := word[i]; c == mute {
			// Nothing is to be typed for it.
		} else if b < utf8.RuneSelf {
			dst = append(dst, lower(b))
		} else {
			r, _ := utf8.DecodeRune(word[i:])
			dst = appendFolded(dst, r)
		}
		i += width
	}
	return dst
}

// appendKey appends the folded words of text, each followed by a space, and stops
// at the end of a word when dst has limit bytes.
func appendKey(dst, text []byte, limit int) []byte {
	for end := 0; len(dst) < limit; {
		var start int
		if start, end = nextWord(text, end); start == len(text) {
			break
		}
		dst = append(appendWord(dst, text[start:end]), ' ')
	}
	return dst
}

// prefixKey returns what the keys of texts begin with that begin with what was
// typed. The last word may go on unless something that ends it was typed.
func prefixKey(dst, typed []byte) []byte {
	dst = appendKey(dst, typed, len(typed)*utf8.UTFMax+1)
	for end := 0; end < len(typed); {
		var start int
		if start, end = nextWord(typed, end); end == len(typed) && start < end {
			return dst[:len(dst)-1]
		}
	}
	return dst
}

// Fold returns the form in which texts are compared: lower case, accents, marks
// and apostrophes dropped, ligatures and the variants of digits resolved, and one
// space for anything else between words. The words of Chinese and Japanese are
// single characters. A sign that ends a word stays: "C++".
func Fold(text string) string {
	key := appendKey(nil, []byte(text), len(text)*utf8.UTFMax+1)
	return string(key[:max(len(key)-1, 0)])
}

// Words yields the words of a text in lower case, accents kept: what to add as
// entries of kind [Word].
func Words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		b := []byte(text)
		for end := 0; ; {
			var start int
			if start, end = nextWord(b, end); start == len(b) || !yield(string(appendLower(nil, b[start:end]))) {
				return
			}
		}
	}
}

// appendLower appends a word in lower case without its mute characters, marks
// excepted.
func appendLower(dst, word []byte) []byte {
	for i := 0; i < len(word); {
		c, width := classify(word[i:])
		r, _ := utf8.DecodeRune(word[i:])
		if c != mute || unicode.Is(unicode.Mn, r) {
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
		i += width
	}
	return dst
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}
