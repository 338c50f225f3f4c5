package main

import (
	"math"
	"testing"
)

func TestPercentile(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		p      float64
		want   float64
	}{
		{[]float64{3, 1, 2}, 0.5, 2},
		{[]float64{4, 3, 2, 1}, 0.5, 2},
		{[]float64{1, 2}, 0.99, 2},
		{[]float64{7}, 0, 7},
	} {
		if got := percentile(tt.values, tt.p); got != tt.want {
			t.Errorf("percentile(%v, %v) = %v, want %v", tt.values, tt.p, got, tt.want)
		}
	}
	if got := percentile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("percentile of nothing = %v, want NaN", got)
	}
}

func TestPercentilesOf(t *testing.T) {
	queries := []query{{"one", "a"}, {"or", "a b"}}
	r := &result{Latencies: []latency{{0, 0, 1e6, 1}, {0, 1, 3e6, 1}, {1, 0, 2e6, 1}, {1, 1, 4e6, 1}, {2, 0, 9e6, 1}, {2, 1, 5e6, 1}}}
	if got, want := percentilesOf(r, "one", queries...), (percentiles{2, 2, 2}); got != want {
		t.Errorf("one: %v, want %v", got, want)
	}
	if got, want := percentilesOf(r, "").p95, 4.0; got != want { // 3, 4 and 9 by pass
		t.Errorf("all: p95 %v, want %v", got, want)
	}
	if got, want := spread(r), (14.0-4)/2/4; got != want {
		t.Errorf("spread %v, want %v", got, want)
	}
}
