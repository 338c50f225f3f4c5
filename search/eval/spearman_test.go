package eval

import (
	"math"
	"testing"
)

func TestSpearman(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"the same order", []float64{1, 2, 3}, []float64{10, 20, 1000}, 1},
		{"the other way round", []float64{1, 2, 3}, []float64{3, 2, 1}, -1},
		{"one pair of neighbours swapped", []float64{1, 2, 3}, []float64{1, 3, 2}, 0.5},
		{"equal numbers share their rank", []float64{1, 1, 2}, []float64{1, 2, 3}, math.Sqrt(3) / 2},
		{"all equal says nothing", []float64{1, 1, 1}, []float64{1, 2, 3}, 0},
		{"nothing", nil, nil, 0},
		{"lists of other things", []float64{1}, []float64{1, 2}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Spearman(tt.a, tt.b); math.Abs(got-tt.want) > 1e-12 {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
