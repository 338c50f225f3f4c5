package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/enrich"
	"broadsheet/ingest"
	"broadsheet/internal/fetch"
	"broadsheet/job"
)

// The groups of jobs: papers come from one source at a time, while services are
// asked about them.
const groupHarvest = "harvest"

// lookForWork is how often a server looks whether a job is due or asked for.
const lookForWork = 5 * time.Second

// When sources are asked. arXiv's times are those of New York: the OAI service has
// an evening's papers from about 22:30, the feeds are made anew at midnight. The
// minutes past are so that not all the world comes at once.
var (
	arxivNight   = job.Clock{Hour: 22, Minute: 47}
	arxivMorning = job.Clock{Hour: 0, Minute: 13}
)

const (
	hfEvery       = 2 * time.Hour // votes move all day
	instanceEvery = time.Hour
)

// tasks returns all jobs of this instance.
func (m *Main) tasks(l *library) ([]job.Task, error) {
	all, err := m.gatherings()
	if err != nil {
		return nil, err
	}
	var tasks []job.Task
	for _, g := range all {
		tasks = append(tasks, job.Task{Name: g.job, Group: groupHarvest, Off: g.off, Schedule: m.scheduleOf(g), Run: m.gather(l, g)})
	}
	for i, e := range m.cfg.enrichers() {
		service := e.make(fetch.Options{Agent: m.agent(), Log: m.log, Sleep: m.Sleep})
		night := job.Daily(m.cfg.Location(), nil, job.Clock{Hour: 3, Minute: 10 * i}) // one after the other writes less at once
		run := m.enrich(l, service)
		if e.off != "" {
			run = func(context.Context, *job.Running) (string, error) {
				return "", broadsheet.Errorf(broadsheet.Invalid, "%s cannot be asked: %s.", e.name, e.off)
			}
		}
		tasks = append(tasks, job.Task{Name: e.name, Group: e.name, Off: e.off, Schedule: night, Run: run})
	}
	nightly := job.Daily(m.cfg.Location(), nil, job.Clock{Hour: 2, Minute: 40}) // before the morning's digests
	return append(tasks, job.Task{Name: "interest", Group: "interest", Schedule: nightly, Run: m.learnByNight(l)}), nil
}

// learnByNight learns what readers vote for, and predicts it for papers without votes.
func (m *Main) learnByNight(l *library) func(context.Context, *job.Running) (string, error) {
	return func(ctx context.Context, _ *job.Running) (string, error) {
		res, err := m.refreshInterest(ctx, l)
		if broadsheet.KindOf(err) == broadsheet.Conflict && err != nil {
			return "too few votes to learn from yet", nil
		}
		return fmt.Sprintf("learned from %s papers, predicted for %s", thousands(res.Papers), thousands(res.Predicted)), err
	}
}

func (m *Main) scheduleOf(g gathering) job.Schedule {
	switch g.job {
	case "arxiv":
		return job.Daily(calendar.Zone(), nil, arxivNight)
	case "arxiv-new":
		return job.Daily(calendar.Zone(), job.Workday, arxivMorning)
	case "hf":
		return job.Every(hfEvery)
	case "biorxiv", "medrxiv", "openreview":
		return job.Daily(m.cfg.Location(), nil, job.Clock{Hour: 5, Minute: 17})
	}
	return job.Every(instanceEvery)
}

// gather makes a job of a harvest: it stores page by page, and keeps with each
// cursor which days are complete.
func (m *Main) gather(l *library, g gathering) func(context.Context, *job.Running) (string, error) {
	return func(ctx context.Context, r *job.Running) (string, error) {
		since := r.Since
		if since == "" && r.Cursor == "" {
			since = m.sinceFirst()
		}
		from, err := g.harvest(since)
		if err != nil {
			return "", err
		}
		var sum ingest.Summary
		announced := map[broadsheet.Date]int{} // papers of this run, by day
		h := ingest.Harvesting{
			Store: l.store,
			Save: func(ctx context.Context, p broadsheet.Page) error {
				for i := range p.Records {
					announced[p.Records[i].Announced]++
				}
				return r.Save(ctx, p.Cursor, m.complete(g, p.Complete, announced)...)
			},
			Rejected: func(bad *broadsheet.BadRecord) { m.log.Warn("a record was refused", "source", g.name, "err", bad) },
			Progress: func(p broadsheet.Page, s ingest.Summary) { r.Tell(p.Label + ": " + told(s)) },
		}
		err = h.Run(ctx, from, r.Cursor, &sum)
		if err == nil && g.job == "arxiv-new" {
			err = m.missing(ctx, l)
		}
		return told(sum), err
	}
}

// complete turns days that are complete into listings of arXiv: of the days of
// other sources nobody keeps account.
func (m *Main) complete(g gathering, days []broadsheet.Date, announced map[broadsheet.Date]int) (list []broadsheet.Coverage) {
	if g.name != broadsheet.SourceArXiv {
		return nil
	}
	for _, day := range days {
		if !calendar.IsListingDay(day) {
			continue
		}
		c := broadsheet.Coverage{Source: broadsheet.SourceArXiv, Day: day, Papers: announced[day], At: m.Now()}
		if g.job == "arxiv-new" && c.Papers == 0 {
			continue // an empty feed of a day that has a listing is more likely one that is late
		}
		list = append(list, c)
	}
	return list
}

// feedLate is how long a listing that is not in the feed is asked for again: after
// that the night's harvest brings it.
const feedLate = 3 * time.Hour

// missing is an error where the listing of today should be here and is not: the
// feed was late, and the job is tried again soon.
func (m *Main) missing(ctx context.Context, l *library) error {
	now := m.Now()
	today := broadsheet.DateOf(now.In(calendar.Zone()))
	if _, feed := calendar.ReadyAt(today); !calendar.IsListingDay(today) || now.Before(feed) || now.Sub(feed) > feedLate {
		return nil
	}
	covered, err := l.store.Covered(ctx, broadsheet.SourceArXiv, today, today)
	if err != nil || len(covered) > 0 {
		return err
	}
	return broadsheet.Errorf(broadsheet.Unavailable, "arXiv's feed does not have the listing of %s yet.", today)
}

// told says in a few words what a harvest did.
func told(s ingest.Summary) string {
	var parts []string
	for _, c := range []struct {
		n    int
		name string
	}{{s.Added, "new"}, {s.Updated, "updated"}, {s.Merged, "merged"}, {s.Unchanged, "known"}, {s.Rejected, "refused"}} {
		if c.n > 0 {
			parts = append(parts, thousands(c.n)+" "+c.name)
		}
	}
	if len(parts) == 0 {
		return "nothing new"
	}
	return strings.Join(parts, ", ")
}

func (m *Main) enrich(l *library, service broadsheet.Enricher) func(context.Context, *job.Running) (string, error) {
	return func(ctx context.Context, r *job.Running) (string, error) {
		say := func(s enrich.Summary) string {
			return fmt.Sprintf("%s of %s papers asked for, %s known there", thousands(s.Done()), thousands(s.Due), thousands(s.Found))
		}
		s, err := enrich.Run(ctx, enrich.Options{Service: service, Papers: l.store, Measures: l.store, Now: m.Now, Log: m.log,
			Progress: func(s enrich.Summary) { r.Tell(say(s)) }})
		if s.Resting {
			return "left alone until " + s.Rest.In(m.cfg.Location()).Format("2006-01-02 15:04"), err
		}
		return say(s), err
	}
}

// worker returns what does the jobs of a library, of which this process alone may
// write the store.
func (m *Main) worker(ctx context.Context, l *library) (*job.Worker, error) {
	tasks, err := m.tasks(l)
	if err != nil {
		return nil, err
	}
	if err := l.store.BreakLeases(ctx); err != nil {
		return nil, err
	}
	return &job.Worker{Store: l.store, Tasks: tasks, Holder: fmt.Sprintf("broadsheet, process %d", os.Getpid()), Now: m.Now, Log: m.log}, nil
}

// work does the jobs of a server, and those that sync asks for from beside it.
func (m *Main) work(ctx context.Context, l *library, w *job.Worker) error {
	done := make(chan error, 1)
	go func() { done <- w.Work(ctx, lookForWork) }()
	tick := time.NewTicker(lookForWork / 5)
	defer tick.Stop()
	stats, err := l.store.Stats(ctx)
	if err != nil && ctx.Err() == nil {
		return err
	}
	predicted := stats.LastChange // what is older, the last night has seen
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			for _, ask := range l.dir.TakeRequests() {
				if !w.Ask(ask.Job, ask.Since) {
					m.log.Warn("a job was asked for that is none", "job", broadsheet.Printable(ask.Job, 60))
				}
			}
			if predicted, err = predictNew(ctx, l, predicted); err != nil && ctx.Err() == nil {
				m.log.Error("interest in new papers is not predicted", "err", err)
			}
		}
	}
}
