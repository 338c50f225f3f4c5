package transformer_test

import (
	"math"
	"testing"

	"broadsheet/embed/matrix"
	"broadsheet/embed/transformer"
)

func TestExit(t *testing.T) {
	shape := tiny{layers: 4, activation: "gelu"}
	m := open(t, shape, transformer.Options{})
	var naive [][][]float64
	for _, text := range texts {
		ids, _ := m.Encode(text)
		naive = append(naive, shape.naive(ids))
	}
	for _, tt := range []struct {
		name string
		exit transformer.Exit
		want func(steps []float64) int // layers, where steps[i] is how far layer i+1 moved from layer i
	}{
		{"never", transformer.Exit{}, func([]float64) int { return 4 }},
		{"at once", transformer.Exit{Threshold: 2}, func([]float64) int { return 2 }},
		{"not before the third", transformer.Exit{Threshold: 2, MinLayers: 3}, func([]float64) int { return 3 }},
		{"at the end", transformer.Exit{Threshold: 2, MinLayers: 9}, func([]float64) int { return 4 }},
		{"when it is calm", transformer.Exit{Threshold: 0.7}, func(steps []float64) int {
			for i, step := range steps[1:] {
				if step < 0.7 {
					return i + 2
				}
			}
			return 4
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := open(t, shape, transformer.Options{Exit: tt.exit})
			vectors := embed(t, m, texts...)
			var run, full int64
			for i, text := range texts {
				ids, _ := m.Encode(text)
				layers := tt.want(steps(naive[i]))
				t.Logf("%.20q: %d layers of %.2f", text, layers, steps(naive[i]))
				close(t, text[:min(20, len(text))], vectors[i], naive[i][layers])
				run += int64(layers * len(ids))
				full += int64(shape.layers * len(ids))
			}
			if s := m.Stats(); s.Run != run || s.Full != full {
				t.Errorf("Stats = %+v, want %d of %d run", s, run, full)
			}
		})
	}
}

// steps are the distances between the vectors of one layer and the next.
func steps(vectors [][]float64) []float64 {
	var steps []float64
	for i, v := range vectors[1:] {
		cosine := 0.0
		for j := range v {
			cosine += v[j] * vectors[i][j]
		}
		steps = append(steps, 1-cosine)
	}
	return steps
}

func TestExitOptions(t *testing.T) {
	dir := tiny{layers: 1, activation: "gelu"}.write(t)
	for _, e := range []transformer.Exit{{Threshold: -1}, {Threshold: 3}, {MinLayers: -1}} {
		if _, err := transformer.Open(dir, transformer.Options{Exit: e}); err == nil {
			t.Errorf("Open with %+v: no error", e)
		}
	}
}

func TestCalibrate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		m     tiny
		keep  float64
		saves bool
	}{
		{"a model that moves to its end", tiny{layers: 5, activation: "gelu"}, 0.99, false},
		{"little is asked of it", tiny{layers: 5, activation: "gelu"}, -1, true},
		{"a model that settles", tiny{layers: 5, activation: "gelu", calm: 2}, 0.99, true},
		{"one layer", tiny{layers: 1, activation: "gelu"}, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := open(t, tt.m, transformer.Options{})
			got, err := m.Calibrate(t.Context(), texts, tt.keep)
			if err != nil {
				t.Fatal(err)
			}
			if saves := got.Saved > 0.3; saves != tt.saves || got.Kept < tt.keep || !tt.saves && got != (transformer.Outcome{Kept: 1}) {
				t.Errorf("Calibrate = %+v", got)
			}
			full := embed(t, m, texts...)
			m = open(t, tt.m, transformer.Options{Exit: got.Exit})
			kept := 0.0
			for i, v := range embed(t, m, texts...) {
				kept += float64(matrix.Dot(v, full[i])) / float64(len(texts))
			}
			if saved := m.Stats().Saved(); math.Abs(saved-got.Saved) > 1e-9 || math.Abs(kept-got.Kept) > 1e-5 {
				t.Errorf("opened with it, the model saves %v and keeps %v, want %+v", saved, kept, got)
			}
		})
	}
}
