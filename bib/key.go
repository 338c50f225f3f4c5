package bib

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet"
)

// maxPart bounds the letters of a name or a word in a key.
const maxPart = 40

// Key returns the BibTeX citation key of a paper, such as tang2022need: the
// first author's family name, the year of the first version, and the first word
// of the title that means something, in ASCII letters and digits. It depends on
// nothing else, so a paper keeps its key; two papers may share one (a Writer then
// adds a letter to the later one).
func Key(p broadsheet.Paper) string {
	who := "anon"
	if len(p.Authors) > 0 {
		if w := authorWord(parseName(clean(p.Authors[0].Name))); w != "" {
			who = w
		}
	}
	year := "nd" // no date
	if d := dateOf(&p); d != "" {
		year = strconv.Itoa(d.Year())
	}
	what := titleWord(p.Title)
	if what == "" { // a title in another script
		what = short(strings.ReplaceAll(fold(p.ID.Local()), " ", ""))
	}
	return who + year + what
}

func authorWord(n name) string {
	if n.literal == "" {
		return short(strings.ReplaceAll(fold(n.fullFamily()), " ", ""))
	}
	all := strings.Fields(fold(n.literal))
	for _, w := range all {
		if !stopWords[w] && !corporate[w] {
			return short(w)
		}
	}
	return short(strings.Join(all, ""))
}

var stopWords = words(`a an the of on in into for from to toward towards with without by at as and or via is are be was do does
	did can could should will would how what why when where which who you we i it its our your their this that these
	those not no der die das le la les un une`)

var maths = regexp.MustCompile(`\$[^$]*\$`)

func titleWord(title string) string {
	for _, s := range []string{maths.ReplaceAllString(title, " "), title} {
		for w := range strings.FieldsSeq(fold(s)) {
			if len(w) > 1 && !stopWords[w] {
				return short(w)
			}
		}
	}
	return short(strings.ReplaceAll(fold(title), " ", ""))
}

func short(s string) string { return s[:min(len(s), maxPart)] }

// unmarked are the Latin letters that have no decomposition in Unicode.
var unmarked = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n", 'ə': "e",
}

// fold returns the words of s in lower-case ASCII letters and digits, separated
// by spaces. An apostrophe or an accent does not end a word.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unmarked[r] != "":
			b.WriteString(unmarked[r])
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// keys are the keys given out, each with how often a letter was added to it.
type keys map[string]int

// unique returns key, or key with the first letters that make it new: a, b, …
func (k keys) unique(key string) string {
	if _, taken := k[key]; !taken {
		k[key] = 0
		return key
	}
	for {
		k[key]++
		if s := key + letters(k[key]); !k.has(s) {
			k[s] = 0
			return s
		}
	}
}

func (k keys) has(s string) bool { _, ok := k[s]; return ok }

// letters counts a, b, …, z, aa, ab, … from 1.
func letters(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}
