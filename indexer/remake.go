package indexer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet"
	"broadsheet/meaning"
)

// Remake makes the index anew with another model, beside this one, which answers as
// before meanwhile, and then takes the new one in its place: questions wait for some
// hundredths of a second. It may be called while [Index.Watch] is at work. progress, which may be nil, is
// that of [Index.Follow]. When it ends early, all is as it was.
func (x *Index) Remake(ctx context.Context, store broadsheet.PaperStore, m *meaning.Model, progress func(indexed, last int64)) error {
	if x.readOnly {
		return errReadOnly
	}
	fresh, err := OpenFresh(ctx, x.dir, Options{Model: m, Log: x.log})
	if err != nil {
		return err
	}
	if err = fresh.Follow(ctx, store, progress); err == nil {
		err = fresh.Suggest(ctx, store, nil)
	}
	if err == nil {
		err = x.take(ctx, store, fresh)
	}
	if err != nil {
		return errors.Join(err, fresh.Close())
	}
	return nil
}

// take puts a fresh index in the place of this one.
func (x *Index) take(ctx context.Context, store broadsheet.PaperStore, fresh *Index) error {
	for !x.suggesting.CompareAndSwap(false, true) { // they are written into the directory
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollPeriod):
		}
	}
	defer x.suggesting.Store(false)
	x.following.Lock()
	defer x.following.Unlock()
	if err := fresh.Follow(ctx, store, nil); err != nil { // what has come meanwhile
		return err
	}
	if err := fresh.Close(); err != nil {
		return err
	}
	if err := x.exchange(fresh); err != nil {
		return fmt.Errorf("indexer: take the index that was made anew: %w", explain(err))
	}
	return removeFormer(x.dir)
}

// exchange closes the engine, puts the fresh directory in place, and opens that. Windows
// moves no directory of which a file is open, so there is a moment without an engine.
func (x *Index) exchange(fresh *Index) error {
	x.swapping.Lock()
	defer x.swapping.Unlock()
	if err := x.engine.Close(); err != nil {
		return err
	}
	err := exchange(x.dir)
	if err == nil {
		x.model = fresh.model
	} else if undo := recoverSwap(x.dir); undo != nil {
		return errors.Join(err, undo)
	}
	return errors.Join(err, x.open())
}
