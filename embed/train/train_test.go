package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet/embed"
)

// invented returns texts on subjects, each with words of its own, in which titles and
// bodies share a subject and hardly a word.
func invented(n int, prefix string) *Corpus {
	rng := rand.New(rand.NewPCG(1, 2))
	c := NewCorpus()
	for range n {
		subject := rng.IntN(20)
		words := func(n int, kind string) string {
			var b strings.Builder
			for range n {
				fmt.Fprintf(&b, "%s%s%d ", prefix, kind, subject*10+rng.IntN(10))
				fmt.Fprintf(&b, "common%d ", rng.IntN(30))
			}
			return b.String()
		}
		c.Add(Text{Title: words(4, "title"), Body: words(20, "body")})
	}
	return c
}

func small() Settings {
	s := Defaults()
	s.Dims, s.Words, s.Least, s.Buckets, s.Batch, s.Epochs, s.Prefixes = 32, 2000, 2, 4096, 64, 4, []int{16}
	return s
}

func cosine(m *embed.Model, a, b string) (sum float64) {
	v, w := m.Embed("", a), m.Embed("", b)
	for i := range v {
		sum += float64(v[i]) * float64(w[i])
	}
	return sum
}

func TestNewLearns(t *testing.T) {
	var told []float64
	m, err := New(t.Context(), invented(2000, ""), small(), func(p Progress) {
		if p.Holdout > 0 {
			told = append(told, p.Holdout)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	same, other := cosine(m, "title31 title32", "body33 body34"), cosine(m, "title31 title32", "body73 body74")
	if same < other+0.3 {
		t.Errorf("words of one subject are at %.2f, of two at %.2f", same, other)
	}
	if len(told) == 0 || told[len(told)-1] <= told[0]/2 {
		t.Errorf("measured on texts held out: %v", told)
	}
	if frequent, rare := tells(m, "common1"), tells(m, "title31"); frequent > rare*3/4 {
		t.Errorf("a word of all subjects tells %.3f, one of a single subject %.3f", frequent, rare)
	}
	if c := cosine(m, "title31", "title31x"); c < 0.3 {
		t.Errorf("a word nobody has seen is at %.2f to the one it is made of", c)
	}
}

func tells(m *embed.Model, word string) float32 {
	for i := range m.Words() {
		if m.Word(i) == word {
			_, t := m.Token(i)
			return t
		}
	}
	return 0
}

func TestSameSeedSameModel(t *testing.T) {
	c := invented(600, "")
	a, err := New(t.Context(), c, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(t.Context(), c, small(), nil)
	if err != nil || a.Fingerprint() != b.Fingerprint() {
		t.Errorf("got models %s and %s (%v)", a.Fingerprint(), b.Fingerprint(), err)
	}
	s := small()
	s.Seed++
	if b, err = New(t.Context(), c, s, nil); err != nil || a.Fingerprint() == b.Fingerprint() {
		t.Errorf("another seed gives the same model (%v)", err)
	}
}

func TestAdapt(t *testing.T) {
	base, err := New(t.Context(), invented(1000, ""), small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	set := AdaptDefaults()
	set.Rate = 0.05
	m, err := Adapt(t.Context(), base, invented(1000, "new"), set, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Has("newbody31") || !m.Has("body31") {
		t.Error("a word of the corpus is not in the vocabulary, or one from before is gone")
	}
	same, other := cosine(m, "newtitle31", "newbody33"), cosine(m, "newtitle31", "newbody73")
	if same < other+0.3 {
		t.Errorf("new words of one subject are at %.2f, of two at %.2f", same, other)
	}
	if !slices.Equal(base.Embed("", "title31 body33"), m.Embed("", "title31 body33")) {
		t.Error("words that the corpus does not have moved")
	}
}

func TestTooSmall(t *testing.T) {
	if _, err := New(t.Context(), invented(10, ""), small(), nil); !errors.Is(err, ErrTooSmall) {
		t.Errorf("got error %v, want ErrTooSmall", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(ctx, invented(500, ""), small(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want that of the context", err)
	}
}

func TestExp(t *testing.T) {
	for x := float32(0); x > -86; x -= 0.37 {
		want := math.Exp(float64(x))
		if got := float64(exp(x)); math.Abs(got-want) > 1e-6*want {
			t.Errorf("e^%v: got %v, want %v", x, got, want)
		}
	}
	if got := exp(-1000); got != 0 {
		t.Errorf("e^-1000: got %v, want 0", got)
	}
}
