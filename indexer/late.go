package indexer

import (
	"context"
	"errors"
	"fmt"

	"broadsheet"
	"broadsheet/search"
)

var errFailsAgain = errors.New("the model fails again")

// miss notes that a model has failed while papers were indexed: they are found by their words
// until [Index.Late].
func (x *Index) miss(err error) {
	if !x.missed.Swap(true) {
		x.log.Warn("papers are indexed without their meaning, which is added later", "err", err)
	}
}

// Late gives their vectors to papers that were indexed while the model failed, as an
// embeddings server does now and then: it reads again what has changed since. It does
// nothing while the model still fails, and may be called while [Index.Watch] is at work.
func (x *Index) Late(ctx context.Context, store broadsheet.PaperStore) error {
	x.following.Lock()
	defer x.following.Unlock()
	if x.readOnly || x.unread == 0 || x.model == nil {
		return nil
	}
	if _, err := x.model.Embed(ctx, []search.Passage{{Body: "paper"}}); err != nil {
		return nil // who indexes next is told
	}
	x.log.Info("papers get the meaning that they lack", "from", x.unread, "to", x.seen.Load())
	for x.unread > 0 {
		if err := x.late(ctx, store); err != nil {
			return fmt.Errorf("indexer: late: %w", explain(err))
		}
	}
	return x.commit()
}

// late indexes one batch of changes again.
func (x *Index) late(ctx context.Context, store broadsheet.PaperStore) error {
	seen := x.seen.Load()
	changes, err := store.Changes(ctx, x.unread-1, x.batch)
	if err != nil {
		return err
	}
	for len(changes) > 0 && changes[len(changes)-1].Seq > seen { // those are to come
		changes = changes[:len(changes)-1]
	}
	if len(changes) == 0 {
		x.unread = 0
		return nil
	}
	b := readBatch(ctx, store, changes)
	if b.err != nil {
		return b.err
	}
	if err := x.engine.Update(ctx, b.papers, b.gone); err != nil {
		return err
	}
	if x.missed.Swap(false) {
		return errFailsAgain
	}
	x.unread = b.last + 1
	return x.commit()
}
