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
	name: "search", args: "QUERY", short: "find papers", extra: modelSettings, json: true, words: true,
	help: `
Words find papers that have all of them, in any form; where hardly a paper has, as
with a question in a sentence, those that have most. Papers that say the same in other
words are found, too, unless --method is lexical. Besides:

    "early exit"  "a b"~3        words that stand together, or at most 3 places off
    -video  NOT video            without; also -"a phrase", -(a group)
    (gan OR diffusion) image     either; AND, OR and NOT are upper case
    transf*                      words that begin so
    title:flow  abstract:  author:hinton
    cat:cs.LG  cat:cs            a category; an archive with all below it
    year:2024..2026  date:>=2026-01  votes:>10  has:code  has:project
    id:2503.01234                one paper

What was left out of a question, or read differently, is told. Examples:

    broadsheet search adaptive computation
    broadsheet search --category cs.CL --from 2024 '"early exit" -vision'
    broadsheet search --sort newest --facets 'author:lecun world model*'
    broadsheet search --json --explain mixture of experts`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		var f searchFlags
		f.register(fs)
		return func(ctx context.Context, m *Main, args []string) error {
			q, err := f.query(strings.Join(args, " "))
			if err != nil {
				return err
			}
			return m.search(ctx, q, f.explain)
		}
	},
}

// searchFlags are the flags of search as they were given.
type searchFlags struct {
	limit                                    int
	method, category, from, to, sort, cursor string
	facets, explain                          bool
}

func (f *searchFlags) register(fs *flag.FlagSet) {
	fs.IntVar(&f.limit, "limit", 10, "at most this `many` hits")
	fs.StringVar(&f.method, "method", "adaptive", methodHelp)
	fs.StringVar(&f.category, "category", "", "only this `category`, such as cs.LG, or cs for the whole archive")
	fs.StringVar(&f.from, "from", "", "published on this `date` or later")
	fs.StringVar(&f.to, "to", "", "published on this `date` or earlier")
	fs.StringVar(&f.sort, "sort", "score", "the `order`: score, newest, oldest or votes")
	fs.StringVar(&f.cursor, "cursor", "", "go on where an answer ended: its `cursor`, with the same question")
	fs.BoolVar(&f.facets, "facets", false, "count all that matches by year, category and source")
	fs.BoolVar(&f.explain, "explain", false, "show what was done for the answer")
}

// facetValues is how many values of a facet are shown.
const facetValues = 10

// query checks the flags.
func (f *searchFlags) query(text string) (q broadsheet.Query, err error) {
	q = broadsheet.Query{Text: text, Category: f.category, Limit: f.limit, Cursor: f.cursor}
	if q.Text == "" && q.Category == "" {
		return q, usagef("say what to search for")
	}
	if f.limit < 1 || f.limit > 1000 {
		return q, usagef("--limit %d: ask for 1 to 1000 hits", f.limit)
	}
	for _, d := range []struct {
		flag, text string
		to         *broadsheet.Date
	}{{"from", f.from, &q.From}, {"to", f.to, &q.To}} {
		if d.text == "" {
			continue
		} else if *d.to, err = broadsheet.ParseDate(d.text); err != nil {
			return q, usagef("--%s: %s", d.flag, broadsheet.TextFor(err))
		}
	}
	// A month comes before its days, and is not after them.
	if q.From != "" && q.To != "" && q.From > q.To && !strings.HasPrefix(string(q.From), string(q.To)) {
		return q, usagef("--from %s is after --to %s: no paper can be of then", q.From, q.To)
	}
	if q.Sort, err = broadsheet.ParseSort(f.sort); err != nil {
		return q, usagef("--sort: %s", broadsheet.TextFor(err))
	}
	if f.facets {
		q.Facets = facetValues
	}
	q.Method, err = parseMethod(f.method)
	return q, err
}

const methodHelp = "the `method`: by words (lexical), by meaning (semantic), by both (hybrid), or by both as far as the question needs (adaptive)"

func parseMethod(s string) (broadsheet.Method, error) {
	m, err := broadsheet.ParseMethod(s)
	if err != nil {
		return "", usagef("--method: %s", broadsheet.TextFor(err))
	}
	return m, nil
}

// searchResult is the JSON of search and of similar.
type searchResult struct {
	Query      string             `json:"query"`
	TookMS     float64            `json:"took_ms"`
	Total      int                `json:"total"`
	AtLeast    bool               `json:"total_is_lower_bound"`
	Method     string             `json:"method"`
	Hits       []searchHit        `json:"hits"`
	Facets     *broadsheet.Facets `json:"facets,omitempty"`
	DidYouMean string             `json:"did_you_mean,omitempty"`
	Notes      []string           `json:"notes,omitempty"`
	Cursor     string             `json:"cursor,omitempty"`
	Trace      []broadsheet.Stage `json:"trace"`
}

type searchHit struct {
	ID         broadsheet.ID   `json:"id"`
	Title      string          `json:"title"`
	Authors    []string        `json:"authors"`
	Published  broadsheet.Date `json:"published"`
	Score      float64         `json:"score"`
	Highlights highlights      `json:"highlights"`

	Reason *broadsheet.Reason `json:"reason,omitempty"`            // of similar
	Same   string             `json:"probably_the_same,omitempty"` // why it is probably the paper that was asked about
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
	l, err := m.openForReading(ctx, m.cfg.Data, true)
	if err != nil {
		return err
	}
	defer l.Close()
	start := time.Now()
	found, err := l.index.Search(ctx, q)
	if err != nil {
		return err
	}
	res := searchResult{Query: q.Text, Total: found.Total, AtLeast: found.AtLeast, Method: string(found.Method),
		DidYouMean: found.DidYouMean, Notes: found.Notes, Cursor: found.Cursor, Trace: found.Trace}
	if q.Facets > 0 {
		res.Facets = &found.Facets
	}
	marks, err := l.addHits(ctx, &res, q, found.Hits)
	if err != nil {
		return err
	}
	res.TookMS = float64(time.Since(start).Microseconds()) / 1000
	if m.json {
		return m.printJSON(res)
	}
	m.printHits(res, marks)
	m.printTotal(res)
	if explain {
		m.printTrace(res.Trace)
	}
	return nil
}

// addHits reads the papers of hits, and marks what matches q in them.
func (l *library) addHits(ctx context.Context, res *searchResult, q broadsheet.Query, hits []broadsheet.Hit) ([]broadsheet.Highlights, error) {
	ids := make([]broadsheet.ID, len(hits))
	score := map[broadsheet.ID]float64{}
	for i, h := range hits {
		ids[i], score[h.ID] = h.ID, h.Score
	}
	papers, err := l.store.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	marks, err := l.index.Highlight(ctx, q, papers)
	if err != nil {
		return nil, err
	}
	res.Hits = []searchHit{}
	for i, p := range papers {
		res.Hits = append(res.Hits, searchHit{ID: p.ID, Title: p.Title, Authors: p.AuthorNames(), Published: p.Published,
			Score: score[p.ID], Highlights: highlights{spans(marks[i].Title), spans(marks[i].Abstract)}})
	}
	return marks, nil
}

func (m *Main) printHits(res searchResult, marks []broadsheet.Highlights) {
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
		if h.Same != "" {
			fmt.Fprintf(m.Stdout, "     Probably the same paper: %s\n", h.Same)
		}
		if h.Reason != nil {
			for _, line := range reasonLines(h.Reason) {
				fmt.Fprintf(m.Stdout, "     %s\n", broadsheet.Printable(line, 2000))
			}
		}
	}
}

// printTotal prints what is to be said of an answer as a whole.
func (m *Main) printTotal(res searchResult) {
	if len(res.Hits) == 0 {
		fmt.Fprintln(m.Stdout, "No paper matches. Try fewer or other words.")
	}
	for _, n := range res.Notes {
		fmt.Fprintf(m.Stdout, "Note: %s\n", broadsheet.Printable(n, 500))
	}
	if res.DidYouMean != "" {
		fmt.Fprintf(m.Stdout, "Did you mean: %s\n", broadsheet.Printable(res.DidYouMean, 500))
	}
	more, match := "", "papers match"
	if res.AtLeast {
		more = "more than "
	} else if res.Total == 1 {
		match = "paper matches"
	}
	fmt.Fprintf(m.Stdout, "%s%s %s, in %.1f ms\n", more, thousands(res.Total), match, res.TookMS)
	if res.Facets == nil {
		return
	}
	for _, f := range []struct {
		name   string
		counts []broadsheet.Count
	}{{"years", res.Facets.Years}, {"categories", res.Facets.Categories}, {"sources", res.Facets.Sources}} {
		var list []string
		for _, c := range f.counts {
			list = append(list, broadsheet.Printable(c.Value, 60)+" "+thousands(c.Count))
		}
		if list != nil {
			fmt.Fprintf(m.Stdout, "  %-10s  %s\n", f.name, strings.Join(list, ", "))
		}
	}
}

func (m *Main) printTrace(trace []broadsheet.Stage) {
	for _, s := range trace {
		fmt.Fprintf(m.Stdout, "  %-12s %8s found  %8.1f ms  %s\n", s.Name, thousands(s.Found), s.TookMS, broadsheet.Printable(s.Detail, 300))
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
