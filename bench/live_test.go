package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLive(t *testing.T) {
	corpus := writeCorpus(t, library)
	queries := filepath.Join(filepath.Dir(corpus), "queries.tsv")
	if err := os.WriteFile(queries, []byte("one\triver\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	l := &liveTest{papers: 4, rate: 50, added: 40, every: 50 * time.Millisecond, commits: 100 * time.Millisecond, length: 400 * time.Millisecond}
	err := l.run(t.Context(), &session{corpus: corpus, queries: queries, dir: t.TempDir()})
	if err != nil && !strings.Contains(err.Error(), "late") { // by the machine, perhaps
		t.Error(err)
	}
	if len(l.answers) == 0 || len(l.arrivals) == 0 || len(l.saves) == 0 {
		t.Errorf("%d answers, %d arrivals, %d commits", len(l.answers), len(l.arrivals), len(l.saves))
	}
}

func TestTooSlow(t *testing.T) {
	if err := tooSlow("asked", []time.Duration{10, 20}, 20); err != nil {
		t.Error(err)
	}
	for _, times := range [][]time.Duration{nil, {10, 30}} {
		if tooSlow("asked", times, 20) == nil {
			t.Errorf("%v is no error", times)
		}
	}
}
