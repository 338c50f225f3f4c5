package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"broadsheet"
)

var suggestCommand = command{
	name: "suggest", args: "PREFIX", short: "complete what is being typed", json: true,
	help: `
Prints titles, authors, categories and frequent phrases that begin so, best first.

    broadsheet suggest mixture of
    broadsheet suggest --json hint`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		limit := fs.Int("limit", 10, "at most this `many` suggestions")
		return func(ctx context.Context, m *Main, args []string) error {
			prefix := strings.Join(args, " ")
			if prefix == "" {
				return usagef("say how it begins")
			}
			if *limit < 1 || *limit > 100 {
				return usagef("--limit %d: ask for 1 to 100 suggestions", *limit)
			}
			l, err := m.openForReading(ctx, m.cfg.Data, true)
			if err != nil {
				return err
			}
			defer l.Close()
			found, err := l.index.Complete(ctx, prefix, *limit)
			if err != nil {
				return err
			}
			if m.json {
				return m.printJSON(map[string]any{"prefix": prefix, "suggestions": found})
			}
			for _, s := range found {
				fmt.Fprintf(m.Stdout, "%-9s %s\n", s.Kind, strings.TrimSpace(broadsheet.Printable(s.Text, 300)+"  "+string(s.ID)))
			}
			return nil
		}
	},
}
