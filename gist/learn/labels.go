// Package learn makes the model of package gist: it learns the roles of sentences
// from abstracts in which people have marked spans, how rare words are from papers,
// and what keyphrases look like from papers whose authors gave keywords. It says how
// good each is on what it was not learned from.
package learn

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"broadsheet/gist"
)

// An Abstract is a text in which somebody has marked what its parts do.
type Abstract struct {
	ID    string
	Text  string
	Marks []Mark
}

// A Mark is a span with its role.
type Mark struct {
	gist.Span
	Role gist.Role
}

// maxLabels bounds the marks that are read; there are 1,752.
const maxLabels = 1_000_000

// ReadLabels reads marked abstracts as CSV with a head: arxiv_id, abstract, start_idx,
// end_idx, label; a row for each mark, its ends counted in characters.
func ReadLabels(r io.Reader) ([]Abstract, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = 5
	if _, err := in.Read(); err != nil {
		return nil, fmt.Errorf("learn: labels: %w", err)
	}
	var all []Abstract
	at := map[string]int{}
	for n := 2; n < maxLabels; n++ {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("learn: labels: %w", err)
		}
		mark, err := readMark(row)
		if err != nil {
			return nil, fmt.Errorf("learn: labels: row %d: %w", n, err)
		}
		i, ok := at[row[0]]
		if !ok {
			i = len(all)
			at[row[0]] = i
			all = append(all, Abstract{ID: row[0], Text: row[1]})
		}
		if all[i].Text != row[1] {
			return nil, fmt.Errorf("learn: labels: row %d: the abstract of %s is not that of its row before", n, row[0])
		}
		all[i].Marks = append(all[i].Marks, mark)
	}
	return nil, fmt.Errorf("learn: labels: more than %d", maxLabels)
}

func readMark(row []string) (m Mark, err error) {
	start, err1 := strconv.Atoi(row[2])
	end, err2 := strconv.Atoi(row[3])
	if err := errors.Join(err1, err2); err != nil {
		return m, err
	}
	if start < 0 || end < 0 {
		return m, fmt.Errorf("%d to %d is no span", start, end) // one that ends before it starts covers nothing
	}
	for _, role := range gist.Roles() {
		if role.String() == row[4] {
			m.Span = gist.Span{Start: byteAt(row[1], start), End: byteAt(row[1], end)}
			m.Role = role
			return m, nil
		}
	}
	return m, fmt.Errorf("%q is no role", row[4])
}

// byteAt returns where the n-th character of s begins, or its end: some abstracts of
// the collection were cut after they had been marked.
func byteAt(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// RolesOf returns the role of each sentence of an abstract: that of the marks which
// cover most of it, or Other where there is none.
func RolesOf(a Abstract, spans []gist.Span) []gist.Role {
	out := make([]gist.Role, len(spans))
	for i, p := range spans {
		var covered [5]int
		for _, m := range a.Marks {
			covered[m.Role] += max(0, min(p.End, m.End)-max(p.Start, m.Start))
		}
		for r, n := range covered {
			if n > covered[out[i]] {
				out[i] = gist.Role(r)
			}
		}
	}
	return out
}
