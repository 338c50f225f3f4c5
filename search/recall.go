package search

import (
	"context"
	"fmt"

	"broadsheet/search/vector"
)

// VectorRecall returns which share of the k papers nearest to a text, all compared exactly,
// Adaptive finds; ok is false when the text has no meaning. It is for measuring.
func (e *Engine) VectorRecall(ctx context.Context, text Passage, k int) (share float64, ok bool, err error) {
	if e.model == nil {
		return 0, false, nil
	}
	m, err := e.model.Embed(ctx, []Passage{text})
	if err != nil || len(m[0].Vector) == 0 {
		return 0, false, err
	}
	snap := e.index.Snapshot()
	defer snap.Release()
	s := &searcher{ctx: ctx, compiler: &compiler{engine: e, snap: snap}, plan: new(plan)}
	segments, err := s.segments()
	if err != nil || len(segments) == 0 {
		return 0, false, err
	}
	exact, err := vector.Search(ctx, e.model.Coder(), segments, vector.Query{Vector: m[0].Vector, K: k, Exact: true})
	if err != nil {
		return 0, false, fmt.Errorf("search: recall: %w", err)
	}
	found := map[vector.Hit]bool{}
	for _, h := range s.closest(&m[0], nearDepth) {
		found[h] = true
	}
	n := 0
	for _, h := range exact.Hits {
		if found[h] || h.Score < leastCosine {
			n++
		}
	}
	return float64(n) / float64(max(len(exact.Hits), 1)), true, nil
}
