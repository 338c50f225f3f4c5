package analysis_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/search/analysis"
)

// terms matches the tokens of the terms of a query.
func terms(query string) func(analysis.Token) bool {
	want := analysis.New().Append(nil, query)
	return func(t analysis.Token) bool {
		return slices.ContainsFunc(want, func(w analysis.Token) bool { return w.Term == t.Term })
	}
}

// marked puts brackets around spans.
func marked(text string, spans []analysis.Span) string {
	for _, s := range slices.Backward(spans) {
		text = text[:s.Start] + "[" + text[s.Start:s.End] + "]" + text[s.End:]
	}
	return text
}

func TestHighlight(t *testing.T) {
	a := analysis.New()
	for _, tt := range []struct{ query, text, want string }{
		{"", "a kettle", "a kettle"},
		{"kettles", "A kettle, Kettles' and KETTLE-like", "A [kettle], [Kettles]' and [KETTLE]-like"},
		{"gpt4", "GPT-4, GPT4 and gpt 4", "[GPT-4], [GPT4] and [gpt] [4]"},
		{"GPT-4", "GPT-4, GPT4 and gpt 4", "[GPT-4], [GPT4] and [gpt] [4]"},
		{"speech", "DeepSpeech of speeches", "[DeepSpeech] of [speeches]"},
		{"schrodinger", `Schrödinger, Schr\"odinger's`, `[Schrödinger], [Schr\"odinger's]`},
		{"深度学习", "论深度学习法", "论[深度学习]法"},
		{"l1", `the $\ell_1$-norm`, `the $[\ell_1]$-norm`},
	} {
		if diff := cmp.Diff(tt.want, marked(tt.text, analysis.Highlight(a, tt.text, terms(tt.query)))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.query, diff)
		}
	}
}

func TestSnippet(t *testing.T) {
	const kettles = "One kettle boils. Two of them whistle at noon, three sing. At night no kettle is heard but one kettle alone, far away."
	a := analysis.New()
	for _, tt := range []struct {
		query, text string
		words       int
		want        string
	}{
		{"kettle", "", 5, ""},
		{"kettle", " \n", 5, ""},
		{"kettle", kettles, 0, ""},
		{"kettle", kettles, -1, ""},
		{"kettle", "a kettle", 5, "a kettle"},
		{"kettle", " a\n kettle ", 5, "a\n kettle"},
		{"cup", kettles, 3, "One kettle boils."},
		{"one", kettles, 3, "One kettle boils."},
		{"noon", kettles, 3, "at noon, three"},
		{"noon", kettles, 6, "Two of them whistle at noon,"},
		{"kettle", kettles, 9, "At night no kettle is heard but one kettle"},
		{"away", kettles, 3, "alone, far away."},
		{"kettle", kettles, 100, kettles},
		{"哨声", "水壶在厨房里发出哨声很好听", 6, "里发出哨声很"},
		{"学习法", strings.Repeat("水", 20) + "学习法", 2, "学习"},
	} {
		spans := analysis.Highlight(a, tt.text, terms(tt.query))
		from, to := analysis.Snippet(tt.text, spans, tt.words)
		if got := tt.text[from:to]; got != tt.want {
			t.Errorf("%d words about %q in %q: %q, want %q", tt.words, tt.query, tt.text, got, tt.want)
		}
	}
}

// FuzzHighlight holds spans and snippets to whole characters, and a snippet to the
// best that trying all windows finds.
func FuzzHighlight(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "kettle gpt4 学习 l1", 5)
	}
	f.Fuzz(func(t *testing.T, text, query string, words int) {
		spans := analysis.Highlight(analysis.New(), text, terms(query))
		for i, s := range spans {
			if s.Start >= s.End || int(s.End) > len(text) || i > 0 && s.Start <= spans[i-1].End {
				t.Errorf("%q: span %d of %v", text, i, spans)
			}
		}
		words %= 50
		from, to := analysis.Snippet(text, spans, words)
		if from > to || to > len(text) || utf8.ValidString(text) && !utf8.ValidString(text[from:to]) {
			t.Fatalf("Snippet(%q, %v, %d) = %d, %d", text, spans, words, from, to)
		}
		fields := strings.Fields(text)
		if !isBlankDivided(text) || words <= 0 {
			return
		}
		best := 0
		for i := range max(1, len(fields)-words+1) {
			best = max(best, within(text, spans, fields, i, min(len(fields), i+words)))
		}
		if got := begins(spans, from, to); got != best || len(strings.Fields(text[from:to])) > words {
			t.Errorf("Snippet(%q, %v, %d) = %q with %d spans, want %d", text, spans, words, text[from:to], got, best)
		}
	})
}

// isBlankDivided reports whether a text's words are its fields.
func isBlankDivided(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// within counts the spans that begin in the fields from i to before j.
func within(text string, spans []analysis.Span, fields []string, i, j int) int {
	if i == j {
		return 0
	}
	from, to := 0, 0
	for n, f := range fields[:j] {
		start := to + strings.Index(text[to:], f)
		if n == i {
			from = start
		}
		to = start + len(f)
	}
	return begins(spans, from, to)
}

func begins(spans []analysis.Span, from, to int) (n int) {
	for _, s := range spans {
		if from <= int(s.Start) && int(s.Start) < to {
			n++
		}
	}
	return n
}
