package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A session is one call of the program: which engines, over what, into which files.
type session struct {
	engines         []*engine
	corpus, queries string
	dir             string
	every           map[string]int // by engine: only every n-th query
	passes, rounds  int
	quiet           time.Duration // how long to wait, at most, for a quiet machine
}

func (s *session) prefix(e *engine, phase string) string {
	return filepath.Join(s.dir, "results", e.name+"-"+corpusName(s.corpus)+"-"+phase)
}

func (s *session) job(e *engine, phase string) job {
	return job{
		Engine: e.name, Phase: phase, Corpus: s.corpus, Queries: s.queries,
		Index: filepath.Join(s.dir, "index", e.indexOf()+"-"+corpusName(s.corpus)), Java: filepath.Join(s.dir, "java"),
		Out: s.prefix(e, phase), Passes: s.passes, Every: max(1, s.every[e.name]),
	}
}

// prepare makes the directories, and leaves out what cannot be measured here.
func (s *session) prepare(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(s.dir, "results"), 0o777); err != nil {
		return err
	}
	var here []*engine
	var missing error
	for _, e := range s.engines {
		if strings.HasPrefix(e.name, "lucene") {
			if missing == nil {
				missing = compileLucene(ctx, filepath.Join(s.dir, "java"))
			}
			if missing != nil {
				fmt.Fprintf(os.Stderr, "%s is left out: %v\n", e.name, missing)
				continue
			}
		}
		here = append(here, e)
	}
	s.engines = here
	return nil
}

// build builds the indexes, one after the other.
func (s *session) build(ctx context.Context) error {
	for _, e := range s.engines {
		if e.index != "" {
			continue // another engine builds it
		}
		j := s.job(e, "build")
		if err := os.RemoveAll(j.Index); err != nil {
			return err
		}
		r, err := s.supervise(ctx, j)
		if err != nil {
			return err
		}
		if err := r.write(j.Out); err != nil {
			return err
		}
		m := r.Meta
		fmt.Fprintf(os.Stderr, "%s: %d documents in %.1f s + %.1f s, %.1f MB, %.2f foreign cores\n",
			m.Engine, m.Docs, m.BuildSeconds, m.MergeSeconds, float64(m.Bytes)/1e6, m.Foreign)
	}
	return nil
}

// query measures queries, in rounds through all engines, so that what comes and goes on the
// machine does not meet one engine only.
func (s *session) query(ctx context.Context) error {
	results := map[*engine]*result{}
	for round := range s.rounds {
		for _, e := range s.engines {
			j := s.job(e, "query")
			r, err := s.supervise(ctx, j)
			if err != nil {
				return err
			}
			r.Meta.Bandwidth = bandwidth()
			if sum := results[e]; sum == nil {
				results[e] = r
			} else {
				sum.append(r)
			}
			if err := results[e].write(j.Out); err != nil {
				return err
			}
			all := percentilesOf(r, "")
			fmt.Fprintf(os.Stderr, "%s, round %d: %s ms, %.0f queries/s, %.2f foreign cores\n",
				e.name, round+1, all, median(r.Meta.QPS), r.Meta.Foreign)
		}
	}
	return nil
}

// supervise runs a job in a process of its own, so that the figures of memory are its
// own, and adds what it sees from outside to the result.
func (s *session) supervise(ctx context.Context, j job) (*result, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, end := range []string{".meta.json", ".lat.tsv", ".run.tsv"} { // of an earlier run
		if err := os.Remove(j.Out + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	awaitQuiet(ctx, s.quiet)
	cmd := exec.CommandContext(ctx, self, "job", string(text))
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	before, w := load(), startWatch()
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s, %s: %w", j.Engine, j.Phase, err)
	}
	own := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	foreign := w.foreign(own)
	r, err := readResult(j.Out)
	if err != nil {
		return nil, err
	}
	m := &r.Meta
	m.Engine, m.Corpus, m.Phase = j.Engine, corpusName(j.Corpus), j.Phase
	m.Foreign, m.Load, m.ProcessorSeconds = foreign, before, own.Seconds()
	return r, nil
}

// awaitQuiet waits until other processes do next to nothing, but not longer than so long.
func awaitQuiet(ctx context.Context, most time.Duration) {
	const look, little = 2 * time.Second, 0.1
	for end := time.Now().Add(most); time.Now().Before(end) && ctx.Err() == nil; {
		own, w := processorTime(), startWatch()
		time.Sleep(look)
		if w.foreign(processorTime()-own) < little {
			return
		}
	}
}

// runJob does the job that supervise has written down.
func runJob(text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	found, err := findEngines(j.Engine)
	if err != nil {
		return err
	}
	switch j.Phase {
	case "build":
		return found[0].build(j)
	case "query":
		return found[0].query(j)
	}
	return fmt.Errorf("phase %q, build or query expected", j.Phase)
}
