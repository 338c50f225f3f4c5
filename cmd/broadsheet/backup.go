package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/internal/datadir"
	"broadsheet/sqlite"
)

var backupCommand = command{
	name: "backup", args: "[FILE]", short: "write a verified copy of the database", json: true,
	help: `
Writes a consistent copy while a server runs, checks every page of it, and prints
its name. Without FILE it goes into backups/ in the data directory. The search
index is not part of it: it is derived, and restore builds it again.

    broadsheet backup
    broadsheet backup /mnt/safe/papers.db`,
	prepare: func(*flag.FlagSet) func(context.Context, *Main, []string) error {
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 1 {
				return usagef("name one file")
			}
			l, err := m.openForReading(ctx, m.cfg.Data, false)
			if err != nil {
				return err
			}
			defer l.Close()
			path := ""
			if len(args) == 1 {
				path = args[0]
			} else if path, err = m.backupPath(l.dir, "broadsheet"); err != nil {
				return err
			}
			if err := l.store.Backup(ctx, path); err != nil {
				return err
			}
			stats, err := verify(ctx, path)
			if err != nil {
				os.Remove(path)
				return err
			}
			if m.json {
				return m.printJSON(map[string]any{"file": path, "papers": stats.Papers, "last_change": stats.LastChange})
			}
			_, err = fmt.Fprintf(m.Stdout, "%s: %s papers, verified\n", path, thousands(int(stats.Papers)))
			return err
		}
	},
}

var restoreCommand = command{
	name: "restore", args: "FILE", short: "put a backup in place of the database", json: true,
	help: `
Checks FILE first and changes nothing unless it is sound. The database that was
there is kept in backups/, so a restore can be undone by restoring that file.
Stop the server before.

    broadsheet restore /mnt/safe/papers.db`,
	prepare: func(*flag.FlagSet) func(context.Context, *Main, []string) error {
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) != 1 {
				return usagef("name one backup")
			}
			return m.restore(ctx, args[0])
		}
	},
}

// backupPath returns a new name in the directory for backups.
func (m *Main) backupPath(dir *datadir.Dir, prefix string) (string, error) {
	if err := os.MkdirAll(dir.Backups(), 0o700); err != nil {
		return "", fmt.Errorf("make the directory for backups: %w", err)
	}
	name := prefix + "-" + m.Now().UTC().Format("20060102T150405.000Z") + ".db"
	return filepath.Join(dir.Backups(), name), nil
}

// verify opens a database that nobody writes and checks all of it.
func verify(ctx context.Context, path string) (broadsheet.Stats, error) {
	if info, err := os.Stat(path); err == nil && (!info.Mode().IsRegular() || info.Size() == 0) {
		return broadsheet.Stats{}, broadsheet.Errorf(broadsheet.Invalid, "%s is not a backup: it is empty, or no file.", path)
	}
	db, err := sqlite.OpenReadOnly(ctx, path)
	if err != nil {
		return broadsheet.Stats{}, err
	}
	defer db.Close()
	wrong, err := db.Check(ctx)
	if err != nil {
		return broadsheet.Stats{}, err
	}
	if len(wrong) > 0 {
		return broadsheet.Stats{}, &broadsheet.Error{Kind: broadsheet.Invalid,
			Text: fmt.Sprintf("%s is damaged and was not used: %s.", path, strings.Join(wrong, "; "))}
	}
	return db.Stats(ctx)
}

func (m *Main) restore(ctx context.Context, from string) error {
	stats, err := verify(ctx, from)
	if err != nil {
		return err
	}
	dir, err := datadir.Open(m.cfg.Data, "restore")
	if err != nil {
		return err
	}
	defer dir.Close()
	// The copy is made whole before anything that is there is touched.
	fresh := dir.Database() + ".restoring"
	os.Remove(fresh)
	defer os.Remove(fresh) // does nothing after the rename
	if err := copyDatabase(ctx, from, fresh); err != nil {
		return err
	}
	kept := ""
	if _, err := os.Stat(dir.Database()); err == nil {
		if kept, err = m.keepOld(ctx, dir); err != nil {
			return err
		}
	}
	// The index followed another history of changes. It goes first: a database
	// without an index is whole, one with a stranger's is not.
	if err := indexer.Remove(dir.Index()); err != nil {
		return err
	}
	if err := replaceDatabase(fresh, dir.Database()); err != nil {
		return fmt.Errorf("%w; the former database is at %s", err, kept)
	}
	if err := dir.Close(); err != nil {
		return err
	}
	if _, err := m.reindex(ctx); err != nil {
		return err
	}
	if m.json {
		return m.printJSON(map[string]any{"file": from, "papers": stats.Papers, "kept": kept})
	}
	fmt.Fprintf(m.Stdout, "%s papers restored from %s\n", thousands(int(stats.Papers)), from)
	if kept != "" {
		fmt.Fprintf(m.Stdout, "The former database is kept: undo with broadsheet restore %s\n", kept)
	}
	return nil
}

// keepOld copies the present database aside and returns where. A damaged one
// cannot be copied by SQLite; its files are moved as they are. After any other
// failure it is left alone.
func (m *Main) keepOld(ctx context.Context, dir *datadir.Dir) (string, error) {
	path, err := m.backupPath(dir, "before-restore")
	if err != nil {
		return "", err
	}
	// Opened for writing, so that closing it folds its log into the file: from then
	// on the log can go at any moment.
	db, err := sqlite.Open(ctx, dir.Database())
	if err == nil {
		err = errors.Join(db.Backup(ctx, path), db.Close())
	}
	if err == nil {
		return path, nil
	}
	if broadsheet.KindOf(err) != broadsheet.Invalid || ctx.Err() != nil {
		return "", err
	}
	fmt.Fprintf(m.Stderr, "The former database is damaged and cannot be restored; its files are kept as they are at %s\n", path)
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(dir.Database()+suffix, path+suffix); err != nil && !os.IsNotExist(err) {
			return "", fmt.Errorf("keep the former database: %w", err)
		}
	}
	return path, nil
}

// copyDatabase makes a compact copy of a database that nobody writes.
func copyDatabase(ctx context.Context, from, to string) error {
	db, err := sqlite.OpenReadOnly(ctx, from)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Backup(ctx, to)
}

// replaceDatabase puts a whole database in place of another in one step.
func replaceDatabase(fresh, path string) error {
	// A log of the former database must not be applied to the new one.
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("remove the former log: %w", err)
		}
	}
	return os.Rename(fresh, path)
}
