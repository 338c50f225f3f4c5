package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"broadsheet"
	"broadsheet/embed/train"
	"broadsheet/indexer"
	"broadsheet/meaning"
)

// modelOf returns the model with which a library's index is opened: that it was written
// with, so that its vectors mean something. Where that cannot be found, it is the model
// that is wanted, and what is wrong is logged; nil is to search by words only.
func (m *Main) modelOf(ctx context.Context, l *library, writing bool) *meaning.Model {
	ref, err := indexer.Ref(l.dir.Index())
	if err == nil && ref.Kind != "" && ref.Kind != meaning.Mixed {
		var found *meaning.Model
		if found, err = l.shelf.Find(ctx, ref); err == nil {
			return found
		}
	}
	if !writing && m.cfg.Meaning != (meaning.Choice{}) {
		if err != nil {
			m.log.Error("the model of meaning cannot be used: papers are found by their words", "err", err)
		}
		return nil // to prepare another is for who writes
	}
	wanted, wrong := m.prepare(ctx, l)
	if wrong != nil && m.cfg.Meaning == (meaning.Choice{}) {
		wanted, _ = meaning.Builtin()
	}
	if err == nil {
		err = wrong
	}
	if err != nil {
		m.log.Error("the model of meaning cannot be used: papers are found by their words until there is another", "err", err)
	}
	return wanted
}

// checkModel says which model papers are found by, and why, for doctor.
func (m *Main) checkModel(ctx context.Context, l *library) finding {
	const later = "broadsheet serve makes the index anew beside its work, and broadsheet reindex at once"
	r := l.shelf.Report()
	if err := l.shelf.Check(ctx); err != nil {
		return finding{"model", false, sentence(err), "make it anew: broadsheet adapt, or broadsheet adapt --reset for the built-in one"}
	}
	wanted, err := l.shelf.WantedRef(ctx)
	if err != nil {
		return finding{"model", false, sentence(err), "mend what it says, or leave the setting out"}
	}
	detail := fmt.Sprintf("%s (%s)", wanted.Kind, wanted.Model)
	if m.cfg.Meaning != (meaning.Choice{}) {
		r = meaning.Report{Why: fmt.Sprintf("%s, as configured", cmp.Or(m.cfg.Meaning.Path, m.cfg.Meaning.Name))}
	}
	if r.Why != "" {
		detail += ": " + r.Why
	}
	if r.After > 0 {
		detail += fmt.Sprintf("; of papers not learned from %.3f before and %.3f after", r.Before, r.After)
	}
	ref, err := indexer.Ref(l.dir.Index())
	if ref.Saved > 0 {
		detail += fmt.Sprintf("; texts leave it early, which saved %.0f %% of the work on a sample", 100*ref.Saved)
	}
	if err != nil || !ref.Same(wanted) && ref.Kind != "" {
		return finding{"model", true, detail + "; the index is of another one", later}
	}
	return finding{"model", true, detail, ""}
}

const (
	// tendPeriod is between two looks at whether the model is the right one.
	tendPeriod = time.Minute

	// growth is by how much a library has grown when it is looked at again: the
	// subjects that it has do not change with a few papers.
	growth = 1.5
)

// tend keeps the model that papers are found by the right one, until ctx ends: it lets it
// learn the library when it knows that badly, and makes the index anew when it is of
// another model than it should be. What fails is logged and tried again.
func (m *Main) tend(ctx context.Context, l *library) error {
	period := m.Tend
	if period == 0 {
		period = tendPeriod
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(period):
		}
		if err := m.tendOnce(ctx, l); err != nil && ctx.Err() == nil {
			m.log.Error("the model of meaning stays as it is; it will be tried again", "err", err)
		}
	}
}

func (m *Main) tendOnce(ctx context.Context, l *library) error {
	stats, err := l.store.Stats(ctx)
	if err != nil {
		return err
	}
	if at, err := l.index.Indexed(ctx); err != nil || at < stats.LastChange {
		return err // an import is under way
	}
	if err := l.index.Late(ctx, l.store); err != nil {
		return err
	}
	if m.cfg.Meaning != (meaning.Choice{}) {
		return m.useWanted(ctx, l, nil)
	}
	report := l.shelf.Report()
	if err := l.shelf.Check(ctx); err != nil {
		m.log.Error("the adapted model cannot be used, and is made anew", "err", err)
		report = meaning.Report{}
		if err := l.shelf.Note(report); err != nil {
			return err
		}
	}
	if !report.Off && stats.Papers >= meaning.LeastPapers && float64(stats.Papers) >= growth*float64(report.Papers) {
		if _, err := m.learn(ctx, l, learning{}); err != nil {
			return err
		}
	}
	return m.useWanted(ctx, l, nil)
}

// useWanted makes the index anew if it is of another model than is wanted.
func (m *Main) useWanted(ctx context.Context, l *library, progress func(indexed, last int64)) error {
	wanted, err := l.shelf.WantedRef(ctx)
	if err != nil {
		return err
	}
	if ref, err := indexer.Ref(l.dir.Index()); err == nil && ref.Same(wanted) {
		return nil
	}
	model, err := m.prepare(ctx, l)
	if err != nil {
		return err
	}
	m.log.Info("the index is made anew with another model; the former one answers meanwhile", "model", wanted.Kind, "fingerprint", wanted.Model)
	if err := l.index.Remake(ctx, l.store, model, progress); err != nil {
		return err
	}
	m.log.Info("papers are found by another model now", "model", wanted.Kind, "fingerprint", wanted.Model)
	return l.shelf.Clean(wanted)
}

// prepare returns the wanted model, ready for an index that is to be made of the store.
func (m *Main) prepare(ctx context.Context, l *library) (*meaning.Model, error) {
	return l.shelf.Prepare(ctx, func() ([]train.Text, error) { return meaning.Texts(ctx, l.store) })
}

// followOrMake brings the index up to the store. An empty one is made anew if its model
// is to be prepared with papers that were not there when it was opened.
func (m *Main) followOrMake(ctx context.Context, l *library, progress func(indexed, last int64)) error {
	if m.cfg.Meaning != (meaning.Choice{}) && l.index.Stats().Docs == 0 {
		model, err := m.prepare(ctx, l)
		if err == nil {
			return l.index.Remake(ctx, l.store, model, progress)
		}
		m.log.Error("papers are found by their words until the model can be used", "err", err)
	}
	return l.index.Follow(ctx, l.store, progress)
}

// checkBuiltin refuses to adapt where another model is configured.
func (m *Main) checkBuiltin() error {
	if m.cfg.Meaning == (meaning.Choice{}) {
		return nil
	}
	return broadsheet.Errorf(broadsheet.Invalid, "The configuration names another model of meaning, and only the built-in one learns: leave out model and embeddings-url.")
}

// learning says how a library is learned.
type learning struct {
	anyway bool               // also when the model knows it
	told   func(done float64) // may be nil
}

// learn looks at how well the built-in model knows the library, lets it learn if that is
// worthwhile, puts what came of it on the shelf, and returns the report.
func (m *Main) learn(ctx context.Context, l *library, how learning) (meaning.Report, error) {
	stats, err := l.store.Stats(ctx)
	if err != nil {
		return meaning.Report{}, err
	}
	texts, err := meaning.Texts(ctx, l.store)
	if err != nil {
		return meaning.Report{}, err
	}
	r := meaning.Report{Time: m.Now(), Papers: stats.Papers}
	poor := false
	if r.Survey, err = meaning.NewSurvey(texts); err != nil {
		return r, err
	}
	poor, r.Why = r.Survey.Poor()
	m.log.Info("how well the built-in model knows the library", "adapts", poor, "why", r.Why)
	if !poor && !how.anyway {
		return r, l.shelf.Note(r)
	}
	start := time.Now()
	lesson, err := meaning.Learn(ctx, texts, how.told)
	if err != nil {
		return r, err
	}
	r.Before, r.After = lesson.Before, lesson.After
	m.log.Info("the model has learned the library", "papers", len(texts), "words", lesson.Words, "before", r.Before, "after", r.After,
		"used", !lesson.Worse, "took", time.Since(start).Round(time.Millisecond))
	if lesson.Worse {
		r.Why += "; what it learned made it worse, so it stays as it was"
		return r, l.shelf.Note(r)
	}
	_, err = l.shelf.Keep(lesson, &r)
	return r, err
}
