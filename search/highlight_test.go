package search

import (
	"strings"
	"testing"

	"broadsheet/search/query"
)

func brackets(m Marked) string {
	var b strings.Builder
	for _, s := range m {
		if s.Match {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestHighlight(t *testing.T) {
	e := open(t, nil)
	const title, abstract = "Attention is all you need to read", "All transformers attend. GPT-4 transforms what k-NN graphs attend to."
	for _, tt := range []struct{ text, title, abstract string }{
		{"attention", "[Attention] is all you need to read", abstract},
		{"attending is", title, "All transformers [attend]. GPT-4 transforms what k-NN graphs [attend] to."},
		{"is the", "Attention [is] all you need to read", abstract},
		{"transform*", title, "All [transformers] attend. GPT-4 [transforms] what k-NN graphs attend to."},
		{"transforme*", title, "All [transformers] attend. GPT-4 transforms what k-NN graphs attend to."},
		{`"is all you"`, "Attention [is] [all] [you] need to read", abstract},
		{`"attention all"~1`, "[Attention] is [all] you need to read", abstract},
		{`"all need"`, title, abstract},
		{"title:all", "Attention is [all] you need to read", abstract},
		{"abstract:all", title, "[All] transformers attend. GPT-4 transforms what k-NN graphs attend to."},
		{"gpt4", title, "All transformers attend. [GPT-4] transforms what k-NN graphs attend to."},
		{"gpt-4", title, "All transformers attend. [GPT-4] transforms what k-NN graphs attend to."},
		{"llama-4", title, abstract},
		{"k-nn", title, "All transformers attend. GPT-4 transforms what [k-NN] graphs attend to."},
		{"knn", title, "All transformers attend. GPT-4 transforms what [k-NN] graphs attend to."},
		{"read -need author:all", "Attention is all you need to [read]", abstract},
		{"", title, abstract},
	} {
		q, _ := query.Parse(tt.text)
		a, b := e.Highlight(q, title, abstract)
		if brackets(a) != tt.title || brackets(b) != tt.abstract {
			t.Errorf("%q marks\n  %s | %s, expected\n  %s | %s", tt.text, brackets(a), brackets(b), tt.title, tt.abstract)
		}
	}
}

func TestPassage(t *testing.T) {
	e := open(t, nil)
	q, _ := query.Parse("needle")
	_, got := e.Highlight(q, "", strings.Repeat("hay ", 100)+"needle "+strings.Repeat("straw ", 100))
	if s := brackets(got); !strings.HasPrefix(s, "… ") || !strings.HasSuffix(s, " …") || !strings.Contains(s, "hay [needle] straw") || len(strings.Fields(s)) != snippetWords+2 {
		t.Errorf("the passage is %q", s)
	}
}

// FuzzHighlight checks that what is shown is the text, whatever is marked.
func FuzzHighlight(f *testing.F) {
	f.Add("needle", "A needle", "in hay")
	f.Add(`"a b"~2 c* -d`, "a x b", "c d e\xff机器学习 k-NN $\\ell_1$")
	e := &Engine{}
	e.analyzers.New = newEngine("", nil, nil).analyzers.New
	f.Fuzz(func(t *testing.T, text, title, abstract string) {
		q, _ := query.Parse(text)
		a, b := e.Highlight(q, title, abstract)
		if a.String() != head(title, maxTextBytes) {
			t.Errorf("the title %q is shown as %q", title, a)
		}
		s := strings.TrimSuffix(strings.TrimPrefix(b.String(), "… "), " …")
		if !strings.Contains(abstract, s) {
			t.Errorf("of %q is shown %q", abstract, b)
		}
	})
}
