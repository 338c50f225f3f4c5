package main

import (
	"context"
	"flag"
	"fmt"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/internal/datadir"
)

var reindexCommand = command{
	name: "reindex", short: "build the search index again", extra: modelSettings, json: true,
	help: `
Builds a new index beside the present one and swaps the two when it is complete.
The store is not touched. Stop the server before.`,
	prepare: func(*flag.FlagSet) func(context.Context, *Main, []string) error {
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 {
				return usagef("unexpected \"%s\"", broadsheet.Printable(args[0], 40))
			}
			papers, err := m.reindex(ctx)
			if err != nil {
				return err
			}
			if m.json {
				return m.printJSON(map[string]any{"papers": papers})
			}
			_, err = fmt.Fprintf(m.Stdout, "%s papers indexed\n", thousands(int(papers)))
			return err
		}
	},
}

// reindex builds the index anew and returns how many papers the store has.
func (m *Main) reindex(ctx context.Context) (papers int64, err error) {
	if ro, err := datadir.OpenReadOnly(m.cfg.Data); err != nil { // nothing is made where there is nothing
		return 0, err
	} else if err := ro.Close(); err != nil {
		return 0, err
	}
	dir, err := datadir.Open(m.cfg.Data, "reindex")
	if err != nil {
		return 0, err
	}
	l := m.newLibrary(dir)
	defer func() { l.Close() }()
	if l.store, err = openStore(ctx, dir.Database()); err != nil {
		return 0, err
	}
	// Papers of a version that told less, or otherwise, are brought up to date.
	if _, err := l.store.Rederive(ctx); err != nil {
		return 0, err
	}
	model, err := m.prepare(ctx, l)
	if err != nil {
		m.log.Error("the model of meaning cannot be used", "err", err)
	}
	if l.index, err = indexer.OpenFresh(ctx, dir.Index(), indexer.Options{Model: model, Log: m.log}); err != nil {
		return 0, err
	}
	if err := m.catchUp(ctx, l); err != nil {
		return 0, err
	}
	if err := m.findDuplicates(ctx, l); err != nil {
		return 0, err
	}
	if err := m.suggest(ctx, l); err != nil {
		return 0, err
	}
	if err := l.index.Close(); err != nil {
		return 0, err
	}
	l.index = nil
	if err := indexer.Swap(dir.Index()); err != nil {
		return 0, err
	}
	stats, err := l.store.Stats(ctx)
	if err != nil {
		return 0, err
	}
	return stats.Papers, nil
}
