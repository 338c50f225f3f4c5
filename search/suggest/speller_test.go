package suggest_test

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/search/suggest"
)

func TestEditDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "acb", 1},
		{"abc", "ab", 1}, {"ab", "abc", 1}, {"ca", "abc", 3}, {"kitten", "sitting", 3}, {"é", "e", 1},
	} {
		if got := suggest.EditDistance(tt.a, tt.b); got != tt.want {
			t.Errorf("EditDistance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func word(text string, frequency uint32) suggest.Entry {
	return suggest.Entry{Kind: suggest.Word, Text: text, Weight: frequency}
}

func TestCorrect(t *testing.T) {
	f := open(t, build(t, suggest.Options{},
		word("learning", 9000), word("leaning", 41), word("larning", 30), word("neural", 4000), word("network", 3000),
		word("networks", 8000), word("attention", 2000), word("schrödinger", 90), word("schrodinger", 20),
		word("lora", 50), word("for", 9999), word("form", 300), word("resnets", 30), word("rare", 1), word("gpt4", 500),
		word("intention", 100), word("self attention", 700), word("casual", 60), word("causal", 900)))
	s := &suggest.Speller{Dictionary: f}
	for _, tt := range []struct{ in, want string }{
		{"neural networks", ""},
		{"nueral netwroks", "neural networks"},
		{"Nueral NETWORKS", "neural NETWORKS"},
		{"deep lerning", "deep learning"},

		// A word that is frequent itself is left, a rare one only beside a much
		// more frequent one.
		{"leaning", ""},
		{"casual", ""},
		{"larning", ""},
		{"netwrk", "network"},

		// Two slips only in long words.
		{"atntion", ""},
		{"atentoin", "attention"},
		{"schroedinger", "schrödinger"},

		// Never short words, words with digits, or to what a single title has.
		{"fro lra", ""},
		{"gpt5 resnet50s resnts", "gpt5 resnet50s resnets"},
		{"rars", ""},

		// The parts of compounds, and nothing but words.
		{"self-atention", "self-attention"},
		{`"nueral" (-netwroks)`, `"neural" (-networks)`},
		{"深度学习学习 нейрон \xff\xfe nueral", "深度学习学习 нейрон \xff\xfe neural"},
	} {
		got, ok := s.Correct(strings.Split(tt.in, " "))
		want := tt.want
		if want == "" {
			want = tt.in
		}
		if strings.Join(got, " ") != want || ok != (tt.want != "") {
			t.Errorf("Correct(%q) = %q, %v, want %q", tt.in, got, ok, want)
		}
	}
}

// counting counts how often a dictionary is walked.
type counting struct {
	suggest.Dictionary
	walks int
}

func (c *counting) Fuzzy(word string, distance int, fn func(string, int) bool) {
	c.walks++
	c.Dictionary.Fuzzy(word, distance, fn)
}

// A query of nothing but slips costs no more than a few.
func TestCorrectIsBounded(t *testing.T) {
	f := open(t, build(t, suggest.Options{}, word("kettle", 100)))
	c := &counting{Dictionary: f}
	in := slices.Repeat([]string{"ketle", strings.Repeat("ketle-", 80), strings.Repeat("k", 100_000)}, 1000)
	got, ok := (&suggest.Speller{Dictionary: c}).Correct(in)
	if !ok || got[0] != "kettle" || got[len(got)-1] != in[len(in)-1] || c.walks > 8 {
		t.Errorf("%d walks, %v: %.20q…", c.walks, ok, got[0])
	}
}

func FuzzCorrect(f *testing.F) {
	file := open(f, build(f, suggest.Options{}, word("kettle", 100), word("schrödinger", 100), word("attention", 100)))
	for _, s := range []string{"ketle", "schroedinger-ketle", "\xffattentoin", "+ketle#", "kettle4", `ket\"le`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s := &suggest.Speller{Dictionary: file}
		got, ok := s.Correct([]string{in})
		if len(got) != 1 || ok != (got[0] != in) {
			t.Fatalf("Correct(%q) = %q, %v", in, got, ok)
		}
		// What was corrected needs no correction unless there was too much of it.
		if again, ok := s.Correct(got); ok && len(in) < 32 {
			t.Fatalf("Correct(%q) = %q, and corrected again %q", in, got, again)
		}
	})
}
