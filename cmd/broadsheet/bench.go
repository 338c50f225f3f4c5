package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"slices"
	"time"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/ingest"
	"broadsheet/meaning"
	"broadsheet/search"
	"broadsheet/search/bench"
)

var benchCommand = command{
	name: "bench", short: "measure the search engine on this machine", json: true,
	help: `
Builds an index of a corpus in a throw-away directory, merges it to one segment,
asks it questions taken from the corpus, and prints how fast it was built, what it
takes, how long the questions took by kind, the work they were, and how that
compares with the memory of the machine. Without --corpus the papers are invented,
the same ones each time; with one that has fewer papers than asked for, the others are
put together of its sentences. With a method that reads meaning the questions are
asked as people type them, and the recall of the search by codes is measured, too.

    broadsheet bench
    broadsheet bench --corpus papers.jsonl.zst --papers 1000000 --method adaptive
    broadsheet bench --papers 1000000
    broadsheet bench --corpus papers.jsonl.zst --json`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		var t benchTask
		fs.StringVar(&t.corpus, "corpus", "", "take the papers from this `file`, of any format that import reads")
		fs.StringVar(&t.format, "format", "", "the corpus's `format`; guessed when not given")
		fs.IntVar(&t.papers, "papers", 100_000, "invent this `many` papers, or take at most so many from the corpus")
		fs.StringVar(&t.dir, "dir", "", "build the index in this empty `directory` and leave it there")
		method := fs.String("method", string(broadsheet.MethodLexical), methodHelp)
		fs.Uint64Var(&t.seed, "seed", 1, "the `number` that the invented papers and the choice of questions follow from")
		return func(ctx context.Context, m *Main, args []string) error {
			if len(args) > 0 {
				return usagef("unexpected \"%s\"", broadsheet.Printable(args[0], 40))
			}
			if t.papers < 1 {
				return usagef("--papers %d: at least 1", t.papers)
			}
			var err error
			if t.method, err = parseMethod(*method); err != nil {
				return err
			}
			return m.bench(ctx, t)
		}
	},
}

type benchTask struct {
	corpus, format, dir string
	papers              int
	seed                uint64
	method              broadsheet.Method
}

const (
	benchBatch   = 20_000  // papers that are indexed at a time
	benchSampled = 100_000 // papers whose words are asked for
)

func (m *Main) bench(ctx context.Context, t benchTask) error {
	dir := t.dir
	if dir == "" {
		tmp, err := os.MkdirTemp("", "broadsheet-bench-*")
		if err != nil {
			return fmt.Errorf("make a directory for the measurement: %w", err)
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	} else if list, err := os.ReadDir(dir); err == nil && len(list) > 0 {
		return usagef("--dir %s: the directory is not empty", dir)
	}
	var opt search.Options
	if t.method != broadsheet.MethodLexical {
		var err error
		if opt.Model, err = meaning.Builtin(); err != nil {
			return err
		}
	}
	e, err := search.Open(dir, opt)
	if err != nil {
		return err
	}
	defer e.Close()
	var r bench.Report
	sample, err := m.benchBuild(ctx, e, t, &r)
	if err != nil {
		return err
	}
	if r.Documents == 0 {
		return broadsheet.Errorf(broadsheet.Invalid, "There is no paper in %s.", t.corpus)
	}
	questions := bench.Questions(sample, t.seed)
	if opt.Model != nil {
		questions = bench.Spoken(sample, indexer.MethodOf(t.method), t.seed)
		if r.Recall, err = bench.Recall(ctx, e, questions); err != nil {
			return err
		}
	}
	bar := m.progress("asking", 0)
	err = bench.Ask(ctx, e, questions, &r, func(done, total int) { bar.Add(1, 0) })
	bar.Done()
	if err != nil {
		return err
	}
	if m.json {
		return m.printJSON(r)
	}
	m.printBench(r)
	return nil
}

// benchBuild makes the index and returns the papers to take questions from.
func (m *Main) benchBuild(ctx context.Context, e *search.Engine, t benchTask, r *bench.Report) ([]search.Paper, error) {
	bar := m.progress("indexing", 0)
	defer bar.Done()
	next, stop := iter.Pull2(t.read(ctx))
	defer func() { stop() }()
	resampled := false
	var sample []search.Paper
	start := time.Now()
	for more := true; more; {
		var batch []search.Paper
		for len(batch) < benchBatch && r.Documents+len(batch) < t.papers {
			p, err, ok := next()
			if err != nil {
				return nil, err
			}
			if !ok && !resampled && len(sample) > 0 && t.corpus != "" {
				stop()
				next, stop = iter.Pull2(withoutErrors(bench.Resample(sample, t.papers, t.seed)))
				resampled = true
				continue
			}
			if more = ok; !more {
				break
			}
			batch = append(batch, p)
		}
		if len(batch) == 0 {
			break
		}
		if err := e.Update(ctx, batch, nil); err != nil {
			return nil, err
		}
		sample = append(sample, batch[:min(len(batch), benchSampled-len(sample))]...)
		r.Documents += len(batch)
		bar.Add(len(batch), 0)
	}
	if err := e.Commit(nil); err != nil {
		return nil, err
	}
	merging := time.Now()
	if err := e.Optimize(ctx, nil); err != nil {
		return nil, err
	}
	seconds := time.Since(start).Seconds()
	r.Build = bench.Build{Seconds: seconds, Merge: time.Since(merging).Seconds(), PerSec: float64(r.Documents) / seconds}
	s := e.Stats()
	r.Index = map[string]int64{"terms": s.Terms, "postings": s.Postings, "positions": s.Positions, "columns": s.Columns, "vectors": s.Vectors}
	return sample, nil
}

func withoutErrors(papers iter.Seq[search.Paper]) iter.Seq2[search.Paper, error] {
	return func(yield func(search.Paper, error) bool) {
		for p := range papers {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// read yields the papers of the corpus, or invented ones.
func (t benchTask) read(ctx context.Context) iter.Seq2[search.Paper, error] {
	return func(yield func(search.Paper, error) bool) {
		if t.corpus == "" {
			for p := range bench.Invent(t.papers, t.seed) {
				if !yield(p, nil) {
					return
				}
			}
			return
		}
		f, err := ingest.Open(ctx, t.corpus, ingest.Options{Format: t.format})
		if err != nil {
			yield(search.Paper{}, err)
			return
		}
		defer f.Close()
		for rec, err := range f.Records() {
			if _, bad := errors.AsType[*broadsheet.BadRecord](err); bad {
				continue
			}
			if err != nil {
				yield(search.Paper{}, err)
				return
			}
			p := search.Paper{ID: string(rec.ID), Title: rec.Title, Abstract: rec.Abstract, Authors: rec.AuthorNames(),
				Categories: rec.Categories, Day: search.Unknown}
			if p.ID != "" && !yield(p, nil) {
				return
			}
		}
	}
}

func (m *Main) printBench(r bench.Report) {
	mb := func(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
	var total int64
	var kinds []string
	for part, n := range r.Index {
		total += n
		kinds = append(kinds, part+" "+mb(n))
	}
	slices.Sort(kinds)
	w := m.Stdout
	fmt.Fprintf(w, "papers      %s\n", thousands(r.Documents))
	fmt.Fprintf(w, "build       %.1f s, of which merging %.1f s: %s papers/s\n", r.Build.Seconds, r.Build.Merge, thousands(int(r.Build.PerSec)))
	fmt.Fprintf(w, "index       %s: %v\n", mb(total), kinds)
	fmt.Fprintf(w, "heap        %s after the questions\n\n", mb(int64(r.HeapBytes)))
	fmt.Fprintf(w, "%-8s %8s %10s %10s %10s\n", "kind", "queries", "p50 ms", "p95 ms", "p99 ms")
	for _, k := range r.Kinds {
		fmt.Fprintf(w, "%-8s %8d %10.3f %10.3f %10.3f\n", k.Kind, k.Queries, k.P50, k.P95, k.P99)
	}
	fmt.Fprintf(w, "\nqueries/s   %s on %d cores\n", thousands(int(r.PerSecond)), r.Cores)
	fmt.Fprintf(w, "work        per query %.0f postings read, %.0f scored, %.0f looked up, %.0f positions\n",
		r.Work.Postings, r.Work.Scored, r.Work.Probes, r.Work.Positions)
	if r.Recall > 0 {
		fmt.Fprintf(w, "meaning     per query %.0f vectors compared, %.0f papers word by word; recall@10 of codes and bytes %.4f\n",
			r.Work.Vectors, r.Work.Reranked, r.Recall)
	}
	fmt.Fprintf(w, "memory      one core reads %.1f GB/s; the questions read postings at %.2f GB/s, %.0f %% of that\n",
		r.Machine.ReadBytesPerSecond/1e9, r.Machine.PostingsBytesPerSecond/1e9, 100*r.Machine.Share)
}
