package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"broadsheet"
)

var searchCommand = command{
	name: "search", args: "QUERY", short: "find papers", json: true, words: true,
	help: `
Words must all occur, in any form of the word; "a phrase" stands together, -word
must not occur, pref* begins a word. A question in a sentence, whose words no
paper has all of, finds the papers that have most of them.

    broadsheet search adaptive computation
    broadsheet search --category cs.CL --from 2024 '"early exit" -vision'
    broadsheet search --json --explain mixture of experts`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		limit := fs.Int("limit", 10, "at most this `many` hits")
		method := fs.String("method", "adaptive", methodHelp)
		category := fs.String("category", "", "only this `category`, such as cs.LG, or cs for the whole archive")
		from := fs.String("from", "", "published on this `date` or later")
		to := fs.String("to", "", "published on this `date` or earlier")
		explain := fs.Bool("explain", false, "show what was done for the answer")
		return func(ctx context.Context, m *Main, args []string) error {
			q := broadsheet.Query{Text: strings.Join(args, " "), Category: *category, Limit: *limit}
			if q.Text == "" && q.Category == "" {
				return usagef("say what to search for")
			}
			if *limit < 1 || *limit > 1000 {
				return usagef("--limit %d: ask for 1 to 1000 hits", *limit)
			}
			for _, d := range []struct {
				flag, text string
				to         *broadsheet.Date
			}{{"from", *from, &q.From}, {"to", *to, &q.To}} {
				var err error
				if d.text == "" {
					continue
				} else if *d.to, err = broadsheet.ParseDate(d.text); err != nil {
					return usagef("--%s: %s", d.flag, broadsheet.TextFor(err))
				}
			}
			if err := checkMethod(*method); err != nil {
				return err
			}
			return m.search(ctx, q, *explain)
		}
	},
}

const methodHelp = "the `method`: adaptive or lexical"

// checkMethod refuses what this version cannot do. Adaptive has one retriever to
// choose from.
func checkMethod(method string) error {
	switch method {
	case "adaptive", "lexical":
		return nil
	case "hybrid", "semantic":
		return broadsheet.Errorf(broadsheet.Unavailable, "This version searches by words only: use --method lexical.")
	}
	return usagef("--method \"%s\": choose adaptive or lexical", broadsheet.Printable(method, 40))
}

// searchResult is the JSON of search.
type searchResult struct {
	Query  string             `json:"query"`
	TookMS float64            `json:"took_ms"`
	Total  int                `json:"total"`
	Method string             `json:"method"`
	Hits   []searchHit        `json:"hits"`
	Trace  []broadsheet.Stage `json:"trace"`
}

type searchHit struct {
	ID         broadsheet.ID   `json:"id"`
	Title      string          `json:"title"`
	Authors    []string        `json:"authors"`
	Published  broadsheet.Date `json:"published"`
	Score      float64         `json:"score"`
	Highlights highlights      `json:"highlights"`
}

type highlights struct {
	Title    []span `json:"title"`
	Abstract []span `json:"abstract"`
}

// A span is a piece of text, as the public Daily Papers API marks them.
type span struct {
	Type string `json:"type"` // text or highlight
	Text string `json:"text"`
}

func spans(in []broadsheet.Span) []span {
	out := make([]span, len(in))
	for i, s := range in {
		out[i] = span{Type: "text", Text: s.Text}
		if s.Match {
			out[i].Type = "highlight"
		}
	}
	return out
}

func (m *Main) search(ctx context.Context, q broadsheet.Query, explain bool) error {
	l, err := openForReading(ctx, m.cfg.Data, true)
	if err != nil {
		return err
	}
	defer l.Close()
	start := time.Now()
	found, err := l.index.Search(ctx, q)
	if err != nil {
		return err
	}
	ids := make([]broadsheet.ID, len(found.Hits))
	score := map[broadsheet.ID]float64{}
	for i, h := range found.Hits {
		ids[i], score[h.ID] = h.ID, h.Score
	}
	papers, err := l.store.Papers(ctx, ids)
	if err != nil {
		return err
	}
	marks, err := l.index.Highlight(ctx, q, papers)
	if err != nil {
		return err
	}
	res := searchResult{Query: q.Text, Total: found.Total, Method: "lexical", Hits: []searchHit{},
		TookMS: float64(time.Since(start).Microseconds()) / 1000, Trace: found.Trace}
	for i, p := range papers {
		res.Hits = append(res.Hits, searchHit{ID: p.ID, Title: p.Title, Authors: p.AuthorNames(), Published: p.Published,
			Score: score[p.ID], Highlights: highlights{spans(marks[i].Title), spans(marks[i].Abstract)}})
	}
	if m.json {
		return m.printJSON(res)
	}
	m.printHits(res, marks, explain)
	return nil
}

func (m *Main) printHits(res searchResult, marks []broadsheet.Highlights, explain bool) {
	bold := func(in []broadsheet.Span) string {
		var b strings.Builder
		for _, s := range in {
			text := broadsheet.Printable(s.Text, 10_000)
			if s.Match && m.terminal {
				text = "\x1b[1m" + text + "\x1b[0m"
			}
			b.WriteString(text)
		}
		return b.String()
	}
	for i, h := range res.Hits {
		fmt.Fprintf(m.Stdout, "%3d. %s\n     %s\n     %s\n", i+1, bold(marks[i].Title),
			byline(h.ID, h.Authors, h.Published), bold(marks[i].Abstract))
	}
	if len(res.Hits) == 0 {
		fmt.Fprintln(m.Stdout, "No paper matches. Try fewer or other words.")
	}
	match := "papers match"
	if res.Total == 1 {
		match = "paper matches"
	}
	fmt.Fprintf(m.Stdout, "%s %s, in %.1f ms\n", thousands(res.Total), match, res.TookMS)
	if !explain {
		return
	}
	for _, s := range res.Trace {
		fmt.Fprintf(m.Stdout, "  %-12s %8s found  %8.1f ms  %s\n", s.Name, thousands(s.Found), s.TookMS, s.Detail)
	}
}

// byline is the line under a title: who, when, which.
func byline(id broadsheet.ID, authors []string, published broadsheet.Date) string {
	names := strings.Join(authors, ", ")
	if len(authors) > 4 {
		names = fmt.Sprintf("%s and %d more", strings.Join(authors[:3], ", "), len(authors)-3)
	}
	var parts []string
	for _, s := range []string{broadsheet.Printable(names, 300), published.Short(), string(id)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}
