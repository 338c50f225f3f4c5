// Package passage cuts texts into sentences, and long ones into passages, and makes one
// vector of those of the passages: split, encode, aggregate, as Hu et al. do for code
// that is longer than a model reads ("Tackling long code search", arXiv 2208.11271). The
// vectors of the passages tell besides which part of a text it was that matched.
package passage

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// Words is how many words a passage has about: an abstract has 160, and it is
	// abstracts that models learn from and papers are compared by.
	Words = 160

	// LongWords is the number of words above which a text is long. Few abstracts have
	// half of it.
	LongWords = 600

	// MaxPassages bounds the passages of one text: a paper of 12,000 words has 75.
	MaxPassages = 256

	// maxSentence is how many words a sentence has at most. Tables and references have
	// no full stops, and what is longer is cut.
	maxSentence = 100
)

// A Span is a piece of a text, from byte Start to byte End.
type Span struct{ Start, End int }

// In returns the piece.
func (s Span) In(text string) string { return text[s.Start:s.End] }

// Long returns the passages of a long text, of others nil.
func Long(text string) []Span {
	if len(text) < 2*LongWords || len(strings.Fields(text)) <= LongWords {
		return nil
	}
	return Split(text, Words)
}

// Split cuts a text into passages of about n words each. They end where sentences do and
// leave nothing of the text out but blanks. A text of hardly more than n words is one
// passage.
func Split(text string, n int) []Span {
	var all []Span
	words := 0
	for _, s := range Sentences(text) {
		size := len(strings.Fields(s.In(text)))
		full := words > 0 && words+size > n+n/4
		if len(all) == 0 || full && len(all) < MaxPassages {
			all, words = append(all, s), 0
		}
		all[len(all)-1].End = s.End
		words += size
	}
	return all
}

// Sentences cuts a text into sentences. An empty line ends one, too.
func Sentences(text string) []Span {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	var all []Span
	start, words := -1, 0
	end := func(at int) {
		if start >= 0 {
			all, start, words = append(all, Span{start, at}), -1, 0
		}
	}
	for at := 0; at < len(text); {
		word, next := cutWord(text, at)
		if start < 0 {
			start = word.Start
		}
		if words++; words == maxSentence || closes(text, word, next) {
			end(word.End)
		}
		at = next
	}
	return all
}

// cutWord returns the word at or after a place, and where the next one begins. Chinese
// and Japanese have no blank behind a full stop.
func cutWord(text string, at int) (word Span, next int) {
	word.Start = blanks(text, at)
	word.End = len(text)
	for i, r := range text[word.Start:] {
		if unicode.IsSpace(r) {
			word.End = word.Start + i
			break
		}
		if strings.ContainsRune(wideStops, r) {
			word.End = word.Start + i + utf8.RuneLen(r)
			break
		}
	}
	return word, blanks(text, word.End)
}

// wideStops end sentences without a blank behind.
const wideStops = "。！？"

// blanks returns where the blanks at a place end.
func blanks(text string, at int) int {
	return len(text) - len(strings.TrimLeftFunc(text[at:], unicode.IsSpace))
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{"e.g.": true, "i.e.": true, "al.": true, "vs.": true, "cf.": true, "w.r.t.": true, "resp.": true,
	"approx.": true, "fig.": true, "figs.": true, "eq.": true, "eqs.": true, "sec.": true, "no.": true, "dr.": true, "prof.": true, "st.": true}

// closes reports whether a word ends a sentence: with a stop, before something that may
// begin the next one.
func closes(text string, word Span, next int) bool {
	if strings.Count(text[word.End:next], "\n") > 1 || next == len(text) {
		return true
	}
	w := strings.TrimRight(word.In(text), `)]"'”’»`)
	last, _ := utf8.DecodeLastRuneInString(w)
	if strings.ContainsRune(wideStops, last) || !strings.ContainsRune(".!?", last) {
		return strings.ContainsRune(wideStops, last)
	}
	if w = strings.TrimLeft(w, `(["'“‘«`); abbreviations[strings.ToLower(w)] || isInitial(w) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text[next:])
	return !unicode.IsLower(first)
}

// isInitial reports whether a word is a letter with a full stop, as in names.
func isInitial(w string) bool {
	first, n := utf8.DecodeRuneInString(w)
	return len(w) == n+1 && unicode.IsUpper(first)
}

// Aggregate returns one vector of length 1 for the vectors of a text's passages, nil
// ones left out. Each counts by its cosine to their mean, so that what a paper is about
// weighs more than its acknowledgements. It is nil where there is nothing to say.
func Aggregate(vectors [][]float32) []float32 {
	mean := unit(sum(vectors, func([]float32) float64 { return 1 }))
	if mean == nil {
		return nil
	}
	return unit(sum(vectors, func(v []float32) float64 { return max(0, dot(v, mean)) }))
}

func sum(vectors [][]float32, weight func([]float32) float64) []float64 {
	var out []float64
	for _, v := range vectors {
		if len(v) == 0 {
			continue
		}
		if out == nil {
			out = make([]float64, len(v))
		}
		w := weight(v)
		for i, x := range v {
			out[i] += w * float64(x)
		}
	}
	return out
}

func unit(v []float64) []float32 {
	squares := 0.0
	for _, x := range v {
		squares += x * x
	}
	if squares == 0 {
		return nil
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / math.Sqrt(squares))
	}
	return out
}

// dot is taken over what both have: vectors of one model are equally long.
func dot[T float32 | float64](a []T, b []float32) (s float64) {
	for i := range min(len(a), len(b)) {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}
