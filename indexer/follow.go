package indexer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"broadsheet"
	"broadsheet/search"

	"golang.org/x/sync/errgroup"
)

const (
	// bulkBatch is how many changes are taken at a time: so many papers keep all
	// cores busy for some tenths of a second, and have some 15 MB.
	bulkBatch = 5000

	// chunk is how many papers one goroutine reads at a time.
	chunk = 250

	// bulkCommit is how much work a crash may undo. A commit waits for the disk.
	bulkCommit = 5 * time.Second

	// A server looks every pollPeriod for changes, which are findable at once, and
	// makes them durable after serveCommit. After an error it waits retryPeriod.
	pollPeriod  = 250 * time.Millisecond
	serveCommit = time.Second
	retryPeriod = 5 * time.Second
)

// errReadOnly says that nothing can be written.
var errReadOnly = errors.New("indexer: follow: the index was opened to read only")

// Follow applies the changes of store after Indexed, until there are none, and commits
// them; when it ends early, those that it has applied. progress, which may be nil, hears
// after each batch what is indexed and which change was the last when Follow began.
//
// When the store's log is shorter than what the index has seen, the store has been put
// back to an older state, and the index starts over.
func (x *Index) Follow(ctx context.Context, store broadsheet.PaperStore, progress func(indexed, last int64)) error {
	if x.readOnly {
		return errReadOnly
	}
	x.following.Lock()
	defer x.following.Unlock()
	err := x.follow(ctx, store, progress)
	if err := errors.Join(err, x.commit()); err != nil {
		return fmt.Errorf("indexer: follow: %w", explain(err))
	}
	return nil
}

// Watch keeps the index up with store until ctx ends: a change is findable within
// pollPeriod. A failure is logged and tried again, since pages and editions do not need
// the index. When nothing happens it costs a look at the end of the log.
func (x *Index) Watch(ctx context.Context, store broadsheet.PaperStore) error {
	if x.readOnly {
		return errReadOnly
	}
	x.following.Lock()
	x.commitPeriod = serveCommit
	x.following.Unlock()
	var suggesting sync.WaitGroup
	defer suggesting.Wait()
	var looked time.Time // for near-duplicates
	for {
		wait := pollPeriod
		err := x.look(ctx, store)
		if err != nil && ctx.Err() == nil {
			wait = retryPeriod
			x.log.Error("the search index cannot follow; it will be tried again", "err", explain(err))
		}
		if err == nil && x.suggestionsAreDue() {
			suggesting.Go(func() { x.suggest(ctx, store, nil) })
		}
		if err == nil && time.Since(looked) > duplicatesPeriod && x.duplicatesAreDue() {
			looked = time.Now()
			suggesting.Go(func() { x.watchDuplicates(ctx, store) })
		}
		select {
		case <-ctx.Done():
			x.following.Lock()
			defer x.following.Unlock()
			return x.commit()
		case <-time.After(wait):
		}
	}
}

// look applies what is new, and commits what is due.
func (x *Index) look(ctx context.Context, store broadsheet.PaperStore) error {
	x.following.Lock()
	defer x.following.Unlock()
	if err := x.follow(ctx, store, nil); err != nil {
		return err
	}
	if time.Since(x.committed) < x.commitPeriod {
		return nil
	}
	return x.commit()
}

// follow applies changes, and commits from time to time.
func (x *Index) follow(ctx context.Context, store broadsheet.PaperStore, progress func(indexed, last int64)) error {
	if news, err := x.begin(ctx, store); err != nil || !news {
		return err
	}
	var stats broadsheet.Stats
	if progress != nil {
		var err error
		if stats, err = store.Stats(ctx); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	batches := x.read(ctx, store)
	defer func() { // the reader has ended when this has
		cancel()
		for range batches {
		}
	}()
	for b := range batches {
		if b.err != nil {
			return b.err
		}
		if err := x.engine.Update(ctx, b.papers, b.gone); err != nil {
			return err
		}
		if x.missed.Swap(false) && x.unread == 0 {
			x.unread = x.seen.Load() + 1
		}
		x.seen.Store(b.last)
		if time.Since(x.committed) >= x.commitPeriod {
			if err := x.commit(); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(b.last, max(b.last, stats.LastChange))
		}
	}
	return ctx.Err()
}

// begin reports whether there are changes to follow. The change that was the last one
// is asked for, too: if it is gone, so is all that the index knows.
func (x *Index) begin(ctx context.Context, store broadsheet.PaperStore) (news bool, err error) {
	seen := x.seen.Load()
	changes, err := store.Changes(ctx, max(0, seen-1), 2)
	if err != nil || seen == 0 || len(changes) > 0 {
		return len(changes) > 0 && changes[len(changes)-1].Seq > seen, err
	}
	x.log.Warn("the store is older than its search index, which is made anew", "indexed", seen)
	if err := x.engine.Reset(); err != nil {
		return false, err
	}
	x.seen.Store(0)
	x.suggested.Store(0)
	x.unread = 0
	x.note, x.committed = note{}, time.Now()
	if err := x.sign(); err != nil {
		return false, err
	}
	return true, nil
}

// commit makes durable what was applied.
func (x *Index) commit() error {
	n := note{Change: x.seen.Load(), Suggested: x.suggested.Load(), Unread: x.unread}
	if n == x.note {
		return nil
	}
	return x.writeNote(n)
}

func (x *Index) writeNote(n note) error {
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if err := x.engine.Commit(b); err != nil {
		return err
	}
	x.note, x.committed = n, time.Now()
	return nil
}

// A batch is what some changes come to.
type batch struct {
	papers []search.Paper
	gone   []string
	last   int64 // the last of the changes
	err    error
}

// read yields the changes after the last one seen, in batches. One batch is read while
// the one before is being indexed.
func (x *Index) read(ctx context.Context, store broadsheet.PaperStore) <-chan batch {
	batches, after := make(chan batch), x.seen.Load()
	go func() {
		defer close(batches)
		for {
			changes, err := store.Changes(ctx, after, x.batch)
			if err == nil && len(changes) == 0 {
				return
			}
			b := batch{err: err}
			if err == nil {
				after = changes[len(changes)-1].Seq
				b = readBatch(ctx, store, changes)
			}
			select {
			case batches <- b:
			case <-ctx.Done():
				return
			}
			if b.err != nil {
				return
			}
		}
	}()
	return batches
}

// readBatch reads the papers of changes as they are now, on all cores: most of the time
// goes into decoding them. What a change says does not matter, so applying it twice
// equals once. A paper that is not there under its own id, or is deleted, is gone.
//
// Places in editions are not searchable, and votes are; the log does not tell them apart,
// and a paper whose votes have changed is indexed as a whole.
func readBatch(ctx context.Context, store broadsheet.PaperStore, changes []broadsheet.Change) batch {
	ids := touched(changes)
	b := batch{last: changes[len(changes)-1].Seq}
	var mu sync.Mutex
	present := make(map[broadsheet.ID]bool, len(ids))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < len(ids); from += chunk {
		g.Go(func() error {
			records, err := store.Papers(ctx, ids[from:min(from+chunk, len(ids))])
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			for i := range records {
				if r := &records[i]; r.Status != broadsheet.StatusDeleted && !present[r.ID] {
					present[r.ID] = true
					b.papers = append(b.papers, paperOf(r))
				}
			}
			return nil
		})
	}
	b.err = g.Wait()
	for _, id := range ids {
		if !present[id] {
			b.gone = append(b.gone, string(id))
		}
	}
	return b
}

// touched returns the papers that changes are of, each once.
func touched(changes []broadsheet.Change) []broadsheet.ID {
	var ids []broadsheet.ID
	seen := make(map[broadsheet.ID]bool, len(changes))
	for _, c := range changes {
		if !seen[c.Paper] {
			seen[c.Paper] = true
			ids = append(ids, c.Paper)
		}
	}
	return ids
}
