package search_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"broadsheet/search"
	"broadsheet/search/analysis"
	"broadsheet/search/bench"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden ranks anew")

// goldenFile holds a question, the papers that answer it, the best rank of one of them, and
// the first five answers of each line. A change of ranking shows as a change of this
// file; its last line sums it up.
const goldenFile = "testdata/golden.txt"

// TestGoldenRanks asks 100 judged questions: 50 of the built-in edition, judged by
// hand, and 50 of an invented corpus, in each of which some words of one title are
// to find that paper.
func TestGoldenRanks(t *testing.T) {
	var got strings.Builder
	got.WriteString("# question | papers that answer it | best rank of one | first five\n")
	sum := 0.0
	n := 0
	ask := func(e *search.Engine, text string, wanted []string) {
		answer, err := e.Search(t.Context(), search.Request{Text: text, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		best := "-"
		for i, h := range answer.Hits {
			ids = append(ids, h.ID)
			if best == "-" && slices.Contains(wanted, h.ID) {
				best = fmt.Sprint(i + 1)
				sum += 1 / float64(i+1)
			}
		}
		n++
		fmt.Fprintf(&got, "%s | %s | %s | %s\n", text, strings.Join(wanted, " "), best, strings.Join(ids[:min(5, len(ids))], " "))
	}
	edition := engineOf(t, editionPapers(t))
	for _, q := range judged(t) {
		ask(edition, q.text, q.wanted)
	}
	invented := slices.Collect(bench.Invent(3000, 11))
	corpus := engineOf(t, invented)
	for i := range 50 {
		p := invented[i*59]
		ask(corpus, words(p.Title, 3), []string{p.ID})
	}
	fmt.Fprintf(&got, "# %d questions, mean reciprocal rank %.4f\n", n, sum/float64(n))
	if *update {
		if err := os.WriteFile(goldenFile, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("ranks changed (-before +now); if that is meant, run go test ./search -run Golden -update:\n%s", diff)
	}
}

func engineOf(t *testing.T, papers []search.Paper) *search.Engine {
	e, err := search.Open(t.TempDir(), search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := e.Update(t.Context(), papers, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// editionPapers reads the built-in edition. It has no abstracts.
func editionPapers(t *testing.T) (papers []search.Paper) {
	f, err := os.Open("../cmd/broadsheet/demo/edition.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var rec struct {
			ID, Title, Abstract string
			Authors             []struct{ Name string }
			Categories          []string
		}
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			t.Fatal(err)
		}
		p := search.Paper{ID: rec.ID, Title: rec.Title, Abstract: rec.Abstract, Categories: rec.Categories, Day: search.Unknown}
		for _, a := range rec.Authors {
			p.Authors = append(p.Authors, a.Name)
		}
		papers = append(papers, p)
	}
	return papers
}

// words returns n words of a title, every other one.
func words(title string, n int) string {
	var out []string
	for i, tok := range analysis.New().Append(nil, title) {
		if i%2 == 0 && len(out) < n {
			out = append(out, title[tok.Start:tok.End])
		}
	}
	return strings.Join(out, " ")
}

type judgement struct {
	text   string
	wanted []string
}

func judged(t *testing.T) (list []judgement) {
	b, err := os.ReadFile("testdata/judged.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if text, ids, ok := strings.Cut(strings.TrimSpace(line), " | "); ok && !strings.HasPrefix(line, "#") {
			list = append(list, judgement{text, strings.Fields(ids)})
		}
	}
	return list
}
