package rank

import "math"

// Weights say how much each score counts. They are 1 together.
type Weights struct{ Words, Meaning, Late float64 }

// Constants are what the weights follow from: words decide as long as they tell papers
// apart, and meaning is trusted as far as the model knows the words. The command tune
// measures them on judged questions.
type Constants struct {
	// Words is the weight of words when the best by words stand out.
	Words float64

	// Flat is their weight when the tenth by words is as good as the first, so that words
	// do not tell which paper was meant: the question says it in others.
	Flat float64

	// FlatFrom is the part of the first score that the tenth has from which on the weight
	// falls, until FlatTo.
	FlatFrom, FlatTo float64

	// Late is the part of late interaction in what words leave, for a question of at most
	// LateWords words. In longer ones it falls as their number rises: hardly a paper has a
	// word near each of them, and what a long text means its vector says better.
	Late, LateWords float64

	// Trust is how fast meaning loses weight with the share of words that the model does
	// not know.
	Trust float64
}

// Default has the constants as they were found.
var Default = Constants{Words: 0.65, Flat: 0.1, FlatFrom: 0.65, FlatTo: 0.85, Late: 0.65, LateWords: 24, Trust: 16}

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

// Trusted returns how far meaning is trusted when the model knows a share of the words.
func (c Constants) Trusted(known float64) float64 { return math.Pow(known, c.Trust) }

// WeightsFor returns the weights of a question of whose words the model knows a share,
// by the [Flatness] of the scores by words. Late interaction compares so many of its words,
// 0 if there is none.
func (c Constants) WeightsFor(flatness, known float64, late int) Weights {
	fall := min(max((flatness-c.FlatFrom)/(c.FlatTo-c.FlatFrom), 0), 1)
	words := c.Words + fall*(c.Flat-c.Words)
	rest := (1 - words) * c.Trusted(known)
	w := Weights{Words: 1 - rest, Meaning: rest}
	if late > 0 {
		w.Late = c.Late * rest * min(1, c.LateWords/float64(late))
		w.Meaning -= w.Late
	}
	return w
}
