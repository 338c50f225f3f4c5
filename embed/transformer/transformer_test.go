package transformer_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"broadsheet/embed/transformer"
)

// texts are short, long, empty, cut and out of the vocabulary.
var texts = []string{
	"the deepest layer exits early", "", "learns, learning!", "papers of graphs 学习 café 😀",
	strings.Repeat("the model of a graph. ", 30),   // more than are computed at once
	strings.Repeat("early exit layer 0 1 2 ", 100), // more than the model has positions for
	"unheard words", "[CLS] of [MASK]", "a", "\x00\xff",
}

func open(t testing.TB, m tiny, opt transformer.Options) *transformer.Model {
	t.Helper()
	model, err := transformer.Open(m.write(t), opt)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func embed(t testing.TB, m *transformer.Model, texts ...string) [][]float32 {
	t.Helper()
	vectors, err := m.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

func close(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d dimensions, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(float64(got[i])-want[i]) < 1e-5) {
			t.Fatalf("%s: dimension %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestEmbed(t *testing.T) {
	for _, tt := range []struct {
		name string
		m    tiny
	}{
		{"bert", tiny{layers: 2, activation: "gelu"}},
		{"cls", tiny{layers: 2, activation: "gelu", cls: true}},
		{"half", tiny{layers: 2, activation: "gelu", dtype: "F16"}},
		{"bfloat", tiny{layers: 2, activation: "gelu", dtype: "BF16"}},
		{"with a head, old names", tiny{layers: 1, activation: "relu", prefix: "bert.", gamma: true}},
		{"tanh", tiny{layers: 3, activation: "gelu_new"}},
		{"distilbert", tiny{layers: 2, activation: "gelu", distil: true}},
		{"distilbert with a head", tiny{layers: 1, activation: "relu", distil: true, prefix: "distilbert."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := open(t, tt.m, transformer.Options{})
			if m.Dims() != tinyDims || m.Layers() != tt.m.layers || m.MaxTokens() != tinyPositions {
				t.Errorf("%d dimensions, %d layers, %d tokens", m.Dims(), m.Layers(), m.MaxTokens())
			}
			for i, v := range embed(t, m, texts...) {
				ids, _ := m.Encode(texts[i])
				close(t, texts[i][:min(20, len(texts[i]))], v, tt.m.naive(ids)[tt.m.layers])
			}
			if s := m.Stats(); s.Texts != int64(len(texts)) || s.Cut != 1 || s.Run != s.Full || s.Saved() != 0 {
				t.Errorf("Stats = %+v", s)
			}
		})
	}
}

// A text's vector has the same bits alone and beside others, on one goroutine
// and on many.
func TestCompanyDoesNotMatter(t *testing.T) {
	shape := tiny{layers: 2, activation: "gelu"}
	together := embed(t, open(t, shape, transformer.Options{Workers: 1}), texts...)
	m := open(t, shape, transformer.Options{Workers: 3})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range texts {
				for j, x := range embed(t, m, texts[i], "a", texts[i])[0] {
					if x != together[i][j] {
						t.Errorf("text %d, dimension %d: %v, want %v", i, j, x, together[i][j])
						return
					}
				}
			}
		})
	}
	wait.Wait()
}

func TestMaxTokens(t *testing.T) {
	shape := tiny{layers: 1, activation: "gelu"}
	m := open(t, shape, transformer.Options{MaxTokens: 5})
	vectors := embed(t, m, "the graph of a model", "the graph of")
	for i := range vectors[0] {
		if vectors[0][i] != vectors[1][i] {
			t.Fatalf("cut: %v, want %v", vectors[0], vectors[1])
		}
	}
	if s := m.Stats(); s.Cut != 1 || s.Tokens != 10 {
		t.Errorf("Stats = %+v, want one text of two cut, and 10 tokens", s)
	}
}

func TestFingerprint(t *testing.T) {
	shape := tiny{layers: 2, activation: "gelu"}
	base := open(t, shape, transformer.Options{}).Fingerprint()
	if got := open(t, shape, transformer.Options{Workers: 7}).Fingerprint(); got != base {
		t.Errorf("with other workers %s, want %s", got, base)
	}
	seen := map[string]string{base: "the base"}
	for _, tt := range []struct {
		name string
		m    tiny
		opt  transformer.Options
	}{
		{"cut shorter", shape, transformer.Options{MaxTokens: 9}},
		{"exits", shape, transformer.Options{Exit: transformer.Exit{Threshold: 0.1}}},
		{"cls", tiny{layers: 2, activation: "gelu", cls: true}, transformer.Options{}},
		{"activation", tiny{layers: 2, activation: "relu"}, transformer.Options{}},
		{"weights", tiny{layers: 2, activation: "gelu", dtype: "BF16"}, transformer.Options{}},
	} {
		got := open(t, tt.m, tt.opt).Fingerprint()
		if other, ok := seen[got]; ok || len(got) != 64 {
			t.Errorf("%s: fingerprint %s, that of %s", tt.name, got, other)
		}
		seen[got] = tt.name
	}
}

func TestCancel(t *testing.T) {
	m := open(t, tiny{layers: 1, activation: "gelu"}, transformer.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Embed(ctx, texts); !errors.Is(err, context.Canceled) {
		t.Errorf("Embed: %v, want that it was cancelled", err)
	}
	if v := embed(t, m); len(v) != 0 {
		t.Errorf("no texts gave %d vectors", len(v))
	}
	embed(t, m, texts...) // and the model goes on
}

func BenchmarkEmbed(b *testing.B) {
	m := open(b, tiny{layers: 2, activation: "gelu"}, transformer.Options{})
	b.ReportAllocs()
	b.SetBytes(int64(len(strings.Join(texts, ""))))
	for b.Loop() {
		embed(b, m, texts...)
	}
}
