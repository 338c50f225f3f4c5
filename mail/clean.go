package mail

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet"
)

// clean returns s as one line of at most max bytes: control characters, and what
// turns the direction of text or hides in it, are gone, and blanks are single. It
// looks at no more than a few times max, however long s is.
func clean(s string, max int) string {
	s = printable(head(s, 4*max+64))
	if strings.Contains(s, "  ") || strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f && unicode.IsSpace(r) }) {
		s = strings.Join(strings.Fields(s), " ")
	}
	return cut(strings.TrimSpace(s), max)
}

// head returns the first max bytes of s, without a character cut in two.
func head(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

// printable returns s without what cannot be seen, and with blanks for line ends.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case r == utf8.RuneError || unseen(r):
			return -1
		}
		return r
	}, s)
}

// unseen reports whether r is a control character, or one with which text is made
// to look like other text: the embeddings, overrides and isolates of UAX 9, the
// zero-width ones but for the two joiners that scripts and emoji need, tags, and
// private or unassigned ones.
func unseen(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' '
	case r < 0x300 && r >= 0xa0 && r != 0xad, r == '\u200c' || r == '\u200d':
		return false
	case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

// cut shortens s to at most max bytes, at a blank where there is one nearby, with
// an ellipsis.
func cut(s string, max int) string {
	const ellipsis = "…"
	if len(s) <= max {
		return s
	}
	if max <= len(ellipsis) {
		return ""
	}
	s = head(s, max-len(ellipsis))
	if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
		s = s[:i]
	}
	return strings.TrimRight(s, " .,;:") + ellipsis
}

// cutSentence shortens s likewise, at the end of a sentence where one ends in the
// second half.
func cutSentence(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for _, end := range []string{". ", "。", "? ", "! "} {
		if i := strings.LastIndex(head(s, max), end); i > max/2 {
			return strings.TrimSpace(s[:i+len(end)])
		}
	}
	return cut(s, max)
}

// maxURL bounds an address: longer ones do not fit into a line of a header (RFC
// 5322, section 2.1.1), and ours have some 100 bytes.
const maxURL = 900

// webURL returns s, in ASCII, where it is an address of the web that can stand in a
// mail and in a header, or "".
func webURL(s string) string {
	if len(s) > maxURL || broadsheet.WebURL(s) == "" {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	s = u.String()
	if len(s) > maxURL || strings.IndexFunc(s, notInURL) >= 0 {
		return ""
	}
	return s
}

func notInURL(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"`{}|\\^", r) }
