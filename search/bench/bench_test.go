package bench_test

import (
	"slices"
	"testing"

	"broadsheet/search"
	"broadsheet/search/bench"
)

func TestInventIsTheSameForASeed(t *testing.T) {
	a, b := slices.Collect(bench.Invent(50, 7)), slices.Collect(bench.Invent(50, 7))
	for i := range a {
		if a[i].Title != b[i].Title || a[i].Abstract != b[i].Abstract {
			t.Fatalf("paper %d differs: %q and %q", i, a[i].Title, b[i].Title)
		}
	}
}

func TestAskCountsEveryKind(t *testing.T) {
	papers := slices.Collect(bench.Invent(2000, 1))
	e, err := search.Open(t.TempDir(), search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Update(t.Context(), papers, nil); err != nil {
		t.Fatal(err)
	}
	questions := bench.Questions(papers, 1)
	if again := bench.Questions(papers, 1); len(again) != len(questions) || again[9].Query.String() != questions[9].Query.String() {
		t.Error("the same papers and seed gave other questions")
	}
	r := bench.Report{Documents: len(papers)}
	if err := bench.Ask(t.Context(), e, questions, &r, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if len(r.Kinds) != 1+len(bench.Kinds) {
		t.Errorf("measured %d kinds, want all and %v", len(r.Kinds), bench.Kinds)
	}
	if r.Work.Postings == 0 || r.PerSecond == 0 || r.Machine.Share == 0 {
		t.Errorf("nothing was counted: %+v", r)
	}
}
