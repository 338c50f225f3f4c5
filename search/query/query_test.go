package query_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"broadsheet/search/query"
)

func TestWalk(t *testing.T) {
	q, _ := query.Parse(`a (b OR "c d") -(e f) cat:cs`)
	var all, pruned []string
	query.Walk(q.Root, func(n query.Node) bool {
		all = append(all, query.Query{Root: n}.String())
		return true
	})
	query.Walk(q.Root, func(n query.Node) bool {
		pruned = append(pruned, query.Query{Root: n}.String())
		_, list := n.(query.Words)
		return list
	})
	if want := []string{`a (b OR "c d") -(e f) cat:cs`, "a", `b OR "c d"`, "b", `"c d"`, "-(e f)", "e f", "e", "f", "cat:cs"}; !slices.Equal(all, want) {
		t.Errorf("Walk visits %q, want %q", all, want)
	}
	if want := []string{`a (b OR "c d") -(e f) cat:cs`, "a", `b OR "c d"`, "-(e f)", "cat:cs"}; !slices.Equal(pruned, want) {
		t.Errorf("Walk visits %q below lists only, want %q", pruned, want)
	}
	query.Walk(nil, func(query.Node) bool { t.Error("Walk visits what is not there"); return true })
}

func TestPositive(t *testing.T) {
	q, _ := query.Parse(`a title:(b* -c) -"d e" -(f -g) "h i" OR year:2024 j`)
	var got []query.Node
	for n := range q.Positive() {
		got = append(got, n)
	}
	want := []query.Node{
		query.Word{Text: "a"}, query.Word{Text: "b", Field: query.Title},
		query.Phrase{Text: "h i"}, query.Word{Text: "j"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Positive = %v, want %v", got, want)
	}
	for range q.Positive() {
		break // and nothing more is yielded
	}
	for n := range (query.Query{}).Positive() {
		t.Errorf("Positive of nothing yields %v", n)
	}
}

func TestMap(t *testing.T) {
	drop := func(text string) func(query.Node) query.Node {
		return func(n query.Node) query.Node {
			if w, ok := n.(query.Word); ok && w.Text == text {
				return nil
			}
			return n
		}
	}
	for _, tt := range []struct{ in, drop, want string }{
		{"a b c", "b", "a c"},
		{"a (b OR c)", "c", "a b"},
		{"a (b OR (c AND d e))", "b", "a (c AND d e)"},
		{"(a OR b) AND c", "c", "a OR b"},
		{"a -b", "b", "a"},
		{"-(a b)", "a", "-b"},
		{"a -(b OR c) year:2024", "z", "a -(b OR c) year:2024"},
		{"a", "a", ""},
		{"", "a", ""},
	} {
		q, _ := query.Parse(tt.in)
		got := query.Query{Root: query.Map(q.Root, drop(tt.drop))}
		if got.String() != tt.want {
			t.Errorf("%q without %s = %q, want %q", tt.in, tt.drop, got, tt.want)
		}
		if again, _ := query.Parse(got.String()); !reflect.DeepEqual(got, again) {
			t.Errorf("%q without %s is no tree of Parse: %#v", tt.in, tt.drop, got)
		}
	}
	// A word may become a list, and a filter become another.
	q, _ := query.Parse("atention (year:2024 x)")
	got := query.Map(q.Root, func(n query.Node) query.Node {
		switch n := n.(type) {
		case query.Word:
			return query.Words{query.Word{Text: n.Text}, query.Not{Node: query.Not{Node: query.Word{Text: "y"}}}}
		case query.Range:
			n.To = math.MaxInt64
			return n
		}
		return n
	})
	if s := (query.Query{Root: got}).String(); s != "atention --y year:>=2024 x --y" {
		t.Errorf("Map = %q", s)
	}
}

func TestCategoryMatch(t *testing.T) {
	for _, tt := range []struct {
		pattern, category string
		want              bool
	}{
		{"cs.LG", "cs.LG", true},
		{"cs.lg", "cs.LG", true},
		{"cs.LG", "cs.LGX", false},
		{"cs", "cs.LG", true},
		{"cs", "cs", true},
		{"cs", "csx.LG", false},
		{"math", "math-ph", false},
		{"hep-*", "hep-th", true},
		{"hep-*", "gr-qc", false},
		{"cs.C*", "cs.CV", true},
		{"cs.C*", "cs.LG", false},
		{"cs", "", false},
	} {
		if got := (query.Category{Pattern: tt.pattern}).Match(tt.category); got != tt.want {
			t.Errorf("Category %q matches %q: %v, want %v", tt.pattern, tt.category, got, tt.want)
		}
	}
}
