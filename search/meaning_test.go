package search

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"broadsheet/search/query"
	"broadsheet/search/vector"
)

// A thesaurus is a model for which words of one line mean the same, and words that are
// on no line are not known.
type thesaurus struct {
	sense map[string]int
	err   error
}

func newThesaurus(lines ...string) *thesaurus {
	m := &thesaurus{sense: map[string]int{}}
	for i, l := range lines {
		for w := range strings.FieldsSeq(l) {
			m.sense[w] = i
		}
	}
	return m
}

func (m *thesaurus) Coder() *vector.Coder { return vector.NewCoder(64, 7) }

func (m *thesaurus) Words() *vector.Words { return nil }

func (m *thesaurus) Embed(_ context.Context, texts []Passage) ([]Meaning, error) {
	out := make([]Meaning, len(texts))
	for i, t := range texts {
		v, known, all := make([]float32, 64), 0, 0
		for w := range strings.FieldsSeq(strings.ToLower(t.Title + " " + t.Body)) {
			all++
			sense, ok := m.sense[strings.Trim(w, ".,?")]
			if !ok {
				continue
			}
			known++
			h := fnv.New64a()
			h.Write([]byte{byte(sense)})
			rng := rand.New(rand.NewPCG(h.Sum64(), 0))
			for j := range v {
				v[j] += float32(rng.NormFloat64())
			}
		}
		n := 0.0
		for _, x := range v {
			n += float64(x) * float64(x)
		}
		if n == 0 {
			continue
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(n))
		}
		out[i] = Meaning{Vector: v, Known: float64(known) / float64(all)}
	}
	return out, m.err
}

func meaningful(t *testing.T, m Model) *Engine {
	t.Helper()
	e, err := Open(t.TempDir(), Options{Model: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	papers := []Paper{
		{ID: "1", Title: "Herons", Abstract: "heron wading", Categories: []string{"q-bio.PE"}},
		{ID: "2", Title: "Egrets", Abstract: "egret wading", Categories: []string{"cs.CV"}},
		{ID: "3", Title: "Kettles", Abstract: "kettle whistle", Categories: []string{"cs.CV"}},
		{ID: "4", Title: "Samovars", Abstract: "samovar steam"},
		{ID: "5", Title: "Sonnets", Abstract: "unheard words"},
	}
	if err := e.Update(t.Context(), papers, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

var birdsAndPots = []string{"heron herons egret egrets bird", "kettle kettles samovar samovars pot", "wading", "whistle steam"}

func TestMeaning(t *testing.T) {
	e := meaningful(t, newThesaurus(birdsAndPots...))
	for _, tt := range []struct {
		text   string
		method Method
		want   string
		found  Method
	}{
		{"heron", Lexical, "1", Lexical},
		{"heron", Hybrid, "1 2", Hybrid},
		{"heron", Adaptive, "1", Adaptive}, // the title of one: what was meant
		{"heron wading", Adaptive, "1 2", Adaptive},
		{"heron", Semantic, "1 2", Semantic},
		{"bird", Lexical, "", Lexical},
		{"bird", Adaptive, "1 2", Adaptive},         // in other words
		{"bird cat:cs.CV", Adaptive, "2", Adaptive}, // what has to hold, holds
		{"pot", Semantic, "3 4", Semantic},
		{"unheard", Adaptive, "5", Adaptive},
		{"title:egret", Adaptive, "2", Adaptive},
		{"xyzzy", Adaptive, "", Adaptive},
	} {
		r, err := e.Search(t.Context(), Request{Text: tt.text, Method: tt.method})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for i, h := range r.Hits {
			ids = append(ids, h.ID)
			if i > 0 && h.Score > r.Hits[i-1].Score {
				t.Errorf("%q: hit %d has a higher score than the one before", tt.text, i+1)
			}
		}
		if got := strings.Join(ids, " "); got != tt.want || r.Method != tt.found || r.Total < len(ids) {
			t.Errorf("%q by method %d: got %q of %d by method %d, want %q by %d", tt.text, tt.method, got, r.Total, r.Method, tt.want, tt.found)
		}
	}
}

// What is sorted otherwise, and an index without a model, is found by words.
func TestMeaningIsNotAsked(t *testing.T) {
	e := meaningful(t, newThesaurus(birdsAndPots...))
	r, err := e.Search(t.Context(), Request{Text: "heron", Sort: Newest})
	if err != nil || r.Method != Lexical || len(r.Hits) != 1 {
		t.Errorf("by date: got %d hits by method %d (%v), want one by words", len(r.Hits), r.Method, err)
	}
	e = meaningful(t, nil)
	r, err = e.Search(t.Context(), Request{Text: "heron", Method: Semantic})
	if err != nil || r.Method != Lexical || len(r.Hits) != 1 {
		t.Errorf("without a model: got %d hits by method %d (%v), want one by words", len(r.Hits), r.Method, err)
	}
}

// A model that fails costs a question its meaning, and no more.
func TestModelFails(t *testing.T) {
	m := newThesaurus(birdsAndPots...)
	e := meaningful(t, m)
	m.err = errors.New("the model is gone")
	r, err := e.Search(t.Context(), Request{Text: "heron"})
	if err != nil || len(r.Hits) != 1 {
		t.Errorf("got %d hits (%v), want the one by words", len(r.Hits), err)
	}
	if err := e.Update(t.Context(), []Paper{{ID: "6", Title: "Storks"}}, nil); err == nil {
		t.Error("a paper was taken without its meaning")
	}
}

// An index goes on by words with a model that it was not made with, and by meaning as
// papers come again.
func TestOtherModel(t *testing.T) {
	dir := t.TempDir()
	open := func(m Model) *Engine {
		e, err := Open(dir, Options{Model: m})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	paper := []Paper{{ID: "1", Title: "Herons", Abstract: "heron"}}
	e := open(nil)
	if err := errors.Join(e.Update(t.Context(), paper, nil), e.Commit(nil), e.Close()); err != nil {
		t.Fatal(err)
	}
	e = open(newThesaurus(birdsAndPots...))
	defer e.Close()
	count := func(text string) int {
		r, err := e.Search(t.Context(), Request{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return len(r.Hits)
	}
	if count("heron") != 1 || count("bird") != 0 {
		t.Error("an index without vectors: want hits by words alone")
	}
	other := []Paper{{ID: "2", Title: "Egrets", Abstract: "egret"}}
	if err := errors.Join(e.Update(t.Context(), other, nil), e.Optimize(t.Context(), nil)); err != nil {
		t.Fatal(err)
	}
	if count("heron wading") != 2 || count("bird") != 1 {
		t.Error("merged with a paper that has a vector: want that one by meaning, too")
	}
}

func TestSimilarByMeaning(t *testing.T) {
	e := meaningful(t, newThesaurus(birdsAndPots...))
	hits, err := e.Similar(t.Context(), "1", "Herons", "heron wading", 5)
	if err != nil || len(hits) == 0 || hits[0].ID != "2" {
		t.Errorf("got %v (%v), want 2 first", hits, err)
	}
	r, err := e.Search(t.Context(), Request{Query: query.Query{Root: query.Words{query.Word{Text: "bird"}, query.Word{Text: "wading"}}}})
	if err != nil || len(r.Hits) < 2 {
		t.Errorf("a plain question: got %v (%v), want both birds", r.Hits, err)
	}
}
