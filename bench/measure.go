package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

const (
	// slowPass is how long a first pass may take: after a longer one, there is
	// only one that is timed.
	slowPass = time.Minute

	// loadTime is how long a pass of all threads lasts at least, in which it asks the
	// queries again and again: a tenth of a second tells nothing.
	loadTime = time.Second
)

// A searcher answers a query with the ids of the best k documents, and tells what
// that cost if it knows. It is used by several goroutines at once.
type searcher func(q query, k int) ([]string, work, error)

// measure asks all queries: one pass to warm up, of which the hits are kept, then passes of
// one thread, each query timed, then passes of all threads. It writes the result.
func (j *job) measure(search searcher, more func(*meta)) error {
	queries, err := readQueries(j.Queries)
	if err != nil {
		return err
	}
	r := j.start()
	start := time.Now()
	if err := j.warm(r, queries, search); err != nil {
		return err
	}
	r.Meta.WarmSeconds = time.Since(start).Seconds()
	r.Meta.Passes, r.Meta.Every, r.Meta.Threads = j.Passes, j.Every, runtime.GOMAXPROCS(0)
	if time.Since(start) > slowPass {
		r.Meta.Passes = 1
	}
	debug.FreeOSMemory()
	for pass := range r.Meta.Passes {
		for i := 0; i < len(queries); i += j.Every {
			start := time.Now()
			ids, _, err := search(queries[i], top)
			if err != nil {
				return err
			}
			r.Latencies = append(r.Latencies, latency{pass, i, int(time.Since(start)), len(ids)})
		}
		r.Meta.AnonymousRSS = max(r.Meta.AnonymousRSS, status("RssAnon"))
	}
	for range r.Meta.Passes {
		r.Meta.QPS = append(r.Meta.QPS, j.load(queries, search))
		r.Meta.AnonymousRSS = max(r.Meta.AnonymousRSS, status("RssAnon"))
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	r.Meta.Heap, r.Meta.PeakRSS = float64(m.HeapAlloc)/1e6, status("VmHWM")
	more(&r.Meta)
	return r.write(j.Out)
}

// warm asks every query once, and notes hits and work.
func (j *job) warm(r *result, queries []query, search searcher) error {
	sums, counts := map[string]work{}, map[string]float64{}
	for i := 0; i < len(queries); i += j.Every {
		q := queries[i]
		ids, w, err := search(q, top)
		if err != nil {
			return fmt.Errorf("%s %q: %w", q.Kind, q.Text, err)
		}
		r.Run[i] = ids
		s := sums[q.Kind]
		sums[q.Kind] = work{s.Postings + w.Postings, s.Scored + w.Scored, s.Candidates + w.Candidates, s.Positions + w.Positions}
		counts[q.Kind]++
	}
	r.Meta.Work = map[string]work{}
	for kind, s := range sums {
		if n := counts[kind]; s != (work{}) {
			r.Meta.Work[kind] = work{s.Postings / n, s.Scored / n, s.Candidates / n, s.Positions / n}
		}
	}
	return nil
}

// load has all threads ask the queries at once, and returns queries per second.
func (j *job) load(queries []query, search searcher) float64 {
	threads := runtime.GOMAXPROCS(0)
	done := make([]int, threads)
	var all sync.WaitGroup
	start := time.Now()
	for t := range threads {
		all.Go(func() {
			for {
				for i := t * j.Every; i < len(queries); i += threads * j.Every {
					search(queries[i], top)
					done[t]++
				}
				if time.Since(start) >= loadTime {
					return
				}
			}
		})
	}
	all.Wait()
	sum := 0
	for _, n := range done {
		sum += n
	}
	return float64(sum) / time.Since(start).Seconds()
}

// A building is how an engine makes its index. What it writes before merge is searchable;
// merge makes one segment of all; close leaves the files as they stay.
type building struct {
	add   func() (docs int, err error)
	merge func() error
	close func() error
}

// time times a building and writes the result.
func (j *job) time(b building) error {
	r := j.start()
	start := time.Now()
	docs, err := b.add()
	if err != nil {
		return err
	}
	r.Meta.Docs, r.Meta.BuildSeconds = docs, time.Since(start).Seconds()
	_, r.Meta.BytesBeforeMerge = fileSizes(j.Index)
	start = time.Now()
	if err := b.merge(); err != nil {
		return err
	}
	r.Meta.MergeSeconds, r.Meta.PeakRSS = time.Since(start).Seconds(), status("VmHWM")
	if err := b.close(); err != nil {
		return err
	}
	r.Meta.Files, r.Meta.Bytes = fileSizes(j.Index)
	return r.write(j.Out)
}
