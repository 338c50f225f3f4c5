package vector

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestWords(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	vectors := clustered(rng, 300, 128)
	vectors[7] = make([]float32, 128)
	w, err := NewWords(128, len(vectors), func(dst []float32, i int) { copy(dst, vectors[i]) })
	if err != nil {
		t.Fatal(err)
	}
	var c Comparison
	others, got := make([]uint32, len(vectors)), make([]float32, len(vectors))
	for i := range others {
		others[i] = uint32(len(others) - 1 - i)
	}
	for _, word := range []uint16{0, 7, 299} {
		c.Near(got, w, word, others)
		for i, o := range others {
			if want := cosineOf(vectors[word], vectors[o]); math.Abs(float64(got[i])-want) > 0.01 {
				t.Fatalf("words %d and %d: got %v, want %v", word, o, got[i], want)
			}
		}
	}
	if _, err := NewWords(100, 1, nil); err == nil {
		t.Error("words of 100 dimensions were taken")
	}
	if _, err := NewWords(64, 1, func(dst []float32, i int) { dst[0] = float32(math.NaN()) }); err == nil {
		t.Error("a word that is not a number was taken")
	}
}

func TestCosines(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	vectors := clustered(rng, 100, 64)
	vectors[3] = nil
	r := written(t, coderOf(t, vectors), vectors)
	docs, got := []uint32{99, 3, 0, 50}, make([]float32, 4)
	Cosines(got, vectors[1], r, docs)
	for i, d := range docs {
		if want := cosineOf(vectors[1], vectors[d]); math.Abs(float64(got[i])-want) > 0.01 {
			t.Errorf("document %d: got %v, want %v", d, got[i], want)
		}
	}
	Cosines(got, make([]float32, 64), r, docs)
	Cosines(got[:0], vectors[1], r, nil)
	if got[0] != 0 {
		t.Errorf("a question without a direction: got %v, want 0", got[0])
	}
}

func cosineOf(a, b []float32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}
