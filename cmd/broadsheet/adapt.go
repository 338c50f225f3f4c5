package main

import (
	"context"
	"flag"
	"fmt"

	"broadsheet"
	"broadsheet/internal/datadir"
	"broadsheet/meaning"
)

var adaptCommand = command{
	name: "adapt", short: "let the model of meaning learn your papers", extra: modelSettings, json: true,
	help: `
Lets the built-in model of meaning go on learning with the titles and abstracts of
the library, makes the index anew with what came of it, and says how well titles find
their own abstracts before and after, among papers that were not learned from. It
takes minutes at most. A server does so by itself where the model knows the library
badly; stop it before.

    broadsheet adapt
    broadsheet adapt --reset     back to the built-in model, for good`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		reset := fs.Bool("reset", false, "go back to the built-in model, and adapt no more until asked to")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 {
				return usagef("unexpected \"%s\"", broadsheet.Printable(args[0], 40))
			}
			return m.adapt(ctx, *reset)
		}
	},
}

func (m *Main) adapt(ctx context.Context, reset bool) error {
	if err := m.checkBuiltin(); err != nil {
		return err
	}
	if ro, err := datadir.OpenReadOnly(m.cfg.Data); err != nil { // nothing is made where there is nothing
		return err
	} else if err := ro.Close(); err != nil {
		return err
	}
	l, err := m.openForWriting(ctx, m.cfg.Data, "adapt")
	if err != nil {
		return err
	}
	defer l.Close()
	r := meaning.Report{Time: m.Now(), Off: true, Why: "broadsheet adapt --reset has chosen the built-in model"}
	if reset {
		err = l.shelf.Note(r)
	} else {
		r, err = m.adaptNow(ctx, l)
	}
	if err == nil {
		err = m.useWantedNow(ctx, l)
	}
	if err != nil {
		return err
	}
	return m.printAdapted(r)
}

// adaptNow learns the library with a progress bar.
func (m *Main) adaptNow(ctx context.Context, l *library) (meaning.Report, error) {
	const parts = 1000
	bar := m.progress("learning", parts)
	defer bar.Done()
	at := 0
	return m.learn(ctx, l, learning{anyway: true, told: func(done float64) {
		now := int(done * parts)
		bar.Add(now-at, int64(now-at))
		at = now
	}})
}

// useWantedNow makes the index anew with a progress bar, if that is to be done.
func (m *Main) useWantedNow(ctx context.Context, l *library) error {
	var bar *progress
	var at int64
	err := m.useWanted(ctx, l, func(indexed, last int64) {
		if bar == nil {
			bar = m.progress("indexing", last)
		}
		bar.Add(int(indexed-at), indexed-at)
		at = indexed
	})
	if bar != nil {
		bar.Done()
	}
	return err
}

func (m *Main) printAdapted(r meaning.Report) error {
	if m.json {
		return m.printJSON(r)
	}
	switch {
	case r.Off:
		_, err := fmt.Fprintln(m.Stdout, "Papers are found by the built-in model. It learns no more until broadsheet adapt is run.")
		return err
	case r.Model == "":
		_, err := fmt.Fprintf(m.Stdout, "The built-in model stays: titles find their abstracts with MRR@10 %.3f by it, and %.3f by what it learned.\n", r.Before, r.After)
		return err
	}
	_, err := fmt.Fprintf(m.Stdout, `MRR@10 of titles among abstracts that were not learned from
before      %.3f
after       %.3f
Papers are found by the adapted model %s. Back: broadsheet adapt --reset
`, r.Before, r.After, r.Model)
	return err
}
