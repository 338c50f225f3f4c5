package transformer

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Tokens that go through a layer together: enough to make reading the weights
// cheap, few enough to stay in cache, and fewer when there is not enough for all
// workers.
const (
	batchTokens = 256
	smallTokens = 32
)

// A text is what is left to do of an embedding.
type text struct {
	ids []int32
	at  int // where its vector goes
}

// each gives all batches to f, with as many goroutines as there are batches and
// workers. It returns the first error.
func (m *Model) each(ctx context.Context, batches [][]text, f func(*state, []text) error) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wait sync.WaitGroup
	work := func() {
		for failed.Load() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(batches) {
				return
			}
			if err := m.withState(ctx, batches[i], f); err != nil {
				failed.CompareAndSwap(nil, &err)
			}
		}
	}
	for range min(len(batches), cap(m.states)) {
		wait.Go(work)
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// withState waits for working memory, of which there is one a worker.
func (m *Model) withState(ctx context.Context, batch []text, f func(*state, []text) error) error {
	var s *state
	select {
	case s = <-m.states:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { m.states <- s }()
	if s == nil {
		s = new(state)
	}
	rows := 0
	for _, t := range batch {
		rows += len(t.ids)
	}
	s.grow(m, rows, len(batch))
	return f(s, batch)
}

// batches tokenizes the texts and puts those of like length together, longest
// first.
func (m *Model) batches(texts []string) [][]text {
	all := make([]text, len(texts))
	total := 0
	for i, s := range texts {
		ids, cut := m.tokenizer.encode(s, m.maxTokens)
		all[i] = text{ids, i}
		total += len(ids)
		m.countText(len(ids), cut)
	}
	slices.SortStableFunc(all, func(a, b text) int { return cmp.Compare(len(b.ids), len(a.ids)) })
	limit := min(batchTokens, max(smallTokens, total/cap(m.states)))
	var batches [][]text
	for len(all) > 0 {
		n, tokens := 1, len(all[0].ids)
		for n < len(all) && n < batchTokens && tokens+len(all[n].ids) <= limit {
			tokens += len(all[n].ids)
			n++
		}
		batches = append(batches, all[:n])
		all = all[n:]
	}
	return batches
}

// forward takes the batch through the layers. After each, leave is told how many
// they are and returns what is left of the batch.
func (m *Model) forward(ctx context.Context, s *state, batch []text, leave func(layers int, batch []text) ([]text, error)) error {
	x := s.x
	for _, t := range batch {
		m.embed(x, t.ids)
		x = x[len(t.ids)*m.dims:]
	}
	for i := range m.weights.layers {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.run(s, &m.weights.layers[i], batch)
		var err error
		if batch, err = leave(i+1, batch); err != nil || len(batch) == 0 {
			return err
		}
	}
	return nil
}
