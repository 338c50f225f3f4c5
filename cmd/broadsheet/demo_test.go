package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode"

	"broadsheet"
	"broadsheet/hfpapers"
	"broadsheet/ingest"
	"broadsheet/internal/need"
)

func demoRecords(t *testing.T) []broadsheet.Record {
	t.Helper()
	var records []broadsheet.Record
	for r, err := range ingest.ReadJSONL(bytes.NewReader(demoEdition)) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

func TestDemoEdition(t *testing.T) {
	records := demoRecords(t)
	if len(records) != 93 {
		t.Fatalf("%d papers, want 93", len(records))
	}
	for i, r := range records {
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if n := len(strings.Fields(r.Abstract)); n < 60 || n > 120 {
			t.Errorf("%s: the abstract has %d words, want 60 to 120", r.ID, n)
		}
		if len(r.Entries) != 1 || r.Entries[0].Date != "2025-03-11" || r.Entries[0].Place != i+1 {
			t.Errorf("%s: editions %+v, want place %d on 2025-03-11", r.ID, r.Entries, i+1)
		}
		if r.ID.Scheme() != "arxiv" || len(r.Authors) == 0 || r.Published == "" {
			t.Errorf("%s: an arXiv id, authors and a date are known of every paper", r.ID)
		}
		if strings.Contains(r.Abstract, "$") {
			t.Errorf("%s: the abstract has TeX, which the front page should not need", r.ID)
		}
	}
}

// Titles are facts, but no abstract may take over a phrase of the paper's own.
func TestDemoIsInOurOwnWords(t *testing.T) {
	page, err := os.Open(need.Corpora(t, "seed", "daily-papers-mar-11.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	records := demoRecords(t)
	n := 0
	for theirs, err := range hfpapers.ReadPage(page, "2025-03-11") {
		if err != nil {
			t.Fatal(err)
		}
		ours := records[n]
		n++
		if ours.Title != theirs.Title {
			t.Errorf("place %d is %q, want %q", n, ours.Title, theirs.Title)
		}
		if run := longestRun(textWords(ours.Abstract), textWords(theirs.Abstract)); len(run) > 6 {
			t.Errorf("%s: shares the words %q with the paper's own abstract", ours.ID, run)
		}
	}
	if n != len(records) {
		t.Errorf("the page has %d papers, the edition %d", n, len(records))
	}
}

func textWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// longestRun returns the longest run of words that stands in both texts.
func longestRun(a, b []string) (best []string) {
	row := make([]int, len(b)+1)
	for i, w := range a {
		diagonal := 0
		for j, v := range b {
			above := row[j+1]
			row[j+1] = 0
			if w == v {
				row[j+1] = diagonal + 1
			}
			if row[j+1] > len(best) {
				best = a[i+1-row[j+1] : i+1]
			}
			diagonal = above
		}
	}
	return best
}
