package rank

import "math"

// Weights say how much each score counts. They are 1 together.
type Weights struct{ Words, Meaning, Late float64 }

// The weights follow the question: words decide as long as they tell papers apart, and
// meaning is trusted as far as the model knows the words.
const (
	// wordsWeight is the weight of words when the best by words stand out.
	wordsWeight = 0.65

	// flatWords is their weight when the tenth by words is as good as the first, so that
	// words do not tell which paper was meant: the question says it in others.
	flatWords = 0.1

	// FlatFrom is the part of the first score that the tenth has from which on the weight
	// falls, until flatTo.
	FlatFrom = 0.65
	flatTo   = 0.85

	// lateShare is the part of late interaction in what words leave, for a question of at
	// most lateWords words. In longer ones it falls as their number rises: hardly a paper
	// has a word near each of them, and what a long text means its vector says better.
	lateShare = 0.65
	lateWords = 24

	// trust is how fast meaning loses weight with the share of words that the model does
	// not know.
	trust = 16
)

// FlatTenth is the place of the score that tells how little the first stands out.
const FlatTenth = 10

// Flatness tells from scores in falling order how little the first stands out: the tenth
// in parts of the first, 0 with fewer.
func Flatness(scores []float64) float64 {
	if len(scores) < FlatTenth || scores[0] <= 0 {
		return 0
	}
	return scores[FlatTenth-1] / scores[0]
}

// Trust returns how far meaning is trusted when the model knows a share of the words.
func Trust(known float64) float64 { return math.Pow(known, trust) }

// WeightsFor returns the weights of a question of whose words the model knows a share,
// by the [Flatness] of the scores by words. Late interaction compares so many of its words,
// 0 if there is none.
func WeightsFor(flatness, known float64, late int) Weights {
	fall := min(max((flatness-FlatFrom)/(flatTo-FlatFrom), 0), 1)
	words := wordsWeight + fall*(flatWords-wordsWeight)
	rest := (1 - words) * Trust(known)
	w := Weights{Words: 1 - rest, Meaning: rest}
	if late > 0 {
		w.Late = lateShare * rest * min(1, lateWords/float64(late))
		w.Meaning -= w.Late
	}
	return w
}
