package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

const (
	// maxExpansions is how many words the beginning of one stands for, the most
	// frequent: they are nine tenths of all occurrences of words with three given
	// letters.
	maxExpansions = 64

	// maxVisited bounds how many words of the dictionaries one question looks at, at
	// 0.2 µs each.
	maxVisited = 50_000
)

// A candidate is a word that a beginning may stand for.
type candidate struct {
	term topk.Term
	df   int
}

// prefix reads the beginning of a word: as one of the words that begin so. Of several
// words, only the last goes on. Chinese, Japanese and Korean, of which the terms are
// parts of words, is found by them; a lone character begins such a part.
func (c *compiler) prefix(w query.Word) reading {
	tokens := c.engine.analyze(w.Text)
	if len(tokens) == 0 {
		return reading{}
	}
	last := tokens[len(tokens)-1]
	if last.Kind == analysis.Bigram && utf8.RuneCountInString(last.Term) > 1 {
		return c.tokens(tokens, w.Field)
	}
	r := c.tokens(c.engine.analyze(w.Text[:last.Start]), w.Field)
	r.field, r.stop = w.Field, false
	clause := c.expand(analysis.Fold(w.Text[last.Start:]), w)
	if len(clause) == 0 {
		clause = topk.Clause{c.term(last, w.Field, 1)}
	}
	r.clauses = append(r.clauses, clause)
	return r
}

// expand returns the most frequent terms of words that begin with prefix. They weigh
// alike, as one word that all their documents have would: otherwise misspelt
// words, being rare, would come first.
func (c *compiler) expand(prefix string, w query.Word) topk.Clause {
	found := c.candidates(prefix, w.Field)
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.df, a.df), cmp.Compare(a.term.Field, b.term.Field), cmp.Compare(a.term.Text, b.term.Text))
	})
	if len(found) > maxExpansions {
		c.notef("More than %d words begin with “%s”; the most frequent ones were looked for.", maxExpansions, w.Text)
		found = found[:maxExpansions]
	}
	sum := 0
	for _, f := range found {
		sum += f.df
	}
	var clause topk.Clause
	for _, f := range found {
		f.term.Boost = idf(c.snap.Docs, sum) / idf(c.snap.Docs, f.df)
		clause = append(clause, f.term)
	}
	return clause
}

// idf is that of index.Weight.
func idf(n, df int) float64 {
	df = min(df, n)
	return math.Log1p((float64(n-df) + 0.5) / (float64(df) + 0.5))
}

// candidates returns the terms of words that begin with prefix. Terms are stems, so
// those of "transformer" do not begin with "transforme"; the words of titles are also
// known as they are written.
func (c *compiler) candidates(prefix string, f query.Field) (list []candidate) {
	if f != query.Author {
		for stem := range c.terms(index.Exact, prefix) {
			if stem = analysis.Stem(stem); !strings.HasPrefix(stem, prefix) {
				list = append(list, candidate{term: topk.Term{Field: index.Text, Text: stem}})
			}
		}
		slices.SortFunc(list, func(a, b candidate) int { return cmp.Compare(a.term.Text, b.term.Text) })
		list = slices.CompactFunc(list, func(a, b candidate) bool { return a.term.Text == b.term.Text })
		for i := range list {
			list[i].df = c.snap.DF(index.Text, list[i].term.Text)
		}
		for term, df := range c.terms(index.Text, prefix) {
			list = append(list, candidate{topk.Term{Field: index.Text, Text: term}, df})
		}
	}
	if f == query.Any || f == query.Author {
		for term, df := range c.terms(index.Author, prefix) {
			list = append(list, candidate{topk.Term{Field: index.Author, Text: term}, df})
		}
	}
	return list
}

// terms returns the terms of a field that begin with prefix, with the numbers of their
// documents, as far as the question may look at so many.
func (c *compiler) terms(f index.Field, prefix string) map[string]int {
	found := map[string]int{}
	for _, v := range c.snap.Views {
		err := v.Terms(f, prefix, func(term []byte, df int) bool {
			if c.visited++; c.visited > maxVisited {
				c.notef("So many words begin with “%s” that not all of them were looked at.", prefix)
				return false
			}
			found[string(term)] += df
			return true
		})
		if err != nil && c.err == nil {
			c.err = err
		}
	}
	return found
}
