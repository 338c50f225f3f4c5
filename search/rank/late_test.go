package rank

import (
	"math"
	"math/rand/v2"
	"testing"

	"broadsheet/search/vector"
)

// vocabulary returns n words with random vectors, of which those of a pair 2i, 2i+1 are
// near each other.
func vocabulary(t testing.TB, n int) (*vector.Words, [][]float32) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = make([]float32, 64)
		for j := range vectors[i] {
			vectors[i][j] = float32(rng.NormFloat64())
			if i%2 == 1 {
				vectors[i][j] = vectors[i-1][j] + 0.7*vectors[i][j]
			}
		}
	}
	w, err := vector.NewWords(64, n, func(dst []float32, i int) { copy(dst, vectors[i]) })
	if err != nil {
		t.Fatal(err)
	}
	return w, vectors
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// naive is what Late computes, from the vectors as they were, with words that are as near
// as least.
func naive(vectors [][]float32, asked []Word, text []uint16, least float64) float64 {
	score, sum := 0.0, 0.0
	for _, a := range asked {
		best := 0.0
		for _, w := range text {
			if s := cosine(vectors[a.Number], vectors[w]); s >= least {
				best = max(best, s)
			}
		}
		score += float64(a.Weight) * best
		sum += float64(a.Weight)
	}
	return score / sum
}

func TestLate(t *testing.T) {
	words, vectors := vocabulary(t, 200)
	rng := rand.New(rand.NewPCG(2, 2))
	var l Late
	for range 50 {
		asked := make([]Word, 1+rng.IntN(12))
		for i := range asked {
			asked[i] = Word{uint16(rng.IntN(200)), rng.Float32()}
		}
		texts := make([][]uint16, 20)
		for i := range texts {
			for range rng.IntN(30) {
				texts[i] = append(texts[i], uint16(rng.IntN(200)))
			}
		}
		l.Start(words, asked)
		for i, text := range texts {
			if l.Add(text); i%7 == 6 { // some together, some alone
				l.Score(text)
			}
		}
		for _, text := range texts {
			low, high := naive(vectors, asked, text, leastNear+0.005), naive(vectors, asked, text, leastNear-0.005)
			if got := float64(l.Score(text)); got < low-0.01 || got > high+0.01 {
				t.Fatalf("%v in %v: got %.4f, want %.4f to %.4f", asked, text, got, low, high)
			}
		}
	}
	l.Start(words, []Word{{0, 1}, {2, 1}})
	for _, tt := range []struct {
		text     []uint16
		from, to float32
	}{
		{[]uint16{2, 0, 50}, 1, 1},         // has every word
		{[]uint16{1, 3}, 0.7, 0.95},        // has others that are near
		{[]uint16{1, 50}, 0.35, 0.48},      // has one for one
		{[]uint16{50, 60, 65_000}, 0, 0.2}, // has none, and a number of no word
		{nil, 0, 0},
	} {
		l.Add(tt.text)
		if got := l.Score(tt.text); got < tt.from || got > tt.to {
			t.Errorf("text %v: got %.3f, want %v to %v", tt.text, got, tt.from, tt.to)
		}
	}
}

func TestWeights(t *testing.T) {
	for _, tt := range []struct {
		flatness, known float64
		late            int
		want            Weights
	}{
		{0, 1, 10, Weights{0.65, 0.1225, 0.2275}},
		{0.65, 1, 0, Weights{0.65, 0.35, 0}},
		{0.75, 1, 0, Weights{0.375, 0.625, 0}},
		{1, 1, 24, Weights{0.1, 0.315, 0.585}},
		{1, 0, 10, Weights{1, 0, 0}},
		{1, 1, 48, Weights{0.1, 0.6075, 0.2925}},
	} {
		got := Default.WeightsFor(tt.flatness, tt.known, tt.late)
		for _, d := range []float64{got.Words - tt.want.Words, got.Meaning - tt.want.Meaning, got.Late - tt.want.Late} {
			if math.Abs(d) > 1e-9 {
				t.Errorf("flatness %v, known %v: got %+v, want %+v", tt.flatness, tt.known, got, tt.want)
				break
			}
		}
	}
	for _, tt := range []struct {
		scores []float64
		want   float64
	}{{nil, 0}, {[]float64{2, 1}, 0}, {[]float64{4, 3, 3, 3, 3, 3, 3, 3, 3, 1, 1}, 0.25}, {make([]float64, 10), 0}} {
		if got := Flatness(tt.scores); got != tt.want {
			t.Errorf("flatness of %v: got %v, want %v", tt.scores, got, tt.want)
		}
	}
}

// BenchmarkLate compares a question of ten words with 300 papers of 64.
func BenchmarkLate(b *testing.B) {
	words, _ := vocabulary(b, 40_000)
	rng := rand.New(rand.NewPCG(3, 3))
	texts := make([][]uint16, 300)
	for i := range texts {
		for range 64 { // as Zipf has it, few words are frequent
			texts[i] = append(texts[i], uint16(40_000*math.Pow(rng.Float64(), 4)))
		}
	}
	var asked []Word
	for range 10 {
		asked = append(asked, Word{uint16(rng.IntN(40_000)), 1})
	}
	var l Late
	b.ReportAllocs()
	for b.Loop() {
		l.Start(words, asked)
		for _, t := range texts {
			l.Add(t)
		}
		for _, t := range texts {
			l.Score(t)
		}
	}
}
