package main

import (
	"fmt"
	"strings"
)

// kinds are the kinds of queries, in the order of the table.
var kinds = []string{"one", "or", "long", "phrase", "and"}

// A query is a line of a file of queries: kind, tab, text. "one", "or" and "long"
// ask for any of the words, "and" for all, "phrase" for all in this order.
type query struct{ Kind, Text string }

func readQueries(path string) ([]query, error) {
	var list []query
	for line, err := range readLines(path) {
		if err != nil {
			return nil, err
		}
		q, err := parseQuery(string(line))
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, len(list)+1, err)
		}
		list = append(list, q)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: no queries", path)
	}
	return list, nil
}

func parseQuery(line string) (query, error) {
	kind, text, ok := strings.Cut(line, "\t")
	if !ok {
		return query{}, fmt.Errorf("%.80q, a kind, a tab and a text expected", line)
	}
	for _, k := range kinds {
		if k == kind {
			return query{kind, text}, nil
		}
	}
	return query{}, fmt.Errorf("kind %.80q, one of %s expected", kind, strings.Join(kinds, ", "))
}

// luceneStops are the stop words of Lucene's EnglishAnalyzer.
var luceneStops = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`a an and are as at be but by for if in into is it no not of on or such
		that the their then there these they this to was will with`) {
		set[w] = true
	}
	return set
}()
