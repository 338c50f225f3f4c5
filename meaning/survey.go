package meaning

import (
	"fmt"
	"math"

	"broadsheet/embed"
	"broadsheet/embed/train"
)

const (
	// LeastPapers is of how many papers a library has to be to be learned: with fewer,
	// what a few of them say by chance is learned with the rest.
	LeastPapers = 500

	// MostPapers is from how many papers of a larger library, evenly drawn, it is
	// learned: they take a minute of two cores and have all but the rarest words.
	MostPapers = 30_000

	// surveyed is among how many papers titles have to find their own abstracts.
	surveyed = 500

	// leastKnown is the MRR@10 of that below which a model knows a library badly. Among
	// 500 papers of arXiv, all or of one subject, the built-in model has 0.973 to 0.989;
	// of SciFact 0.906, CSFCube 0.884, Cranfield 0.630 and CISI 0.501, which are
	// answered better after adapting, all four of them.
	leastKnown = 0.95

	// mostUnknown is the share of running words that a model may lack. Of arXiv's, the
	// built-in model lacks 1 %, of SciFact's 8 %.
	mostUnknown = 0.03
)

// A Survey says how well a model knows a library. It needs no judgements.
type Survey struct {
	Papers   int     `json:"papers"`   // with a title and an abstract, of those looked at
	Running  float64 `json:"running"`  // share of the words that it lacks
	Distinct float64 `json:"distinct"` // of the distinct ones
	MRR      float64 `json:"mrr@10"`   // of titles among 500 abstracts, for their own
}

// NewSurvey asks how well the built-in model knows the texts of a library, which are in
// the order of arrival.
func NewSurvey(texts []train.Text) (Survey, error) {
	m, err := embed.Builtin()
	if err != nil {
		return Survey{}, fmt.Errorf("meaning: survey: %w", err)
	}
	c := train.NewCorpus()
	for _, t := range texts {
		c.Add(t)
	}
	s := Survey{Papers: c.Len(), MRR: mean(train.Ranks(m, spread(texts, surveyed)))}
	s.Running, s.Distinct = c.Unknown(m)
	return s, nil
}

// Poor reports whether a model knows the library so badly that it should learn it, and
// says why, or why not.
func (s Survey) Poor() (poor bool, why string) {
	figures := fmt.Sprintf("%.1f %% of the words are unknown (%.0f %% of the distinct ones), and titles find their own abstracts with MRR@10 %.3f",
		100*s.Running, 100*s.Distinct, s.MRR)
	switch {
	case s.Papers < LeastPapers:
		return false, fmt.Sprintf("there are %d papers with a title and an abstract, and %d are needed to learn from", s.Papers, LeastPapers)
	case s.Running > mostUnknown:
		return true, fmt.Sprintf("%s: more than %.0f %% unknown is much", figures, 100*mostUnknown)
	case s.MRR < leastKnown:
		return true, fmt.Sprintf("%s: below %.2f is little", figures, leastKnown)
	}
	return false, figures + ": the model knows the subject"
}

// spread returns at most n of the texts, evenly drawn.
func spread(texts []train.Text, n int) []train.Text {
	if len(texts) <= n {
		return texts
	}
	out := make([]train.Text, n)
	for i := range out {
		out[i] = texts[i*len(texts)/n]
	}
	return out
}

func mean(x []float64) (sum float64) {
	if len(x) == 0 {
		return 0
	}
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// worse reports whether the values after are measurably below those before, pair by pair:
// by more than two standard errors of the mean difference.
func worse(before, after []float64) bool {
	if len(before) < 2 {
		return false
	}
	diff := make([]float64, len(before))
	for i := range diff {
		diff[i] = after[i] - before[i]
	}
	m, square := mean(diff), 0.0
	for _, d := range diff {
		square += (d - m) * (d - m)
	}
	n := float64(len(diff))
	return m < -2*math.Sqrt(square/(n-1)/n)
}
