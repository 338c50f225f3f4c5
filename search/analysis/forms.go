package analysis

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// A form is a term with its exact form, as in a Token.
type form struct {
	term, exact string
	kind        Kind
}

// A word has all forms of a clean word.
type word struct {
	form
	clean string
	parts []form
}

// forms returns the forms of a clean word.
func (a *Analyzer) forms(clean string) *word {
	clean = strings.Clone(clean)
	if r, _ := utf8.DecodeRuneInString(clean); isIdeograph(r) {
		return &word{clean: clean, form: form{term: clean, kind: Bigram}}
	}
	w := &word{clean: clean, form: a.form(clean)}
	for _, p := range partsOf(clean) {
		if f := a.form(p); f.kind != Stop && f.term != w.term {
			w.parts = append(w.parts, f)
		}
	}
	return w
}

func (a *Analyzer) form(clean string) form {
	e := exact(clean)
	f := form{term: fold(e)}
	if IsStop(f.term) {
		f.kind = Stop
	} else {
		f.term = stem(a.env, f.term)
	}
	if e != f.term {
		f.exact = e
	}
	return f
}

// Stem returns the term of a word: [Fold] and, if the word is English, its stem.
func Stem(word string) string {
	f := Fold(word)
	if IsStop(f) {
		return f
	}
	return stem(snowballstem.NewEnv(""), f)
}

// stem returns the stem of a folded word of letters a to z, and any other word as
// it is, as well as one whose stem is a stop word ("wills").
func stem(env *snowballstem.Env, folded string) string {
	for i := range len(folded) {
		if folded[i] < 'a' || folded[i] > 'z' {
			return folded
		}
	}
	env.SetCurrent(folded)
	english.Stem(env)
	if stem := env.Current(); !IsStop(stem) && stem != folded {
		return strings.Clone(stem)
	}
	return folded
}

const (
	// minPart is the length of a part that somebody asks for by itself: "Deep" and
	// "Speech", but neither "Res" nor "Net".
	minPart = 4

	// minAcronym is the same for a part in capitals: "GPT" of "ChatGPT".
	minAcronym = 3

	// minNumbered is the number of letters that a number is cut from.
	minNumbered = 3

	// minElided is the same for what follows an apostrophe: "Brien", "Alembert".
	minElided = 3

	// maxParts keeps identifiers whole.
	maxParts = 4
)

// partsOf returns the parts of a clean word that are worth terms of their own.
func partsOf(clean string) []string {
	if head, ok := strings.CutSuffix(clean, "++"); ok {
		if len(head) < 2 {
			return nil
		}
		return append(partsOf(head), head)
	}
	if i := strings.IndexByte(clean, '\''); i > 0 && i <= 2 && len(clean)-i > minElided {
		return []string{clean[i+1:]}
	}
	head, number := cutNumber(clean)
	parts := camelParts(head)
	if number != "" {
		parts = append(parts, head, number)
	}
	return parts
}

// cutNumber divides "GPT4", "llama3.1", "YOLOv8" and "GPT4o" before the number or
// its v. What formulas, genes and cells are called ("CO2", "L2", "CD4") is not
// divided; with a hyphen it has a Joined form.
func cutNumber(word string) (head, number string) {
	i := letterRun(word)
	if i < minNumbered || i == len(word) {
		return word, ""
	}
	j := i
	for j < len(word) && (isDigit(word[j]) || word[j] == '.') {
		j++
	}
	if j == i || len(word)-j > 1 || j < len(word) && !isLetter(word[j]) {
		return word, ""
	}
	if word[i-1] == 'v' && isUpper(word[i-2]) {
		i--
	}
	return word[:i], word[i:]
}

// camelParts divides before capitals that follow a small letter and before the
// last capital of several ("BERTScore"), unless a part were too short.
func camelParts(word string) []string {
	if letterRun(word) < len(word) {
		return nil
	}
	var parts []string
	start := 0
	for i := 1; i < len(word); i++ {
		if !isUpper(word[i]) || isUpper(word[i-1]) && (i+1 == len(word) || isUpper(word[i+1])) {
			continue
		}
		parts = append(parts, word[start:i])
		start = i
	}
	parts = append(parts, word[start:])
	if len(parts) == 1 || len(parts) > maxParts {
		return nil
	}
	for _, p := range parts {
		if len(p) < minPart && !(len(p) >= minAcronym && p == strings.ToUpper(p)) {
			return nil
		}
	}
	return parts
}

// letterRun returns how many ASCII letters a word begins with.
func letterRun(word string) int {
	n := 0
	for n < len(word) && isLetter(word[n]) {
		n++
	}
	return n
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
