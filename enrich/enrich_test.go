package enrich

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet"
	"broadsheet/sqlite"
)

// A service knows papers by what a test says. It wants all but local ones.
type service struct {
	batch int
	asked [][]broadsheet.ID
	say   func(call int, papers []broadsheet.Record) (broadsheet.Enriched, error)
}

func (s *service) Name() string { return "s2" }
func (s *service) Batch() int   { return s.batch }

func (s *service) Wants(p *broadsheet.Record) bool { return p.ID.Scheme() != "local" }

func (s *service) Enrich(_ context.Context, papers []broadsheet.Record) (broadsheet.Enriched, error) {
	var ids []broadsheet.ID
	for _, p := range papers {
		ids = append(ids, p.ID)
	}
	s.asked = append(s.asked, ids)
	return s.say(len(s.asked), papers)
}

// all finds each paper with a number of citations and a venue.
func all(_ int, papers []broadsheet.Record) (out broadsheet.Enriched, err error) {
	for i := range papers {
		out.Papers = append(out.Papers, found(&papers[i], 7))
	}
	return out, nil
}

func found(p *broadsheet.Record, n int64) broadsheet.Enrichment {
	return broadsheet.Enrichment{
		Paper: p.ID, Found: true, Figures: []broadsheet.Figure{{Kind: broadsheet.Citations, Value: n}},
		Record: &broadsheet.Record{Paper: broadsheet.Paper{ID: p.ID, Title: p.Title, Venue: "Sheep Letters", Sources: []broadsheet.Source{{Name: "s2"}}}},
	}
}

// A bench is a store with papers, a service and a clock.
type bench struct {
	t       *testing.T
	db      *sqlite.DB
	service *service
	now     time.Time
}

func newBench(t *testing.T, papers int) *bench {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	b := &bench{t: t, db: db, service: &service{batch: 4, say: all}, now: time.Date(2025, 3, 10, 3, 0, 0, 0, time.UTC)}
	db.Now = func() time.Time { return b.now }
	var records []broadsheet.Record
	for i := range papers {
		records = append(records, record(broadsheet.ID(fmt.Sprintf("2503.%05d", i+1))))
	}
	b.put(records...)
	return b
}

func record(id broadsheet.ID) broadsheet.Record {
	return broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: "About Paper " + string(id), Published: "2025-03-09", Sources: []broadsheet.Source{{Name: "arxiv-oai"}}}}
}

func (b *bench) put(records ...broadsheet.Record) {
	b.t.Helper()
	if _, err := b.db.Put(b.t.Context(), records); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) options() Options {
	return Options{Service: b.service, Papers: b.db, Measures: b.db, Now: func() time.Time { return b.now }}
}

// run runs and holds the summary to what is wanted.
func (b *bench) run(want Summary) {
	b.t.Helper()
	got, err := Run(b.t.Context(), b.options())
	want.Source = "s2"
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		b.t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func (b *bench) cited(id broadsheet.ID) int64 {
	b.t.Helper()
	found, err := b.db.Measures(b.t.Context(), []broadsheet.ID{id})
	if err != nil {
		b.t.Fatal(err)
	}
	if len(found[id]) == 0 {
		return -1
	}
	return found[id][0].Value
}

func (b *bench) changes() int64 {
	b.t.Helper()
	s, err := b.db.Stats(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return s.LastChange
}

func TestRun(t *testing.T) {
	b := newBench(t, 9)
	b.put(record("local:nothingtoaskby"))
	b.run(Summary{Due: 10, Found: 9, Skipped: 1, Measures: 9, Updated: 9})
	sizes := func() (n []int) {
		for _, ids := range b.service.asked {
			n = append(n, len(ids))
		}
		return n
	}
	// The paper that is not asked for leaves room for another.
	if diff := cmp.Diff([]int{4, 4, 1}, sizes()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	p, err := b.db.Paper(t.Context(), "2503.00003")
	if err != nil || p.Venue != "Sheep Letters" || b.cited(p.ID) != 7 {
		t.Errorf("%+v, cited %d, %v", p, b.cited(p.ID), err)
	}

	// The same day nothing is asked; the next day all, and what is the same changes nothing.
	b.run(Summary{})
	last := b.changes()
	b.now = b.now.Add(24 * time.Hour)
	b.put(record("2503.00010"))
	b.run(Summary{Due: 11, Found: 10, Skipped: 1, Measures: 10, Updated: 1})
	if n := b.changes(); n != last+2 { // arrived, and learned something
		t.Errorf("%d changes more, want 2", n-last)
	}
	states, err := b.db.Services(t.Context())
	if err != nil || len(states) != 1 || !states[0].Answered.Equal(b.now) {
		t.Errorf("%+v, %v", states, err)
	}
}

func TestRunKeepsWhatIsGood(t *testing.T) {
	b := newBench(t, 8)
	b.service.say = func(_ int, papers []broadsheet.Record) (out broadsheet.Enriched, _ error) {
		for i := range papers {
			e := found(&papers[i], 5)
			switch papers[i].ID {
			case "2503.00001":
				e = broadsheet.Enrichment{Paper: e.Paper} // unknown
			case "2503.00002":
				continue // not answered for
			case "2503.00003":
				e.Figures[0].Value = -5
			case "2503.00004":
				e.Record.Venue = "\x00"
			case "2503.00005":
				e.Record.ID = "2503.00008" // a record of another paper
			case "2503.00006":
				e.Record.Sources[0].Name = "arxiv-oai" // in another's name
			case "2503.00007":
				out.Papers = append(out.Papers, e) // twice
			case "2503.00008":
				e.Record = nil
			}
			out.Papers = append(out.Papers, e)
		}
		out.Papers = append(out.Papers, broadsheet.Enrichment{Paper: "2503.09999", Found: true})
		return out, nil
	}
	b.run(Summary{Due: 8, Found: 6, Unknown: 1, Failed: 1, Measures: 5, Updated: 2})
	for id, want := range map[broadsheet.ID]string{"2503.00003": "Sheep Letters", "2503.00004": "", "2503.00005": "", "2503.00006": "", "2503.00008": ""} {
		if p, err := b.db.Paper(t.Context(), id); err != nil || p.Venue != want {
			t.Errorf("%s has the venue %q, want %q (%v)", id, p.Venue, want, err)
		}
	}
	// What was not answered for is due tomorrow.
	ids, err := b.db.DueFor(t.Context(), "s2", "2025-03-11", 10)
	if err != nil || !slices.Contains(ids, "2503.00002") {
		t.Errorf("due %v, %v", ids, err)
	}
}

func TestRunStopsAtTheEndOfABudget(t *testing.T) {
	b := newBench(t, 9)
	until := b.now.Add(time.Hour)
	b.service.say = func(call int, papers []broadsheet.Record) (broadsheet.Enriched, error) {
		out, err := all(call, papers)
		if call == 2 {
			out.Rest = until
		}
		return out, err
	}
	b.run(Summary{Due: 9, Found: 8, Measures: 8, Updated: 8, Rest: until})
	b.run(Summary{Rest: until, Resting: true}) // also in another process: the store knows
	if len(b.service.asked) != 2 {
		t.Errorf("asked %d times", len(b.service.asked))
	}
	b.now = until
	b.run(Summary{Due: 1, Found: 1, Measures: 1, Updated: 1})

	// A service that answers nothing but that it has had enough.
	b.now = b.now.Add(24 * time.Hour)
	until = b.now.Add(2 * time.Hour)
	b.service.say = func(int, []broadsheet.Record) (broadsheet.Enriched, error) {
		return broadsheet.Enriched{Rest: until}, broadsheet.Errorf(broadsheet.Unavailable, "Enough.")
	}
	b.run(Summary{Due: 9, Rest: until})
}

// One paper that the service chokes on does not keep the others from it, and a
// service that chokes on everything is not asked for ever.
func TestRunHalvesWhatIsRefused(t *testing.T) {
	refused := broadsheet.Errorf(broadsheet.Invalid, "No.")
	b := newBench(t, 8)
	b.service.batch = 8
	b.service.say = func(call int, papers []broadsheet.Record) (broadsheet.Enriched, error) {
		if slices.ContainsFunc(papers, func(p broadsheet.Record) bool { return p.ID == "2503.00003" }) {
			return broadsheet.Enriched{}, refused
		}
		return all(call, papers)
	}
	b.run(Summary{Due: 8, Found: 7, Failed: 1, Measures: 7, Updated: 7})
	if len(b.service.asked) != 7 { // 8, 4, 2, 1, 1, 2, 4
		t.Errorf("asked for %v", b.service.asked)
	}

	b = newBench(t, 100)
	b.service.say = func(int, []broadsheet.Record) (broadsheet.Enriched, error) { return broadsheet.Enriched{}, refused }
	_, err := Run(t.Context(), b.options())
	if broadsheet.KindOf(err) != broadsheet.Unavailable || len(b.service.asked) > maxRefusals+1 {
		t.Errorf("asked %d times, and then %v", len(b.service.asked), err)
	}
}

func TestRunEndsWithTheService(t *testing.T) {
	down := broadsheet.Errorf(broadsheet.Unavailable, "It is down.")
	b := newBench(t, 9)
	b.service.say = func(call int, papers []broadsheet.Record) (broadsheet.Enriched, error) {
		if call == 2 { // it breaks off in the midst of a batch
			return broadsheet.Enriched{Papers: []broadsheet.Enrichment{found(&papers[0], 7)}}, down
		}
		return all(call, papers)
	}
	got, err := Run(t.Context(), b.options())
	if !errors.Is(err, down) || got.Found != 5 {
		t.Fatalf("%+v, %v", got, err)
	}
	b.run(Summary{Due: 4, Found: 4, Measures: 4, Updated: 4})
}

// errKilled is what a store answers whose process is gone.
var errKilled = errors.New("killed")

// A dying store takes so many writes and then no more.
type dying struct {
	*sqlite.DB
	left int
}

func (d *dying) Put(ctx context.Context, records []broadsheet.Record) ([]broadsheet.Outcome, error) {
	if d.left--; d.left < 0 {
		return nil, errKilled
	}
	return d.DB.Put(ctx, records)
}

func (d *dying) PutAnswers(ctx context.Context, source string, answers []broadsheet.Answered) error {
	if d.left--; d.left < 0 {
		return errKilled
	}
	return d.DB.PutAnswers(ctx, source, answers)
}

// Whenever a run is killed, the next one ends where one that was not killed ends:
// the same papers, the same measures, and no change logged twice.
func TestRunCanBeKilled(t *testing.T) {
	end := func(b *bench) (papers []broadsheet.Record, measures []broadsheet.Measure, changes int64) {
		for r, err := range b.db.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			papers = append(papers, r)
			h, err := b.db.History(t.Context(), r.ID, broadsheet.Citations, "s2")
			if err != nil {
				t.Fatal(err)
			}
			measures = append(measures, h...)
		}
		return papers, measures, b.changes()
	}
	whole := newBench(t, 9)
	whole.run(Summary{Due: 9, Found: 9, Measures: 9, Updated: 9})
	papers, measures, changes := end(whole)
	for writes := range 6 {
		b := newBench(t, 9)
		o := b.options()
		d := &dying{b.db, writes}
		o.Papers, o.Measures = d, d
		if _, err := Run(t.Context(), o); !errors.Is(err, errKilled) {
			t.Fatalf("after %d writes: %v", writes, err)
		}
		if _, err := Run(t.Context(), b.options()); err != nil {
			t.Fatal(err)
		}
		p, m, c := end(b)
		if diff := cmp.Diff(papers, p, cmpopts.EquateEmpty()) + cmp.Diff(measures, m) + cmp.Diff(changes, c); diff != "" {
			t.Errorf("killed after %d writes (-want +got):\n%s", writes, diff)
		}
	}
}

func TestRunIsCancelled(t *testing.T) {
	b := newBench(t, 9)
	ctx, cancel := context.WithCancel(t.Context())
	b.service.say = func(call int, papers []broadsheet.Record) (broadsheet.Enriched, error) {
		if call == 2 {
			cancel()
			return broadsheet.Enriched{}, ctx.Err()
		}
		return all(call, papers)
	}
	var seen []int
	o := b.options()
	o.Progress = func(s Summary) { seen = append(seen, s.Done()) }
	got, err := Run(ctx, o)
	if !errors.Is(err, context.Canceled) || got.Found != 4 || !slices.Equal(seen, []int{4}) {
		t.Errorf("%+v, %v, progress %v", got, err, seen)
	}
}
