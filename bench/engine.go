package main

import (
	"fmt"
	"slices"
	"strings"
)

// top is how many hits every query returns.
const top = 10

// An engine is one that is measured, or one of its settings.
type engine struct {
	name string
	what string // in one line

	// index is the engine whose index it reads; its own if empty.
	index string

	// In a process of their own:
	build func(job) error
	query func(job) error
}

// indexOf returns the name of the engine that has built the index.
func (e *engine) indexOf() string {
	if e.index != "" {
		return e.index
	}
	return e.name
}

// engines are all that can be measured, in the order of the table. Those that need
// more than Go add themselves.
var engines = []*engine{
	{name: "broadsheet", what: "search/index and search/topk on one field, matches counted to 1,000",
		build: lexical{analyzer: newPlainAnalyzer}.build, query: lexical{analyzer: newPlainAnalyzer, count: 1000}.query},
	{name: "broadsheet-10000", what: "the same, matches counted to 10,000", index: "broadsheet",
		query: lexical{analyzer: newPlainAnalyzer, count: 10000}.query},
	{name: "broadsheet-product", what: "package search as the product uses it: several fields, its own ranking",
		build: product{}.build, query: product{}.query},
	{name: "broadsheet-english", what: "broadsheet with the words and the lengths of Lucene's EnglishAnalyzer, for comparing hits",
		build: lexical{analyzer: newEnglishAnalyzer, lucene: true}.build,
		query: lexical{analyzer: newEnglishAnalyzer, lucene: true, count: 1000}.query},
	{name: "bleve", what: "Bleve, scorch, BM25, English analysis", build: buildBleve, query: queryBleve},
	{name: "fts5", what: "SQLite FTS5 in Go (modernc.org/sqlite), Porter", build: fts5{"sqlite"}.build, query: fts5{"sqlite"}.query},
	{name: "lucene", what: "Apache Lucene, two threads", build: lucene{}.build, query: lucene{}.query},
	{name: "lucene-ordered", what: "Lucene with its documents in the order of the corpus, for comparing hits",
		build: lucene{ordered: true}.build, query: lucene{ordered: true}.query},
}

// findEngines returns the engines of a list of names, apart by commas.
func findEngines(list string) (found []*engine, err error) {
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(engines, func(e *engine) bool { return e.name == name })
		if i < 0 {
			return nil, fmt.Errorf("engine %q, one of %s expected", name, strings.Join(engineNames(), ", "))
		}
		found = append(found, engines[i])
	}
	return found, nil
}

func engineNames() (names []string) {
	for _, e := range engines {
		names = append(names, e.name)
	}
	return names
}

// A job is one phase of one engine. It travels to a process of its own as JSON.
type job struct {
	Engine, Phase string
	Corpus        string // file
	Queries       string // file
	Index         string // directory
	Out           string // prefix of the result files
	Java          string // directory of compiled classes
	Passes, Every int
}

// name returns what the results are called after the corpus.
func (j *job) start() *result {
	return &result{Meta: meta{Engine: j.Engine, Corpus: corpusName(j.Corpus), Phase: j.Phase}, Run: map[int][]string{}}
}
