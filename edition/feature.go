package edition

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"broadsheet"
)

// A feature is a dimension of a paper's text and how much of it there is.
type feature struct {
	at    uint32
	value float32
}

// The dimensions of the model. Words and pairs of words share hashBits of them by
// their hash (Weinberger et al., "Feature hashing for large scale multitask
// learning", ICML 2009): 2^16 dimensions take the 100,000 different terms of ten
// thousand abstracts so that the common ones, which carry the weight, stand alone.
const (
	hashBits = 16
	hashed   = 1 << hashBits
)

// The dimensions after the hashed ones, of what is not a word.
const (
	hasCode = hashed + iota
	hasProject
	manyAuthors
	longTitle
	longAbstract
	hasColon
	late
	dimensions
)

// How long the parts of a paper's vector are, set against each other. A title's
// word says more than an abstract's: tuned on days before those that are reported
// (doc/ranking.md).
const (
	titleLength    = 1.0
	abstractLength = 1.0
	categoryLength = 0.5
	factLength     = 0.9
)

// Bounds of what is read of a paper, far above any real one's.
const (
	maxWords      = 1000
	maxCategories = 20
)

// features returns the vector of a paper, ordered by dimension. It is made of what
// the paper says and of nothing about who wrote or submitted it: a model that knows
// names rewards fame.
func features(r *broadsheet.Record) []feature {
	p := &r.Paper
	var v []feature
	v = appendText(v, 't', p.Title, titleLength)
	v = appendText(v, 'a', p.Abstract, abstractLength)
	for _, c := range p.Categories[:min(len(p.Categories), maxCategories)] {
		v = append(v, feature{hash('c', c, ""), categoryLength})
	}
	v = append(v, facts(r)...)
	slices.SortFunc(v, func(a, b feature) int { return int(a.at) - int(b.at) })
	return merged(v)
}

// facts are the features that are not words, each between 0 and about 1.
func facts(r *broadsheet.Record) []feature {
	p := &r.Paper
	truth := func(b bool) float32 {
		if b {
			return factLength
		}
		return 0
	}
	return []feature{
		{hasCode, truth(p.Link(broadsheet.LinkCode) != "")},
		{hasProject, truth(p.Link(broadsheet.LinkProject) != "")},
		{manyAuthors, factLength * logShare(len(p.Authors), 100)},
		{longTitle, factLength * logShare(len(p.Title), 200)},
		{longAbstract, factLength * logShare(len(p.Abstract), 2000)},
		{hasColon, truth(strings.Contains(p.Title, ":"))},
		{late, factLength * logShare(lateness(r), 365)},
	}
}

// lateness is how many days after its publication a paper stands in an edition.
func lateness(r *broadsheet.Record) int {
	day := editionDay(r)
	if !day.IsDay() || !r.Published.IsDay() {
		return 0
	}
	return max(0, int(day.Time().Sub(r.Published.Time()).Hours()/24))
}

// editionDay is the first day in whose edition a paper stands, or "".
func editionDay(r *broadsheet.Record) broadsheet.Date {
	if len(r.Entries) > 0 {
		return r.Entries[0].Date
	}
	return r.EditionDay()
}

// logShare is n on a scale on which 0 is 0, most is 1, and each doubling counts alike.
func logShare(n, most int) float32 {
	return float32(min(1, math.Log1p(float64(n))/math.Log1p(float64(most))))
}

// appendText appends the words and pairs of neighbours of a text, together of a
// given length.
func appendText(v []feature, kind byte, text string, length float64) []feature {
	from := len(v)
	last := ""
	n := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if n++; n > maxWords {
			break
		}
		v = append(v, feature{hash(kind, word, ""), 1})
		if last != "" {
			v = append(v, feature{hash(kind, last, word), 1})
		}
		last = word
	}
	slices.SortFunc(v[from:], func(a, b feature) int { return int(a.at) - int(b.at) })
	v = append(v[:from], merged(v[from:])...)
	for i := from; i < len(v); i++ {
		v[i].value = float32(length / math.Sqrt(float64(len(v)-from))) // once is enough to be about it
	}
	return v
}

// merged adds up the features of the same dimension, which stand side by side.
func merged(v []feature) []feature {
	out := v[:0]
	for _, f := range v {
		if n := len(out); n > 0 && out[n-1].at == f.at {
			out[n-1].value += f.value
			continue
		}
		out = append(out, f)
	}
	return out
}

// hash is FNV-1a (Fowler, Noll and Vo) over a kind and one or two words: the same in every
// run, since models are kept in files.
func hash(kind byte, a, b string) uint32 {
	h := uint32(2166136261)
	step := func(c byte) { h = (h ^ uint32(c)) * 16777619 }
	step(kind)
	for i := range len(a) {
		step(a[i])
	}
	step(0)
	for i := range len(b) {
		step(b[i])
	}
	return (h ^ h>>hashBits) & (hashed - 1)
}
