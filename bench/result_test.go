package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func someResult() *result {
	return &result{
		Meta:      meta{Engine: "broadsheet", Corpus: "test", Phase: "query", Passes: 2, QPS: []float64{10, 12}, PeakRSS: 20},
		Latencies: []latency{{0, 0, 100, 1}, {1, 0, 90, 1}},
		Run:       map[int][]string{0: {"a", "b"}, 7: {"c"}},
	}
}

func TestResultFiles(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "x")
	want := someResult()
	if err := want.write(prefix); err != nil {
		t.Fatal(err)
	}
	got, err := readResult(prefix)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v; want %+v", got, err, want)
	}
}

func TestAppendRound(t *testing.T) {
	r, more := someResult(), someResult()
	more.Meta.PeakRSS = 30
	r.append(more)
	if m := r.Meta; m.Passes != 4 || len(m.QPS) != 4 || m.PeakRSS != 30 {
		t.Errorf("figures of two rounds: %+v", m)
	}
	if got, want := r.Latencies[2], (latency{2, 0, 100, 1}); got != want {
		t.Errorf("first latency of the second round: %v, want %v", got, want)
	}
}

func TestDamagedResults(t *testing.T) {
	for _, tt := range []struct{ file, text, want string }{
		{".lat.tsv", "0\t0\t5\n", "line 1: 3 fields, 4 expected"},
		{".lat.tsv", "0\t0\t-5\t1\n", `"-5", a number expected`},
		{".run.tsv", "0\t1\ta\n0\t3\tb\n", "line 2: rank 3 of query 0, 2 expected"},
		{".run.tsv", "0\t1\n", "2 fields, 3 expected"},
		{".meta.json", "{", "unexpected end"},
	} {
		prefix := filepath.Join(t.TempDir(), "x")
		if err := someResult().write(prefix); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(prefix+tt.file, []byte(tt.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := readResult(prefix); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %q: %v, want …%s…", tt.file, tt.text, err, tt.want)
		}
	}
}

func FuzzRows(f *testing.F) {
	f.Add("0\t1\ta")
	f.Add("4611686018427387903\t1\t1\t1")
	f.Fuzz(func(t *testing.T, line string) {
		r := &result{Run: map[int][]string{}}
		fields := strings.Split(line, "\t")
		if r.addLatency(fields) == nil && len(fields) != 4 || r.addHit(fields) == nil && len(fields) != 3 {
			t.Errorf("%q was read", line)
		}
	})
}
