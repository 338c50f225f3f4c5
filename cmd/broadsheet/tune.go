package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"

	"broadsheet"
	"broadsheet/search"
)

var tuneCommand = command{
	name: "tune", short: "measure the constants of search on judged questions", extra: modelSettings, json: true,
	help: `
Indexes a test collection as eval does, and answers its judged queries with other
constants, one at a time: for each it prints nDCG@10 and the work, and marks the
value that is used, the best one, and of the constants of exits the one with least
work that keeps 99 % of the nDCG@10 of all work. Nothing is changed by it: the
constants stand, with their reasons, in search/rank and search/constants.go. Tune
on training judgements, and compare with eval on others.

    broadsheet tune --corpus scifact/corpus.jsonl.gz --queries scifact/queries.jsonl --qrels scifact/qrels.train.tsv`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		t := evalTask{method: broadsheet.MethodAdaptive, depth: 10}
		fs.StringVar(&t.corpus, "corpus", "", "the documents: a BEIR corpus.jsonl `file`")
		fs.StringVar(&t.queries, "queries", "", "the questions: a BEIR queries.jsonl `file`")
		fs.StringVar(&t.qrels, "qrels", "", "the judgements: a `file` of query-id, corpus-id, score")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 || t.corpus == "" || t.queries == "" || t.qrels == "" {
				return usagef("name --corpus, --queries and --qrels")
			}
			return m.tune(ctx, t)
		}
	},
}

// A tunable is a constant with the values that are tried.
type tunable struct {
	name   string
	field  func(*search.Constants) *float64
	values []float64
	exit   bool // it ends work early: less work is better as long as nearly nothing is lost
}

var tunables = []tunable{
	{"Words", func(c *search.Constants) *float64 { return &c.Words }, []float64{0.4, 0.5, 0.65, 0.8, 0.9, 1}, false},
	{"Flat", func(c *search.Constants) *float64 { return &c.Flat }, []float64{0, 0.1, 0.25, 0.4, 0.65}, false},
	{"FlatFrom", func(c *search.Constants) *float64 { return &c.FlatFrom }, []float64{0.5, 0.6, 0.65, 0.7, 0.8}, false},
	{"FlatTo", func(c *search.Constants) *float64 { return &c.FlatTo }, []float64{0.75, 0.8, 0.85, 0.9, 0.99}, false},
	{"Late", func(c *search.Constants) *float64 { return &c.Late }, []float64{0, 0.35, 0.5, 0.65, 0.8, 1}, false},
	{"LateWords", func(c *search.Constants) *float64 { return &c.LateWords }, []float64{12, 24, 48, 1000}, false},
	{"Trust", func(c *search.Constants) *float64 { return &c.Trust }, []float64{1, 4, 8, 16, 32}, false},
	{"Patience", func(c *search.Constants) *float64 { return &c.Patience }, []float64{0.05, 0.1, 0.2, 0.4, 1}, true},
	{"Prospect", func(c *search.Constants) *float64 { return &c.Prospect }, []float64{0.25, 0.5, 0.75, 1, 2}, true},
}

// keptByExits is which part of the nDCG@10 of all work an exit keeps at least.
const keptByExits = 0.99

// A trial is what came of one value.
type trial struct {
	Constant string  `json:"constant"`
	Value    float64 `json:"value"`
	NDCG     float64 `json:"ndcg@10"`
	Cost     float64 `json:"cost_per_query"`
	Used     bool    `json:"used"`
	Best     bool    `json:"best"`
}

func (m *Main) tune(ctx context.Context, t evalTask) error {
	c, err := m.openCollection(ctx, t)
	if err != nil {
		return err
	}
	defer c.Close()
	var all []trial
	for _, u := range tunables {
		var trials []trial
		for _, v := range u.values {
			constants := search.DefaultConstants
			used := *u.field(&constants) == v
			*u.field(&constants) = v
			c.library.index.SetConstants(constants)
			res := c.result
			if err := m.judge(ctx, c.library, c.queries, c.judged, io.Discard, &res); err != nil {
				return err
			}
			trials = append(trials, trial{u.name, v, res.NDCG, res.Work.Cost, used, false})
		}
		trials[bestOf(trials, u.exit)].Best = true
		if all = append(all, trials...); !m.json {
			m.printTrials(trials)
		}
	}
	if m.json {
		return m.printJSON(all)
	}
	return nil
}

// bestOf returns the trial with the greatest nDCG@10, or of an exit the cheapest that
// keeps nearly that of the trial with most work.
func bestOf(trials []trial, exit bool) int {
	best := 0
	if !exit {
		for i, t := range trials {
			if t.NDCG > trials[best].NDCG {
				best = i
			}
		}
		return best
	}
	whole := slices.MaxFunc(trials, func(a, b trial) int { return int(a.Cost - b.Cost) })
	best = -1
	for i, t := range trials {
		if t.NDCG >= keptByExits*whole.NDCG && (best < 0 || t.Cost < trials[best].Cost) {
			best = i
		}
	}
	return best
}

func (m *Main) printTrials(trials []trial) {
	for _, t := range trials {
		mark := ""
		if t.Used {
			mark += "  used"
		}
		if t.Best {
			mark += "  best"
		}
		fmt.Fprintf(m.Stdout, "%-10s %6g  nDCG@10 %.4f  work %8.0f%s\n", t.Constant, t.Value, t.NDCG, t.Cost, mark)
	}
	fmt.Fprintln(m.Stdout)
}
