package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
)

// table prints what the result files have of the engines over the corpus.
func (s *session) table(context.Context) error {
	queries, err := readQueries(s.queries)
	if err != nil {
		return err
	}
	var rows []row
	for _, e := range s.engines {
		r, err := readResult(s.prefix(e, "query"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		built := &engine{name: e.indexOf()}
		b, err := readResult(s.prefix(built, "build"))
		if err != nil {
			return err
		}
		rows = append(rows, row{e, r, b, queries})
	}
	return printTables(os.Stdout, rows)
}

// A row is what is known of one engine.
type row struct {
	engine       *engine
	query, build *result
	queries      []query
}

func (r row) timed() bool { return len(r.query.Latencies) > 0 }

func printTables(w io.Writer, rows []row) error {
	out := &errWriter{w: w}
	printBuild(out, rows)
	printLatencies(out, rows)
	printFiles(out, rows)
	printWork(out, rows)
	printOverlap(out, rows)
	return out.err
}

// errWriter keeps the first error.
type errWriter struct {
	w   io.Writer
	err error
}

func (w *errWriter) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format+"\n", args...)
	}
}

// head prints the two lines above the rows of a table.
func (w *errWriter) head(columns ...string) {
	w.line("| %s |", strings.Join(columns, " | "))
	w.line("|%s", strings.Repeat("---|", len(columns)))
}

func printBuild(w *errWriter, rows []row) {
	w.head("engine", "build s (+merge)", "docs/s", "build CPU s", "index MB", "build RSS MB", "query RSS MB", "of which anonymous", "Go heap MB", "foreign cores")
	for _, r := range rows {
		if b, q := r.build.Meta, r.query.Meta; r.timed() {
			w.line("| %s | %.1f (+%.1f) | %.0f | %.0f | %.1f | %.0f | %.0f | %.0f | %s | %.2f / %.2f |", r.engine.name, b.BuildSeconds, b.MergeSeconds,
				float64(b.Docs)/(b.BuildSeconds+b.MergeSeconds), b.ProcessorSeconds, float64(b.Bytes)/1e6, b.PeakRSS, q.PeakRSS, q.AnonymousRSS,
				orDash(q.Heap), b.Foreign, q.Foreign)
		}
	}
	w.line("")
}

func orDash(x float64) string {
	if x == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", x)
}

func printLatencies(w *errWriter, rows []row) {
	columns := []string{"engine", "all p50/p95/p99 ms"}
	for _, k := range kinds {
		columns = append(columns, k+" p50/p95/p99 ms")
	}
	w.head(append(columns, "q/s, all cores", "spread")...)
	for _, r := range rows {
		if !r.timed() {
			continue
		}
		cells := []string{r.engine.name, percentilesOf(r.query, "").String()}
		for _, k := range kinds {
			cells = append(cells, percentilesOf(r.query, k, r.queries...).String())
		}
		cells = append(cells, fmt.Sprintf("%.0f", median(r.query.Meta.QPS)), fmt.Sprintf("±%.0f%%", 100*spread(r.query)))
		w.line("| %s |", strings.Join(cells, " | "))
	}
	w.line("")
}

func printFiles(w *errWriter, rows []row) {
	w.head("engine", "index MB by file")
	for _, r := range rows {
		if r.engine.index != "" {
			continue
		}
		var cells []string
		files := r.build.Meta.Files
		for _, name := range slices.SortedFunc(maps.Keys(files), func(a, b string) int { return int(files[b] - files[a]) }) {
			if mb := float64(files[name]) / 1e6; mb >= 0.05 {
				cells = append(cells, fmt.Sprintf("%s %.1f", name, mb))
			}
		}
		w.line("| %s | %s |", r.engine.name, strings.Join(cells, ", "))
	}
	w.line("")
}

func printWork(w *errWriter, rows []row) {
	w.head("engine", "kind", "postings decoded", "scored", "candidates", "position lists", "GB/s of postings, one core", "of the memory's")
	for _, r := range rows {
		for _, k := range kinds {
			work, ok := r.query.Meta.Work[k]
			if !ok {
				continue
			}
			mean := meanOf(r.query, k, r.queries)
			rate := work.Postings * r.query.Meta.PostingBytes / (mean * 1e6)
			w.line("| %s | %s | %.0f | %.0f | %.0f | %.0f | %.2f | %.1f%% |", r.engine.name, k, work.Postings, work.Scored, work.Candidates, work.Positions,
				rate, 100*rate/r.query.Meta.Bandwidth)
		}
	}
	w.line("")
}

func printOverlap(w *errWriter, rows []row) {
	i := slices.IndexFunc(rows, func(r row) bool { return r.engine.name == "lucene-ordered" })
	if i < 0 {
		return
	}
	w.head(append([]string{"first 10 shared with Lucene's"}, kinds...)...)
	for _, r := range rows {
		if strings.HasPrefix(r.engine.name, "lucene") {
			continue
		}
		cells := []string{r.engine.name}
		for _, k := range kinds {
			cells = append(cells, fmt.Sprintf("%.3f", overlap(r.query.Run, rows[i].query.Run, k, r.queries)))
		}
		w.line("| %s |", strings.Join(cells, " | "))
	}
}

// overlap returns which part of the hits of b is among those of a, in the mean over the
// queries of a kind that both were asked.
func overlap(a, b map[int][]string, kind string, queries []query) float64 {
	sum, n := 0.0, 0.0
	for i, q := range queries {
		if q.Kind != kind || a[i] == nil && b[i] == nil {
			continue
		}
		shared := 0
		for _, id := range b[i] {
			if slices.Contains(a[i], id) {
				shared++
			}
		}
		sum += float64(shared) / float64(max(len(a[i]), len(b[i])))
		n++
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / n
}
