package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet"
	"broadsheet/ingest"
)

// suggestAtOnce is of how many papers an import makes suggestions, too: a few seconds'
// work. Of more, a server makes them while it serves, and reindex does.
const suggestAtOnce = 50_000

var importCommand = command{
	name: "import", args: "FILE|-|URL ...", short: "take papers into the data directory", extra: modelSettings, json: true,
	help: `
Files may be compressed with gzip or Zstandard. The format is guessed from the
content; --format settles it. Importing the same file again changes nothing, and
an import that was interrupted goes on when it is run again.

    broadsheet import papers.jsonl.zst
    broadsheet import arxiv-metadata-oai-snapshot.json
    broadsheet import --date 2025-03-11 daily-papers.txt
    curl -s https://rss.arxiv.org/rss/cs.LG | broadsheet import -

Each record that is refused is named on standard error with its reason; the exit
code is then 3. The summary counts every record that was read.`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		format := fs.String("format", "", "the `format`: "+ingest.FormatNames()+" (guessed when not given)")
		date := fs.String("date", "", "the `day` of the edition, such as 2025-03-11, where the file does not say it")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) == 0 {
				return usagef("name a file, an address, or - for standard input")
			}
			if *format != "" && !slices.Contains(strings.Split(ingest.FormatNames(), ", "), *format) {
				return usagef("--format %s: choose one of %s", broadsheet.Printable(*format, 40), ingest.FormatNames())
			}
			opts := ingest.Options{Format: *format, Stdin: m.Stdin, Agent: "broadsheet/" + version()}
			if *date != "" {
				p, err := broadsheet.ParsePeriod(broadsheet.Day, *date)
				if err != nil {
					return usagef("--date: %s", broadsheet.TextFor(err))
				}
				opts.Date = p.First
			}
			return m.importFiles(ctx, args, opts)
		}
	},
}

// importFiles imports every file that can be read, even when another cannot.
func (m *Main) importFiles(ctx context.Context, names []string, opts ingest.Options) error {
	l, err := m.openForWriting(ctx, m.cfg.Data, "import")
	if err != nil {
		return err
	}
	defer l.Close()
	var sum ingest.Summary
	failed := false
	for _, name := range names {
		if err := m.importFile(ctx, l, name, opts, &sum); err != nil {
			if ctx.Err() != nil {
				return err
			}
			failed = true
			fmt.Fprintf(m.Stderr, "broadsheet import: %s\n", sentence(err))
		}
	}
	if failed && sum.Read() == 0 && !m.json {
		return errSaid
	}
	if err := m.printSummary(sum); err != nil {
		return err
	}
	if err := m.catchUp(ctx, l); err != nil {
		return err
	}
	if err := m.findDuplicates(ctx, l); err != nil {
		return err
	}
	if l.index.Stats().Docs <= suggestAtOnce {
		if err := m.suggest(ctx, l); err != nil {
			return err
		}
	}
	switch {
	case failed:
		return errSaid
	case sum.Rejected > 0:
		return errPartly
	}
	return nil
}

func (m *Main) importFile(ctx context.Context, l *library, name string, opts ingest.Options, sum *ingest.Summary) error {
	f, err := ingest.Open(ctx, name, opts)
	if err != nil {
		return err
	}
	defer f.Close()
	bar := m.progress("importing "+broadsheet.Printable(f.Name, 40), f.Size)
	defer bar.Done()
	var mu sync.Mutex // rejections come from the reader, progress from the writer
	var read int64
	rejected := sum.Rejected
	im := ingest.Importer{
		Store: l.store,
		Progress: func(records int) {
			mu.Lock()
			defer mu.Unlock()
			now := f.BytesRead()
			bar.Add(records, now-read)
			read = now
		},
		Rejected: func(bad *broadsheet.BadRecord) {
			mu.Lock()
			defer mu.Unlock()
			rejected++
			bar.SetRejected(rejected)
			bar.Println(bad.Error())
		},
	}
	return im.Import(ctx, f, sum)
}

func (m *Main) printSummary(sum ingest.Summary) error {
	if m.json {
		return m.printJSON(sum)
	}
	rate := ""
	if sum.Seconds > 0.5 {
		rate = fmt.Sprintf(" (%s a second)", thousands(int(float64(sum.Read())/sum.Seconds)))
	}
	var parts []string
	for _, c := range []struct {
		n    int
		name string
	}{{sum.Added, "added"}, {sum.Updated, "updated"}, {sum.Unchanged, "unchanged"}, {sum.Merged, "merged"}, {sum.Rejected, "rejected"}} {
		if c.n > 0 {
			parts = append(parts, thousands(c.n)+" "+c.name)
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing in them"}
	}
	_, err := fmt.Fprintf(m.Stdout, "%s records read: %s, in %s%s\n", thousands(sum.Read()), strings.Join(parts, ", "),
		time.Duration(sum.Seconds*float64(time.Second)).Round(10*time.Millisecond), rate)
	return err
}
