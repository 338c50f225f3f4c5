package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"broadsheet"
)

// maxSimilarText bounds what is read of a text: abstracts and introductions are far
// shorter, and of a whole paper the first pages say what it is about.
const maxSimilarText = 256 << 10

var similarCommand = command{
	name: "similar", args: "ID | --text FILE|-", short: "find papers like one, or like a text", extra: modelSettings, json: true,
	help: `
The words that a paper is about, by their weight in its title and abstract, and what
it means find the papers that are about the same. Under each stands why: words and
phrases of both, others that mean nearly the same, and the two sentences that are
nearest to each other, that of the paper asked about behind ">". One that is probably the
same paper, or a version of it, is marked. With --json each has
its place, in bytes.

The text of a file need not be a paper. Of a long one, each part is held against the
papers, and the nearest is told.

    broadsheet similar 2211.11152
    broadsheet similar --limit 20 --json https://arxiv.org/abs/2211.11152
    broadsheet similar --text draft.txt`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		limit := fs.Int("limit", 10, "at most this `many` papers")
		text := fs.String("text", "", "a `file` with the text, or - for standard input")
		return func(ctx context.Context, m *Main, args []string) error {
			if (len(args) == 1) == (*text != "") || len(args) > 1 {
				return usagef("name one paper, or a text with --text")
			}
			if *limit < 1 || *limit > 1000 {
				return usagef("--limit %d: ask for 1 to 1000 papers", *limit)
			}
			if *text != "" {
				return m.similarToText(ctx, *text, *limit)
			}
			id, err := broadsheet.ParseID(args[0])
			if err != nil {
				return err
			}
			return m.similarTo(ctx, *limit, func(l *library) (broadsheet.Paper, error) {
				r, err := l.store.Paper(ctx, id)
				return r.Paper, err
			})
		}
	},
}

// similarToText takes what a file says for an abstract.
func (m *Main) similarToText(ctx context.Context, name string, limit int) error {
	in := m.Stdin
	if name != "-" {
		f, err := openFile(name)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxSimilarText))
	if err != nil {
		return cannotRead(broadsheet.Invalid, name, err)
	}
	return m.similarTo(ctx, limit, func(*library) (broadsheet.Paper, error) {
		return broadsheet.Paper{Abstract: string(b)}, nil
	})
}

func (m *Main) similarTo(ctx context.Context, limit int, paper func(*library) (broadsheet.Paper, error)) error {
	l, err := m.openForReading(ctx, m.cfg.Data, true)
	if err != nil {
		return err
	}
	defer l.Close()
	p, err := paper(l)
	if err != nil {
		return err
	}
	start := time.Now()
	hits, err := l.index.Similar(ctx, p, limit)
	if err != nil {
		return err
	}
	res := searchResult{Query: string(p.ID), Total: len(hits), Method: "hybrid", Trace: []broadsheet.Stage{}}
	marks, err := l.addHits(ctx, &res, broadsheet.Query{}, hits)
	if err != nil {
		return err
	}
	if err := l.addReasons(ctx, &res, p); err != nil {
		return err
	}
	res.TookMS = float64(time.Since(start).Microseconds()) / 1000
	if m.json {
		return m.printJSON(res)
	}
	m.printHits(res, marks)
	if len(hits) == 0 {
		fmt.Fprintln(m.Stdout, "No paper is like it.")
	}
	return nil
}

// addReasons says of each hit why it is like the paper that was asked about.
func (l *library) addReasons(ctx context.Context, res *searchResult, p broadsheet.Paper) error {
	ids := make([]broadsheet.ID, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	papers, err := l.store.Papers(ctx, ids)
	if err != nil {
		return err
	}
	reasons, err := l.index.Compare(ctx, p, papers)
	if err != nil {
		return err
	}
	twins, err := l.index.Duplicates(ctx, p.ID)
	if err != nil {
		return err
	}
	for i := range min(len(res.Hits), len(reasons)) {
		h := &res.Hits[i]
		h.Reason = &reasons[i]
		if at := slices.IndexFunc(twins, func(d broadsheet.Duplicate) bool { return d.ID == h.ID }); at >= 0 {
			h.Same = twins[at].Reason
		}
	}
	return nil
}

// reasonLines say why a hit is like what was asked about.
func reasonLines(r *broadsheet.Reason) (lines []string) {
	lines = append(lines, r.String())
	if r.Asked != nil && r.Found != nil {
		lines = append(lines, "> "+r.Asked.Text, "< "+r.Found.Text)
	}
	if r.Passage != nil {
		lines = append(lines, fmt.Sprintf("The part of the text that is nearest begins at byte %s: %s",
			thousands(r.Passage.Start), firstWords(r.Passage.Text, 12)))
	}
	return lines
}

// firstWords cuts a text to its first n words.
func firstWords(s string, n int) string {
	words := strings.Fields(s)
	if len(words) > n {
		words = append(words[:n:n], "…")
	}
	return strings.Join(words, " ")
}
