package topic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/quick"
)

// A world has vectors in groups around random centres, all with a part in
// common, as models' vectors have.
type world struct {
	rng     *rand.Rand
	common  []float32
	centres [][]float32
}

const dims = 64

func newWorld(seed uint64, groups int) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 1))}
	w.common = w.noise(2)
	for range groups {
		w.centres = append(w.centres, w.noise(1))
	}
	return w
}

func (w *world) noise(length float64) []float32 {
	v := make([]float32, dims)
	for i := range v {
		v[i] = float32(w.rng.NormFloat64() * length / math.Sqrt(dims))
	}
	return v
}

func (w *world) paper(group int) []float32 {
	v := w.noise(1)
	for i := range v {
		v[i] += w.common[i] + w.centres[group][i]
	}
	return v
}

func (w *world) papers(group, n int) (vs [][]float32) {
	for range n {
		vs = append(vs, w.paper(group))
	}
	return vs
}

// set returns a set over a sample of all groups.
func (w *world) set(tb testing.TB) *Set {
	tb.Helper()
	var sample [][]float32
	for i := range 1000 {
		sample = append(sample, w.paper(i%len(w.centres)))
	}
	s, err := NewSet(dims, sample)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func learn(tb testing.TB, s *Set, name string, examples ...[]float32) {
	tb.Helper()
	if err := s.Learn(name, examples...); err != nil {
		tb.Fatal(err)
	}
}

func score(tb testing.TB, s *Set, v []float32) []Fit {
	tb.Helper()
	fits, err := s.Score(v)
	if err != nil {
		tb.Fatal(err)
	}
	return fits
}

// From five examples most members are known, and few others are taken for one.
func TestFiveExamples(t *testing.T) {
	w := newWorld(1, 50)
	s := w.set(t)
	for g := range 20 {
		learn(t, s, fmt.Sprint(g), w.papers(g, 5)...)
	}
	members, first, outsiders := 0, 0, 0
	const n = 50
	for g := range 50 {
		for _, v := range w.papers(g, n) {
			for rank, fit := range score(t, s, v) {
				switch {
				case fit.Name != fmt.Sprint(g):
					outsiders++
				case rank == 0:
					first++
					fallthrough
				default:
					members++
				}
				if !(fit.Score >= 0.5 && fit.Score <= 1) {
					t.Fatalf("score %v", fit.Score)
				}
			}
		}
	}
	if members < 20*n*85/100 || first < members*95/100 {
		t.Errorf("of %d members %d fit, %d of them best", 20*n, members, first)
	}
	if pairs := 50 * n * 20; outsiders > pairs/100 {
		t.Errorf("%d outsiders of %d fit", outsiders, pairs)
	}
}

// The expected similarity of a member is that of members that it has not seen.
func TestMember(t *testing.T) {
	w := newWorld(2, 30)
	s := w.set(t)
	learn(t, s, "a", w.papers(0, 20)...)
	var sum float64
	for _, v := range w.papers(0, 500) {
		sum += dot(s.topics["a"].direction, s.centred(v))
	}
	if got, want := s.topics["a"].Member, sum/500; math.Abs(got-want) > 0.05 {
		t.Errorf("expected similarity %.3f, found %.3f", got, want)
	}
}

// Whatever is learned, no other topic changes, and no answer about it.
func TestNothingIsForgotten(t *testing.T) {
	w := newWorld(3, 10)
	s := w.set(t)
	learn(t, s, "first", w.papers(0, 5)...)
	probe := w.papers(0, 20)
	topic := s.Topics()[0]
	before := make([]Fit, len(probe))
	for i, v := range probe {
		if fits := score(t, s, v); len(fits) > 0 {
			before[i] = fits[0]
		}
	}
	unchanged := func(group uint8, n uint8, forget bool) bool {
		name := fmt.Sprint("other ", group%16)
		examples := w.papers(int(group)%10, 1+int(n%7))
		learn(t, s, name, examples...)
		if forget {
			if err := s.Forget(name, examples[0]); err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range probe {
			var got Fit
			for _, fit := range score(t, s, v) {
				if fit.Name == "first" {
					got = fit
				}
			}
			if got != before[i] {
				return false
			}
		}
		return fmt.Sprint(s.Topics()[0]) == fmt.Sprint(topic)
	}
	if err := quick.Check(unchanged, nil); err != nil {
		t.Error(err)
	}
}

// An example that is forgotten might never have been learned, and the order of
// examples means nothing.
func TestForget(t *testing.T) {
	w := newWorld(4, 10)
	s := w.set(t)
	a, b := w.papers(0, 6), w.paper(5)
	learn(t, s, "plain", a...)
	learn(t, s, "detour", b, a[3], a[2], a[5])
	learn(t, s, "detour", a[1], a[0], a[4])
	if err := s.Forget("detour", b); err != nil {
		t.Fatal(err)
	}
	x, y := s.topics["plain"], s.topics["detour"]
	if x.Examples != y.Examples || math.Abs(x.Threshold-y.Threshold) > 1e-4 || dot(x.direction, y.direction) < 0.9999 {
		t.Errorf("%+v and %+v differ", x, y)
	}
	for _, v := range a {
		if err := s.Forget("plain", v); err != nil {
			t.Fatal(err)
		}
	}
	s.Remove("detour")
	if fits := score(t, s, a[0]); len(fits) > 0 {
		t.Errorf("a topic without examples fits: %v", fits)
	}
	if err := s.Forget("plain", a[0]); err == nil {
		t.Error("a topic without examples forgets one")
	}
}

func TestRefusals(t *testing.T) {
	nan, inf := make([]float32, dims), make([]float32, dims)
	nan[3], inf[4] = float32(math.NaN()), float32(math.Inf(1))
	s := newWorld(5, 3).set(t)
	good := make([]float32, dims)
	good[0] = 1
	for name, err := range map[string]error{
		"dimensions of an example": s.Learn("a", make([]float32, 3)),
		"not a number":             s.Learn("a", good, nan),
		"infinite":                 s.Learn("a", inf),
		"no name":                  s.Learn("", good),
		"long name":                s.Learn(strings.Repeat("a", MaxName+1), good),
		"no examples":              s.Learn("a"),
		"unknown topic":            s.Forget("a", good),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if len(s.Topics()) > 0 {
		t.Errorf("topics %v were made", s.Topics())
	}
	if _, err := s.Score(nan); err == nil {
		t.Error("a score of what is not a number")
	}
	for name, sample := range map[string][][]float32{"empty": nil, "one": {good}, "bad": {good, nan}} {
		if _, err := NewSet(dims, sample); err == nil {
			t.Errorf("sample %s: no error", name)
		}
	}
	if _, err := NewSet(0, [][]float32{{}, {}}); err == nil {
		t.Error("no dimensions: no error")
	}
}

// Vectors without direction, and a collection of one point, do no harm.
func TestDegenerate(t *testing.T) {
	zero, one := make([]float32, dims), make([]float32, dims)
	one[0] = 1
	s, err := NewSet(dims, [][]float32{one, one, one})
	if err != nil {
		t.Fatal(err)
	}
	learn(t, s, "zero", zero)
	learn(t, s, "one", one)
	if fits := score(t, s, one); len(fits) > 0 {
		t.Errorf("%v fit", fits)
	}
}

// A scorer says what Score says, but for rounding.
func TestScorer(t *testing.T) {
	w := newWorld(9, 10)
	s := w.set(t)
	learn(t, s, "a", w.papers(1, 4)...)
	learn(t, s, "b", w.papers(2, 4)...)
	scorer, fitting := s.Scorer(), 0
	for i := range 300 {
		v, got := w.paper(i%10), map[string]float64{}
		scorer(v, func(name string, score float64) { got[name] = score })
		for _, f := range score(t, s, v) {
			if math.Abs(got[f.Name]-f.Score) > 1e-3 && f.Score > 0.501 {
				t.Errorf("paper %d: %v, want %+v", i, got, f)
			}
			fitting++
			delete(got, f.Name)
		}
		for name, score := range got {
			if score > 0.501 {
				t.Errorf("paper %d fits %s with %v, and should not", i, name, score)
			}
		}
	}
	if fitting == 0 {
		t.Error("no paper fits")
	}
	for _, v := range [][]float32{nil, make([]float32, dims), make([]float32, dims+1)} {
		scorer(v, func(name string, _ float64) { t.Errorf("a vector of %d zeros fits %s", len(v), name) })
	}
}

func random(n, dims int) (vs [][]float32) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range n {
		v := make([]float32, dims)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		vs = append(vs, v)
	}
	return vs
}

func BenchmarkLearnFive(b *testing.B) {
	vs := random(600, 256)
	s, err := NewSet(256, vs)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Remove("a")
		learn(b, s, "a", vs[:5]...)
	}
}

func BenchmarkScore(b *testing.B) {
	vs := random(600, 256)
	s, err := NewSet(256, vs)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 500 {
		learn(b, s, fmt.Sprint(i), vs[i:i+5]...)
	}
	b.SetBytes(500 * 256 * 4)
	b.ReportAllocs()
	for b.Loop() {
		score(b, s, vs[599])
	}
}
