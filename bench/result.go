package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A result is what was measured of one engine over one corpus. It is kept in files
// that other programs can write and read, too:
//
//	PREFIX.meta.json  one object of figures
//	PREFIX.lat.tsv    pass, number of the query, nanoseconds, hits
//	PREFIX.run.tsv    number of the query, rank from 1, id of the document
//
// A build has the first only.
type result struct {
	Meta      meta
	Latencies []latency
	Run       map[int][]string // ids, best first, by number of the query
}

type latency struct{ Pass, Query, Nanoseconds, Hits int }

// meta are the figures of a build or of queries. MB are millions of bytes.
type meta struct {
	Engine string `json:"engine"`
	Corpus string `json:"corpus"`
	Phase  string `json:"phase"` // build or query

	Docs             int              `json:"docs,omitempty"`
	BuildSeconds     float64          `json:"build_s,omitempty"`
	MergeSeconds     float64          `json:"merge_s,omitempty"`
	BytesBeforeMerge int64            `json:"bytes_before_merge,omitempty"`
	Bytes            int64            `json:"bytes,omitempty"`
	Files            map[string]int64 `json:"files,omitempty"` // bytes by extension
	PeakRSS          float64          `json:"peak_rss_mb,omitempty"`
	AnonymousRSS     float64          `json:"rss_anon_mb,omitempty"` // the most seen after a pass
	Heap             float64          `json:"heap_mb,omitempty"`     // live, of Go
	WarmSeconds      float64          `json:"warm_s,omitempty"`      // of the first pass
	Passes           int              `json:"passes,omitempty"`
	Every            int              `json:"every,omitempty"` // only every n-th query was asked
	Threads          int              `json:"qps_threads,omitempty"`
	QPS              []float64        `json:"qps,omitempty"`  // by pass
	Work             map[string]work  `json:"work,omitempty"` // mean of a query, by kind
	PostingBytes     float64          `json:"posting_bytes,omitempty"`
	Bandwidth        float64          `json:"bandwidth_gbs,omitempty"` // of the memory, one core
	Seconds          float64          `json:"total_s,omitempty"`
	ProcessorSeconds float64          `json:"cpu_s,omitempty"`
	Foreign          float64          `json:"foreign_cores"` // used by other processes
	Load             float64          `json:"load"`          // of the machine at the start
}

// work is what a query cost in exact counts.
type work struct {
	Postings   float64 `json:"postings"`
	Scored     float64 `json:"scored"`
	Candidates float64 `json:"candidates"`
	Positions  float64 `json:"positions"`
}

func (r *result) write(prefix string) error {
	text, err := json.MarshalIndent(r.Meta, "", " ")
	if err != nil {
		return err
	}
	err = os.WriteFile(prefix+".meta.json", append(text, '\n'), 0o666)
	if err != nil || r.Meta.Phase == "build" {
		return err
	}
	return errors.Join(
		writeFile(prefix+".lat.tsv", func(w *bufio.Writer) {
			for _, l := range r.Latencies {
				fmt.Fprintf(w, "%d\t%d\t%d\t%d\n", l.Pass, l.Query, l.Nanoseconds, l.Hits)
			}
		}),
		writeFile(prefix+".run.tsv", func(w *bufio.Writer) {
			for _, q := range slices.Sorted(maps.Keys(r.Run)) {
				for i, id := range r.Run[q] {
					fmt.Fprintf(w, "%d\t%d\t%s\n", q, i+1, id)
				}
			}
		}))
}

func writeFile(path string, write func(*bufio.Writer)) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	write(w)
	return errors.Join(w.Flush(), f.Close())
}

func readResult(prefix string) (*result, error) {
	r := &result{Run: map[int][]string{}}
	text, err := os.ReadFile(prefix + ".meta.json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &r.Meta); err != nil {
		return nil, fmt.Errorf("%s.meta.json: %w", prefix, err)
	}
	if r.Meta.Phase == "build" {
		return r, nil
	}
	return r, errors.Join(readRows(prefix+".lat.tsv", r.addLatency), readRows(prefix+".run.tsv", r.addHit))
}

func readRows(path string, add func(fields []string) error) error {
	n := 0
	for line, err := range readLines(path) {
		n++
		if err == nil {
			err = add(strings.Split(string(line), "\t"))
		}
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", path, n, err)
		}
	}
	return nil
}

func (r *result) addLatency(fields []string) error {
	n, err := numbers(fields, 4)
	if err == nil {
		r.Latencies = append(r.Latencies, latency{n[0], n[1], n[2], n[3]})
	}
	return err
}

func (r *result) addHit(fields []string) error {
	if len(fields) != 3 {
		return fmt.Errorf("%d fields, 3 expected", len(fields))
	}
	n, err := numbers(fields[:2], 2)
	if err != nil {
		return err
	}
	if got, want := n[1], len(r.Run[n[0]])+1; got != want {
		return fmt.Errorf("rank %d of query %d, %d expected", got, n[0], want)
	}
	r.Run[n[0]] = append(r.Run[n[0]], fields[2])
	return nil
}

// numbers reads so many numbers, none below 0.
func numbers(fields []string, want int) ([]int, error) {
	if len(fields) != want {
		return nil, fmt.Errorf("%d fields, %d expected", len(fields), want)
	}
	list := make([]int, want)
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 62)
		if err != nil {
			return nil, fmt.Errorf("%.80q, a number expected", f)
		}
		list[i] = int(n)
	}
	return list, nil
}

// append adds another round of the same queries: its passes follow, and of what should be
// small the larger figure counts.
func (r *result) append(more *result) {
	m, n := &r.Meta, &more.Meta
	for _, l := range more.Latencies {
		l.Pass += m.Passes
		r.Latencies = append(r.Latencies, l)
	}
	m.Passes += n.Passes
	m.QPS = append(m.QPS, n.QPS...)
	m.PeakRSS, m.AnonymousRSS, m.Heap = max(m.PeakRSS, n.PeakRSS), max(m.AnonymousRSS, n.AnonymousRSS), max(m.Heap, n.Heap)
	m.Foreign, m.Load = max(m.Foreign, n.Foreign), max(m.Load, n.Load)
	m.ProcessorSeconds += n.ProcessorSeconds
	m.Seconds += n.Seconds
}
