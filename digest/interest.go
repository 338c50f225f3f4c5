package digest

import (
	"slices"

	"broadsheet"
)

// Interests are what a reader cares about, as far as it can be told by words,
// categories and authors. Weights are relative within each map.
type Interests struct {
	Terms      map[string]float64 // words and phrases; case does not matter
	Categories map[string]float64 // such as "cs.CV"
	Authors    map[string]float64 // names as papers have them

	Usage *Usage // how common words are; nil: all the same

	// Variety says how much is given for covering more; 0 is DefaultVariety, and a
	// negative one makes the choice the plain top K. It is in proportion to
	// relevance: who puts other scores in its place, of which a good paper's is
	// not about 0.15, scales it.
	Variety float64
}

const (
	// DefaultVariety was tuned on days and readers other than those on which
	// doc/digest.md reports: the most variety that costs at most 5 % of relevance.
	DefaultVariety = 0.05

	learnedTerms = 40 // of one paper: what it is about stands in those that weigh most
	maxTerms     = 400
	maxTopics    = 12 // of a paper that one digest entry can be said to be on
	markingWords = 12 // of a paper: enough that two on the same subject share some

	// What somebody knows of a thing after one paper on it.
	shareInTitle    = 0.8
	shareInAbstract = 0.4
	shareOfCategory = 0.3
	shareOfAuthor   = 0.8
	shareOfWord     = 0.7

	// What a wholly covered feature is worth, relative to the reader's heaviest
	// topic.
	weightOfCategory = 0.5
	weightOfAuthor   = 2
	weightOfWord     = 0.5

	// How much of what relevance lacks to 1 a category and an author make up for.
	relevanceOfCategory = 0.1
	relevanceOfAuthor   = 0.6
)

// Learn returns the interests that papers show which a reader liked: their words,
// by how much they mark the papers, and their categories. Authors are not taken:
// to like a paper is not to follow its authors.
func Learn(liked []broadsheet.Record, usage *Usage) Interests {
	in := Interests{Terms: map[string]float64{}, Categories: map[string]float64{}, Usage: usage}
	for i := range liked {
		words := usage.profile(&liked[i].Paper)
		for _, w := range words[:min(len(words), learnedTerms)] {
			in.Terms[w.word] += w.weight
		}
		for _, c := range liked[i].Categories[:min(len(liked[i].Categories), maxFeatures)] {
			in.Categories[c]++
		}
	}
	in.trim()
	return in
}

// trim keeps the terms that weigh most.
func (in *Interests) trim() {
	if len(in.Terms) <= maxTerms {
		return
	}
	var all []weighted
	for w, x := range in.Terms {
		all = append(all, weighted{w, x})
	}
	slices.SortFunc(all, heavier)
	for _, w := range all[maxTerms:] {
		delete(in.Terms, w.word)
	}
}
