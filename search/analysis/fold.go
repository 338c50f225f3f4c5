package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold returns a word as a term that is not stemmed: in lower case, without
// accents, apostrophes and the possessive 's, compatibility forms as what they
// stand for. A query for words that begin with something compares terms with that
// folded, as far as they reach: a stem may be shorter. Fold does not know TeX and
// does not divide text.
func Fold(word string) string {
	return fold(exact(plain(word)))
}

// plain resolves compatibility forms and composes accents, as a scanner does.
func plain(word string) string {
	var b []byte
	for i := 0; i < len(word); {
		c := decode(word, i)
		i = c.end
		switch c.kind {
		case letter, digit, raised, ideograph:
			b = append(utf8.AppendRune(b, c.r), c.more...)
		case mark:
			b = appendMark(b, c.r)
		case apostrophe:
			b = append(b, '\'')
		case sign:
			if strings.ContainsRune("+#.,", c.r) {
				b = append(b, byte(c.r))
			}
		}
	}
	return string(b)
}

// exact returns the form of a clean word that keeps its accents.
func exact(clean string) string {
	return greekNames(strings.TrimSuffix(strings.ToLower(clean), "'s"))
}

// others are the letters that have no decomposition and are yet written
// otherwise where a keyboard lacks them, and the forms that a letter takes at a
// word's end or by the writer's habit.
var others = table(`ßss æae œoe øo łl đd ðd þth ħh ıi ȷj ŋn ŧt ƒf ɛe əe ɐa ɑa ɡg ɩi ſs ǆdz ǉlj ǌnj ǳdz ςσ ةه ىي ٱا`)

// fold takes accents, apostrophes and the commas of numbers from an exact form.
func fold(exact string) string {
	if isASCII(exact) && !strings.ContainsAny(exact, "',") {
		return exact
	}
	b := make([]byte, 0, len(exact))
	for _, r := range exact {
		if r == '\'' || r == ',' || isAccent(r) {
			continue
		}
		r = withoutAccent(r)
		if o, ok := others[r]; ok {
			b = append(b, o...)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// table reads entries of one character followed by what it becomes, separated by
// blanks.
func table(entries ...string) map[rune]string {
	m := make(map[rune]string)
	for _, e := range entries {
		for f := range strings.FieldsSeq(e) {
			r, n := utf8.DecodeRuneInString(f)
			m[r] = f[n:]
		}
	}
	return m
}

// greek has the names of the letters from α on.
var greek = strings.Fields(`alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho
	sigma sigma tau upsilon phi chi psi omega`)

// greekNames writes out the Greek letters that have none beside them: mathematics
// uses single letters, the language no words of one.
func greekNames(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	alone := func(i int) bool { return i < 0 || i >= len(runes) || !unicode.Is(unicode.Greek, runes[i]) }
	for i, r := range runes {
		if l := withoutAccent(r); 'α' <= l && l <= 'ω' && alone(i-1) && alone(i+1) {
			b.WriteString(greek[l-'α'])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
