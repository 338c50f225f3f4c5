package search

import (
	"strings"
	"testing"
)

// TestHostileQuestions asks what is meant to be expensive. Work is compared with the
// size of the index, as time is not the same anywhere: no list is read more than a few times.
func TestHostileQuestions(t *testing.T) {
	papers := frequent(3000)
	e := open(t, papers)
	words := strings.Join(strings.Fields(papers[0].Title), " ")
	most := 0
	for name, text := range map[string]string{
		"100,000 characters":        strings.Repeat("w0 long ", 100_000/8),
		"one word":                  strings.Repeat("x", 100_000),
		"5,000 words":               strings.Repeat("w1 w2 w3 w4 w5 ", 1000),
		"5,000 different words":     different(5000),
		"beginnings":                "a* b* c* w* wwo* w0* w1* w2* w3*",
		"long beginnings":           "wor* wor* title:wor* author:wor*",
		"deep groups":               strings.Repeat("(", 5000) + words + strings.Repeat(")", 5000),
		"deep mixed groups":         strings.Repeat("(w0 OR -(w1 ", 500),
		"function words":            "the of and to be or not that it is",
		"phrases of them":           strings.Repeat(`"the of and to" `, 200),
		"phrase far apart":          `"the w0 of w1 and w2"~32 "w0 w0 w0 w0 w0 w0"~32`,
		"every frequent word":       words,
		"every frequent word twice": words + " " + words,
		"negations":                 strings.Repeat("-w0 NOT w1 -\"w2 w3\" ", 300),
		"ors":                       strings.Repeat("w0 OR (w1 w2) OR \"w3 w4\" OR ", 300),
		"filters":                   strings.Repeat("cat:* cat:w* cat:a.* year:2024 votes:>1 has:code ", 100),
		"bidi":                      "\u202e\u2066w0\u2069 \u200fw1 \u061c\u200e",
		"control characters":        "\x00w0\x1b[31m \x7f\x80\xff\xfe w1\n\r\t",
		"quotes":                    strings.Repeat(`"`, 9999) + "w0",
		"colons":                    strings.Repeat("title:", 9999) + "w0",
		"stars":                     strings.Repeat("*", 9999) + "w0***",
	} {
		for _, sort := range []Sort{ByScore, MostVotes} {
			r := Request{Text: text, Sort: sort, Facets: 10, Limit: MaxLimit, Offset: 1}
			answer, err := e.Search(t.Context(), r)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			w := answer.Work
			cost := (w.Postings + w.Scored + w.Probes + 8*w.Positions) / len(papers)
			if most = max(most, cost); cost > 3000 {
				t.Errorf("%s in order %d costs %d for each paper: %+v", name, sort, cost, w)
			}
			for _, n := range answer.Notes {
				if len(n) > 300 || strings.ContainsAny(n, "\x00\x1b\u202e") {
					t.Errorf("%s has the note %q", name, n)
				}
			}
		}
	}
	t.Logf("the most costs %d postings for each paper", most)
}

// frequent invents papers with every word in every one.
func frequent(n int) (papers []Paper) {
	var b strings.Builder
	for _, w := range strings.Fields("the of and to be or not that it is word wording worded worker") {
		b.WriteString(w + " ")
	}
	for i := range 60 {
		b.WriteString("w" + string(rune('0'+i%10)) + strings.Repeat("x", i/10) + " ")
	}
	for i := range n {
		papers = append(papers, Paper{ID: "p" + number(i), Title: b.String(), Abstract: b.String(), Authors: []string{"Worth Wort"},
			Categories: []string{"a.b"}, Day: int64(i), Votes: int64(i % 9), Code: i%2 == 0})
	}
	return papers
}

func different(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("q" + number(i) + " ")
	}
	return b.String()
}

func number(i int) string {
	return string([]byte{byte('a' + i/676%26), byte('a' + i/26%26), byte('a' + i%26)})
}
