package search

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/search/query"
)

// Of a long question the rare words are looked for.
func TestTelling(t *testing.T) {
	var papers []Paper
	words := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "%c%c ", 'ა'+i/30, 'ა'+i%30) // no stems, parts or slips
		}
		return b.String()
	}
	for i := range 60 { // the i-th word is in 60-i papers
		papers = append(papers, Paper{ID: fmt.Sprint(i), Title: "Herons", Abstract: words(0, i+1), Day: Unknown})
	}
	e := open(t, papers)
	c := &compiler{engine: e, snap: e.index.Snapshot()}
	defer c.snap.Release()
	q, _ := query.Parse(words(0, 50) + "nowhere heron0x heron0x heron0x heron0x heron0x heron0x heron0x heron0x")
	p := c.compile(q, query.Query{})
	var got []string
	for _, clause := range p.words {
		got = append(got, clause[0].Text)
	}
	want := strings.Fields(words(50-maxTelling, 50))
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v are looked for, want %v", got, want)
	}
	if said := fmt.Sprintf("the %d of 53 words that tell most", maxTelling); fmt.Sprint(c.readings) != "["+said+"]" {
		t.Errorf("%q is told, want %q", c.readings, said)
	}
	q, _ = query.Parse(words(0, maxTelling))
	if p := c.compile(q, query.Query{}); len(p.words) != maxTelling {
		t.Errorf("%d of %d words are looked for", len(p.words), maxTelling)
	}
}
