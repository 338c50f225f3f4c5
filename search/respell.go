package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/suggest"
	"broadsheet/search/topk"
)

// Words that are misspelt are looked for as what was probably meant, too. A word that no
// paper has is found as its neighbours in the dictionary; one that few papers have may be
// right, and is respelt only where that makes a paper's title of the question (see
// nearly.go). Nothing is changed in a question whose words are in use.
const (
	// maxRespelt is how many words of a question are looked up in the dictionaries. A walk
	// takes 0.2 ms a segment at distance 1 and 2 ms at distance 2; who slips more often
	// has pasted something.
	maxRespelt = 12

	// minLetters and minLettersTwice are how many letters a word has for one slip and for
	// two. Nearly every combination of three letters is a word or an acronym.
	minLetters      = 4
	minLettersTwice = 8

	// rareShare is which part of all papers has a word that may be misspelt: the commonest
	// slips are 500 times rarer than their words, and no word is in more than half of all
	// papers.
	rareShare = 0.001

	// maxMeant is how many words one may have been meant to be. Where a slip has more
	// neighbours, the frequent ones are meant nearly always.
	maxMeant = 3

	// fewer is by how many times fewer papers have a slip than the word: what is nearly as
	// frequent is a word of its own.
	fewer = 10

	// respelt weighs what a word may have been meant to be against the word itself.
	respelt = 0.8

	// firstSlip is the logarithm of how much less probable a slip in the first letter is
	// than another one; see suggest.Speller.
	firstSlip = 1.5
)

// A meant word is what one may have been meant to be.
type meant struct {
	word, term string
	boost      float64
	p          float64 // logarithm of its probability, up to a constant
}

// mayBeMisspelt reports whether a word is one of those that are looked up: written in
// letters, long enough, and rare.
func (c *compiler) mayBeMisspelt(t analysis.Token) bool {
	if t.Kind != analysis.Word || utf8.RuneCountInString(t.Term) < minLetters ||
		strings.ContainsFunc(t.Term, func(r rune) bool { return !unicode.Is(unicode.Latin, r) }) {
		return false
	}
	return float64(c.snap.DF(index.Text, t.Term)) <= rareShare*float64(c.snap.Docs)
}

// isUnknown reports whether no paper has a word, be it as a name.
func (c *compiler) isUnknown(t analysis.Token) bool {
	return c.snap.DF(index.Text, t.Term) == 0 && c.snap.DF(index.Author, nameTerm(t)) == 0
}

// meantBy returns what a rare word may have been meant to be, the most probable first.
func (c *compiler) meantBy(t analysis.Token) []meant {
	if !c.mayBeMisspelt(t) {
		return nil
	}
	word := surface(t)
	if known, ok := c.meant[word]; ok {
		return known
	}
	if len(c.meant) == maxRespelt {
		return nil
	}
	list := c.near(word, t.Term, 1)
	if len(list) == 0 && c.isUnknown(t) && utf8.RuneCountInString(word) >= minLettersTwice {
		list = c.near(word, t.Term, suggest.MaxDistance)
	}
	if c.meant == nil {
		c.meant = map[string][]meant{}
	}
	c.meant[word] = c.weigh(list)
	return c.meant[word]
}

// surface returns a word as it was typed, but for case and accents.
func surface(t analysis.Token) string {
	if t.Exact == "" {
		return t.Term
	}
	return analysis.Fold(t.Exact)
}

// near returns the words of the index within a distance of one. Terms are stems, so that
// "lerning" has no near one; words of titles are also known as they are written.
func (c *compiler) near(word, term string, distance int) (list []meant) {
	typed, _ := utf8.DecodeRuneInString(word)
	known, typedIn := map[string]bool{term: true}, c.snap.DF(index.Text, term)
	for _, f := range []index.Field{index.Exact, index.Text} {
		c.dictionary(f).Fuzzy(word, distance, func(w string, _ int) bool {
			c.visited++
			folded := analysis.Fold(w)
			m := meant{word: w, term: folded}
			if f == index.Exact {
				m.term = analysis.Stem(folded)
			}
			df := c.snap.DF(index.Text, m.term)
			if df <= fewer*typedIn || known[m.term] || utf8.RuneCountInString(w) < minLetters-1 {
				return true
			}
			known[m.term] = true
			m.p = math.Log(float64(df))
			if first, _ := utf8.DecodeRuneInString(folded); first != typed {
				m.p -= firstSlip
			}
			list = append(list, m)
			return c.visited < maxVisited
		})
	}
	return list
}

// dictionary is a field of all segments.
func (c *compiler) dictionary(f index.Field) (list suggest.FSTs) {
	for _, v := range c.snap.Views {
		list = append(list, suggest.FST{FST: v.FST(), Prefix: []byte{byte(f)}, Frequency: v.Frequency})
	}
	return list
}

// weigh keeps the most probable words and gives each its part in the score: rarer words,
// whose weights would be greater, get no more than the frequent ones.
func (c *compiler) weigh(list []meant) []meant {
	slices.SortFunc(list, func(a, b meant) int {
		return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.term, b.term))
	})
	list = list[:min(len(list), maxMeant)]
	for i := range list {
		m := &list[i]
		m.boost = respelt * math.Exp((m.p-list[0].p)/2) * min(1, c.idf(list[0].term)/c.idf(m.term))
	}
	return list
}

// respell adds to a clause of a word that no paper has what may have been meant.
func (c *compiler) respell(clause topk.Clause, t analysis.Token, f query.Field) topk.Clause {
	if !c.respelling || f == query.Author {
		return clause
	}
	unknown := c.isUnknown(t)
	if !unknown && len(c.accepted) == 0 {
		return clause
	}
	for _, m := range c.meantBy(t) {
		if unknown || c.accepted[m.term] {
			clause = append(clause, topk.Term{Field: index.Text, Text: m.term, Boost: m.boost})
			c.respelt = c.respelt || unknown
			c.tell(surface(t) + ": also " + m.word)
		}
	}
	return clause
}
