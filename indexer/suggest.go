package indexer

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"broadsheet"
	"broadsheet/search"
)

// Suggestions are made anew after changes to one paper in suggestShare, or after
// suggestAge if there were any: that reads the whole store.
const (
	suggestShare = 20
	suggestAge   = 24 * time.Hour
	suggestStep  = 1000 // papers between two calls of progress
)

// Suggest makes the suggestions anew if enough of store, which the index follows, has
// changed since they were made. It takes some 100 µs a paper, most of which is reading
// the store twice. progress, which may be nil, hears how many are read of how many.
func (x *Index) Suggest(ctx context.Context, store broadsheet.PaperStore, progress func(done, total int64)) error {
	if !x.suggestionsAreDue() {
		return nil
	}
	if err := x.suggest(ctx, store, progress); err != nil {
		return fmt.Errorf("indexer: suggestions: %w", explain(err))
	}
	x.following.Lock()
	defer x.following.Unlock()
	if err := x.commit(); err != nil {
		return fmt.Errorf("indexer: suggestions: %w", explain(err))
	}
	return nil
}

// suggestionsAreDue reports whether suggestions are to be made, and by nobody else.
func (x *Index) suggestionsAreDue() bool {
	behind := x.seen.Load() - x.suggested.Load()
	if behind <= 0 || behind < int64(x.Stats().Docs)/suggestShare && !x.suggestionsAreOld() {
		return false
	}
	return x.suggesting.CompareAndSwap(false, true)
}

func (x *Index) suggestionsAreOld() bool {
	info, err := os.Stat(filepath.Join(x.dir, "suggestions"))
	return err != nil || time.Since(info.ModTime()) > suggestAge
}

// suggest makes suggestions beside whatever else is done. What it has failed to make is
// not tried again until more has changed.
func (x *Index) suggest(ctx context.Context, store broadsheet.PaperStore, progress func(done, total int64)) error {
	defer x.suggesting.Store(false)
	seen := x.seen.Load()
	total, done := 2*int64(x.Stats().Docs), int64(0)
	err := x.engine.RebuildSuggestions(ctx, papersOf(ctx, store, func() {
		if done++; progress != nil && done%suggestStep == 0 {
			progress(done, max(done, total))
		}
	}))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		x.log.Error("suggestions cannot be made", "err", explain(err))
	}
	x.suggested.Store(seen)
	return err
}

// papersOf yields what is searchable of all papers, and calls read for each.
func papersOf(ctx context.Context, store broadsheet.PaperStore, read func()) iter.Seq2[search.Paper, error] {
	return func(yield func(search.Paper, error) bool) {
		for r, err := range store.All(ctx) {
			if err == nil && r.Status == broadsheet.StatusDeleted {
				continue
			}
			read()
			if !yield(paperOf(&r), err) {
				return
			}
		}
	}
}
