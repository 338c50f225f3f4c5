package web

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet"
)

// A part is a piece of running text, with an address where it is one.
type part struct{ Text, URL string }

// linked splits a text at the http and https addresses in it.
func linked(s string) []part {
	var parts []part
	for {
		i, end := address(s)
		if i < 0 {
			return append(parts, part{Text: s})
		}
		if i > 0 {
			parts = append(parts, part{Text: s[:i]})
		}
		parts = append(parts, part{Text: s[i:end], URL: s[i:end]})
		s = s[end:]
	}
}

// address finds the first address in s that may be linked, or returns -1. It
// ends before the punctuation that closes its sentence.
func address(s string) (start, end int) {
	for from := 0; ; {
		i := strings.Index(s[from:], "http")
		if i < 0 {
			return -1, 0
		}
		i += from
		n := strings.IndexFunc(s[i:], endsAddress)
		if n < 0 {
			n = len(s) - i
		}
		raw := strings.TrimRight(s[i:i+n], ".,;:!?'*_")
		if strings.HasSuffix(raw, ")") && !strings.Contains(raw, "(") {
			raw = strings.TrimRight(raw, ").,;:")
		}
		if broadsheet.WebURL(raw) == raw && raw != "" {
			return i, i + len(raw)
		}
		from = i + max(n, len("http"))
	}
}

// endsAddress reports whether r cannot stand in an address as authors write them.
func endsAddress(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"{}[]|\\^`$", r)
}

// paragraphs splits a text at its empty lines.
func paragraphs(s string) []string {
	var ps []string
	for p := range strings.SplitSeq(s, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}

// The front page shows the first sentences of an abstract: it stops at the first
// end of a sentence after passageMin words, and within passageMax in any case.
// What would leave fewer than restMin words is shown whole.
const (
	passageMin = 36
	passageMax = 66
	restMin    = 14
)

// maxListed bounds the bytes of an abstract in a list; real ones have 2 kB. The
// paper's own page has all of it.
const maxListed = 8000

// passage splits an abstract into what the front page shows and the rest, which
// may be empty.
func passage(s string) (first, rest string) {
	s = clip(s, maxListed)
	cut, at, words := 0, 0, 0
	for end := range wordEnds(s) {
		words++
		if endsSentence(s, end) {
			cut, at = end, words
		}
		if at >= passageMin {
			break
		}
		if words == passageMax {
			if at < passageMin/2 {
				return s[:end] + " …", "… " + strings.TrimSpace(s[end:])
			}
			break
		}
	}
	if len(strings.Fields(s[cut:])) < restMin {
		return s, ""
	}
	return s[:cut], strings.TrimSpace(s[cut:])
}

// clip cuts a text to at most max bytes, at a space where there is one.
func clip(s string, max int) string {
	if len(s) <= max {
		return s
	}
	s = strings.ToValidUTF8(s[:max], "")
	if i := strings.LastIndexByte(s, ' '); i > max/2 {
		s = s[:i]
	}
	return s + " …"
}

// wordEnds yields the offsets at which the words of s end.
func wordEnds(s string) iter.Seq[int] {
	return func(yield func(int) bool) {
		inWord := false
		for i, r := range s {
			if unicode.IsSpace(r) && inWord && !yield(i) {
				return
			}
			inWord = !unicode.IsSpace(r)
		}
		if inWord {
			yield(len(s))
		}
	}
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{"e.g.": true, "i.e.": true, "al.": true, "vs.": true, "cf.": true, "w.r.t.": true,
	"resp.": true, "approx.": true, "etc.": true, "Fig.": true, "Eq.": true, "Sec.": true, "Dr.": true, "Prof.": true, "No.": true}

// endsSentence reports whether the word of s that ends at end closes a sentence:
// a stop, then something that may begin the next one.
func endsSentence(s string, end int) bool {
	word := s[strings.LastIndexFunc(s[:end], unicode.IsSpace)+1 : end]
	stop := strings.TrimRight(word, `)"'”’`)
	if stop == "" || !strings.ContainsRune(".!?", rune(stop[len(stop)-1])) {
		return false
	}
	if abbreviations[strings.TrimLeft(stop, "(")] || len(stop) == 2 && unicode.IsUpper(rune(stop[0])) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[end:], " \n\t"))
	return !unicode.IsLower(next)
}
