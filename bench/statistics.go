package main

import (
	"fmt"
	"math"
	"slices"
)

// percentiles are of latencies in milliseconds.
type percentiles struct{ p50, p95, p99 float64 }

func (p percentiles) String() string {
	return digits(p.p50) + " / " + digits(p.p95) + " / " + digits(p.p99)
}

// digits writes milliseconds with three digits that count.
func digits(ms float64) string {
	switch {
	case math.IsNaN(ms):
		return "-"
	case ms < 1:
		return fmt.Sprintf("%.3f", ms)
	case ms < 100:
		return fmt.Sprintf("%.2f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

// passes returns the latencies of a kind of queries in milliseconds, by pass. The empty
// kind is all of them.
func passes(r *result, kind string, queries []query) map[int][]float64 {
	list := map[int][]float64{}
	for _, l := range r.Latencies {
		if kind == "" || l.Query < len(queries) && queries[l.Query].Kind == kind {
			list[l.Pass] = append(list[l.Pass], float64(l.Nanoseconds)/1e6)
		}
	}
	return list
}

// percentilesOf returns the medians over the passes of each pass's percentiles.
func percentilesOf(r *result, kind string, queries ...query) percentiles {
	var p50, p95, p99 []float64
	for _, pass := range passes(r, kind, queries) {
		p50, p95, p99 = append(p50, percentile(pass, 0.5)), append(p95, percentile(pass, 0.95)), append(p99, percentile(pass, 0.99))
	}
	return percentiles{median(p50), median(p95), median(p99)}
}

// meanOf returns the median over the passes of the mean latency.
func meanOf(r *result, kind string, queries []query) float64 {
	var means []float64
	for _, pass := range passes(r, kind, queries) {
		means = append(means, total(pass)/float64(len(pass)))
	}
	return median(means)
}

// spread returns half the range of the times of the passes, over the shortest.
func spread(r *result) float64 {
	low, high := math.Inf(1), 0.0
	for _, pass := range passes(r, "", nil) {
		low, high = min(low, total(pass)), max(high, total(pass))
	}
	return (high - low) / 2 / low
}

func total(list []float64) (sum float64) {
	for _, x := range list {
		sum += x
	}
	return sum
}

// percentile returns the least value that at least p of all values do not exceed (the
// nearest rank); NaN of nothing.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}

func median(values []float64) float64 { return percentile(values, 0.5) }
