// Package enrich asks a service for the papers that it is due for, batch after
// batch, and keeps what it answers: counts as measures, everything else as a
// record of that source. It can be killed at any instant. What a batch answered is
// kept before the next is asked for, records before the mark that the papers were
// asked for, and keeping the same again changes nothing.
package enrich

import (
	"context"
	"log/slog"
	"time"

	"broadsheet"
)

// MaxPapers is how many papers a run asks for unless told otherwise: with the
// largest service an hour, and what is left is due the next time.
const MaxPapers = 100_000

// maxRefusals ends a run in which the service refuses one thing after another: it
// is then not the papers.
const maxRefusals = 20

// Options are what a run needs.
type Options struct {
	Service  broadsheet.Enricher
	Papers   broadsheet.PaperStore
	Measures broadsheet.MeasureStore

	Limit    int              // papers at most; 0 means MaxPapers
	Progress func(Summary)    // called after each batch; nil for none
	Now      func() time.Time // nil means time.Now
	Log      *slog.Logger     // nil discards
}

// A Summary tells what a run did.
type Summary struct {
	Source   string    `json:"source"`
	Due      int       `json:"due"`              // papers to ask for
	Found    int       `json:"found"`            // the service knows
	Unknown  int       `json:"unknown"`          // it does not
	Failed   int       `json:"failed"`           // it gave nothing that could be used
	Skipped  int       `json:"skipped"`          // nothing to ask by
	Measures int       `json:"measures"`         // counts kept
	Updated  int       `json:"updated"`          // papers that learned something
	Rest     time.Time `json:"rest,omitzero"`    // the service is left alone until then
	Resting  bool      `json:"resting,omitzero"` // it was not asked at all, because of Rest
}

// Done returns how many papers have an answer.
func (s *Summary) Done() int { return s.Found + s.Unknown + s.Failed + s.Skipped }

// Run asks for the papers that are due. It ends early, without an error, where
// what may be asked of the service is used up; Summary.Rest tells until when. An
// error of kind Unavailable is worth another run later; what was answered before
// it is kept.
func Run(ctx context.Context, o Options) (Summary, error) {
	if o.Limit == 0 {
		o.Limit = MaxPapers
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &run{Options: o, sum: Summary{Source: o.Service.Name()}}
	err := r.all(ctx)
	return r.sum, err
}

// A run is Run at work.
type run struct {
	Options
	sum      Summary
	refusals int
}

func (r *run) all(ctx context.Context) error {
	if until, err := r.resting(ctx); err != nil || until.After(r.Now()) {
		r.sum.Rest, r.sum.Resting = until, err == nil
		return err
	}
	ids, err := r.Measures.DueFor(ctx, r.sum.Source, r.today(), r.Limit)
	if err != nil {
		return err
	}
	r.sum.Due = len(ids)
	// Papers are read in steps of a batch; those with nothing to ask by leave room
	// for others in it.
	var waiting []broadsheet.Record
	for len(ids) > 0 || len(waiting) > 0 {
		n := min(len(ids), r.Service.Batch())
		wanted, err := r.wanted(ctx, ids[:n])
		if err != nil {
			return err
		}
		ids, waiting = ids[n:], append(waiting, wanted...)
		for len(waiting) >= r.Service.Batch() || len(ids) == 0 && len(waiting) > 0 {
			n := min(len(waiting), r.Service.Batch())
			if err := r.batch(ctx, waiting[:n]); err != nil || !r.sum.Rest.IsZero() {
				return err
			}
			waiting = waiting[n:]
		}
		if r.Progress != nil {
			r.Progress(r.sum)
		}
	}
	return nil
}

func (r *run) today() broadsheet.Date { return broadsheet.DateOf(r.Now().UTC()) }

// resting returns until when the service is to be left alone.
func (r *run) resting(ctx context.Context) (time.Time, error) {
	states, err := r.Measures.Services(ctx)
	for _, s := range states {
		if s.Source == r.sum.Source && s.Rest.After(r.Now()) {
			return s.Rest, err
		}
	}
	return time.Time{}, err
}

// wanted reads papers and marks those that the service cannot be asked for. A
// paper that has become part of another stands under its new name, once.
func (r *run) wanted(ctx context.Context, ids []broadsheet.ID) (list []broadsheet.Record, err error) {
	papers, err := r.Papers.Papers(ctx, ids)
	if err != nil {
		return nil, err
	}
	var none []broadsheet.Answered
	for i := range papers {
		if r.Service.Wants(&papers[i]) {
			list = append(list, papers[i])
			continue
		}
		none = append(none, r.answered(&papers[i], broadsheet.AnswerNone, nil))
	}
	r.sum.Skipped += len(none)
	if len(none) == 0 {
		return list, nil
	}
	return list, r.Measures.PutAnswers(ctx, r.sum.Source, none)
}

// answered says of a paper what came of asking, and when it is due again.
func (r *run) answered(p *broadsheet.Record, a broadsheet.Answer, figures []broadsheet.Figure) broadsheet.Answered {
	day := r.today()
	out := broadsheet.Answered{Paper: p.ID, Answer: a, Day: day, Due: broadsheet.Due(p.Date(), day, a)}
	for _, f := range figures {
		m := broadsheet.Measure{Kind: f.Kind, Source: r.sum.Source, Value: f.Value, Since: day, Counted: day}
		if m.Validate() == nil { // a service's word is not to be trusted
			out.Measures = append(out.Measures, m)
		}
	}
	return out
}
