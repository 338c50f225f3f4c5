// Package eval judges rankings by judged queries: nDCG, recall and reciprocal
// rank as the program trec_eval defines them, with a confidence interval beside
// each mean. It knows documents and queries by name only.
package eval

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
)

// Judgements are the grades of a query's documents. A document without a grade
// counts as not relevant, as does one with grade 0 or less.
type Judgements map[string]int

// relevant returns the grades above 0, highest first.
func (j Judgements) relevant() []int {
	var grades []int
	for _, g := range j {
		if g > 0 {
			grades = append(grades, g)
		}
	}
	slices.SortFunc(grades, func(a, b int) int { return cmp.Compare(b, a) })
	return grades
}

// NDCG returns the normalised discounted cumulative gain of a ranking cut at
// depth k: gains are the grades themselves, discounts log2(1 + rank), and the
// ideal ranking is of all that was judged (measure ndcg_cut of trec_eval; Järvelin
// and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002).
// It is 0 when nothing is relevant.
func (j Judgements) NDCG(ranking []string, k int) float64 {
	var got, ideal float64
	for i, doc := range ranking[:min(k, len(ranking))] {
		if g := j[doc]; g > 0 {
			got += float64(g) / math.Log2(float64(i+2))
		}
	}
	for i, g := range j.relevant() {
		if i == k {
			break
		}
		ideal += float64(g) / math.Log2(float64(i+2))
	}
	if ideal == 0 {
		return 0
	}
	return got / ideal
}

// Recall returns which part of the relevant documents is among the first k.
func (j Judgements) Recall(ranking []string, k int) float64 {
	all := len(j.relevant())
	if all == 0 {
		return 0
	}
	found := 0
	for _, doc := range ranking[:min(k, len(ranking))] {
		if j[doc] > 0 {
			found++
		}
	}
	return float64(found) / float64(all)
}

// ReciprocalRank returns 1 / the rank of the first relevant document among the
// first k, or 0.
func (j Judgements) ReciprocalRank(ranking []string, k int) float64 {
	for i, doc := range ranking[:min(k, len(ranking))] {
		if j[doc] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// A Mean is the mean of a measure over queries, with the bounds between which
// 95 % of the means of resampled sets of queries lie.
type Mean struct {
	Mean, Low, High float64
}

// resamples is enough for bounds that move by less than the third decimal.
const resamples = 2000

// MeanOf returns the mean of values with its confidence interval by the
// percentile bootstrap over queries (Efron 1979; for retrieval: Sakai, SIGIR
// 2006). The same values always give the same interval.
func MeanOf(values []float64) Mean {
	if len(values) == 0 {
		return Mean{}
	}
	sum := func(at func(int) float64) float64 {
		var s float64
		for i := range values {
			s += at(i)
		}
		return s / float64(len(values))
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(values))))
	means := make([]float64, resamples)
	for i := range means {
		means[i] = sum(func(int) float64 { return values[rng.IntN(len(values))] })
	}
	slices.Sort(means)
	return Mean{
		Mean: sum(func(i int) float64 { return values[i] }),
		Low:  means[resamples*25/1000],
		High: means[resamples*975/1000],
	}
}

// A Scored document is a hit of a run.
type Scored struct {
	Doc   string
	Score float64
}

// WriteRun writes the hits of one query as a TREC run file has them: "query Q0
// doc rank score tag" a line. trec_eval orders by score, not by rank, so scores
// must not rise.
func WriteRun(w io.Writer, tag, query string, hits []Scored) error {
	for i, h := range hits {
		if _, err := fmt.Fprintf(w, "%s Q0 %s %d %g %s\n", query, h.Doc, i+1, h.Score, tag); err != nil {
			return err
		}
	}
	return nil
}
