package embed

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxWord is the longest word in bytes. What is longer is data, and is passed over.
	maxWord = 48

	// maxText bounds what is read of one text, in bytes. The longest abstracts have
	// a tenth of it.
	maxText = 1 << 16
)

// folded maps the ASCII letters and digits to what words consist of, and all else to 0.
var folded = func() (t [256]byte) {
	for c := '0'; c <= '9'; c++ {
		t[c] = byte(c)
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = byte(c), byte(c)
	}
	return t
}()

// A scanner cuts a text into words: runs of letters and digits, in lower case and
// without accents. A letter of a script without spaces is a word.
type scanner struct {
	text string
	at   int
	word []byte
}

func (s *scanner) start(text string) {
	if len(text) > maxText {
		text = text[:maxText]
	}
	s.text, s.at = text, 0
}

// next reads the next word into s.word and reports whether there was one.
func (s *scanner) next() bool {
	text, i := s.text, s.at
	for {
		for i < len(text) && folded[text[i]] == 0 && text[i] < utf8.RuneSelf {
			i++
		}
		if i == len(text) {
			s.at = i
			return false
		}
		word := s.word[:0]
		for i < len(text) {
			c := folded[text[i]]
			if c == 0 {
				break
			}
			word = append(word, c)
			i++
		}
		s.word = word
		if i < len(text) && text[i] >= utf8.RuneSelf {
			i = s.wide(i)
		}
		if i < len(text) && text[i] == '\'' && len(s.word) > 0 { // "author's" is about authors
			if j := i + 1; j < len(text) && text[j]|0x20 == 's' && (j+1 == len(text) || folded[text[j+1]] == 0) {
				i = j + 1
			}
		}
		if n := len(s.word); n > 0 && n <= maxWord {
			s.at = i
			return true
		}
	}
}

// wide goes on with a word at a character that is not ASCII, and returns where it ends.
func (s *scanner) wide(i int) int {
	for i < len(s.text) {
		if c := folded[s.text[i]]; c != 0 {
			s.word = append(s.word, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			if len(s.word) > 0 {
				return i
			}
			s.word = utf8.AppendRune(s.word, r)
			return i + n
		case r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
			s.fold(r)
			i += n
		case len(s.word) == 0:
			return i + n
		default:
			return i
		}
	}
	return i
}

// fold appends a letter in lower case, without its accents.
func (s *scanner) fold(r rune) {
	var buf, wide [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], unicode.ToLower(r))
	for _, d := range string(norm.NFKD.Append(wide[:0], buf[:n]...)) {
		if !unicode.IsMark(d) && (unicode.IsLetter(d) || unicode.IsDigit(d)) {
			s.word = utf8.AppendRune(s.word, unicode.ToLower(d))
		}
	}
}
