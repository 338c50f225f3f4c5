package analysis_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/need"
	"broadsheet/search/analysis"
)

// seeds have something of each rule; mutation puts them together.
var seeds = []string{
	sample, "GPT-4 k-NN C++ C# U.S. R&D", `$\ell_{1}$-norm {\'e}cole \v{s} \ss e \cite{a} }{ $$`, "10⁵ CO₂ 1,000.5 x_{ij} a_bc",
	"深度学习 データ 한국어", "e\u0301 α-β H∞ ﬁ ‐ – ’", "wo\x00rd \u202e \u200b \xff\xc3", "trans-\n former DeepSpeech GPT4o YOLOv8 O'Brien's",
}

func FuzzAppend(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	used := analysis.New()
	f.Fuzz(func(t *testing.T, text string) {
		a := analysis.New()
		tokens := a.Append(nil, text)
		checkTokens(t, text, tokens)
		if diff := cmp.Diff(tokens, a.Append(nil, text)); diff != "" {
			t.Errorf("%q is something else the second time:\n%s", text, diff)
		}
		if diff := cmp.Diff(tokens, used.Append(nil, text)); diff != "" {
			t.Errorf("%q is something else after other texts:\n%s", text, diff)
		}
		checkWords(t, a, text, tokens)
	})
}

// checkTokens checks what holds for the tokens of any text.
func checkTokens(t *testing.T, text string, tokens []analysis.Token) {
	t.Helper()
	boundary := make([]bool, len(text)+1)
	for i := range text {
		boundary[i] = true
	}
	boundary[len(text)] = true
	next := uint32(0) // position
	var before analysis.Token
	for _, k := range tokens {
		switch {
		case k.Start >= k.End || int(k.End) > len(text) || !boundary[k.Start] || !boundary[k.End]:
			t.Errorf("%q: %+v stands between no two characters", text, k)
		case k.Start < before.Start:
			t.Errorf("%q: %+v stands before %+v", text, k, before)
		case k.Kind.Counts() && k.Pos != next, !k.Kind.Counts() && k.Pos+1 != next:
			t.Errorf("%q: %+v is not the word number %d", text, k, next)
		case k.Term == "" || k.Term == k.Exact || !utf8.ValidString(k.Term) || strings.ContainsAny(k.Term, " \n\t\x00{}$\\'-"):
			t.Errorf("%q: %+v is no term", text, k)
		case (k.Kind == analysis.Stop) != analysis.IsStop(k.Term):
			t.Errorf("%q: %+v, but IsStop is %v", text, k, analysis.IsStop(k.Term))
		case utf8.RuneCountInString(k.Exact) > 8*analysis.MaxRunes:
			t.Errorf("%q: %+v is too long", text, k)
		}
		if k.Kind.Counts() {
			next++
		}
		before = k
	}
}

// checkWords checks that each word is found by asking for it alone.
func checkWords(t *testing.T, a *analysis.Analyzer, text string, tokens []analysis.Token) {
	t.Helper()
	for _, k := range tokens[:min(len(tokens), 200)] {
		alone := a.Append(nil, text[k.Start:k.End])
		if !slices.ContainsFunc(alone, func(l analysis.Token) bool { return l.Term == k.Term }) {
			t.Errorf("%q: %+v is not among the tokens of %q: %s", text, k, text[k.Start:k.End], show(alone))
		}
	}
}

// fragments are what the rules are about, to be put together at random.
var fragments = []string{
	"\\", "{", "}", "$", "_", "^", "-", "'", "’", ".", "&", "+", "#", ",", " ", "\n", "1", "23", "1,000", "a", "bc", "'s", "--", "\\_",
	"É", "e", "\u0301", "学", "ー", "α", "ά", "∞", "₁", "ß", "İ", "ſ", "ŉ", "ǅ", "ʼ", "ﾞ", "𝛁", "𝟘", "٣", "ـ", "ा", "क", "\u200d", "\xff",
	"\\'", "\\\"", "\\v", "\\ss", "\\log", "\\cite{", "\\em", "\\ell", "DeepSpeech", "GPT4",
}

func TestRandomTexts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	a := analysis.New()
	for range 10_000 {
		var text string
		for range 1 + rng.IntN(14) {
			text += fragments[rng.IntN(len(fragments))]
			if rng.IntN(30) == 0 {
				text += string(rune(rng.IntN(0x20000)))
			}
		}
		tokens := a.Append(nil, text)
		checkTokens(t, text, tokens)
		checkWords(t, a, text, tokens)
		if t.Failed() {
			return
		}
	}
}

// TestLinearTime takes texts that would take many seconds each if anything were
// looked at again and again, and take milliseconds.
func TestLinearTime(t *testing.T) {
	need.Long(t)
	const size = 100_000
	a := analysis.New()
	var tokens []analysis.Token
	for _, first := range []string{"", "a", "\\"} {
		for _, f := range append(fragments, "a-b ", "a-", "x_{", "\\'{", "AbcdEfgh", "1,", "{}", "學") {
			start := time.Now()
			tokens = a.Append(tokens[:0], first+strings.Repeat(f, size/len(f)))
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("%v for %q and then %d bytes of %q", d, first, size, f)
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, word string) {
		folded := analysis.Fold(word)
		if again := analysis.Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, and of that %q", word, folded, again)
		}
		if !utf8.ValidString(folded) || !utf8.ValidString(analysis.Stem(word)) {
			t.Errorf("Fold(%q) = %q, Stem %q: not UTF-8", word, folded, analysis.Stem(word))
		}
	})
}
