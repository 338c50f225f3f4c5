package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fields are the names before a colon. Those that ti, abs, au, cat and all are
// short for, and id, are arXiv's (https://info.arxiv.org/help/api/user-manual.html).
var fields = map[string]Field{
	"all": Any, "title": Title, "ti": Title, "abstract": Abstract, "abs": Abstract, "author": Author, "au": Author,
	"cat": category, "category": category, "id": id, "arxiv": id, "doi": id,
	"year": years, "date": years, "votes": votes, "has": has,
}

// maxName is the length of the longest name of a field.
const maxName = len("abstract")

// fieldName returns the name of a field before a colon at the start of s, as
// written, or "". It looks at maxName bytes, so that a row of names is read in
// linear time.
func fieldName(s string) string {
	i := strings.IndexByte(s[:min(len(s), maxName+1)], ':')
	if i < 0 {
		return ""
	}
	if _, known := fields[strings.ToLower(s[:i])]; !known {
		return ""
	}
	return s[:i]
}

// clean returns text with one character for each of a kind: every space is " ", and
// the full-width signs that East Asian keyboards give are the ASCII ones. Control
// and format characters vanish, as those that turn the direction of text; only the
// joiners stay, which are spelling in Persian and Indic scripts. A byte that is no
// UTF-8 becomes a space.
func clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"), unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == '\u200c', r == '\u200d':
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			if !unicode.IsControl(r) {
				b.WriteByte(byte(r))
			}
		case unicode.In(r, unicode.Cc, unicode.Cf):
		case strings.ContainsRune("（）｜：＊＂", r):
			b.WriteByte(byte(r - '（' + '(')) // the block follows ASCII
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isQuote knows the typographic quotes, too, since telephones put them in, and those
// of Chinese, Japanese and European print. Any ends what any began.
func isQuote(r rune) bool {
	return r == '"' || r >= utf8.RuneSelf && strings.ContainsRune("“”„‟«»「」『』《》", r)
}

// isBoundary reports whether a word cannot go on with s.
func isBoundary(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s == "" || r == ' ' || r == '(' || r == ')' || isQuote(r)
}

// quote returns the index of the first quote in s, or len(s).
func quote(s string) int { return index(s, "") }

// word returns the beginning of s up to a boundary.
func word(s string) string { return s[:index(s, " ()")] }

// index returns the index of the first quote in s, or character of chars, or len(s).
// It goes no further, since it is asked again for what follows. A backslash makes of
// '"' an accent.
func index(s, chars string) int {
	for i, r := range s {
		if r == '"' && i > 0 && s[i-1] == '\\' {
			continue
		}
		if isQuote(r) || strings.ContainsRune(chars, r) {
			return i
		}
	}
	return len(s)
}

// operator returns the operator at the start of s, or "".
func operator(s string) string {
	if s == "" || !strings.ContainsRune("OAN|", rune(s[0])) {
		return ""
	}
	bars := len(s) - len(strings.TrimLeft(s, "|"))
	for _, op := range []string{"OR", "AND", "NOT", "ANDNOT", s[:bars]} {
		if op != "" && strings.HasPrefix(s, op) && isBoundary(s[len(op):]) {
			return op
		}
	}
	return ""
}

// hasContent reports whether s has something that could be looked for. Symbols
// beyond ASCII are names ("∞"); those of ASCII are punctuation.
func hasContent(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || r >= utf8.RuneSelf && unicode.IsSymbol(r)
	})
}

// cut returns the beginning of s in at most n bytes, in whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
