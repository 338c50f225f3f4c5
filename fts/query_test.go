package fts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []term
	}{
		{"", nil},
		{"Sparse  Attention", []term{{words: []string{"sparse"}}, {words: []string{"attention"}}}},
		{`"World models" -video`, []term{{words: []string{"world", "models"}, quoted: true}, {words: []string{"video"}, not: true}}},
		{`-"world models" robot*`, []term{{words: []string{"world", "models"}, quoted: true, not: true}, {words: []string{"robot"}, prefix: true}}},
		{"“smart quotes” „und diese“", []term{{words: []string{"smart", "quotes"}, quoted: true}, {words: []string{"und", "diese"}, quoted: true}}},

		// Words divide where the tokenizer divides them.
		{"GPT-4 state-of-the-art*", []term{{words: []string{"gpt", "4"}}, {words: []string{"state", "of", "the", "art"}, prefix: true}}},
		{"naïve cafe\u0301", []term{{words: []string{"naïve"}}, {words: []string{"cafe\u0301"}}}},
		{"C++ (x:y) {z}", []term{{words: []string{"c"}}, {words: []string{"x", "y"}}, {words: []string{"z"}}}},

		// Half-typed input is normal: the page searches while the reader types.
		{`"world mod`, []term{{words: []string{"world", "mod"}, quoted: true}}},
		{`world "`, []term{{words: []string{"world"}}}},
		{"world -", []term{{words: []string{"world"}}}},
		{`world - models`, []term{{words: []string{"world"}}, {words: []string{"models"}}}},
		{`-"`, nil},

		// FTS5's own language is plain words.
		{"a OR NEAR(b) AND NOT title:c ^d", []term{{words: []string{"a"}}, {words: []string{"or"}}, {words: []string{"near", "b"}},
			{words: []string{"and"}}, {words: []string{"not"}}, {words: []string{"title", "c"}}, {words: []string{"d"}}}},
		{"to*  al*", []term{{words: []string{"to"}}, {words: []string{"al"}}}}, // too short for a prefix
		{"!!! ... 🙂 \x00 \xff", nil},
		{"a a A \"a\"", []term{{words: []string{"a"}}, {words: []string{"a"}, quoted: true}}},
	} {
		t.Run(tt.in, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parse(tt.in), cmp.AllowUnexported(term{})); diff != "" {
				t.Errorf("parse(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestParseIsBounded(t *testing.T) {
	for _, in := range []string{
		strings.Repeat("w ", 1000),
		strings.Repeat("a-b ", 500),
		`"` + strings.Repeat("p ", 1000),
		strings.Repeat("x\U0001E4D0", 400), // a letter since Unicode 15: not one to the tokenizer
	} {
		words := 0
		for _, t := range parse(in) {
			words += len(t.words)
		}
		if words > maxWords {
			t.Errorf("%.20q…: %d words, want at most %d", in, words, maxWords)
		}
	}
	if got := parse(strings.Repeat("x\U0001E4D0", 400))[0].words[0]; strings.Count(got, "x") > maxPhrase {
		t.Errorf("%d words in disguise, want at most %d", strings.Count(got, "x"), maxPhrase)
	}
}

func TestExpressions(t *testing.T) {
	for _, tt := range []struct{ in, every, titles, any string }{
		{"how robots learn", `"how" "robots" "learn"`, `title : ("how" "robots" "learn")`, `("robots" OR "learn")`},
		{"how to", `"how" "to"`, `title : ("how" "to")`, `("how" OR "to")`},
		{`GPT-4 "in vivo" rob* -x -"y z"`, `("gpt 4" "in vivo" "rob"*) NOT ("x" OR "y z")`,
			`(title : ("gpt 4" "in vivo" "rob"*)) NOT ("x" OR "y z")`, `(("in vivo") AND ("gpt 4" OR "rob"*)) NOT ("x" OR "y z")`},
	} {
		q := newQuestion(tt.in)
		if diff := cmp.Diff([]string{tt.every, tt.titles, tt.any}, []string{q.every(), q.titles(), q.any(q.content())}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.in, diff)
		}
	}
}
