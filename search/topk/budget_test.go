package topk_test

import (
	"context"
	"fmt"
	"testing"

	"broadsheet/search/index"
	"broadsheet/search/topk"
)

// TestBudget asks for more work than the budget: a list a few thousand times, as a set, a
// phrase, and a sum. Each ends early, tells so, and has found something.
func TestBudget(t *testing.T) {
	const docs, copies = 20_000, 4000
	x, err := index.Open(t.TempDir(), testSettings, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	b := x.NewBuilder()
	for i := range docs {
		d := index.Document{ID: fmt.Sprint(i), Title: []index.Token{{Term: "a", Pos: 0}, {Term: "a", Pos: 1}},
			TitleLength: 2, Numbers: []int64{0, 0}, Keywords: [][]string{nil}}
		if err := b.Add(&d); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Install(b, nil); err != nil {
		t.Fatal(err)
	}
	snap := x.Snapshot()
	defer snap.Release()
	term := topk.Term{Field: index.Text, Text: "a", Boost: 0.01}
	var set topk.Any
	var phrases topk.Every
	for range copies {
		set = append(set, topk.HasTerm{Field: index.Text, Text: "a"})
		phrases = append(phrases, &topk.Phrase{Field: index.Text, Terms: []string{"a", "a"}, Offsets: []uint32{0, 1}})
	}
	for name, q := range map[string]*topk.Query{
		"set":     {Clauses: []topk.Clause{{term}}, Filter: set, K: 10, Count: 10_000},
		"phrases": {Filter: phrases, K: 10, Count: 10_000},
	} {
		res, err := topk.Search(t.Context(), snap, q)
		if err != nil || !res.Partial || !res.AtLeast {
			t.Errorf("%s: partial %t, at least %t, %v", name, res.Partial, res.AtLeast, err)
		}
		if w := res.Work; w.Postings+32*w.Positions > 55_000_000 {
			t.Errorf("%s: the work is %+v", name, w)
		}
		if _, partial, err := topk.Sets(t.Context(), snap, q, func(index.View, *index.Bitmap) {}); !partial || err != nil {
			t.Errorf("the set of %s: partial %t, %v", name, partial, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if res, err := topk.Search(ctx, snap, &topk.Query{Clauses: []topk.Clause{{term}}, K: 1}); err != nil || !res.Partial {
		t.Errorf("after the context's end: partial %t, %v", res.Partial, err)
	}
}
