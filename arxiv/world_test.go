package arxiv_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/arxiv/arxivtest"
	"broadsheet/ingest"
	"broadsheet/internal/fetch"
	"broadsheet/internal/sourcetest"
	"broadsheet/sqlite"
)

var noon = time.Date(2026, 9, 25, 12, 0, 0, 0, time.UTC) // a Friday

// A world is an arXiv, who asks it, and what has come of that.
type world struct {
	tb       testing.TB
	clock    *sourcetest.Clock
	patience time.Duration // in real time, with a server that may fall silent
	server   *arxivtest.Server
	arxiv    *arxiv.Service
	db       *sqlite.DB
	cursor   map[string]string
	days     []broadsheet.Date
	bad      []string
	labels   []string
	totals   []int
	sum      ingest.Summary
}

func openStore(tb testing.TB, path string) *sqlite.DB {
	tb.Helper()
	db, err := sqlite.Open(tb.Context(), path)
	if err != nil {
		tb.Fatal(err)
	}
	db.Now = func() time.Time { return noon }
	tb.Cleanup(func() { db.Close() })
	return db
}

func newWorld(tb testing.TB, papers []arxivtest.Paper, server arxivtest.Options, options arxiv.Options) *world {
	tb.Helper()
	w := &world{tb: tb, clock: sourcetest.At(noon), cursor: map[string]string{}, patience: time.Minute}
	if server.Fault != nil {
		w.patience = time.Second
	}
	server.Now = w.clock.Now
	w.server = arxivtest.New(papers, server)
	tb.Cleanup(w.server.Close)
	w.db = openStore(tb, filepath.Join(tb.TempDir(), "broadsheet.db"))
	w.arxiv = w.service(options)
	return w
}

// service makes a client of the server. Waits for the network are scaled down, as
// they are not by the clock.
func (w *world) service(o arxiv.Options) *arxiv.Service {
	w.tb.Helper()
	pace := arxiv.Pace(fetch.Agent("mailto:ada@example.org"))
	pace.Now, pace.Sleep = w.clock.Now, w.clock.Sleep
	pace.FirstByte, pace.Stall, pace.MaxBytes = w.patience, w.patience, 6<<20
	o.Client, o.Now, o.Sleep = fetch.New(pace), w.clock.Now, w.clock.Sleep
	o.OAI, o.RSS, o.API = w.server.OAI(), w.server.RSS(), w.server.API()
	s, err := arxiv.NewService(o)
	if err != nil {
		w.tb.Fatal(err)
	}
	return s
}

// run harvests once from where the last run has come to.
func (w *world) run(from broadsheet.Harvester) error {
	h := ingest.Harvesting{Store: w.db,
		Save: func(_ context.Context, p broadsheet.Page) error {
			if p.Cursor != "" {
				w.cursor[from.Name()] = p.Cursor
			}
			w.days = append(w.days, p.Complete...)
			return nil
		},
		Rejected: func(b *broadsheet.BadRecord) { w.bad = append(w.bad, b.Error()) },
		Progress: func(p broadsheet.Page, _ ingest.Summary) {
			w.labels, w.totals = append(w.labels, p.Label), append(w.totals, p.Total)
		},
	}
	return h.Run(w.tb.Context(), from, w.cursor[from.Name()], &w.sum)
}

// harvest runs until arXiv has no more, as a job does that tries again later.
func (w *world) harvest(from broadsheet.Harvester) {
	w.tb.Helper()
	for range 40 {
		err := w.run(from)
		if err == nil {
			return
		}
		if broadsheet.KindOf(err) != broadsheet.Unavailable {
			w.tb.Fatal(err)
		}
		w.clock.Sleep(w.tb.Context(), 15*time.Minute)
	}
	w.tb.Fatal("the harvest does not end")
}

// holds compares what is stored with what arXiv has.
func (w *world) holds(papers []arxivtest.Paper, sets ...string) {
	w.tb.Helper()
	var want, got []string
	for _, p := range papers {
		if p.Deleted || len(sets) > 0 && !slices.ContainsFunc(p.Categories, func(c string) bool { return slices.Contains(sets, c) }) {
			continue // what is deleted before it was ever seen is passed over
		}
		want = append(want, fmt.Sprintf("%s %s v%d", p.ID, p.Title, len(p.Versions)))
	}
	for rec, err := range w.db.All(w.tb.Context()) {
		if err != nil {
			w.tb.Fatal(err)
		}
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s v%d %s", rec.ID, rec.Title, len(rec.Versions), rec.Status)))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		w.tb.Errorf("papers (-want +got):\n%s", diff)
	}
}

// keepsPace checks the log of requests: three seconds between two, one at a time,
// and from somebody with a name.
func (w *world) keepsPace() {
	w.tb.Helper()
	last := time.Time{}
	for _, r := range w.server.Log() {
		if r.At.Sub(last) < 3*time.Second {
			w.tb.Errorf("%s was asked for %v after the request before it", r.Target, r.At.Sub(last))
		}
		if r.Agent != "Broadsheet/1 (mailto:ada@example.org)" {
			w.tb.Errorf("%s was asked for by %q", r.Target, r.Agent)
		}
		last = r.At
	}
	if n := w.server.MostOpen(); n > 1 {
		w.tb.Errorf("%d requests were open at once", n)
	}
}
