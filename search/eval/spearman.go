package eval

import (
	"math"
	"slices"
)

// Spearman returns the rank correlation of two lists of numbers of the same things:
// 1 where both order them alike, -1 where the other way round (Spearman, "The proof
// and measurement of association between two things", 1904). Equal numbers share
// the mean of their ranks. It is 0 where one of the lists says nothing.
func Spearman(a, b []float64) float64 {
	if len(a) != len(b) || len(a) == 0 {
		return 0
	}
	x, y := ranksOf(a), ranksOf(b)
	mean := float64(len(a)-1) / 2
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mean) * (y[i] - mean)
		xx += (x[i] - mean) * (x[i] - mean)
		yy += (y[i] - mean) * (y[i] - mean)
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy)
}

func ranksOf(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case v[i] < v[j]:
			return -1
		case v[i] > v[j]:
			return 1
		}
		return 0
	})
	ranks := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+to-1) / 2
		}
		from = to
	}
	return ranks
}
