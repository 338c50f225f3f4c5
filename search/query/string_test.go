package query_test

import (
	"math"
	"testing"

	"broadsheet/search/query"
)

// Trees that no text has are written as a text of similar meaning, which is read as
// it will be written again.
func TestStringOfOtherTrees(t *testing.T) {
	word := func(s string) query.Node { return query.Word{Text: s} }
	for _, tt := range []struct {
		root query.Node
		want string
	}{
		{nil, ""},
		{word("OR"), `"OR"`},
		{word("two words"), `"two words"`},
		{word("title:x"), `"title:x"`},
		{word("-x"), `"-x"`},
		{word("x:"), `"x:"`},
		{word("f(x)"), `"f(x)"`},
		{word(""), `""`},
		{word(`"quoted" “twice”`), `" quoted   twice "`},
		{query.Phrase{Text: `a"b\`}, `"a b"`},
		{query.And{query.And{word("a"), word("b")}, word("c")}, "(a AND b) AND c"},
		{query.Words{word("a")}, "a"},
		{query.Or{}, ""},
		{query.Not{Node: query.Not{Node: word("a")}}, "--a"},
		{query.Range{From: math.MinInt64, To: math.MaxInt64}, ""},
		{query.Has(9), ""},
	} {
		text := query.Query{Root: tt.root}.String()
		if text != tt.want {
			t.Errorf("%#v is written %s, want %s", tt.root, text, tt.want)
		}
		q, _ := query.Parse(text)
		checkStable(t, text, q)
	}
}
