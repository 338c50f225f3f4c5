package passage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func texts(text string, spans []Span) (list []string) {
	for _, s := range spans {
		list = append(list, s.In(text))
	}
	return list
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{" \n\t ", nil},
		{"One", []string{"One"}},
		{" Herons wade.  They fish! Do they? ", []string{"Herons wade.", "They fish!", "Do they?"}},
		{"See Fig. 2 by Smith et al. for it, e.g. here. J. Doe agrees.", []string{"See Fig. 2 by Smith et al. for it, e.g. here.", "J. Doe agrees."}},
		{"It gains 3.5 points. (See below.) \"Good.\" End", []string{"It gains 3.5 points.", "(See below.)", "\"Good.\"", "End"}},
		{"A heading\n\nIts text goes\non. More", []string{"A heading", "Its text goes\non.", "More"}},
		{"鸟类会飞。它们也会游泳！是吗？", []string{"鸟类会飞。", "它们也会游泳！", "是吗？"}},
		{"a.b.c iPhone. iPads too.", []string{"a.b.c iPhone. iPads too."}}, // a small letter goes on
	} {
		t.Run(tt.in, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, texts(tt.in, Sentences(tt.in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	long := strings.Repeat("word ", 2*maxSentence+1)
	if got := len(Sentences(long)); got != 3 {
		t.Errorf("a text without stops has %d sentences, want 3", got)
	}
}

func TestSplit(t *testing.T) {
	text := strings.Repeat("Four words stand here. ", 100)
	spans := Split(text, 40)
	if got := len(spans); got != 9 { // of 48 words, up to a quarter more than asked for
		t.Errorf("%d passages", got)
	}
	for _, s := range spans {
		if p := s.In(text); !strings.HasSuffix(p, "here.") || !strings.HasPrefix(p, "Four") {
			t.Errorf("passage %q", p)
		}
	}
	if got := Split("Short. Text.", 40); len(got) != 1 || got[0] != (Span{0, 12}) {
		t.Errorf("a short text: %v", got)
	}
	if got := len(Split(strings.Repeat("A b. ", 10_000), 1)); got != MaxPassages {
		t.Errorf("%d passages of 10,000 sentences, want %d", got, MaxPassages)
	}
}

func TestAggregate(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   [][]float32
		want []float32
	}{
		{"nothing", nil, nil},
		{"no vector at all", [][]float32{nil, nil}, nil},
		{"opposites", [][]float32{{1, 0}, {-1, 0}}, nil},
		{"one", [][]float32{nil, {0, 1}}, []float32{0, 1}},
		{"what differs from all the others is left out", [][]float32{{1, 0}, {1, 0}, {1, 0}, {-1, 0}}, []float32{1, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Aggregate(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Spans rise, lie within the text, begin and end with no blank, and between them there
// is nothing but blanks.
func FuzzSentences(f *testing.F) {
	for _, s := range []string{"A b. C d.", "\xff. \u3002x", "e.g. J. Doe.\n\nX", strings.Repeat("a ", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range append(Sentences(text), Span{len(text), len(text)}) {
			if s.Start < at || s.End < s.Start || strings.TrimSpace(text[at:s.Start]) != "" {
				t.Fatalf("%q: %v after %d", text, s, at)
			}
			if p := s.In(text); p != strings.TrimSpace(p) || p == "" && s.Start < len(text) {
				t.Fatalf("%q: sentence %q", text, p)
			}
			at = s.End
		}
		Split(text, 3)
	})
}
