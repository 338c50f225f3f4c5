package beir

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/internal/stream"
)

// A Query is a question of a test set.
type Query struct {
	ID   string
	Text string
}

// ReadQueries reads queries, {"_id","text"} on each line.
func ReadQueries(r io.Reader) iter.Seq2[Query, error] {
	return lines(r, func(line []byte) (Query, string, error) {
		var q struct {
			ID   name   `json:"_id"`
			Text string `json:"text"`
		}
		err := decode(line, &q)
		if err == nil && q.ID == "" {
			err = errors.New("_id is missing")
		}
		if err == nil && strings.TrimSpace(q.Text) == "" {
			err = errors.New("text is empty")
		}
		return Query{ID: string(q.ID), Text: strings.TrimSpace(q.Text)}, string(q.ID), err
	})
}

// A Judgement says how well a document answers a query. Grades above 0 are
// relevant; a document without a judgement counts as not relevant.
type Judgement struct {
	Query, Doc string // as the files write them; see ID
	Grade      int
}

// ReadQrels reads judgements: "query-id corpus-id score" separated by tabs, with
// or without that header line, or TREC's four columns "query 0 doc grade". A line
// that is neither ends the reading, because an evaluation over a part of the
// judgements gives numbers that mean nothing.
func ReadQrels(r io.Reader) ([]Judgement, error) {
	var all []Judgement
	for l, err := range stream.Lines(r, maxQrel) {
		if err != nil {
			return nil, fmt.Errorf("beir: judgements, line %d: %w", l.Number, err)
		}
		if l.Number == 1 {
			l.Text = bytes.TrimPrefix(l.Text, []byte("\ufeff"))
		}
		text := strings.TrimSpace(string(l.Text))
		if text == "" && !l.TooLong || l.Number == 1 && isHeader(text) {
			continue
		}
		j, ok := parseQrel(text)
		if !ok || l.TooLong {
			return nil, broadsheet.Errorf(broadsheet.Invalid,
				`Line %d of the judgements is "%s": expected query, document and a whole number, separated by tabs.`,
				l.Number, broadsheet.Printable(text, 60))
		}
		all = append(all, j)
	}
	return all, nil
}

// maxQrel bounds a line of judgements in bytes.
const maxQrel = 64 << 10

// isHeader reports whether a first line names its columns.
func isHeader(s string) bool {
	f := columns(s)
	return len(f) == 3 && strings.EqualFold(f[0], "query-id") && strings.EqualFold(f[2], "score")
}

func parseQrel(s string) (Judgement, bool) {
	f := columns(s)
	if len(f) == 4 {
		f = []string{f[0], f[2], f[3]}
	}
	if len(f) != 3 || f[0] == "" || f[1] == "" || !utf8.ValidString(s) {
		return Judgement{}, false
	}
	grade, err := strconv.Atoi(f[2])
	return Judgement{Query: f[0], Doc: f[1], Grade: grade}, err == nil
}

// columns splits at tabs, so that identifiers may have spaces, else at spaces.
func columns(s string) []string {
	if strings.Contains(s, "\t") {
		return strings.Split(s, "\t")
	}
	return strings.Fields(s)
}
