package suggest_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/search/suggest"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"?! …", ""},
		{"  A  Tale: of\tTwo\u00a0Kettles. ", "a tale of two kettles"},
		{"state-of-the-art", "state of the art"},
		{"GPT-4", "gpt 4"},

		// Accents, composed, by marks, or in TeX.
		{"Schrödinger’s Übermaß", "schrodingers ubermass"},
		{"Schro\u0308dinger", "schrodinger"},
		{`Schr\"odinger, Andr\'{e}, Poincar{\'e} and \'Etale`, "schrodinger andre poincare and etale"},
		{"Łukasz Øre Þór ĳs Đặng İzmir", "lukasz ore thor ijs dang izmir"},
		{"Άλφα ως ё", "αλφα ωσ е"},
		{"Bayes' rule, don't", "bayes rule dont"},

		// Signs belong to the word that they end.
		{"C++, C# and F#", "c++ c# and f#"},
		{"C++17", "c 17"},
		{"CNN+LSTM + #tags", "cnn lstm tags"},
		{"ResUNet++", "resunet++"},

		// Variants of characters.
		{"ℓ₁ and $\\ell_1$", "l1 and ell 1"},
		{"ﬁne ＡＢ１ x² K", "fine ab1 x2 k"},
		{"深度学习 models カナ", "深 度 学 习 models カ ナ"},
		{"한국어 논문", "한국어 논문"},

		// What cannot be typed is passed over.
		{"a\u202eb\u00adc\u200dd", "abcd"},
		{"a\xffb\x00c", "a b c"},
		{`{\`, ""},
		{`a\"`, "a"},
	} {
		if got := suggest.Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	got := slices.Collect(suggest.Words("The Schrödinger’s Cat, or: CNN+LSTM in C++"))
	if want := []string{"the", "schrödingers", "cat", "or", "cnn", "lstm", "in", "c++"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is folded is folded, and the words of a text fold to the text's fold.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Schrödinger", `P\'{e}`, "C++ +", "深a度", "ﬃ", "a\xff", "İ", "{\\'", "a++ʼb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := suggest.Fold(s)
		if again := suggest.Fold(folded); again != folded {
			t.Fatalf("Fold(%q) = %q, and folded again %q", s, folded, again)
		}
		if utf8.ValidString(s) != utf8.ValidString(folded) && !utf8.ValidString(folded) {
			t.Fatalf("Fold(%q) = %q is not valid UTF-8", s, folded)
		}
		var words []string
		for w := range suggest.Words(s) {
			words = append(words, suggest.Fold(w))
		}
		if got := strings.Join(words, " "); got != folded {
			t.Fatalf("the words of %q fold to %q, the text to %q", s, got, folded)
		}
	})
}
