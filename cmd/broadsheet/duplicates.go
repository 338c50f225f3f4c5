package main

import (
	"context"
	"flag"
	"fmt"

	"broadsheet"
)

var duplicatesCommand = command{
	name: "duplicates", args: "[ID]", short: "list papers that are probably one", json: true,
	help: `
Lists pairs of papers that are probably the same, under two ids or in two versions:
those whose meaning is almost the same and of whose words a large part is. Nothing is
merged or hidden because of it. Imports look for them, and a server does from time to
time; the list stands beside the search index and can be deleted.

    broadsheet duplicates
    broadsheet duplicates --json --limit 100000
    broadsheet duplicates 2503.01234`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		limit := fs.Int("limit", 50, "at most this `many` pairs")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 1 || *limit < 1 {
				return usagef("name one paper or none, and ask for 1 pair or more")
			}
			l, err := m.openForReading(ctx, m.cfg.Data, true)
			if err != nil {
				return err
			}
			defer l.Close()
			res, err := l.duplicates(ctx, args)
			if err != nil {
				return err
			}
			res.Pairs = res.Pairs[:min(len(res.Pairs), *limit)]
			if m.json {
				return m.printJSON(res)
			}
			return m.printDuplicates(ctx, l, res)
		}
	},
}

// duplicatesResult is the JSON of duplicates.
type duplicatesResult struct {
	Total  int                        `json:"total"`
	Change int64                      `json:"change"` // up to which they were looked for
	Pairs  []broadsheet.DuplicatePair `json:"pairs"`
}

// duplicates returns all pairs, or those of one paper.
func (l *library) duplicates(ctx context.Context, args []string) (res duplicatesResult, err error) {
	all, change := l.index.DuplicatePairs()
	res = duplicatesResult{Total: len(all), Change: change, Pairs: all}
	if len(args) == 1 {
		id, err := broadsheet.ParseID(args[0])
		if err != nil {
			return res, err
		}
		r, err := l.store.Paper(ctx, id)
		if err != nil {
			return res, err
		}
		found, err := l.index.Duplicates(ctx, r.ID)
		if err != nil {
			return res, err
		}
		res.Total, res.Pairs = len(found), nil
		for _, d := range found {
			res.Pairs = append(res.Pairs, broadsheet.DuplicatePair{First: r.ID, Duplicate: d})
		}
	}
	if res.Pairs == nil { // a list in JSON, too
		res.Pairs = []broadsheet.DuplicatePair{}
	}
	return res, nil
}

func (m *Main) printDuplicates(ctx context.Context, l *library, res duplicatesResult) error {
	for _, p := range res.Pairs {
		papers, err := l.store.Papers(ctx, []broadsheet.ID{p.First, p.ID})
		if err != nil {
			return err
		}
		for _, r := range papers {
			fmt.Fprintf(m.Stdout, "%s\n     %s\n", broadsheet.Printable(r.Title, 500), byline(r.ID, r.AuthorNames(), r.Published))
		}
		fmt.Fprintf(m.Stdout, "     %s; %d bits of 256 differ\n\n", p.Reason, p.Distance)
	}
	pairs := "pairs of papers are"
	if res.Total == 1 {
		pairs = "pair of papers is"
	}
	_, err := fmt.Fprintf(m.Stdout, "%s %s probably one\n", thousands(res.Total), pairs)
	return err
}

// findDuplicates looks for papers that are probably one, with a progress line.
func (m *Main) findDuplicates(ctx context.Context, l *library) error {
	var bar *progress
	var at int64
	err := l.index.FindDuplicates(ctx, l.store, func(done, total int64) {
		if bar == nil {
			bar = m.progress("looking for near-duplicates", total)
		}
		bar.Add(int(done-at), done-at)
		at = done
	})
	if bar != nil {
		bar.Done()
	}
	return err
}
