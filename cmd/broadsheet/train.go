package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"

	"broadsheet"
	"broadsheet/embed/train"
	"broadsheet/ingest"
	"broadsheet/internal/wholefile"
	"broadsheet/meaning"
)

var trainCommand = command{
	name: "train", args: "FILE …", short: "train a model of meaning on papers",
	help: `
Reads papers in any form that import reads, and learns vectors of words by which a
title is nearest to its own abstract among all others. Some of the papers are held
out; the training ends when they gain no more. The same papers and seed give the same
model. The built-in model was made in this way:

    broadsheet train --out embed/model.bin papers.jsonl.zst

With --sentences it learns instead the roles of sentences, from a CSV file of marked
abstracts (arxiv_id, abstract, start_idx, end_idx, label), and from the papers which
phrases authors give as keywords. It prints how well both do on what was held out.

    broadsheet train --sentences abstract_sentences_dev.csv --out gist/weights.bin papers.jsonl.zst`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		set := train.Defaults()
		out := fs.String("out", "model.bin", "write the model to this `file`")
		sentences := fs.String("sentences", "", "learn the roles of sentences from the marks in this `file`")
		format := fs.String("format", "", "the `form` of the files, when it cannot be guessed")
		fs.IntVar(&set.Epochs, "epochs", set.Epochs, "read the papers at most this `often`")
		fs.IntVar(&set.Words, "words", set.Words, "the `size` of the vocabulary, at most 65,000")
		fs.Uint64Var(&set.Seed, "seed", set.Seed, "a `number` that all chance follows from")
		return func(ctx context.Context, m *Main, args []string) error {
			switch {
			case len(args) == 0:
				return usagef("name a file of papers")
			case set.Epochs < 1 || set.Epochs > 1000:
				return usagef("--epochs %d: choose 1 to 1000", set.Epochs)
			case set.Words < 100 || set.Words > 65_000:
				return usagef("--words %d: choose 100 to 65000", set.Words)
			}
			if *sentences != "" {
				return m.trainGist(ctx, *sentences, args, *format, *out, set.Seed)
			}
			return m.train(ctx, args, *format, *out, set)
		}
	},
}

func (m *Main) train(ctx context.Context, names []string, format, out string, set train.Settings) error {
	corpus, sample, err := m.readCorpus(ctx, names, format, coderSample)
	if err != nil {
		return err
	}
	bar := m.progress("training", int64(set.Epochs*corpus.Len()))
	defer bar.Done()
	done := 0
	model, err := train.New(ctx, corpus, set, func(p train.Progress) {
		now := int((float64(p.Epoch-1) + p.Done) * float64(corpus.Len()))
		bar.Add(now-done, int64(now-done))
		if done = now; p.Holdout > 0 {
			bar.Println(fmt.Sprintf("pass %d: MRR@10 of titles among bodies held out %.4f, with 64 dimensions %.4f", p.Epoch, p.Holdout, p.Short))
		}
	})
	if errors.Is(err, train.ErrTooSmall) {
		return broadsheet.Errorf(broadsheet.Invalid, "There are too few papers to learn from: %d with a title and an abstract.", corpus.Len())
	}
	if err == nil {
		model, err = meaning.WithCoder(model, sample)
	}
	if err != nil {
		return err
	}
	if err := wholefile.Write(out, model.Append(nil), 0o644); err != nil {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: fmt.Sprintf("%s cannot be written: %v.", out, cause(err))}
	}
	fmt.Fprintf(m.Stdout, "%s: %s words, %d dimensions, model %s\n", out, thousands(model.Words()), model.Dims(), model.Fingerprint())
	return nil
}

// coderSample is every how many-th paper is kept for the coder.
const coderSample = 19

// readCorpus reads papers, and keeps every how many-th as it is.
func (m *Main) readCorpus(ctx context.Context, names []string, format string, every int) (*train.Corpus, []train.Text, error) {
	corpus := train.NewCorpus()
	var sample []train.Text
	for _, name := range names {
		f, err := ingest.Open(ctx, name, ingest.Options{Format: format, Stdin: m.Stdin})
		if err != nil {
			return nil, nil, err
		}
		bar := m.progress("reading "+filepath.Base(name), f.Size)
		read := int64(0)
		for rec, err := range f.Records() {
			if err != nil {
				continue // import names what cannot be read
			}
			if err := ctx.Err(); err != nil {
				f.Close()
				return nil, nil, err
			}
			t := train.Text{Title: rec.Title, Body: rec.Abstract, Tags: rec.Keywords}
			corpus.Add(t)
			if corpus.Len()%every == 1%every {
				sample = append(sample, t)
			}
			bar.Add(1, f.BytesRead()-read)
			read = f.BytesRead()
		}
		bar.Done()
		if err := f.Close(); err != nil {
			return nil, nil, err
		}
	}
	return corpus, sample, nil
}
