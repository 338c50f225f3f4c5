package analysis_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"broadsheet/internal/need"
	"broadsheet/search/analysis"
)

// abstracts returns the titles and abstracts of a real collection.
func abstracts(tb testing.TB, collection string) []string {
	tb.Helper()
	f, err := os.Open(need.Corpora(tb, "data", "ir", collection, "corpus.jsonl.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var texts []string
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, d.Title+"\n"+d.Text)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return texts
}

// TestRealAbstracts holds the share of extra tokens down: they cost bytes in the
// index for every paper.
func TestRealAbstracts(t *testing.T) {
	need.Long(t)
	a := analysis.New()
	for _, name := range []string{"scifact", "csfcube_dev"} {
		count := map[analysis.Kind]int{}
		var tokens []analysis.Token
		for i, text := range abstracts(t, name) {
			tokens = a.Append(tokens[:0], text)
			if i%100 == 0 {
				checkTokens(t, text, tokens)
				checkWords(t, a, text, tokens)
			}
			for _, k := range tokens {
				count[k.Kind]++
			}
		}
		words := float64(count[analysis.Word] + count[analysis.Stop] + count[analysis.Bigram])
		parts, joined := float64(count[analysis.Part])/words, float64(count[analysis.Joined])/words
		t.Logf("%s: %.0f words, and besides %.2f %% parts, %.2f %% joined", name, words, 100*parts, 100*joined)
		if parts > 0.03 || joined > 0.03 {
			t.Errorf("%s: %.2f %% parts and %.2f %% joined forms, want at most 3 %% of each", name, 100*parts, 100*joined)
		}
	}
}

func benchmark(b *testing.B, texts ...string) {
	a := analysis.New()
	var tokens []analysis.Token
	n := 0
	for _, text := range texts {
		tokens = a.Append(tokens[:0], text)
		n += len(text)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		count = 0
		for _, text := range texts {
			tokens = a.Append(tokens[:0], text)
			count += len(tokens)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count), "ns/token")
}

func BenchmarkAppend(b *testing.B) {
	b.Run("invented", func(b *testing.B) { benchmark(b, sample) })
	b.Run("scifact", func(b *testing.B) { benchmark(b, abstracts(b, "scifact")...) })
	b.Run("csfcube", func(b *testing.B) { benchmark(b, abstracts(b, "csfcube_dev")...) })
	b.Run("Chinese", func(b *testing.B) { benchmark(b, strings.Repeat("水壶在厨房里发出哨声。", 100)) })
	b.Run("TeX", func(b *testing.B) {
		benchmark(b, strings.Repeat(`$\mathcal{O}(n \log n)$, \emph{k}-NN and Schr\"odinger's $\ell_{1}$. `, 20))
	})
}

// A new analyzer knows no word: the cost of the first texts, in which each word is
// folded and stemmed.
func BenchmarkCold(b *testing.B) {
	texts := abstracts(b, "scifact")[:100]
	n := 0
	for _, text := range texts {
		n += len(text)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	var tokens []analysis.Token
	for b.Loop() {
		a := analysis.New()
		for _, text := range texts {
			tokens = a.Append(tokens[:0], text)
		}
	}
}

func BenchmarkHighlight(b *testing.B) {
	a := analysis.New()
	match := func(t analysis.Token) bool { return t.Term == "kettl" || t.Term == "knn" }
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		spans := analysis.Highlight(a, sample, match)
		analysis.Snippet(sample, spans, 40)
	}
}
