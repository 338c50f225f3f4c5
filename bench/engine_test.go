package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// library is a corpus of which every engine must find the same.
var library = []document{
	{"d0", "Rowing on slow rivers", "Boats pass the old lock at dawn."},
	{"d1", "Locks of the north", "A lock lifts boats; rivers carry them on."},
	{"d2", "Bread of five towns", "Bakers tell how dawn smells."},
	{"d3", "The slow baker", "Bread rises; rivers of honey."},
}

var questions = []struct {
	query
	want []string // in any order
}{
	{query{"one", "river"}, []string{"d0", "d1", "d3"}},
	{query{"or", "bread lock"}, []string{"d0", "d1", "d2", "d3"}},
	{query{"long", "the smell of honey at dawn"}, []string{"d0", "d2", "d3"}},
	{query{"phrase", "slow rivers"}, []string{"d0"}},
	{query{"and", "bread dawn"}, []string{"d2"}},
	{query{"one", "nothing"}, nil},
}

func TestEngines(t *testing.T) {
	corpus := writeCorpus(t, library)
	var text []byte
	for _, q := range questions {
		text = fmt.Appendf(text, "%s\t%s\n", q.Kind, q.Text)
	}
	queries := filepath.Join(t.TempDir(), "queries.tsv")
	if err := os.WriteFile(queries, text, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, e := range engines {
		if e.index != "" || strings.HasPrefix(e.name, "lucene") {
			continue // Lucene is a program of its own
		}
		t.Run(e.name, func(t *testing.T) {
			if e.name == "bleve" && testing.Short() {
				t.Skip("it takes two seconds to close")
			}
			dir := t.TempDir()
			j := job{Engine: e.name, Phase: "build", Corpus: corpus, Queries: queries, Index: filepath.Join(dir, "index"),
				Out: filepath.Join(dir, "build"), Every: 1}
			if err := e.build(j); err != nil {
				t.Fatal(err)
			}
			built, err := readResult(j.Out)
			if err != nil || built.Meta.Docs != len(library) || built.Meta.Bytes == 0 {
				t.Errorf("build: %+v, %v", built, err)
			}
			j.Phase, j.Out = "query", filepath.Join(dir, "query")
			if err := e.query(j); err != nil {
				t.Fatal(err)
			}
			r, err := readResult(j.Out)
			if err != nil {
				t.Fatal(err)
			}
			for i, q := range questions {
				if got := slices.Sorted(slices.Values(r.Run[i])); !slices.Equal(got, q.want) {
					t.Errorf("%s %q: %v, want %v", q.Kind, q.Text, got, q.want)
				}
			}
		})
	}
}

func TestTables(t *testing.T) {
	queries := []query{{"one", "a"}}
	b := &result{Meta: meta{Docs: 100, BuildSeconds: 3, MergeSeconds: 1, Bytes: 2e6, Files: map[string]int64{"postings": 1.5e6}}}
	hits := func(name string, ids ...string) row {
		q := &result{Meta: meta{Bandwidth: 10, QPS: []float64{99}}, Run: map[int][]string{0: ids}, Latencies: []latency{{0, 0, 2e6, len(ids)}}}
		return row{&engine{name: name}, q, b, queries}
	}
	var out bytes.Buffer
	if err := printTables(&out, []row{hits("broadsheet", "x", "y"), hits("lucene-ordered", "y", "z")}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| broadsheet | 3.0 (+1.0) | 25 | ", "| 2.00 / 2.00 / 2.00 |", "| 99 | ±0% |", "| broadsheet | postings 1.5 |",
		"| broadsheet | 0.500 | NaN |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}

func TestParseEvery(t *testing.T) {
	got, err := parseEvery("fts5=10,bleve=3")
	if err != nil || got["fts5"] != 10 || got["bleve"] != 3 {
		t.Errorf("parseEvery: %v, %v", got, err)
	}
	for _, bad := range []string{"fts5", "fts5=0", "fts9=2", ","} {
		if _, err := parseEvery(bad); err == nil {
			t.Errorf("parseEvery(%q) is no error", bad)
		}
	}
}

func TestMatchExpression(t *testing.T) {
	for _, tt := range []struct {
		q    query
		want string
	}{
		{query{"or", "slow the river"}, `"slow" OR "river"`},
		{query{"and", "slow river"}, `"slow" AND "river"`},
		{query{"phrase", `slow "river`}, `"slow river"`},
		{query{"one", "the"}, ""},
	} {
		if got := matchExpression(tt.q); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.q, got, tt.want)
		}
	}
}
