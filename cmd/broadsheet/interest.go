package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"broadsheet"
	"broadsheet/edition"
	"broadsheet/hfpapers"
	"broadsheet/internal/wholefile"
)

var interestCommand = command{
	name: "interest", args: "learn | judge", short: "learn what readers vote for, or measure how well that is known", json: true,
	help: `
learn trains a small model on the papers here that have votes, keeps it, and predicts
the interest in those that have none. A server does the same every night; stop it
before you do it by hand.

judge trains on the days before one and ranks the papers of each later day by the
prediction alone. It prints nDCG@10 and Spearman's rank correlation with the votes that
they got, beside a random order and the newest first, as means over days with 95 %
confidence intervals. Nothing is kept. --history reads a file of a paper a line, as
collections of Daily Papers have them, instead of the papers here.

    broadsheet interest learn
    broadsheet interest judge --until 2026-04-01
    broadsheet interest judge --history hf_daily.jsonl.gz --until 2026-04-01`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		history := fs.String("history", "", "judge: the papers of this `file` instead of those here")
		until := fs.String("until", "", "judge: train on the days before this `day` (default the 60th from the end)")
		to := fs.String("to", "", "judge: the days before this `day` only")
		return func(ctx context.Context, m *Main, args []string) error {
			for _, day := range []string{*until, *to} {
				if d, err := broadsheet.ParseDate(day); day != "" && (err != nil || string(d) != day || !d.IsDay()) {
					return usagef("%s: write a day like 2026-04-01", broadsheet.Printable(day, 40))
				}
			}
			t := judgeTask{*history, broadsheet.Date(*until), broadsheet.Date(*to)}
			switch {
			case len(args) == 1 && args[0] == "judge":
				return m.judgeInterest(ctx, t)
			case len(args) == 1 && args[0] == "learn" && t == judgeTask{}:
				return m.learnInterest(ctx)
			}
			return usagef("say learn, or judge with its flags")
		}
	},
}

// interestResult is the JSON of interest learn.
type interestResult struct {
	Papers    int             `json:"papers"` // learned from
	Until     broadsheet.Date `json:"until"`
	Predicted int             `json:"predicted"`
}

func (m *Main) learnInterest(ctx context.Context) error {
	l, err := m.openForWriting(ctx, m.cfg.Data, "interest")
	if err != nil {
		return err
	}
	defer l.Close()
	res, err := m.refreshInterest(ctx, l)
	if err != nil {
		return err
	}
	if m.json {
		return m.printJSON(res)
	}
	_, err = fmt.Fprintf(m.Stdout, "Learned from %s papers until %s; predicted the interest in %s papers without votes.\n",
		thousands(res.Papers), res.Until, thousands(res.Predicted))
	return err
}

// refreshInterest learns from the votes of a library and predicts for its papers
// that have none. A server does it every night.
func (m *Main) refreshInterest(ctx context.Context, l *library) (interestResult, error) {
	model, err := edition.Train(ctx, l.store.All(ctx))
	if err != nil {
		return interestResult{}, err
	}
	if err := wholefile.Write(l.dir.Interest(), model.Marshal(), 0o600); err != nil {
		return interestResult{}, fmt.Errorf("keep the model of interest: %w", err)
	}
	var res interestResult
	res.Papers, res.Until = model.Papers()
	res.Predicted, err = predict(ctx, l, model, l.store.All(ctx))
	return res, err
}

// predictBatch is how many predictions are kept in one transaction: so few that an
// import does not wait for it.
const predictBatch = 5000

// predict keeps what the model predicts for those of the papers that have no votes.
func predict(ctx context.Context, l *library, model *edition.Interest, papers iter.Seq2[broadsheet.Record, error]) (n int, err error) {
	var batch []broadsheet.Prediction
	for p, err := range model.Predictions(ctx, papers) {
		if err != nil {
			return n, err
		}
		n++
		if batch = append(batch, p); len(batch) == predictBatch {
			if err := l.store.PutInterest(ctx, batch); err != nil {
				return n, err
			}
			batch = batch[:0]
		}
	}
	return n, l.store.PutInterest(ctx, batch)
}

// openInterest returns the model of a library, or nil where it has none yet.
func openInterest(l *library) (*edition.Interest, error) {
	f, err := os.Open(l.dir.Interest())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the model of interest: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, edition.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the model of interest: %w", err)
	}
	return edition.Unmarshal(data)
}

// predictNew predicts, with the model that there is, for the papers that changed
// after a number, and returns the number that it has reached: new papers need not
// wait for the night.
func predictNew(ctx context.Context, l *library, after int64) (int64, error) {
	if some, err := l.store.Changes(ctx, after, 1); err != nil || len(some) == 0 {
		return after, err // which is asked every second, and costs less than the model
	}
	model, err := openInterest(l)
	if err != nil || model == nil {
		return after, err
	}
	for {
		changes, err := l.store.Changes(ctx, after, predictBatch)
		if err != nil || len(changes) == 0 {
			return after, err
		}
		ids := make([]broadsheet.ID, len(changes))
		for i, c := range changes {
			ids[i] = c.Paper
		}
		papers, err := l.store.Papers(ctx, ids)
		if err != nil {
			return after, err
		}
		if _, err := predict(ctx, l, model, sequence(papers)); err != nil {
			return after, err
		}
		after = changes[len(changes)-1].Seq
	}
}

func sequence(papers []broadsheet.Record) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		for _, r := range papers {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// readHistory reads the papers of a file of a history.
func readHistory(name string) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		f, err := openFile(name)
		if err != nil {
			yield(broadsheet.Record{}, err)
			return
		}
		defer f.Close()
		for p, err := range hfpapers.ReadHistory(f) {
			if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
				bad.File = name
			}
			if !yield(p.Record, err) {
				return
			}
		}
	}
}
