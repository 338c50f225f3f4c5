package search

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/need"
	"broadsheet/search/eval"
)

// A collection is a set of judged questions in the form of the BEIR benchmark.
type collection struct {
	name    string
	papers  []Paper
	queries []judgedQuery
}

type judgedQuery struct {
	id, text   string
	judgements eval.Judgements
}

// readCollection reads one of the collections among the real data.
func readCollection(tb testing.TB, name string) (c collection) {
	tb.Helper()
	c.name = name
	dir := need.Corpora(tb, "data", "ir", name)
	type line struct {
		ID          string `json:"_id"`
		Title, Text string
		Metadata    struct{ Title string }
	}
	for _, l := range jsonLines[line](tb, filepath.Join(dir, "corpus.jsonl.gz")) {
		if l.Title == "" { // of CSFCube the text begins with the title
			l.Title = firstSentence(l.Text)
		}
		c.papers = append(c.papers, Paper{ID: l.ID, Title: l.Title, Abstract: l.Text, Day: Unknown})
	}
	judged := map[string]eval.Judgements{}
	b, err := os.ReadFile(filepath.Join(dir, "qrels.tsv"))
	if err != nil {
		tb.Fatal(err)
	}
	for l := range strings.Lines(string(b)) {
		f := strings.Fields(l)
		grade, err := strconv.Atoi(f[2])
		if err != nil {
			continue // the head
		}
		if judged[f[0]] == nil {
			judged[f[0]] = eval.Judgements{}
		}
		judged[f[0]][f[1]] = grade
	}
	for _, l := range jsonLines[line](tb, filepath.Join(dir, "queries.jsonl")) {
		if j := judged[l.ID]; j != nil {
			c.queries = append(c.queries, judgedQuery{l.ID, plainText.Replace(" " + l.Text), j})
		}
	}
	return c
}

// plainText takes what would be an operator out of a question that is ordinary text.
var plainText = strings.NewReplacer(`"`, " ", "“", " ", "”", " ", "„", " ", " -", " ", "*", " ")

// firstSentence returns the first hundred characters of a text or its first sentence.
func firstSentence(text string) string {
	var title string
	for i, f := range strings.Fields(text) {
		longer := strings.TrimPrefix(title+" "+f, " ")
		if len([]rune(longer)) > 100 {
			return title + "…"
		}
		title = longer
		if i > 0 && strings.ContainsAny(f[len(f)-1:], ".?!") && len(f) != 2 {
			break
		}
	}
	return title
}

func jsonLines[T any](tb testing.TB, path string) (lines []T) {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l T
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			tb.Fatal(err)
		}
		lines = append(lines, l)
	}
	if sc.Err() != nil {
		tb.Fatal(sc.Err())
	}
	return lines
}

// judge returns the mean nDCG@10 and recall@100 of the engine's answers.
func (c *collection) judge(tb testing.TB, e *Engine) (ndcg, recall float64) {
	tb.Helper()
	for _, q := range c.queries {
		r, err := e.Search(tb.Context(), Request{Text: q.text, Limit: 101, Count: -1})
		if err != nil {
			tb.Fatal(err)
		}
		var ranking []string
		for _, h := range r.Hits {
			if h.ID != q.id {
				ranking = append(ranking, h.ID)
			}
		}
		ndcg += q.judgements.NDCG(ranking, 10)
		recall += q.judgements.Recall(ranking[:min(len(ranking), 100)], 100)
	}
	n := float64(len(c.queries))
	return ndcg / n, recall / n
}

func open(tb testing.TB, papers []Paper) *Engine {
	tb.Helper()
	e, err := Open(tb.TempDir(), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { e.Close() })
	if err := e.Update(tb.Context(), papers, nil); err != nil {
		tb.Fatal(err)
	}
	return e
}

// collections are those that the ranking is tuned on, with the least nDCG@10.
var collections = []struct {
	name string
	ndcg float64
}{{"scifact", 0.685}, {"cranfield", 0.5}, {"cisi", 0.3}, {"csfcube_dev", 0.4}}

func TestJudged(t *testing.T) {
	need.Long(t)
	for _, tt := range collections {
		t.Run(tt.name, func(t *testing.T) {
			c := readCollection(t, tt.name)
			ndcg, recall := c.judge(t, open(t, c.papers))
			t.Logf("nDCG@10 %.4f, recall@100 %.4f over %d questions", ndcg, recall, len(c.queries))
			if ndcg < tt.ndcg {
				t.Errorf("nDCG@10 is %.4f, expected at least %.4f", ndcg, tt.ndcg)
			}
		})
	}
}
