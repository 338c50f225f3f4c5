package transformer_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"broadsheet/embed/matrix"
	"broadsheet/embed/transformer"
)

func realModel(t testing.TB) *transformer.Model {
	t.Helper()
	dir := os.Getenv("BROADSHEET_TEST_MODEL")
	if dir == "" {
		t.Skip("skipped: no real model (set BROADSHEET_TEST_MODEL to its directory)")
	}
	m, err := transformer.Open(dir, transformer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Of each three texts, the first two mean the same.
func TestRealModelKnowsMeaning(t *testing.T) {
	m := realModel(t)
	for _, s := range [][3]string{
		{"networks that skip layers for easy inputs", "leaving a deep model early when the answer is clear", "the mating calls of tree frogs"},
		{"how vaccines protect the lungs", "immunisation against respiratory disease", "sorting numbers in linear time"},
		{"an image of a cat", "a photograph showing a kitten", "the price of crude oil"},
	} {
		v := embed(t, m, s[:]...)
		near, far := matrix.Dot(v[0], v[1]), matrix.Dot(v[0], v[2])
		if !(near > far) || math.Abs(float64(matrix.Dot(v[0], v[0]))-1) > 1e-5 {
			t.Errorf("%q: %.3f to %q, %.3f to %q", s[0], near, s[1], far, s[2])
		}
	}
}

// BROADSHEET_TEST_VECTORS names a file with the vectors of other code, an object
// with a text and its vector a line.
func TestRealModelAgrees(t *testing.T) {
	m := realModel(t)
	name := os.Getenv("BROADSHEET_TEST_VECTORS")
	if name == "" {
		t.Skip("skipped: no vectors to compare with (set BROADSHEET_TEST_VECTORS to their file)")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var texts []string
	var want [][]float32
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line struct {
			Text   string
			Vector []float32
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		texts, want = append(texts, line.Text), append(want, line.Vector)
	}
	worst := 0.0
	for i, v := range embed(t, m, texts...) {
		if len(v) != len(want[i]) {
			t.Fatalf("%d dimensions, want %d", len(v), len(want[i]))
		}
		for j := range v {
			if d := math.Abs(float64(v[j] - want[i][j])); d > 1e-3 {
				t.Fatalf("%.40q: dimension %d is %v, want %v", texts[i], j, v[j], want[i][j])
			} else {
				worst = max(worst, d)
			}
		}
	}
	t.Logf("%d texts agree to %.1e", len(texts), worst)
}

func BenchmarkRealModel(b *testing.B) {
	m := realModel(b)
	for _, bb := range []struct {
		name  string
		texts int
		words int
	}{{"question", 1, 10}, {"titles", 64, 12}, {"abstracts", 16, 180}} {
		text := strings.Repeat("network ", bb.words)
		texts := make([]string, bb.texts)
		for i := range texts {
			texts[i] = text
		}
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			start := time.Now()
			for b.Loop() {
				embed(b, m, texts...)
			}
			b.ReportMetric(float64(b.N*bb.texts)/time.Since(start).Seconds(), "texts/s")
		})
	}
}
