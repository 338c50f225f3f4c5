package likeness

import (
	"errors"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/search/analysis"
)

// senses are words that mean the same, to the model of the tests.
var senses = map[string]string{"egret": "heron", "egrets": "heron", "herons": "heron", "tally": "count", "counting": "count",
	"pond": "water", "lagoon": "water"}

// lexicon knows words of birds, each of which one paper in a hundred has. Of "common"
// three papers in four have it.
func lexicon(embed bool) Lexicon {
	a := analysis.New()
	lex := Lexicon{
		Analyze: func(text string) []analysis.Token { return a.Append(nil, text) },
		Rarity: func(term string) float64 {
			if term == "common" {
				return math.Log(4.0 / 3)
			}
			return math.Log(100)
		},
		Rarest: math.Log(1000),
	}
	if embed {
		lex.Embed = func(texts []string) ([]Meaning, error) {
			out := make([]Meaning, len(texts))
			for i, t := range texts {
				out[i] = meaning(t)
			}
			return out, nil
		}
	}
	return lex
}

func meaning(text string) Meaning {
	sum, known, n := make([]float32, 64), true, 0.0
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		w = strings.Trim(w, ".,?")
		sense, ok := senses[w]
		if known = known && ok; !ok {
			sense = w
		}
		h := fnv.New64a()
		h.Write([]byte(sense))
		rng := rand.New(rand.NewPCG(h.Sum64(), 0))
		for j := range sum {
			sum[j] += float32(rng.NormFloat64())
		}
	}
	for _, x := range sum {
		n += float64(x) * float64(x)
	}
	if n == 0 {
		return Meaning{}
	}
	for j := range sum {
		sum[j] /= float32(math.Sqrt(n))
	}
	return Meaning{sum, known}
}

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		name          string
		a, b          Text
		shared        []string
		near          [][2]string
		first, second string
	}{
		{name: "nothing", a: Text{}, b: Text{Title: "Herons"}},
		{name: "words and phrases, each told once", a: Text{"Sky", "Grey sea lions sleep under the common sky."}, b: Text{"On sea lions", "They sleep by the sea, lions do."},
			shared: []string{"sea lions", "sleep"}},
		{name: "a compound is not cut", a: Text{"", "Early-exit networks."}, b: Text{"", "Exit networks, early-exit networks."},
			shared: []string{"early-exit networks"}},
		{name: "what papers say of themselves tells nothing", a: Text{"", "We propose a novel approach: https://sheep.org/code"}, b: Text{"", "Our novel approach, https://sheep.org/code"}},
		{name: "other words for the same, and the sentences", a: Text{"", "Nothing of it here at all, none. Counting herons by the pond is what birds need."},
			b:     Text{"", "A tally of egrets at a lagoon tells much. And more is said of other things."},
			near:  [][2]string{{"pond", "lagoon"}, {"herons", "egrets"}},
			first: "Counting herons by the pond is what birds need.", second: "A tally of egrets at a lagoon tells much."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lex := lexicon(true)
			r := New(lex, tt.a).Compare(New(lex, tt.b))
			if diff := cmp.Diff(tt.shared, r.Shared); diff != "" {
				t.Errorf("shared (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.near, r.Near); tt.near != nil && diff != "" {
				t.Errorf("near (-want +got):\n%s", diff)
			}
			if got := r.First.In(tt.a.Body); tt.first != "" && got != tt.first {
				t.Errorf("the first sentence is %q", got)
			}
			if got := r.Second.In(tt.b.Body); tt.second != "" && got != tt.second {
				t.Errorf("the second sentence is %q", got)
			}
		})
	}
}

// Without a model, or with one that fails, there are still words.
func TestCompareWithoutModel(t *testing.T) {
	broken := lexicon(true)
	broken.Embed = func([]string) ([]Meaning, error) { return nil, errors.New("no") }
	for _, lex := range []Lexicon{lexicon(false), broken} {
		r := New(lex, Text{"Sea lions", "They sleep."}).Compare(New(lex, Text{"Lions", "They sleep, too."}))
		if diff := cmp.Diff(Reason{Shared: []string{"lions", "sleep"}}, r); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// Of a long text, the part is told that is nearest.
func TestCompareLong(t *testing.T) {
	lex := lexicon(true)
	filler := strings.Repeat("Kettles whistle and samovars steam when the water is hot. ", 100)
	text := filler + "Counting herons by the pond is what birds need. " + filler
	r := New(lex, Text{"", text}).Compare(New(lex, Text{"Herons", "Counting herons by the pond."}))
	if got := r.Passage.In(text); !strings.Contains(got, "herons") || len(got) > len(text)/5 {
		t.Errorf("the passage is %q", got)
	}
	if got := r.First.In(text); got != "Counting herons by the pond is what birds need." {
		t.Errorf("the sentence is %q", got)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Sea lions. They sleep.", "On lions\xff and https://x.org", "")
	f.Fuzz(func(t *testing.T, title, a, b string) {
		lex := lexicon(true)
		r := New(lex, Text{title, a}).Compare(New(lex, Text{title, b}))
		if s := r.First; !s.Title && !s.Empty() && s.In(a) == "" {
			t.Errorf("no sentence at %v", s)
		}
		if len(r.Shared) > maxShared || len(r.Near) > maxNear {
			t.Errorf("%d shared, %d near", len(r.Shared), len(r.Near))
		}
	})
}
