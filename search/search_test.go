package search

import (
	"errors"
	"strings"
	"testing"

	"broadsheet/search/query"
)

func TestSearch(t *testing.T) {
	e := open(t, library())
	for _, tt := range []struct{ text, want string }{
		// Words side by side: all of them first, then any.
		{"attention", "3 2"},
		{"graph neural networks", "openreview:AbC 6 4"},
		{"neural graph matching", "6 openreview:AbC 4"},
		{"transformer translation", "2 9 8 1"},
		{"attention is all you need", "2 3"},
		{"not all you need is attention", "3 2 7 8"},
		{"the of and", "1"},

		// A word in its ways of writing.
		{"lora", "1"},
		{"LORA", "1"},
		{"gpt-4", "1 hep-th/9901001"},
		{"GPT4", "hep-th/9901001 1"},
		{"gpt 4", "1 hep-th/9901001"},
		{"c++", "4"},
		{"knn", "4"},
		{"k-nn", "4"},
		{"ℓ₁ norm", "hep-th/9901001"},
		{`$\ell_1$`, "hep-th/9901001"},
		{"l1", "hep-th/9901001"},
		{"schrödinger", "hep-th/9901001"},
		{`Schr\"odinger`, "hep-th/9901001"},
		{"schrodinger's", "hep-th/9901001"},
		{"知识", "doi:10.1000/abc"},
		{"机器学习", "doi:10.1000/abc"},
		{"学机", ""},

		// Names.
		{"hinton", "openreview:AbC 4"},
		{"geoffrey hinton", "4 openreview:AbC"},
		{`"geoffrey hinton"`, "4"},
		{"author:hinton", "openreview:AbC 4"},
		{`author:"geoffrey hinton"`, "4"},
		{`author:"geoffrey e hinton"`, "4"},
		{`author:"hinton simon"`, ""},
		{"author:hint", ""},
		{"au:osind*", "4"},
		{"author:o'brien", "3"},
		{"author:borel", "hep-th/9901001"},
		{"author:Émile", "hep-th/9901001"},
		{"author:王小明", "doi:10.1000/abc"},
		{"author:baptiste", "8"},
		{`author:"edna huang"`, "9 1"},
		{`author:"edna j huang"`, "1"},
		{"author:graph", "6"},

		// Phrases.
		{`"all you need"`, "3 2"},
		{`"attention is all"`, "2"},
		{`"to be or not to be"`, "7"},
		{`"not to be"`, "7"},
		{`"to not be"`, ""},
		{`"neural networks"`, "6 openreview:AbC"},
		{`"graph networks"`, ""},
		{`"graph networks"~1`, "openreview:AbC 6"},
		{`"transformers"`, "9 8 2 1"},
		{`title:"neural networks"`, "openreview:AbC"},
		{`abstract:"neural networks"`, "6"},
		{`"graph neural" "matching with"`, "6"},
		{`"机器学习"`, "doi:10.1000/abc"},

		// Fields, operators, groups.
		{"title:graph", "6 openreview:AbC"},
		{"abstract:graph", "6 openreview:AbC 4"},
		{"title:(neural search)", "openreview:AbC"},
		{"graph -matching", "openreview:AbC 4"},
		{`graph -"belief nets"`, "6 openreview:AbC"},
		{"attention AND translation", "2"},
		{"attention NOT translation", "3"},
		{"matching OR translation", "6 2"},
		{"lora | knn", "1 4"},
		{"(lora OR graph) neural", "6 openreview:AbC"},
		{"deep belief AND (cats OR dogs)", "4"},
		{"large language OR neural matching", "6 8 1"},
		{"matching OR (cat:cs.FL)", "6 8"},
		{"lora OR -cat:cs", "1 10 4 hep-th/9901001 openreview:AbC"},
		{"cat:cs.FL OR cat:hep-th", "8 hep-th/9901001"},

		// Filters; without words the newest first.
		{"cat:cs.LG", "9 6 3 1"},
		{"cat:cs", "9 8 7 6 doi:10.1000/abc 3 2 1"},
		{"cat:hep-*", "hep-th/9901001"},
		{"cat:CS.lg transformer", "9 1"},
		{"cat:stat.ML -transformer", "4"},
		{"year:1999", "hep-th/9901001"},
		{"date:2024-01..2024-02", "2 1"},
		{"votes:>39", "2 1"},
		{"has:code", "2 1"},
		{"has:project has:code", "2"},
		{"-cat:cs", "10 4 hep-th/9901001 openreview:AbC"},
		{"-transformer votes:1..", "6 4 3"},

		// Ids.
		{"2401.00001", "1"},
		{"https://arxiv.org/abs/2401.00001v3", "1"},
		{"id:2405.99999", "doi:10.1000/abc"},
		{"doi:10.1000/ABC", "doi:10.1000/abc"},
		{"10.1000/abc", "doi:10.1000/abc"},
		{"id:acl:2024.long-1", "doi:10.1000/abc"},
		{"id:openreview:abc", "openreview:AbC"},
		{"id:openreview:AbC", "openreview:AbC"},
		{"2401.99999", ""},

		// Beginnings.
		{"transf*", "9 8 2 1"},
		{"transforme*", "9 8 2 1"},
		{"low-ran*", "1"},
		{"hint*", "openreview:AbC 4"},
		{"知识图*", "doi:10.1000/abc"},
		{"知*", "doi:10.1000/abc"},
		{"qqq*", ""},

		// Nothing that could be looked for.
		{"", "10 9 8 7 6 doi:10.1000/abc 4 3 2 1 hep-th/9901001 openreview:AbC"},
		{"author:", ""},
		{"date:soon", ""},
		{"zebra", ""},
	} {
		t.Run(tt.text, func(t *testing.T) {
			if got := ask(t, e, Request{Text: tt.text, Limit: 20}); got != tt.want {
				t.Errorf("%q finds %s\n  expected %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestFilter(t *testing.T) {
	e := open(t, library())
	for _, tt := range []struct{ text, filter, want string }{
		{"transformer", "cat:cs.LG", "9 1"},
		{"transformer", "year:2024 -votes:..3", "2 1"},
		{"", "cat:cs.LG date:..2024-04", "3 1"},
		{"matching OR cat:cs.FL", "votes:>2", "6"},
		{"graph neural zebra", "has:project", "openreview:AbC"},
	} {
		f, _ := query.Parse(tt.filter)
		if got := ask(t, e, Request{Text: tt.text, Filter: f}); got != tt.want {
			t.Errorf("%q with %q finds %s, expected %s", tt.text, tt.filter, got, tt.want)
		}
	}
}

func TestSort(t *testing.T) {
	e := open(t, library())
	for _, tt := range []struct {
		text string
		sort Sort
		want string
	}{
		{"graph", Newest, "6 4 openreview:AbC"},
		{"graph", Oldest, "4 6 openreview:AbC"},
		{"graph", MostVotes, "6 4 openreview:AbC"},
		{"transformer", MostVotes, "2 1 9 8"},
		{"attention zebra", Newest, "3 2"}, // none has both
		{"attention translation", Newest, "2"},
		{"lora OR cat:cs.FL", Oldest, "1 8"},
	} {
		if got := ask(t, e, Request{Text: tt.text, Sort: tt.sort}); got != tt.want {
			t.Errorf("%q in order %d finds %s, expected %s", tt.text, tt.sort, got, tt.want)
		}
	}
}

// TestPages walks through lists by cursor and by offset, which give what one long page
// gives.
func TestPages(t *testing.T) {
	papers := many(400)
	e := open(t, papers)
	for _, tt := range []Request{
		{Text: "common"},
		{Text: "common rare7"},
		{Text: "rare7 odd"},
		{Text: "common odd", Sort: Newest},
		{Text: "odd", Sort: MostVotes},
		{Text: ""},
		{Text: "rare3 OR votes:4"},
		{Text: "one two three four five six seven common"},
	} {
		for _, limit := range []int{7, 60, 300} {
			tt.Limit = limit
			first, err := e.Search(t.Context(), tt)
			if err != nil {
				t.Fatal(err)
			}
			var got, byOffset []Hit
			r := tt
			for pages := 0; ; pages++ {
				answer, err := e.Search(t.Context(), r)
				if err != nil || pages > 100 {
					t.Fatalf("%q, page %d: %v", tt.text(), pages, err)
				}
				got = append(got, answer.Hits...)
				if answer.Cursor == "" {
					break
				}
				if len(answer.Hits) != limit {
					t.Errorf("%q: a page in the middle has %d hits, expected %d", tt.text(), len(answer.Hits), limit)
				}
				r.Cursor = answer.Cursor
			}
			r = tt
			for len(byOffset) < len(got) {
				answer, _ := e.Search(t.Context(), r)
				if len(answer.Hits) == 0 {
					break
				}
				byOffset = append(byOffset, answer.Hits...)
				r.Offset = len(byOffset)
			}
			if len(got) != first.Total {
				t.Errorf("%q by %d: %d hits on all pages, expected %d", tt.text(), limit, len(got), first.Total)
			}
			if ids(got) != ids(byOffset) {
				t.Errorf("%q by %d: by cursor %s\n  by offset %s", tt.text(), limit, ids(got), ids(byOffset))
			}
			seen := map[string]bool{}
			for i, h := range got {
				if seen[h.ID] || i > 0 && h.Score > got[i-1].Score {
					t.Errorf("%q by %d: hit %d, %v, is there twice or scores more than the one before", tt.text(), limit, i, h)
				}
				seen[h.ID] = true
			}
		}
	}
}

func (r Request) text() string {
	return r.Text + [...]string{"", " newest", " oldest", " votes"}[r.Sort]
}

// many invents papers of which all have a common word, half an odd one, one in twenty a
// rare one.
func many(n int) (papers []Paper) {
	words := strings.Fields("one two three four five six seven eight nine ten")
	for i := range n {
		text := strings.Repeat(words[i%7]+" "+words[i%10]+" ", 1+i%5) + "common"
		if i%2 == 1 {
			text += " odd"
		}
		text += " rare" + string(rune('0'+i%10))
		papers = append(papers, Paper{ID: "p" + strings.Repeat("x", i%3) + string(rune('a'+i%26)) + string(rune('a'+i/26)),
			Title: text, Abstract: strings.Repeat("filling ", i%11), Day: int64(i % 50), Votes: int64(i % 9)})
	}
	return papers
}

func TestCursorOfAnotherQuestion(t *testing.T) {
	e := open(t, library())
	answer, err := e.Search(t.Context(), Request{Text: "transformer", Limit: 1})
	if err != nil || answer.Cursor == "" {
		t.Fatal(answer, err)
	}
	for _, r := range []Request{
		{Text: "transformers graph", Cursor: answer.Cursor},
		{Text: "transformer", Cursor: answer.Cursor, Sort: Newest},
		{Text: "transformer", Cursor: answer.Cursor[1:]},
		{Text: "transformer", Cursor: "!" + answer.Cursor},
		{Text: "transformer", Cursor: strings.Repeat("A", 40)},
	} {
		if _, err := e.Search(t.Context(), r); !errors.Is(err, ErrCursor) {
			t.Errorf("%q with cursor %q: %v, expected ErrCursor", r.Text, r.Cursor, err)
		}
	}
}

func TestFacets(t *testing.T) {
	e := open(t, library())
	for _, tt := range []struct {
		text string
		n    int
		want Facets
	}{
		{"transformer", 2, Facets{Years: []Count{{"2024", 4}}, Categories: []Count{{"cs.CL", 2}, {"cs.LG", 2}}, Sources: []Count{{"arxiv", 4}}}},
		{"cat:hep-th OR openreview", 5, Facets{Years: []Count{{"1999", 1}}, Categories: []Count{{"hep-th", 1}, {"math.OC", 1}}, Sources: []Count{{"arxiv", 1}}}},
		{"zebra", 5, Facets{}},
		{"zebra lora", 5, Facets{Years: []Count{{"2024", 1}}, Categories: []Count{{"cs.CL", 1}, {"cs.LG", 1}}, Sources: []Count{{"arxiv", 1}}}},
	} {
		answer, err := e.Search(t.Context(), Request{Text: tt.text, Facets: tt.n})
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Facets; !equalCounts(got.Years, tt.want.Years) || !equalCounts(got.Categories, tt.want.Categories) || !equalCounts(got.Sources, tt.want.Sources) {
			t.Errorf("%q has facets %v, expected %v", tt.text, got, tt.want)
		}
	}
}

func equalCounts(a, b []Count) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestNotes(t *testing.T) {
	e := open(t, append(library(), many(10)...))
	for _, tt := range []struct{ text, want string }{
		{"lora", ""},
		{"cat:!! lora", "is not a category"},
		{"author:", "nothing"},
		{"∴", "nothing in the question"},
		{"2401.99999", "No paper here has the id 2401.99999."},
		{strings.Repeat("word ", 100), "more than 64 words"},
	} {
		answer, err := e.Search(t.Context(), Request{Text: tt.text})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(answer.Notes, " "); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%q has the notes %q, expected %q in them", tt.text, got, tt.want)
		}
	}
	answer, err := e.Search(t.Context(), Request{Offset: 1 << 30})
	if err != nil || len(answer.Hits) > 0 || len(answer.Notes) == 0 {
		t.Errorf("beyond the last offset: %d hits, notes %v, %v", len(answer.Hits), answer.Notes, err)
	}
}

func TestSimilar(t *testing.T) {
	papers := library()
	e := open(t, papers)
	p := papers[7]
	hits, err := e.Similar(t.Context(), p.ID, p.Title, p.Abstract, 3)
	if err != nil || len(hits) == 0 || hits[0].ID != "openreview:AbC" || len(hits) > 3 {
		t.Errorf("similar to %s: %v, %v", p.ID, hits, err)
	}
	for _, h := range hits {
		if h.ID == p.ID {
			t.Errorf("%s is similar to itself", p.ID)
		}
	}
	hits, err = e.Similar(t.Context(), "", "", "the of and", 3)
	if err != nil || len(hits) > 0 {
		t.Errorf("similar to nothing: %v, %v", hits, err)
	}
}

func TestIDs(t *testing.T) {
	e := open(t, library())
	for _, tt := range []struct{ text, filter, want string }{
		{"transformer", "", "1 2 8 9"},
		{"transformer translation", "", "2"},
		{"lora zebra", "", "1"},
		{"", "cat:cs.LG", "1 3 6 9"},
		{"lora OR cat:cs.FL", "", "1 8"},
		{"∴", "", ""},
	} {
		q, _ := query.Parse(tt.text)
		f, _ := query.Parse(tt.filter)
		var got []string
		for id, err := range e.IDs(t.Context(), q, f) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, short(id))
		}
		if sorted(strings.Join(got, " ")) != tt.want {
			t.Errorf("the ids of %q with %q are %v, expected %s", tt.text, tt.filter, got, tt.want)
		}
	}
	for range e.IDs(t.Context(), query.Query{}, query.Query{}) {
		break // leaving early is no fault
	}
}
