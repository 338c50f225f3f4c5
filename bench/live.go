package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet/search"
)

// A liveTest searches and adds papers at the same time. Questions come at fixed times,
// whether those before are answered or not, and are timed from when they were due: an
// engine that stalls is charged for all that wait.
type liveTest struct {
	papers  int           // there at the start
	rate    int           // questions per second
	added   int           // papers that arrive per second
	every   time.Duration // between updates
	commits time.Duration // between commits
	length  time.Duration

	engine  *search.Engine
	queries []query
	corpus  []search.Paper // what new papers are made of

	mu                       sync.Mutex
	errs                     []error
	answers, arrivals, saves []time.Duration
}

// maxErrors is how many errors are told.
const maxErrors = 10

// What a reader is owed.
const (
	slowestAnswer  = 50 * time.Millisecond
	slowestArrival = time.Second
)

func liveFlags(fs *flag.FlagSet) *liveTest {
	l := new(liveTest)
	fs.IntVar(&l.papers, "papers", 100_000, "live: papers at the start")
	fs.IntVar(&l.rate, "rate", 100, "live: questions per second")
	fs.IntVar(&l.added, "added", 50, "live: new papers per second")
	fs.DurationVar(&l.every, "update", 200*time.Millisecond, "live: time between updates")
	fs.DurationVar(&l.commits, "commit", time.Second, "live: time between commits")
	fs.DurationVar(&l.length, "for", time.Minute, "live: length of the test")
	return l
}

func (l *liveTest) run(ctx context.Context, s *session) (err error) {
	if l.rate < 1 || l.added < 1 || l.every <= 0 || l.commits <= 0 {
		return errors.New("-rate, -added, -update and -commit must be above 0")
	}
	if l.queries, err = readQueries(s.queries); err != nil {
		return err
	}
	dir := filepath.Join(s.dir, "index", "live")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if l.engine, err = search.Open(dir, search.Options{}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.engine.Close()) }()
	if err := l.fill(ctx, s.corpus); err != nil {
		return err
	}
	start := startWatch()
	own := processorTime()
	ctx, cancel := context.WithTimeout(ctx, l.length)
	defer cancel()
	var all sync.WaitGroup
	for _, f := range []func(context.Context){l.ask, l.update, l.commit} {
		all.Go(func() { f(ctx) })
	}
	all.Wait()
	return l.report(start.foreign(processorTime() - own))
}

// fill indexes the papers that are there at the start.
func (l *liveTest) fill(ctx context.Context, corpus string) error {
	for line, err := range readLines(corpus) {
		if err != nil {
			return err
		}
		d, err := parseDocument(line)
		if err != nil {
			return err
		}
		if l.corpus = append(l.corpus, paperOf(d)); len(l.corpus) == l.papers {
			break
		}
	}
	for batch := range slices.Chunk(l.corpus, productBatch) {
		if err := l.engine.Update(ctx, batch, nil); err != nil {
			return err
		}
	}
	return l.engine.Commit(nil)
}

// note keeps a time or an error.
func (l *liveTest) note(times *[]time.Duration, took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		if len(l.errs) < maxErrors {
			l.errs = append(l.errs, err)
		}
		return
	}
	*times = append(*times, took)
}

// each calls f at fixed times until ctx ends.
func each(ctx context.Context, between time.Duration, f func(n int, due time.Time)) {
	start := time.Now()
	for n := 0; ; n++ {
		due := start.Add(time.Duration(n) * between)
		select {
		case <-time.After(time.Until(due)):
			f(n, due)
		case <-ctx.Done():
			return
		}
	}
}

// ask asks the questions.
func (l *liveTest) ask(ctx context.Context) {
	var all sync.WaitGroup
	each(ctx, time.Second/time.Duration(l.rate), func(n int, due time.Time) {
		all.Go(func() {
			_, err := l.engine.Search(context.WithoutCancel(ctx), search.Request{Text: typed(l.queries[n*7%len(l.queries)]), Limit: top})
			l.note(&l.answers, time.Since(due), err)
		})
	})
	all.Wait()
}

// update adds what has arrived since the update before, and looks whether it is found.
func (l *liveTest) update(ctx context.Context) {
	arrived, start := 0, time.Now()
	between := time.Second / time.Duration(l.added)
	each(ctx, l.every, func(int, time.Time) {
		var papers []search.Paper
		first := arrived
		for ; start.Add(time.Duration(arrived) * between).Before(time.Now()); arrived++ {
			papers = append(papers, l.newPaper(arrived))
		}
		if err := l.engine.Update(context.WithoutCancel(ctx), papers, nil); err != nil {
			l.note(nil, 0, err)
			return
		}
		for n := range papers {
			err := l.find(papers[n])
			l.note(&l.arrivals, time.Since(start.Add(time.Duration(first+n)*between)), err)
		}
	})
}

// newPaper makes a paper that no other is like: its title has a word of its own.
func (l *liveTest) newPaper(n int) search.Paper {
	p := l.corpus[n%len(l.corpus)]
	p.ID = marker(n)
	p.Title += " " + marker(n)
	return p
}

// marker returns a word that only new paper n has.
func marker(n int) string {
	return "zq" + strings.Map(func(r rune) rune { return 'b' + r - '0' }, fmt.Sprintf("%07d", n)) + "x"
}

// find looks for a new paper by its word.
func (l *liveTest) find(p search.Paper) error {
	res, err := l.engine.Search(context.Background(), search.Request{Text: p.ID, Limit: 1})
	if err == nil && (len(res.Hits) != 1 || res.Hits[0].ID != p.ID) {
		err = fmt.Errorf("paper %s is not found after its update", p.ID)
	}
	return err
}

func (l *liveTest) commit(ctx context.Context) {
	each(ctx, l.commits, func(n int, due time.Time) {
		err := l.engine.Commit(fmt.Append(nil, n))
		l.note(&l.saves, time.Since(due), err)
	})
}

// report prints the times, and fails if a reader waited too long.
func (l *liveTest) report(foreign float64) error {
	stats := l.engine.Stats()
	fmt.Printf("%d papers, %d segments; %.2f foreign cores\n", stats.Docs, stats.Segments, foreign)
	w := &errWriter{w: os.Stdout}
	w.head("", "number", "p50 ms", "p95 ms", "p99 ms", "max ms")
	for _, row := range []struct {
		name  string
		times []time.Duration
	}{{"questions answered", l.answers}, {"new papers found", l.arrivals}, {"commits", l.saves}} {
		ms := make([]float64, len(row.times))
		for i, t := range row.times {
			ms[i] = float64(t) / 1e6
		}
		w.line("| %s | %d | %s | %s | %s | %s |", row.name, len(ms), digits(percentile(ms, 0.5)), digits(percentile(ms, 0.95)),
			digits(percentile(ms, 0.99)), digits(percentile(ms, 1)))
	}
	l.errs = append(l.errs, w.err, tooSlow("a question was answered", l.answers, slowestAnswer), tooSlow("a new paper was found", l.arrivals, slowestArrival))
	return errors.Join(l.errs...)
}

func tooSlow(what string, times []time.Duration, most time.Duration) error {
	if len(times) == 0 {
		return fmt.Errorf("never %s", what)
	}
	if slowest := slices.Max(times); slowest > most {
		n := 0
		for _, t := range times {
			if t > most {
				n++
			}
		}
		return fmt.Errorf("%s after %v only, %v expected; %d of %d were late", what, slowest.Round(time.Millisecond), most, n, len(times))
	}
	return nil
}
