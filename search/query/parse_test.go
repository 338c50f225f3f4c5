package query_test

import (
	"reflect"
	"strings"
	"testing"

	"broadsheet/search/query"
)

// What people type, as the canonical text of what is read. Cases with a note have a
// part of it.
func TestParse(t *testing.T) {
	for _, tt := range []struct{ in, want, note string }{
		// Words, and what surrounds them.
		{"", "", ""},
		{"  \t\n", "", ""},
		{"attention", "attention", ""},
		{"  graph\tneural\u3000networks \n", "graph neural networks", ""},
		{"the and or not", "the and or not", ""},
		{"C++ C# .NET k-NN GPT-4 state-of-the-art O'Brien don’t", "C++ C# .NET k-NN GPT-4 state-of-the-art O'Brien don’t", ""},
		{`Schr\"odinger $\ell_1$ $\mathcal{O}$ café`, `Schr\"odinger $\ell_1$ $\mathcal{O}$ café`, ""},
		{"注意力 机制 ∞ ℓ₁", "注意力 机制 ∞ ℓ₁", ""},
		{"a & b — c / ... d , ;", "a b c d", ""},
		{"CI/CD AT&T", "CI/CD AT&T", ""},
		{"a\x00b \u202ec\u2066d\u200be so\u00adft", "ab cde soft", ""},
		{"caf\xe9 \xffb\xff", "caf b", ""},
		{"نیم\u200cفاصله", "نیم\u200cفاصله", ""},

		// Titles are no syntax.
		{"BERT: pre-training of deep transformers", "BERT pre-training of deep transformers", ""},
		{"CAT: Cross Attention", "CAT Cross Attention", ""},
		{"Title: a title", "Title a title", ""},
		{"cat: cross attention", "cat cross attention", ""},
		{"date: a dataset", "date a dataset", ""},
		{"has: nothing", "has nothing", ""},
		{"Re:Form 16:9 C::D", "Re:Form 16:9 C::D", ""},
		{"Chain-of-Thought (CoT) prompting", "Chain-of-Thought CoT prompting", ""},
		{"On f(x) and P(Y|X)", "On f x and P Y|X", ""},
		{"|V_ub| from exclusive decays", "|V_ub| from exclusive decays", ""},
		{"Attention - a survey -- of the field", "Attention a survey of the field", ""},
		{"Attention --a survey", "Attention a survey", ""},
		{"see https://example.org/a", "see https://example.org/a", ""},

		// Phrases.
		{`"world  models"`, `"world models"`, ""},
		{`"world models" video`, `"world models" video`, ""},
		{`“world models” „a b“ «c d» 「強化学習」 《書名》`, `"world models" "a b" "c d" "強化学習" "書名"`, ""},
		{`＂full width＂`, `"full width"`, ""},
		{`a"b c"d`, `a "b c" d`, ""},
		{`"one"`, `"one"`, ""},
		{`"" a " & "`, "a", ""},
		{`"a b"~3 "c d"~0 "e f"~`, `"a b"~3 "c d" "e f"`, ""},
		{`"a b"~99999999999999999999`, `"a b"~32`, "at most 32 places"},
		{`"Schr\"odinger equation"`, `"Schr\"odinger equation"`, ""},
		{`"a \`, `"a"`, ""},
		{`"a OR (b) -c title:d e*"`, `"a OR (b) -c title:d e*"`, ""},

		// Without.
		{"a -b", "a -b", ""},
		{`-a -"b c" -title:d -(e f)`, `-a -"b c" -title:d -(e f)`, ""},
		{"a NOT b", "a -b", ""},
		{"NOT (a OR b)", "-(a OR b)", ""},
		{"NOT NOT a -NOT b NOT -c", "a b c", ""},
		{"-(-a) b -(-(c d))", "a b c d", ""},
		{"llama -2 -2024", "llama -2 -2024", ""},
		{"k-NN-free a- b", "k-NN-free a- b", ""},
		{`SE(3)-equivariant "a"-b (-c)`, `SE 3 equivariant "a" b -c`, ""},
		{"- a - -b", "a -b", ""},
		{"title:- a NOT - b", "title:a -b", ""},
		{"+a +b +-c", "a b -c", ""},

		// Operators, from the weakest.
		{"a OR b", "a OR b", ""},
		{"a | b || c", "a OR b OR c", ""},
		{`"a"|"b"|(c d)`, `"a" OR "b" OR c d`, ""},
		{"a b OR c d", "a b OR c d", ""},
		{"a AND b", "a AND b", ""},
		{"deep learning AND protein folding OR alphafold", "deep learning AND protein folding OR alphafold", ""},
		{"((deep learning) AND (protein folding)) OR alphafold", "deep learning AND protein folding OR alphafold", ""},
		{"a (b OR c) d", "a (b OR c) d", ""},
		{"a (b AND c) (d e)", "a (b AND c) d e", ""},
		{"(a OR b) AND c", "(a OR b) AND c", ""},
		{"a AND (b AND c)", "a AND b AND c", ""},
		{"a OR (b OR (c))", "a OR b OR c", ""},
		{"a ANDNOT b", "a AND -b", ""},
		{"a AND NOT b OR NOT c", "a AND -b OR -c", ""},
		{"a OR -b", "a OR -b", ""},
		{"（a OR b） c", "(a OR b) c", ""},
		{"a ｜ b", "a OR b", ""},
		{"a(b)c", "a b c", ""},
		{"OR(a)AND", "a", ""},

		// Fields.
		{"title:attention", "title:attention", ""},
		{"ti:a abs:b au:c all:d", "title:a abstract:b author:c d", ""},
		{`author:"Geoffrey Hinton" AU:bengio`, `author:"Geoffrey Hinton" author:bengio`, ""},
		{"title:(a OR b) c", "(title:a OR title:b) c", ""},
		{`title:(a "b c" -d author:e all:f) g`, `title:a title:"b c" -title:d author:e f g`, ""},
		{"-title:(a b)", "-(title:a title:b)", ""},
		{"title:-a", "-title:a", ""},
		{"title：注意力", "title:注意力", ""},
		{"title:author:a", "author:a", ""},
		{"title:OR:x title::y title:z:", "title:OR:x title::y title:z", ""},
		{"author: hinton", "author:hinton", ""},
		{`title:  "a b" (c)`, `title:"a b" c`, ""},
		{"title: (a b)", "title:a title:b", ""},
		{"foo:bar", "foo:bar", "“foo:” is not the name of a field"},
		{"-foo:bar", "-foo:bar", "“foo:” is not"},

		// Prefixes.
		{"transf* title:conv*", "transf* title:conv*", ""},
		{"深度学*", "深度学*", ""},
		{"鸟*", "鸟*", ""}, // a word by itself
		{"tr*", "tr", "needs 3 letters before it; that of “tr*”"},
		{"a* b* c*", "a b c", "“b*”"},
		{"aaa* bbb* ccc* ddd* eee*", "aaa* bbb* ccc* ddd* eee", "first 4 stars"},
		{"transf**", "transf*", ""},
		{"C*-algebra A*", "C*-algebra A", "“A*”"},
		{"*former", "former", "before “former” was ignored"},
		{"-*former", "-former", "“former”"},
		{"AND* OR* NOT:", "and* or not", "“OR*”"},
		{"foo:*", "foo*", ""},

		// Categories, ids and what papers have.
		{"cat:cs.LG", "cat:cs.LG", ""},
		{"cat:cs.* cat:math category:cond-mat.mes-hall cat:hep-* cat:cs.C*", "cat:cs cat:math cat:cond-mat.mes-hall cat:hep-* cat:cs.C*", ""},
		{"cat:(cs.LG OR stat.ML)", "cat:cs.LG OR cat:stat.ML", ""},
		{`-cat:"cs.CV" x`, "-cat:cs.CV x", ""},
		{"cat:cs.LG, x", "cat:cs.LG x", ""},
		{"cat: cs.LG", "cat:cs.LG", ""},
		{"cat:cs.", "cat:cs", ""},
		{"cat:???", "", "“???” is not a category"},
		{"cat:cs.LG,cs.CL", "", "is not a category"},
		{"x id:2503.01234v2", "x id:2503.01234", ""},
		{"x doi:10.1000/ABC arxiv:hep-th/9901001 id:ACL:J74-1", "x doi:10.1000/abc id:hep-th/9901001 id:acl:J74-1", ""},
		{`x id:"10.1002/(SICI)1097-4571"`, `x doi:"10.1002/(sici)1097-4571"`, ""},
		{"id:(2503.01234 OR 2503.01235)", "id:2503.01234 OR id:2503.01235", ""},
		{"id:hello", "", "“hello” is not the id of a paper"},
		{"id: 2503.01234 x", "id:2503.01234 x", ""},
		{"has:code HAS:Project", "has:code has:project", ""},
		{"has:(code project)", "has:code has:project", ""},
		{"has:c", "", "there are has:code and has:project"},

		// Ranges.
		{"year:2024", "year:2024", ""},
		{"year:2024..2026 year:>2023 year:<2023", "year:2024..2026 year:>=2024 year:<=2022", ""},
		{"year:2022-2024 year:2022–2024 year:2022…2024", "year:2022..2024 year:2022..2024 year:2022..2024", ""},
		{"year:2026..2024", "year:2024..2026", ""},
		{"year:2024.. year:..2024 year:=2024", "year:>=2024 year:<=2024 year:2024", ""},
		{"year: 2024, x", "year:2024 x", ""},
		{"date:>=2026-01", "year:>=2026", ""},
		{"date:≥2026-02 date:≤2026-02", "date:>=2026-02 date:<=2026-02", ""},
		{"date:>2026-01 date:<2026-01", "date:>=2026-02 year:<=2025", ""},
		{"date:2026-01..2026-03", "date:2026-01..2026-03", ""},
		{"date:2026-01-05", "date:2026-01-05", ""},
		{"date:2026-01-01..2026-01-31", "date:2026-01", ""},
		{"date:2025..2026-03", "date:2025-01..2026-03", ""},
		{"date:2024-02-29", "date:2024-02-29", ""},
		{"date:1969-12-31 date:1001", "date:1969-12-31 year:1001", ""},
		{"year:20", "", "“20” is not a date"},
		{"date:2025-13 x", "x", "“2025-13” is not a date"},
		{"date:2025-02-29", "", "is not a date"},
		{"year:>2999", "", "is not a date"},
		{"year:<1000", "", "is not a date"},
		{"date:>=2026..2027", "", "is not a date"},
		{"date:..", "", "is not a date"},
		{"date:>", "", "is not a date"},
		{"date:<>2026", "", "is not a date"},
		{"date:2026-", "", "is not a date"},
		{"votes:>10 votes:5.. votes:<=7", "votes:>=11 votes:>=5 votes:<=7", ""},
		{"votes:10 votes:5..9 votes:9-5", "votes:10 votes:5..9 votes:5..9", ""},
		{"votes:many", "", "“many” is not a number of votes"},
		{"votes:<0", "", "is not a number"},
		{"votes:99999999999999999999", "", "is not a number"},
		{"votes:(5 OR 7)", "votes:5 OR votes:7", ""},
		{"-votes:5", "-votes:5", ""},

		// Half typed.
		{`"world mod`, `"world mod"`, ""},
		{`"`, "", ""},
		{"(a OR b", "a OR b", ""},
		{"a OR (b AND", "a OR b", ""},
		{"a OR", "a", ""},
		{"a AND NOT", "a", ""},
		{"OR a", "a", ""},
		{"a OR AND | b", "a OR b", ""},
		{"-", "", ""},
		{"a -", "a", ""},
		{"*", "", ""},
		{"(", "", ""},
		{")", "", ""},
		{"a ) b ()", "a b", ""},
		{"title:", "", "“title:” stands before nothing"},
		{"a cat:", "a", "“cat:” stands before nothing"},
		{"(title: ) a", "a", "“title:” stands before nothing"},
		{"title: OR a", "a", "“title:” stands before nothing"},
		{"a Cat:", "a Cat", ""},
		{`author:"Geoff`, `author:"Geoff"`, ""},
		{"title:(a", "title:a", ""},
		{"-title:", "", "stands before nothing"},
	} {
		t.Run(tt.in, func(t *testing.T) {
			q, notes := query.Parse(tt.in)
			if got := q.String(); got != tt.want {
				t.Errorf("Parse(%q) = %s, want %s", tt.in, got, tt.want)
			}
			told := ""
			for _, n := range notes {
				told += string(n) + "\n"
			}
			if !strings.Contains(told, tt.note) || tt.note == "" && told != "" {
				t.Errorf("Parse(%q) notes %q, want %q", tt.in, told, tt.note)
			}
			checkStable(t, tt.in, q)
		})
	}
}

// The text of a tree does not show all of it.
func TestParseTree(t *testing.T) {
	word := func(s string) query.Node { return query.Word{Text: s} }
	for _, tt := range []struct {
		in   string
		want query.Node
	}{
		{"", nil},
		{"a", word("a")},
		{"a b", query.Words{word("a"), word("b")}},
		{"a b AND -c OR d", query.Or{
			query.And{query.Words{word("a"), word("b")}, query.Not{Node: word("c")}},
			word("d")}},
		{`au:"A  B"~2 ti:transf*`, query.Words{
			query.Phrase{Text: "A B", Field: query.Author, Slop: 2},
			query.Word{Text: "transf", Field: query.Title, Prefix: true}}},
		{"abs:x cat:cs.* has:project", query.Words{
			query.Word{Text: "x", Field: query.Abstract}, query.Category{Pattern: "cs"}, query.Project}},
		{"year:1970", query.Range{Column: query.Date, From: 0, To: 364}},
		{"date:1969-12", query.Range{Column: query.Date, From: -31, To: -1}},
		{"date:2026-01-05", query.Range{Column: query.Date, From: 20458, To: 20458}},
		{"votes:>10", query.Range{Column: query.Votes, From: 11, To: 1<<63 - 1}},
		{"votes:<10", query.Range{Column: query.Votes, From: -1 << 63, To: 9}},
		{"2503.01234", query.ID{Text: "2503.01234"}},
		{"-a -b", query.Words{query.Not{Node: word("a")}, query.Not{Node: word("b")}}},
	} {
		if got, _ := query.Parse(tt.in); !reflect.DeepEqual(got.Root, tt.want) {
			t.Errorf("Parse(%q) = %#v, want %#v", tt.in, got.Root, tt.want)
		}
	}
}

// checkStable fails if the text of q, which was read from in, reads differently.
func checkStable(t *testing.T, in string, q query.Query) {
	t.Helper()
	text := q.String()
	again, _ := query.Parse(text)
	if !reflect.DeepEqual(q, again) {
		t.Errorf("Parse(%.200q) = %#v\nis written %q\nand read as %#v", in, q.Root, text, again.Root)
	}
	if s := again.String(); s != text {
		t.Errorf("%q is written %q after it was read", text, s)
	}
}
