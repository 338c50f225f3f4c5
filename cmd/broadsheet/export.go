package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"broadsheet"
	"broadsheet/ingest"
)

var exportCommand = command{
	name: "export", args: "[FILE]", short: "write every paper as JSON lines",
	help: `
Writes to FILE, or to standard output: one paper a line with its editions, votes,
other addresses and sources. Importing it elsewhere loses nothing. It can run
beside a server.

    broadsheet export papers.jsonl
    broadsheet export | zstd > papers.jsonl.zst`,
	prepare: func(*flag.FlagSet) func(context.Context, *Main, []string) error {
		return func(ctx context.Context, m *Main, args []string) error {
			switch {
			case len(args) > 1:
				return usagef("name one file")
			case len(args) == 0 || args[0] == "-":
				if m.terminal {
					return usagef("this would fill the terminal: name a file, or pipe it on")
				}
				return m.export(ctx, m.Stdout)
			}
			return writeFile(args[0], func(w io.Writer) error { return m.export(ctx, w) })
		}
	},
}

func (m *Main) export(ctx context.Context, w io.Writer) error {
	l, err := m.openForReading(ctx, m.cfg.Data, false)
	if err != nil {
		return err
	}
	defer l.Close()
	stats, err := l.store.Stats(ctx)
	if err != nil {
		return err
	}
	bar := m.progress("exporting", stats.Papers)
	defer bar.Done()
	buf := bufio.NewWriterSize(w, 256<<10)
	count := func(yield func(broadsheet.Record, error) bool) {
		for r, err := range l.store.All(ctx) {
			bar.Add(1, 1)
			if !yield(r, err) {
				return
			}
		}
	}
	if _, err := ingest.WriteJSONL(buf, count); err != nil {
		return err
	}
	return buf.Flush()
}

// writeFile writes a new file as a whole or not at all: under a name of its own
// beside the target, renamed when it is safe on the disk. What exists and is no
// ordinary file, such as a pipe, is written to directly.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return broadsheet.Errorf(broadsheet.Invalid, "%s is a directory: name a file in it.", path)
		}
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".broadsheet-*")
	if err != nil {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Text: fmt.Sprintf("%s cannot be written: %v.", path, err), Err: err}
	}
	defer os.Remove(tmp.Name()) // does nothing after the rename
	defer tmp.Close()
	if err := write(tmp); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
