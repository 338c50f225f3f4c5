package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"broadsheet"
	"broadsheet/edition"
	"broadsheet/gist"
	"broadsheet/indexer"
	"broadsheet/internal/datadir"
	"broadsheet/meaning"
	"broadsheet/sqlite"
)

// A library is an open data directory: the store, the index derived from it, and
// the lock that keeps other writers out.
type library struct {
	dir   *datadir.Dir
	store *sqlite.DB
	desk  *edition.Desk  // the store's editions, in order
	shelf *meaning.Shelf // of models of meaning
	index *indexer.Index // nil when it was not asked for
}

func (l *library) Close() error {
	var errs []error
	if l.index != nil {
		errs = append(errs, l.index.Close())
	}
	if l.store != nil {
		errs = append(errs, l.store.Close())
	}
	if l.dir != nil {
		errs = append(errs, l.dir.Close())
	}
	return errors.Join(errs...)
}

func (m *Main) newLibrary(dir *datadir.Dir) *library {
	return &library{dir: dir, shelf: &meaning.Shelf{Dir: dir.Model(), Choice: m.cfg.Meaning}}
}

// openForWriting takes the data directory at path for this process alone.
func (m *Main) openForWriting(ctx context.Context, path, who string) (*library, error) {
	dir, err := datadir.Open(path, who)
	if err != nil {
		return nil, err
	}
	l := m.newLibrary(dir)
	if l.store, err = openStore(ctx, dir.Database()); err == nil {
		l.desk = edition.New(l.store)
		l.index, err = indexer.OpenWith(ctx, dir.Index(), indexer.Options{Model: m.modelOf(ctx, l, true), Log: m.log})
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// openStore opens the database at path for writing, with all that papers are given
// there.
func openStore(ctx context.Context, path string) (*sqlite.DB, error) {
	model, err := gist.Builtin()
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	db.Derive = model.Derive
	return db, nil
}

// openForReading opens the data directory beside a process that may be writing
// it.
func (m *Main) openForReading(ctx context.Context, path string, withIndex bool) (*library, error) {
	dir, err := datadir.OpenReadOnly(path)
	if err != nil {
		return nil, err
	}
	l := m.newLibrary(dir)
	if l.store, err = sqlite.OpenReadOnly(ctx, dir.Database()); err == nil {
		l.desk = edition.New(l.store)
	}
	if err == nil && withIndex {
		l.index, err = indexer.OpenReadOnlyWith(ctx, dir.Index(), m.modelOf(ctx, l, false))
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// catchUp brings the index up to the store, with a progress line.
func (m *Main) catchUp(ctx context.Context, l *library) error {
	var bar *progress
	defer func() {
		if bar != nil {
			bar.Done()
		}
	}()
	var at int64
	err := m.followOrMake(ctx, l, func(indexed, last int64) {
		if bar == nil {
			bar = m.progress("indexing", last-at)
		}
		if at > 0 || indexed < last {
			bar.Add(int(indexed-at), indexed-at)
		}
		at = indexed
	})
	if err != nil && ctx.Err() != nil {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: "Interrupted while indexing. The papers are stored; the index goes on from here the next time."}
	}
	return err
}

// suggest makes what the index suggests, with a progress line.
func (m *Main) suggest(ctx context.Context, l *library) error {
	var bar *progress
	var at int64
	err := l.index.Suggest(ctx, l.store, func(done, total int64) {
		if bar == nil {
			bar = m.progress("collecting suggestions", total)
		}
		bar.Add(int(done-at), done-at)
		at = done
	})
	if bar != nil {
		bar.Done()
	}
	return err
}

// progress shows long work on standard error.
func (m *Main) progress(label string, total int64) *progress {
	return newProgress(m.Stderr, isTerminal(m.Stderr), label, total)
}

// printJSON prints the one document of a command with --json.
func (m *Main) printJSON(v any) error {
	enc := json.NewEncoder(m.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	return nil
}
