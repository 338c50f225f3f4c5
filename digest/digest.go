// Package digest chooses, from the papers that are new in a view, the few that
// best cover what a reader cares about without repeating themselves. It is pure:
// no clock, no store, no network. It does not compose or send anything.
//
// # What is maximised
//
// For a set S of papers
//
//	f(S) = Σ relevance(p), over p in S
//	     + Σ weight(u) · (1 − Π (1 − share(p, u)), over p in S), over features u
//
// The first sum is what a plain list sorted by relevance maximises. The second is
// the probabilistic coverage of El-Arini, Veda, Shahaf and Guestrin, "Turning
// Down the Noise in the Blogosphere" (KDD 2009), where it chose a day's posts
// for a reader: share is how probably somebody who has read p knows about u, and
// the second paper on u is worth only what the first left open. It was taken
// rather than the square root of a sum because a share needs no scale, and
// rather than facility location because its marginal gain costs one product a
// feature, whatever the number of candidates. Both sums are monotone and
// submodular, and so is f.
//
// # How it is kept up
//
// Papers arrive, are withdrawn, and are read. Chooser keeps a choice of at most K
// through any sequence of insertions and deletions by the fully dynamic
// algorithm of Banihashem, Biabani, Goudarzi, Hajiaghayi, Jabbarzade and
// Monemizadeh, "Dynamic Algorithms for Matroid Submodular Maximization" (SODA
// 2024, arXiv:2306.00959), in its form for a cardinality constraint:
//
//   - After every update the choice is worth at least (1/2 − ε) of the best one.
//     That holds always, not in expectation, and against any sequence.
//   - An update asks for O(k/ε · log² k) marginal gains in expectation, in the
//     worst case and not only amortised, whatever the number n of papers. That
//     holds for sequences that do not look at what was chosen. A deletion of a
//     chosen paper may cost O(n/ε · log² k), so that Delete and Seen take many ids
//     and rebuild once.
//
// The algorithm of Lattanzi, Mitrović, Norouzi-Fard, Tarnawski and Zadimoghaddam
// (NeurIPS 2020) promises an amortised cost polylogarithmic in k as well; its
// analysis was found to have gaps and mended by the authors above (ICML 2023).
// For the k of a digest, 5 to 50, the factor k of the one is less than the powers
// of 1/ε and log n of the others, so the one was taken whose cost does not
// depend on n at all. By Chen and Peng (STOC 2022) nothing that keeps more than
// 1/2 can have a cost polylogarithmic in n.
package digest

import "broadsheet"

// A Kind says what a feature is of the reader's or of the paper's, and so how a
// reason names it.
type Kind uint8

// The kinds of features.
const (
	Topic    Kind = iota // a word or phrase the reader cares about
	Category             // a category the reader follows, such as "cs.CV"
	Author               // an author the reader follows
	Word                 // a word that marks the paper and that the reader never asked for
)

// A Feature is something that papers are about, with the share of it that one
// paper covers. Two features are the same when kind and name are.
type Feature struct {
	Kind  Kind
	Name  string  // as a reason shows it
	Share float64 // 0..1: how much of it somebody knows who has read the paper
}

// A Candidate is a paper that may be chosen.
type Candidate struct {
	ID        broadsheet.ID
	Aliases   []broadsheet.ID // other ids of the same paper
	Relevance float64         // 0 and more; what lacks a value, NaN or negative, is 0
	Features  []Feature       // the first 64 are taken
}

// A Pick is a chosen paper.
type Pick struct {
	ID        broadsheet.ID
	Gain      float64 // what it adds to the picks above it
	Relevance float64
	New       []Feature // features of it that no pick above it has, by what they add
	Reason    string    // a sentence, as plain text
}

// Options are the settings of a Chooser. The zero value is usable.
type Options struct {
	K       int     // papers in a choice, at most MaxK; 0: DefaultK
	Epsilon float64 // the guarantee is 1/2 − Epsilon; outside of (0, 0.5): DefaultEpsilon
	Seed    uint64  // same seed and same calls, same choices

	// Weight says what covering a feature wholly is worth, and must always say
	// the same of one feature: else f is not submodular. nil: 1 for each.
	Weight func(Kind, string) float64
}

const (
	// DefaultK fills a phone's screen twice, and is what readers still scan.
	DefaultK = 10
	// MaxK bounds memory, which grows with K for each paper chosen by a guess.
	MaxK = 200
	// DefaultEpsilon promises 0.4 of the best choice. A smaller one promises
	// hardly more, and costs in proportion.
	DefaultEpsilon = 0.1

	maxFeatures = 64   // of one paper: more would only slow down each marginal gain
	minShare    = 1e-3 // of a feature: less is noise, and must not vanish in 1 − share
	maxValue    = 1e9  // of a relevance or weight, so that sums stay finite
	minValue    = 1e-9
)
