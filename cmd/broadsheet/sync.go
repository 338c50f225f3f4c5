package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/ingest"
	"broadsheet/internal/datadir"
	"broadsheet/internal/fetch"
	"broadsheet/job"
)

var syncCommand = command{
	name: "sync", args: "[SOURCE | ID] …", short: "gather papers from sources now", json: true,
	extra: slices.Concat(sourceFlags, serviceFlags, modelSettings),
	help: `
Asks sources for what is new since the last time, and services for what they know
of papers: all that a server asks by itself, or those that are named (arxiv, hf,
biorxiv, medrxiv, openreview, the host of another Broadsheet; s2, openalex,
crossref, github). The first time, papers of the last eight days are taken;
--since goes back further, and may be interrupted: the same command goes on from
there. An arXiv id fetches that paper.

Where a server runs, it is asked to do the work, and this command waits for it.
Without --once, a source that cannot be reached is tried again until it can.

    broadsheet sync
    broadsheet sync arxiv --since 2005-09-16      all of arXiv: hours
    broadsheet sync hf --since 2024-05-01 --once
    broadsheet sync 2503.01234`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		var o syncOptions
		fs.Func("since", "begin at this `day` instead of where the last run ended", func(s string) (err error) {
			o.since, err = broadsheet.ParseDate(s)
			return plainError(err)
		})
		fs.BoolVar(&o.once, "once", false, "try each source once")
		return func(ctx context.Context, m *Main, args []string) error { return m.sync(ctx, args, o) }
	},
}

type syncOptions struct {
	since broadsheet.Date
	once  bool
}

// A synced is what became of one job.
type synced struct {
	Job   string `json:"job"`
	Did   string `json:"did"`
	Error string `json:"error,omitempty"`
}

func (m *Main) sync(ctx context.Context, args []string, o syncOptions) error {
	var names []string
	var ids []broadsheet.ID
	for _, a := range args {
		if id, err := broadsheet.ParseID(a); err == nil && id.Scheme() == "arxiv" {
			ids = append(ids, id)
		} else {
			names = append(names, a)
		}
	}
	l, err := m.openForWriting(ctx, m.cfg.Data, "sync")
	if errors.Is(err, datadir.ErrInUse) {
		if len(ids) > 0 {
			return err
		}
		return m.syncBeside(ctx, names, o)
	}
	if err != nil {
		return err
	}
	defer l.Close()
	w, err := m.worker(ctx, l)
	if err != nil {
		return err
	}
	if err := w.Register(ctx); err != nil {
		return err
	}
	var done []synced
	if len(ids) > 0 {
		done = append(done, m.fetchPapers(ctx, l, ids))
	}
	if len(ids) == 0 || len(names) > 0 {
		jobs, err := m.jobsNamed(w.Tasks, names)
		if err != nil {
			return err
		}
		for _, name := range jobs {
			s, err := m.syncOne(ctx, w, name, o)
			if err != nil {
				return err
			}
			done = append(done, s)
		}
	}
	if err := m.printSynced(done); err != nil {
		return err
	}
	if err := m.catchUp(ctx, l); err != nil {
		return err
	}
	return failures(done)
}

// failures is the outcome of a command of which some jobs failed.
func failures(done []synced) error {
	failed := 0
	for _, s := range done {
		if s.Error != "" {
			failed++
		}
	}
	switch failed {
	case 0:
		return nil
	case len(done):
		return errSaid
	}
	return errPartly
}

// jobsNamed returns the jobs of sources and services: those that are named, or all
// that are on.
func (m *Main) jobsNamed(tasks []job.Task, names []string) (jobs []string, err error) {
	all, err := m.gatherings()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		before := len(jobs)
		for _, g := range all {
			if g.name == name || g.job == name {
				jobs = append(jobs, g.job)
			}
		}
		for _, e := range m.cfg.enrichers() {
			if e.name == name {
				if e.off != "" {
					return nil, broadsheet.Errorf(broadsheet.Invalid, "%s cannot be asked: %s.", name, e.off)
				}
				jobs = append(jobs, e.name)
			}
		}
		if len(jobs) == before {
			return nil, usagef("there is no source \"%s\": choose of %s, s2, openalex, crossref, github, or give an arXiv id", broadsheet.Printable(name, 40), strings.Join(sourceNames, ", "))
		}
	}
	if len(names) > 0 {
		return jobs, nil
	}
	for _, t := range tasks {
		if t.Off == "" && (t.Group == groupHarvest || t.Name == t.Group && slices.ContainsFunc(m.cfg.enrichers(), func(e enricher) bool { return e.name == t.Name })) {
			jobs = append(jobs, t.Name)
		}
	}
	if len(jobs) == 0 {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "There is nothing to gather from: name a source, or set sources.")
	}
	return jobs, nil
}

// tryAgain is how long sync waits before it asks a source again that could not be
// reached.
const tryAgain = time.Minute

// syncOne runs a job, again and again if need be.
func (m *Main) syncOne(ctx context.Context, w *job.Worker, name string, o syncOptions) (synced, error) {
	bar := m.progress(name, 0)
	defer bar.Done()
	since := o.since
	for {
		did, err := w.Run(ctx, name, since, bar.SetNote)
		switch {
		case ctx.Err() != nil:
			return synced{}, broadsheet.Errorf(broadsheet.Unavailable, "Interrupted. What was gathered is stored; run the same command without --since to go on.")
		case err == nil:
			return synced{Job: name, Did: did}, nil
		case o.once || broadsheet.KindOf(err) != broadsheet.Unavailable:
			return synced{name, did, sentence(err)}, nil
		}
		bar.Println(sentence(err))
		since = "" // what came is kept
		sleep := fetch.Sleep
		if m.Sleep != nil {
			sleep = m.Sleep
		}
		if err := sleep(ctx, tryAgain); err != nil {
			return synced{}, err
		}
	}
}

// fetchPapers takes single papers from arXiv.
func (m *Main) fetchPapers(ctx context.Context, l *library, ids []broadsheet.ID) synced {
	out := synced{Job: "papers"}
	records, err := m.lookUp(ctx, ids)
	if err != nil {
		out.Error = sentence(err)
		return out
	}
	for i := range records {
		ingest.Normalize(&records[i])
	}
	outcomes, err := l.store.Put(ctx, records)
	if err != nil {
		out.Error = sentence(err)
		return out
	}
	var sum ingest.Summary
	for _, o := range outcomes {
		sum.Count(o)
	}
	out.Did = told(sum)
	if n := len(ids) - len(records); n > 0 {
		out.Error = fmt.Sprintf("arXiv does not know %d of the papers", n)
	}
	return out
}

func (m *Main) printSynced(done []synced) error {
	if m.json {
		return m.printJSON(done)
	}
	for _, s := range done {
		switch {
		case s.Error != "":
			fmt.Fprintf(m.Stderr, "broadsheet sync: %s: %s\n", s.Job, s.Error)
		default:
			fmt.Fprintf(m.Stdout, "%-12s %s\n", s.Job, s.Did)
		}
	}
	return nil
}

// syncBeside asks the server that holds the directory to run jobs, and waits.
func (m *Main) syncBeside(ctx context.Context, names []string, o syncOptions) error {
	l, err := m.openForReading(ctx, m.cfg.Data, false)
	if err != nil {
		return err
	}
	defer l.Close()
	known, err := l.store.Jobs(ctx)
	if err != nil {
		return err
	}
	var tasks []job.Task
	for _, j := range known {
		if !j.Next.IsZero() {
			tasks = append(tasks, job.Task{Name: j.Name, Group: j.Group})
		}
	}
	jobs, err := m.jobsNamed(tasks, names)
	if err != nil {
		return err
	}
	asked := m.Now()
	for _, name := range jobs {
		if err := l.dir.Ask(datadir.Request{Job: name, Since: o.since}); err != nil {
			return err
		}
	}
	if m.terminal {
		fmt.Fprintln(m.Stderr, "The server does it.")
	}
	done, err := m.await(ctx, l, jobs, asked)
	if err != nil {
		return err
	}
	if err := m.printSynced(done); err != nil {
		return err
	}
	return failures(done)
}

const awaitEvery = 500 * time.Millisecond

// await waits until jobs have run that were asked for.
func (m *Main) await(ctx context.Context, l *library, jobs []string, asked time.Time) (done []synced, err error) {
	bar := m.progress(strings.Join(jobs, ", "), 0)
	defer bar.Done()
	for len(jobs) > 0 {
		all, err := l.store.Jobs(ctx)
		if err != nil {
			return nil, err
		}
		for _, j := range all {
			i := slices.Index(jobs, j.Name)
			switch {
			case i < 0:
			case j.Running(m.Now()):
				bar.SetNote(j.Name + " " + j.Note)
			case !j.Finished.Before(asked.Truncate(time.Millisecond)):
				done = append(done, synced{j.Name, j.Note, j.Error})
				jobs = slices.Delete(jobs, i, i+1)
			}
		}
		select {
		case <-ctx.Done():
			return nil, broadsheet.Errorf(broadsheet.Unavailable, "Interrupted. The server goes on.")
		case <-time.After(awaitEvery):
		}
	}
	return done, nil
}
