package enrich

import (
	"context"
	"fmt"
	"strings"
	"time"

	"broadsheet"
)

// batch asks for papers and keeps the answer. A batch that the service refuses is
// asked for in halves, down to the paper that is at fault.
func (r *run) batch(ctx context.Context, papers []broadsheet.Record) error {
	got, err := r.Service.Enrich(ctx, papers)
	refused := err != nil && broadsheet.KindOf(err) == broadsheet.Invalid
	if keepErr := r.keep(ctx, papers, got, err == nil); keepErr != nil {
		return keepErr
	}
	switch {
	case err == nil || !got.Rest.IsZero(): // what is used up is no failure
		return r.rest(ctx, got.Rest)
	case !refused:
		return err
	}
	r.refusals++
	if r.refusals > maxRefusals {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: fmt.Sprintf("%s refuses one request after another. What came before is kept; the next run goes on from there.", r.sum.Source)}
	}
	r.Log.Warn("a service refuses a batch", "source", r.sum.Source, "papers", len(papers), "err", err)
	left := missing(papers, got)
	if len(left) == 0 {
		return nil
	}
	if len(papers) == 1 {
		return r.fail(ctx, left)
	}
	for _, half := range [][]broadsheet.Record{left[:len(left)/2], left[len(left)/2:]} {
		if len(half) == 0 {
			continue
		}
		if err := r.batch(ctx, half); err != nil || !r.sum.Rest.IsZero() {
			return err
		}
	}
	return nil
}

// missing returns the papers for which there is no answer.
func missing(papers []broadsheet.Record, got broadsheet.Enriched) (list []broadsheet.Record) {
	has := map[broadsheet.ID]bool{}
	for _, e := range got.Papers {
		has[e.Paper] = true
	}
	for _, p := range papers {
		if !has[p.ID] {
			list = append(list, p)
		}
	}
	return list
}

// keep stores an answer: records first, then measures and marks together. Whoever
// is killed in between asks again and stores the same records as unchanged. If the
// answer is whole, papers that it leaves out have failed.
func (r *run) keep(ctx context.Context, papers []broadsheet.Record, got broadsheet.Enriched, whole bool) error {
	asked := map[broadsheet.ID]*broadsheet.Record{}
	for i := range papers {
		asked[papers[i].ID] = &papers[i]
	}
	var records []broadsheet.Record
	var answers []broadsheet.Answered
	for _, e := range got.Papers {
		p := asked[e.Paper]
		if p == nil {
			continue // another one, or a second time
		}
		delete(asked, e.Paper)
		answer := broadsheet.AnswerUnknown
		r.sum.Unknown++
		if e.Found {
			answer = broadsheet.AnswerFound
			r.sum.Found, r.sum.Unknown = r.sum.Found+1, r.sum.Unknown-1
		}
		a := r.answered(p, answer, e.Figures)
		r.sum.Measures += len(a.Measures)
		answers = append(answers, a)
		if e.Record != nil && r.fits(p, e.Record) {
			records = append(records, *e.Record)
		}
	}
	if err := r.put(ctx, records); err != nil {
		return err
	}
	if len(answers) > 0 {
		if err := r.Measures.PutAnswers(ctx, r.sum.Source, answers); err != nil {
			return err
		}
	}
	if whole && got.Rest.IsZero() {
		return r.fail(ctx, missing(papers, got))
	}
	return nil
}

// fits reports whether a record may be stored: it is of the paper and of the
// service, and valid.
func (r *run) fits(p, rec *broadsheet.Record) bool {
	err := rec.Validate()
	if err == nil && (rec.ID != p.ID || len(rec.Aliases) > 0 || len(rec.Sources) != 1 || rec.Sources[0].Name != r.sum.Source) {
		err = fmt.Errorf("it is not this service's record of the paper")
	}
	if err != nil {
		r.Log.Warn("a service's record cannot be taken", "source", r.sum.Source, "paper", p.ID, "err", err)
	}
	return err == nil
}

func (r *run) put(ctx context.Context, records []broadsheet.Record) error {
	if len(records) == 0 {
		return nil
	}
	outcomes, err := r.Papers.Put(ctx, records)
	for _, o := range outcomes {
		if o != broadsheet.Unchanged {
			r.sum.Updated++
		}
	}
	return err
}

// fail marks papers of which nothing was learned; they are asked for tomorrow.
func (r *run) fail(ctx context.Context, papers []broadsheet.Record) error {
	if len(papers) == 0 {
		return nil
	}
	var answers []broadsheet.Answered
	var names []string
	for i := range papers {
		answers = append(answers, r.answered(&papers[i], broadsheet.AnswerFailed, nil))
		names = append(names, string(papers[i].ID))
	}
	r.sum.Failed += len(papers)
	r.Log.Info("a service gave no answer for papers", "source", r.sum.Source, "papers", broadsheet.Printable(strings.Join(names, " "), 300))
	return r.Measures.PutAnswers(ctx, r.sum.Source, answers)
}

// rest keeps until when the service must be left alone, if it must.
func (r *run) rest(ctx context.Context, until time.Time) error {
	if until.IsZero() {
		return nil
	}
	r.sum.Rest = until
	r.Log.Info("what may be asked of a service is used up", "source", r.sum.Source, "until", until)
	return r.Measures.Rest(ctx, r.sum.Source, until)
}
