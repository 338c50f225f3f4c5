package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"broadsheet"
	"broadsheet/fts"
	"broadsheet/internal/datadir"
	"broadsheet/sqlite"
)

var reindexCommand = command{
	name: "reindex", short: "build the search index again", json: true,
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
	l := &library{dir: dir}
	defer func() { l.Close() }()
	if l.store, err = sqlite.Open(ctx, dir.Database()); err != nil {
		return 0, err
	}
	fresh, old := dir.Index()+".new", dir.Index()+".old"
	for _, d := range []string{fresh, old} { // left over by one that was interrupted
		if err := os.RemoveAll(d); err != nil {
			return 0, fmt.Errorf("remove %s: %w", d, err)
		}
	}
	if l.index, err = fts.Open(ctx, fresh); err != nil {
		return 0, err
	}
	if err := m.catchUp(ctx, l); err != nil {
		return 0, err
	}
	if err := l.index.Close(); err != nil {
		return 0, err
	}
	l.index = nil
	if err := os.Rename(dir.Index(), old); err != nil && !os.IsNotExist(err) {
		return 0, fmt.Errorf("swap the index: %w", err)
	}
	if err := os.Rename(fresh, dir.Index()); err != nil {
		return 0, fmt.Errorf("swap the index: %w", err)
	}
	stats, err := l.store.Stats(ctx)
	if err != nil {
		return 0, err
	}
	if err := os.RemoveAll(old); err != nil {
		return 0, fmt.Errorf("remove the former index: %w", err)
	}
	return stats.Papers, nil
}
