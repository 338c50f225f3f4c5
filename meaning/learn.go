package meaning

import (
	"context"
	"fmt"

	"broadsheet"
	"broadsheet/embed"
	"broadsheet/embed/train"
)

// heldEvery is every how many-th text is not learned from but measured with; heldMost is
// how many these are at most.
const (
	heldEvery = 10
	heldMost  = 500
)

// A Lesson is what came of learning a library.
type Lesson struct {
	Model         *embed.Model // nil if it is Worse
	Words         int          // that are new
	Held          int          // papers that were not learned from at first
	Before, After float64      // MRR@10 of their titles, among their abstracts
	Worse         bool         // After is measurably below Before: it is not to be used
}

// Learn lets the built-in model go on learning with the texts of a library: first with
// most of them, to see with the others whether it does any good, then with all. Told,
// which may be nil, hears which part is done. The same texts give the same model.
func Learn(ctx context.Context, texts []train.Text, told func(done float64)) (Lesson, error) {
	if len(texts) < LeastPapers {
		return Lesson{}, broadsheet.Errorf(broadsheet.Invalid,
			"There are too few papers to learn from: %d with a title and an abstract, and at least %d are needed.", len(texts), LeastPapers)
	}
	base, err := embed.Builtin()
	if err != nil {
		return Lesson{}, fmt.Errorf("meaning: learn: %w", err)
	}
	return learnWith(ctx, base, texts, told)
}

func learnWith(ctx context.Context, base *embed.Model, texts []train.Text, told func(done float64)) (Lesson, error) {
	some, held := split(texts)
	trial, err := adapt(ctx, base, some, half(told, 0))
	if err != nil {
		return Lesson{}, err
	}
	before, after := train.Ranks(base, held), train.Ranks(trial, held)
	l := Lesson{Held: len(held), Before: mean(before), After: mean(after), Worse: worse(before, after)}
	if l.Worse {
		return l, nil
	}
	if l.Model, err = adapt(ctx, base, texts, half(told, 0.5)); err == nil {
		l.Words = l.Model.Words() - base.Words()
		l.Model, err = WithCoder(l.Model, spread(texts, coderTexts))
	}
	return l, err
}

func adapt(ctx context.Context, base *embed.Model, texts []train.Text, told func(done float64)) (*embed.Model, error) {
	corpus := train.NewCorpus()
	for _, t := range texts {
		corpus.Add(t)
	}
	set := train.AdaptDefaults()
	m, err := train.Adapt(ctx, base, corpus, set, func(p train.Progress) {
		told((float64(p.Epoch-1) + p.Done) / float64(set.Epochs))
	})
	if err != nil {
		return nil, fmt.Errorf("meaning: learn: %w", err)
	}
	return m, nil
}

// half tells of one half of the work, which begins at from.
func half(told func(float64), from float64) func(float64) {
	return func(done float64) {
		if told != nil {
			told(from + done/2)
		}
	}
}

// coderTexts is from how many texts the mean of their vectors is taken.
const coderTexts = 2000

// split divides texts into those to learn from and those to measure with.
func split(texts []train.Text) (some, held []train.Text) {
	step := max(heldEvery, len(texts)/heldMost)
	for i, t := range texts {
		if i%step == step/2 {
			held = append(held, t)
		} else {
			some = append(some, t)
		}
	}
	return some, held
}
