package indexer_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/beir"
	"broadsheet/indexer"
	"broadsheet/internal/need"
	"broadsheet/search/eval"

	"github.com/klauspost/compress/zstd"
)

// TestCollections holds the ranking to what it has reached on judged collections, whose
// questions are whole sentences and, of CSFCube, whole abstracts.
func TestCollections(t *testing.T) {
	need.Long(t)
	for _, tt := range []struct {
		name   string
		self   bool // a question is a document of that name
		method broadsheet.Method
		floor  float64 // of nDCG@10, 0.003 below what was reached
	}{
		{"scifact", false, broadsheet.MethodLexical, 0.7050},
		{"cranfield", false, broadsheet.MethodLexical, 0.5370},
		{"cisi", false, broadsheet.MethodLexical, 0.3920},
		{"csfcube_dev", true, broadsheet.MethodLexical, 0.480},
		{"scifact", false, broadsheet.MethodAdaptive, 0.6983},
		{"cranfield", false, broadsheet.MethodAdaptive, 0.5440},
		{"cisi", false, broadsheet.MethodAdaptive, 0.3965},
		{"csfcube_dev", true, broadsheet.MethodAdaptive, 0.5020},
	} {
		t.Run(tt.name+"/"+string(tt.method), func(t *testing.T) {
			dir := need.Corpora(t, "data", "ir", tt.name)
			store := newMemory()
			for _, l := range jsonLines[struct{ ID, Title, Text string }](t, dir+"/corpus.jsonl.gz") {
				store.Put(t.Context(), []broadsheet.Record{{Paper: broadsheet.Paper{
					ID: broadsheet.ID("test:" + l.ID), Title: l.Title, Abstract: l.Text}}})
			}
			x := follow(t, store)
			judged := judgements(t, dir+"/qrels.tsv")
			var sum float64
			start := time.Now()
			for _, q := range jsonLines[struct{ ID, Text string }](t, dir+"/queries.jsonl") {
				j := judged[q.ID]
				if j == nil {
					continue
				}
				var ranking []string
				text := q.Text[:min(len(q.Text), broadsheet.MaxQuery)]
				for _, h := range search(t, x, broadsheet.Query{Text: text, Plain: true, Limit: 11, Method: tt.method}).Hits {
					if doc := h.ID.Local(); doc != q.ID || !tt.self {
						ranking = append(ranking, doc)
					}
				}
				sum += j.NDCG(ranking, 10)
			}
			mean := sum / float64(len(judged))
			t.Logf("nDCG@10 %.4f over %d queries, %v each", mean, len(judged), time.Since(start)/time.Duration(len(judged)))
			if mean < tt.floor {
				t.Errorf("nDCG@10 is %.4f, want at least %.4f", mean, tt.floor)
			}
		})
	}
}

func judgements(t *testing.T, path string) map[string]eval.Judgements {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, err := beir.ReadQrels(f)
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]eval.Judgements{}
	for _, j := range list {
		if judged[j.Query] == nil {
			judged[j.Query] = eval.Judgements{}
		}
		judged[j.Query][j.Doc] = j.Grade
	}
	return judged
}

// jsonLines reads a file of JSON lines in BEIR form: "_id" is read as ID.
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
		if err := json.Unmarshal([]byte(strings.Replace(sc.Text(), `"_id"`, `"id"`, 1)), &l); err != nil {
			tb.Fatal(err)
		}
		lines = append(lines, l)
	}
	if sc.Err() != nil {
		tb.Fatal(sc.Err())
	}
	return lines
}

// corpus returns the first n real papers as a store.
func corpus(tb testing.TB, n int) *memory {
	tb.Helper()
	f, err := os.Open(need.Corpora(tb, "data", "papers.jsonl.zst"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	m := newMemory()
	for d := json.NewDecoder(z); len(m.changes) < n; {
		var l struct{ ID, Title, Abstract, Authors, Categories, Published string }
		if err := d.Decode(&l); err == io.EOF {
			break
		} else if err != nil {
			tb.Fatal(err)
		}
		p := broadsheet.Paper{ID: broadsheet.ID(l.ID), Title: l.Title, Abstract: l.Abstract,
			Categories: strings.Fields(l.Categories), Published: broadsheet.Date(l.Published)}
		for name := range strings.SplitSeq(l.Authors, ", ") {
			p.Authors = append(p.Authors, broadsheet.Author{Name: name})
		}
		m.Put(tb.Context(), []broadsheet.Record{{Paper: p}})
	}
	return m
}

// BenchmarkFollow indexes 50,000 real papers; ns/op is for all of them.
func BenchmarkFollow(b *testing.B) {
	store := corpus(b, 50_000)
	for b.Loop() {
		x, err := indexer.Open(b.Context(), b.TempDir(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := x.Follow(b.Context(), store, nil); err != nil {
			b.Fatal(err)
		}
		x.Close()
	}
	b.ReportMetric(float64(len(store.changes)*b.N)/b.Elapsed().Seconds(), "papers/s")
}

// BenchmarkSearch asks questions of several kinds of 50,000 real papers.
func BenchmarkSearch(b *testing.B) {
	x := follow(b, corpus(b, 50_000))
	for _, q := range []broadsheet.Query{
		{Text: "diffusion"},
		{Text: "object detection"},
		{Text: "model"},
		{Text: `"neural machine translation" -statistical`},
		{Text: "segm*"},
		{Text: "how can a robot learn to grasp objects it has never seen in a cluttered kitchen"},
		{Text: "translation", Category: "cs", From: "2010", To: "2015-06"},
		{Category: "cs.CV"},
		{},
	} {
		q.Limit = 20
		b.Run(fmt.Sprintf("%s %s", q.Text, q.Category), func(b *testing.B) {
			for b.Loop() {
				search(b, x, q)
			}
		})
	}
}

// BenchmarkHighlight marks a page of real papers.
func BenchmarkHighlight(b *testing.B) {
	store := corpus(b, 5000)
	x := follow(b, store)
	var page []broadsheet.Record
	for _, id := range slices.Sorted(keys(store.papers))[:20] {
		page = append(page, store.papers[id])
	}
	for b.Loop() {
		if _, err := x.Highlight(b.Context(), broadsheet.Query{Text: "machine translation of speech"}, page); err != nil {
			b.Fatal(err)
		}
	}
}
