package search

import (
	"broadsheet/search/rank"
	"broadsheet/search/vector"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
)

const (
	// share is how many papers a worker takes at a time: enough that sharing costs
	// nothing, few enough that all end at the same time.
	share = 64

	// maxBuilder bounds the bytes of one worker's papers before they are installed.
	maxBuilder = 32 << 20
)

// Update makes papers searchable, in place of older ones with the same ids, and lets
// the papers with the ids in deleted vanish, unless they are among papers. Of papers
// with the same id the last one counts. All is searchable when Update returns, and
// durable after the next Commit.
//
// After an error a part of it may have been done; doing it again does no harm. A paper
// that cannot be taken, because its ID is missing or longer than 65,535 bytes, is an
// error.
func (e *Engine) Update(ctx context.Context, papers []Paper, deleted []string) error {
	e.updating.Lock()
	defer e.updating.Unlock()
	if err := e.update(ctx, papers, deleted); err != nil {
		return fmt.Errorf("search: update: %w", err)
	}
	return nil
}

func (e *Engine) update(ctx context.Context, papers []Paper, deleted []string) error {
	last := make(map[string]int, len(papers))
	for i := range papers {
		if papers[i].ID == "" {
			return fmt.Errorf("paper %d of %d has no id", i+1, len(papers))
		}
		last[papers[i].ID] = i
	}
	gone := make([]string, 0, len(deleted))
	for _, id := range deleted {
		if _, here := last[id]; !here {
			gone = append(gone, id)
		}
	}
	builders, err := e.build(ctx, papers, last)
	if err != nil {
		return err
	}
	for _, b := range builders {
		if err := e.index.Install(b, gone); err != nil {
			return err
		}
		gone = nil
	}
	if len(gone) > 0 {
		return e.index.Install(nil, gone)
	}
	return nil
}

// build analyses papers on all cores. What it returns is to be installed; more is
// installed already when there are many. Only the papers whose index is in last count.
func (e *Engine) build(ctx context.Context, papers []Paper, last map[string]int) ([]*index.Builder, error) {
	workers := min(runtime.GOMAXPROCS(0), (len(papers)+share-1)/share)
	builders, errs := make([]*index.Builder, workers), make([]error, workers)
	var next atomic.Int64
	var failed atomic.Bool
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			m := &maker{analyzer: e.analyzers.Get().(*analysis.Analyzer)}
			defer e.analyzers.Put(m.analyzer)
			builders[w] = e.index.NewBuilder()
			for !failed.Load() && errs[w] == nil {
				from := int(next.Add(share)) - share
				if from >= len(papers) {
					return
				}
				errs[w] = e.add(ctx, m, &builders[w], papers, last, from)
			}
			failed.Store(true)
		})
	}
	all.Wait()
	return builders, errors.Join(errs...)
}

// add adds one share of the papers to a builder, and installs it when it is large.
func (e *Engine) add(ctx context.Context, m *maker, b **index.Builder, papers []Paper, last map[string]int, from int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	to := min(from+share, len(papers))
	meanings, err := e.meanings(ctx, papers[from:to])
	if err != nil {
		return err
	}
	for i := from; i < to; i++ {
		if p := &papers[i]; last[p.ID] == i {
			d := m.document(p)
			if d.Vector, d.Tokens = nil, d.Tokens[:0]; meanings != nil {
				d.Vector, d.Tokens = meanings[i-from].Vector, telling(d.Tokens, meanings[i-from].Words)
			}
			if err := (*b).Add(d); err != nil {
				return err
			}
		}
	}
	if (*b).Size() < maxBuilder {
		return nil
	}
	err = e.index.Install(*b, nil)
	*b = e.index.NewBuilder()
	return err
}

// meanings returns what papers mean; nothing without a model, and nothing for now when
// that fails and somebody is told.
func (e *Engine) meanings(ctx context.Context, papers []Paper) ([]Meaning, error) {
	if e.model == nil {
		return nil, nil
	}
	texts := make([]Passage, len(papers))
	for i := range papers {
		texts[i] = Passage{papers[i].Title, papers[i].Abstract}
	}
	meanings, err := e.model.Embed(ctx, texts)
	if err == nil && len(meanings) != len(texts) {
		err = fmt.Errorf("the model has given %d vectors for %d texts", len(meanings), len(texts))
	}
	if err != nil && ctx.Err() == nil && e.missed != nil {
		e.missed(err)
		return nil, nil
	}
	return meanings, err
}

// telling appends the numbers of the most telling words, as many as are kept.
func telling(dst []uint16, words []rank.Word) []uint16 {
	for _, w := range words[:min(len(words), vector.MaxTokens)] {
		dst = append(dst, w.Number)
	}
	return dst
}
