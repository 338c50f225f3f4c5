package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"broadsheet"
	"broadsheet/edition"
	"broadsheet/search/eval"
)

// judgeDepth is where a page's attention ends, and defaultJudged how many days are
// held back where nobody says.
const (
	judgeDepth    = 10
	defaultJudged = 60
)

// orderResult is how well one way of ordering did, as means over days.
type orderResult struct {
	NDCG     eval.Mean `json:"ndcg@10"`
	Spearman eval.Mean `json:"spearman"`

	ndcg, spearman []float64 // of each day
}

// judgeResult is the JSON of interest judge. The gains are the model's lead over
// each of the others, day by day.
type judgeResult struct {
	Trained   int                     `json:"trained_papers"`
	Until     broadsheet.Date         `json:"until"`
	Days      int                     `json:"days"`
	Papers    int                     `json:"papers"`
	TrainedMS int64                   `json:"trained_ms"`
	Orders    map[string]*orderResult `json:"orders"`
	Gains     map[string]orderResult  `json:"gain_over"`
}

// The orders that are compared.
const (
	orderPredicted = "predicted"
	orderRandom    = "random"
	orderNewest    = "newest first"
)

// A judgeTask says what to train on and what to judge.
type judgeTask struct {
	history   string          // a file, or "" for the library
	until, to broadsheet.Date // the first day that is judged, and the first that is not any more
}

func (m *Main) judgeInterest(ctx context.Context, t judgeTask) error {
	until := t.until
	voted, err := m.votedPapers(ctx, t.history)
	if err != nil {
		return err
	}
	days := slices.Sorted(maps.Keys(voted))
	if until == "" && len(days) > defaultJudged {
		until = days[len(days)-defaultJudged]
	}
	start := time.Now()
	model, err := edition.Train(ctx, before(voted, days, until))
	if err != nil {
		return err
	}
	res := judgeResult{Until: until, TrainedMS: time.Since(start).Milliseconds(), Gains: map[string]orderResult{},
		Orders: map[string]*orderResult{orderPredicted: {}, orderRandom: {}, orderNewest: {}}}
	res.Trained, _ = model.Papers()
	for _, day := range days {
		if papers := voted[day]; day >= until && (t.to == "" || day < t.to) && len(papers) > 1 {
			res.judge(model, papers)
		}
	}
	if res.Days == 0 {
		return broadsheet.Errorf(broadsheet.Invalid, "No day from %s on has papers with votes: choose an earlier --until.", until)
	}
	return m.printJudged(res.sum())
}

// votedPapers returns the papers whose votes are known, by the day of their edition.
func (m *Main) votedPapers(ctx context.Context, history string) (map[broadsheet.Date][]broadsheet.Record, error) {
	papers := readHistory(history)
	if history == "" {
		l, err := m.openForReading(ctx, m.cfg.Data, false)
		if err != nil {
			return nil, err
		}
		defer l.Close()
		papers = l.store.All(ctx)
	}
	voted := map[broadsheet.Date][]broadsheet.Record{}
	for r, err := range papers {
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			fmt.Fprintln(m.Stderr, bad)
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(r.Entries) > 0 && len(r.Tallies) > 0 {
			voted[r.Entries[0].Date] = append(voted[r.Entries[0].Date], r)
		}
	}
	for _, day := range voted {
		// Files come in the order of votes, which must not tell equal ones apart.
		slices.SortFunc(day, func(a, b broadsheet.Record) int { return cmp.Compare(shuffled(a.ID), shuffled(b.ID)) })
	}
	return voted, nil
}

// shuffled is a place of a paper that nothing can be read from.
func shuffled(id broadsheet.ID) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}

// before yields the papers of the days before one.
func before(voted map[broadsheet.Date][]broadsheet.Record, days []broadsheet.Date, until broadsheet.Date) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		for _, day := range days {
			if day >= until {
				return
			}
			for _, r := range voted[day] {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// judge compares the orders of one day's papers. Of the random order it takes what is
// expected, without drawing one.
func (res *judgeResult) judge(model *edition.Interest, papers []broadsheet.Record) {
	n := len(papers)
	votes, predicted, newest := make([]float64, n), make([]float64, n), make([]float64, n)
	judged := eval.Judgements{}
	total := 0.0
	for i := range papers {
		r := &papers[i]
		votes[i], predicted[i], newest[i] = float64(r.Upvotes()), model.Predict(r), float64(publishedAt(r).Unix())
		judged[string(r.ID)] = r.Upvotes()
		total += votes[i]
	}
	if total == 0 {
		return
	}
	res.Days, res.Papers = res.Days+1, res.Papers+n
	byScore := func(score []float64) float64 { return judged.NDCG(ordered(papers, score), judgeDepth) }
	res.Orders[orderPredicted].add(byScore(predicted), eval.Spearman(predicted, votes))
	res.Orders[orderNewest].add(byScore(newest), eval.Spearman(newest, votes))
	best := 0.0 // the sum of what the best order gains
	expected := 0.0
	sorted := slices.Sorted(slices.Values(votes))
	for rank := range min(judgeDepth, n) {
		discount := 1 / math.Log2(float64(rank+2))
		best += sorted[n-1-rank] * discount
		expected += total / float64(n) * discount
	}
	res.Orders[orderRandom].add(expected/best, 0)
}

func (o *orderResult) add(ndcg, spearman float64) {
	o.ndcg, o.spearman = append(o.ndcg, ndcg), append(o.spearman, spearman)
}

// publishedAt is when a paper's first version came, as exactly as it is known.
func publishedAt(r *broadsheet.Record) time.Time {
	if len(r.Versions) > 0 && !r.Versions[0].At.IsZero() {
		return r.Versions[0].At
	}
	return r.Published.Time()
}

// ordered returns the names of papers by their scores, highest first.
func ordered(papers []broadsheet.Record, score []float64) []string {
	order := make([]int, len(papers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	names := make([]string, len(papers))
	for i, at := range order {
		names[i] = string(papers[at].ID)
	}
	return names
}

// sum fills in the means.
func (res judgeResult) sum() judgeResult {
	model := res.Orders[orderPredicted]
	for name, o := range res.Orders {
		o.NDCG, o.Spearman = eval.MeanOf(o.ndcg), eval.MeanOf(o.spearman)
		if name != orderPredicted {
			res.Gains[name] = orderResult{NDCG: eval.MeanOf(minus(model.ndcg, o.ndcg)), Spearman: eval.MeanOf(minus(model.spearman, o.spearman))}
		}
	}
	return res
}

func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}

func (m *Main) printJudged(res judgeResult) error {
	if m.json {
		return m.printJSON(res)
	}
	fmt.Fprintf(m.Stdout, "Trained on %s papers before %s in %.1f s; judged on %d days with %s papers.\n\n%-30s %-27s %s\n",
		thousands(res.Trained), res.Until, float64(res.TrainedMS)/1000, res.Days, thousands(res.Papers), "order", "nDCG@10", "Spearman")
	line := func(name string, o orderResult) {
		fmt.Fprintf(m.Stdout, "%-30s %s  %s\n", name, interval(o.NDCG), interval(o.Spearman))
	}
	for _, name := range []string{orderPredicted, orderNewest, orderRandom} {
		line(name, *res.Orders[name])
	}
	line("gain over newest first", res.Gains[orderNewest])
	line("gain over random", res.Gains[orderRandom])
	return nil
}

func interval(m eval.Mean) string { return fmt.Sprintf("%.3f (%.3f to %.3f)", m.Mean, m.Low, m.High) }
