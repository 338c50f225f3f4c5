package neardup

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// What makes two papers one. The figures part pairs of real records: nearly all
// that share title and authors are above them, nearly all that only share
// authors below.
const (
	// shingleWords is the number of words in a phrase that is compared.
	shingleWords = 3
	// sameAbstract is the resemblance from which on abstracts are versions of one.
	sameAbstract = 0.6
	// revisedAbstract is enough where titles are much alike.
	revisedAbstract = 0.25
	// alikeTitles is the resemblance of such titles.
	alikeTitles = 0.7
	// contained is the part of the shorter abstract's phrases that are in the
	// longer one when one is the beginning or a summary of the other.
	contained = 0.85
	// minPhrases is the number of phrases below which an abstract proves little.
	minPhrases = 20
	// tellingTitle is the number of words from which on no two papers have a
	// title by chance.
	tellingTitle = 4
	// maxWords is how much of a text is compared. Abstracts have a tenth.
	maxWords = 4000
)

// Same reports whether two records are of the same paper, by their words, and
// why: a clause for the log or the page. Revisions, abridged abstracts and
// records without an abstract are the same; a comment on a paper or an erratum,
// and another part or year of a series, are not.
//
// Texts are compared as sets of phrases of three words: by resemblance and by
// containment (Broder, "On the resemblance and containment of documents", 1997).
// It takes time n log n in the length of the texts.
func Same(titleA, abstractA, titleB, abstractB string) (same bool, reason string) {
	a, b := newTitle(titleA), newTitle(titleB)
	if word := a.aboutOther(b); word != "" {
		return false, fmt.Sprintf("one title has %q", word)
	}
	if x, y := a.numbers, b.numbers; !slices.Equal(x, y) && slices.Equal(a.plain, b.plain) {
		return false, fmt.Sprintf("the titles differ in number only: %q and %q", strings.Join(x, " "), strings.Join(y, " "))
	}
	if x, y := a.parts, b.parts; !slices.Equal(x, y) {
		return false, fmt.Sprintf("the titles are of different parts: %q and %q", strings.Join(x, " "), strings.Join(y, " "))
	}
	titles, _ := overlap(shingles(a.words, 1), shingles(b.words, 1))
	sameTitle := len(a.words) > 0 && slices.Equal(a.words, b.words)
	telling := sameTitle && len(a.words) >= tellingTitle

	x, y := shingles(words(abstractA), shingleWords), shingles(words(abstractB), shingleWords)
	resemblance, containment := overlap(x, y)
	fewer := min(len(x), len(y))
	switch {
	case fewer == 0:
		if telling {
			return true, "the titles are the same, and there are no two abstracts to compare"
		}
		return false, "there are no two abstracts to compare"
	case fewer >= minPhrases && resemblance >= sameAbstract:
		return true, percent(resemblance, "of the abstracts' phrases are the same")
	case (sameTitle || titles >= alikeTitles) && resemblance >= revisedAbstract:
		return true, "the titles are alike, and " + percent(resemblance, "of the abstracts' phrases the same")
	case fewer >= minPhrases && containment >= contained && titles > 0:
		return true, percent(containment, "of the shorter abstract is in the longer one")
	case telling && containment >= revisedAbstract:
		return true, "the titles are the same, and " + percent(containment, "of the shorter abstract is in the longer one")
	}
	return false, "only " + percent(resemblance, "of the abstracts' phrases are the same")
}

// Titles returns how alike two titles are: which part of all words of both they share.
func Titles(a, b string) float64 {
	resemblance, _ := overlap(shingles(words(a), 1), shingles(words(b), 1))
	return resemblance
}

func percent(part float64, of string) string {
	return fmt.Sprintf("%.0f %% %s", 100*part, of)
}

// A title is divided into what may tell parts of a series apart and the rest.
type title struct {
	words, plain, numbers []string
	parts                 []string // of the numbers, those that are nothing else
}

func newTitle(s string) (t title) {
	t.words = words(s)
	for _, w := range t.words {
		if isNumber(w) {
			t.numbers = append(t.numbers, w)
		} else {
			t.plain = append(t.plain, w)
		}
		if len(w) > 1 && slices.Contains(roman, w) {
			t.parts = append(t.parts, w)
		}
	}
	return t
}

// isNumber reports whether a word has a digit or is a small Roman number.
func isNumber(w string) bool {
	return strings.ContainsAny(w, "0123456789") || slices.Contains(roman, w)
}

var roman = []string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}

// aboutOther returns a word for papers about papers that only one title has.
func (t title) aboutOther(u title) string {
	for _, w := range aboutPapers {
		if slices.Contains(t.words, w) != slices.Contains(u.words, w) {
			return w
		}
	}
	return ""
}

var aboutPapers = []string{
	"comment", "comments", "reply", "response", "rebuttal", "erratum", "errata", "addendum", "correction", "corrigendum",
	"retraction", "retracted", "withdrawn",
}

// words returns the first words of a text in lower case, without what TeX puts
// around them.
func words(text string) []string {
	var ws []string
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		if len(ws) == maxWords {
			break
		}
		ws = append(ws, strings.ToLower(w))
	}
	return ws
}

// shingles returns the hashes of all runs of n words, each once, in order; of a
// text that is shorter but not empty, that of the whole.
func shingles(words []string, n int) []uint64 {
	if len(words) == 0 {
		return nil
	}
	n = min(n, len(words))
	hashes := make([]uint64, len(words))
	for i, w := range words {
		hashes[i] = hash(w)
	}
	for i := range len(words) - n + 1 {
		h := hashes[i]
		for _, next := range hashes[i+1 : i+n] {
			h = (h<<7|h>>57)*prime64 ^ next
		}
		hashes[i] = h
	}
	hashes = hashes[:len(words)-n+1]
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// The constants of the hash function FNV-1a.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func hash(s string) uint64 {
	var h uint64 = offset64
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime64
	}
	return h
}

// overlap returns which part of all elements both sets have, and which part of
// the smaller set's the other has.
func overlap(x, y []uint64) (resemblance, containment float64) {
	both := 0
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case x[i] > y[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if both == 0 {
		return 0, 0
	}
	return float64(both) / float64(len(x)+len(y)-both), float64(both) / float64(min(len(x), len(y)))
}
