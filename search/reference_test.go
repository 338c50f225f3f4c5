package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet/search/query"
)

// TestEqualsReference asks random questions, as trees of all kinds, of random papers, and
// compares what is found with a reference that looks at each paper's text.
func TestEqualsReference(t *testing.T) {
	libraries, questions := 60, 300
	if testing.Short() {
		libraries, questions = 6, 100
	}
	for i := range libraries {
		rng := rand.New(rand.NewPCG(uint64(i), 3))
		papers := randomPapers(rng)
		e := open(t, papers)
		for range questions {
			compareWithReference(t, e, papers, randomQuestion(rng))
			if t.Failed() {
				t.Fatalf("library %d", i)
			}
		}
		e.Close()
	}
}

// The words of the papers are their own stems, none is a compound or a function word,
// and none of the text's is one of a name.
var (
	textWords = strings.Fields("alpha alpin alto bravo bronz cobalt copper cupola delta dolmen")
	nameWords = strings.Fields("Zabel Zorn Yaron Ximen Quark")
)

func pick(rng *rand.Rand, words []string) string {
	return words[min(rng.IntN(len(words)), rng.IntN(len(words)))]
}

func text(rng *rand.Rand, n int) string {
	var list []string
	for range n {
		list = append(list, pick(rng, textWords))
	}
	return strings.Join(list, " ")
}

func randomPapers(rng *rand.Rand) (papers []Paper) {
	for i := range 1 + rng.IntN(80) {
		p := Paper{ID: fmt.Sprintf("p%03d", i), Title: text(rng, rng.IntN(5)), Abstract: text(rng, rng.IntN(9)),
			Day: int64(rng.IntN(60)), Votes: int64(rng.IntN(5)), Code: rng.IntN(4) == 0, Source: "s"}
		for range rng.IntN(3) {
			p.Authors = append(p.Authors, pick(rng, nameWords)+" "+pick(rng, nameWords))
		}
		p.Categories = []string{[]string{"cs.LG", "cs.CL", "math.OC", "cs"}[rng.IntN(4)]}
		if rng.IntN(9) == 0 {
			p.Day = Unknown
		}
		papers = append(papers, p)
	}
	return papers
}

// randomQuestion returns a question as Parse would read it.
func randomQuestion(rng *rand.Rand) query.Query {
	q, _ := query.Parse(query.Query{Root: randomNode(rng, 3)}.String())
	return q
}

func randomNode(rng *rand.Rand, depth int) query.Node {
	kind := rng.IntN(13)
	if depth == 0 {
		kind = 4 + rng.IntN(9)
	}
	several := func(least int) (nodes []query.Node) {
		for range least + rng.IntN(3) {
			nodes = append(nodes, randomNode(rng, depth-1))
		}
		return nodes
	}
	switch kind {
	case 0:
		return query.And(several(2))
	case 1:
		return query.Or(several(2))
	case 2:
		return query.Words(several(2))
	case 3:
		return query.Not{Node: randomNode(rng, depth-1)}
	case 4:
		return query.Phrase{Text: text(rng, 1+rng.IntN(3)), Field: query.Field(rng.IntN(3)), Slop: max(0, rng.IntN(5)-3)}
	case 5:
		return query.Category{Pattern: []string{"cs", "cs.LG", "math.*", "hep"}[rng.IntN(4)]}
	case 6:
		return query.Range{Column: query.Column(rng.IntN(2)), From: int64(rng.IntN(5)), To: int64(4 + rng.IntN(50))}
	case 7:
		return query.Has(query.Code)
	case 8:
		return query.Word{Text: strings.ToLower(pick(rng, nameWords)), Field: []query.Field{query.Any, query.Author}[rng.IntN(2)]}
	case 9:
		return query.Word{Text: []string{"alp", "cop", "zor"}[rng.IntN(3)], Prefix: true, Field: query.Field(rng.IntN(3))}
	}
	return query.Word{Text: pick(rng, textWords), Field: query.Field(max(0, rng.IntN(7)-4))}
}

func compareWithReference(t *testing.T, e *Engine, papers []Paper, q query.Query) {
	t.Helper()
	var strict, loose []string
	for i := range papers {
		p := &papers[i]
		if holds(p, q.Root) {
			strict = append(strict, p.ID)
		}
		if holdsLoosely(p, q) {
			loose = append(loose, p.ID)
		}
	}
	plain := plainWords(q.Root)
	byScore, byNumber := strict, strict
	if plain > 1 {
		byScore = loose
		if len(strict) == 0 {
			byNumber = loose
		}
	}
	check := func(what string, got, want []string) {
		t.Helper()
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s of %s\n  %v, expected\n  %v", what, q, got, want)
		}
	}
	for _, sort := range []Sort{ByScore, Newest} {
		answer, err := e.Search(t.Context(), Request{Query: q, Limit: MaxLimit, Sort: sort, Facets: 100})
		if err != nil {
			t.Fatal(err)
		}
		want := byScore
		if sort != ByScore {
			want = byNumber
		}
		var got []string
		for _, h := range answer.Hits {
			got = append(got, h.ID)
		}
		check(fmt.Sprint("order ", sort), got, want)
		if answer.Total != len(want) || answer.AtLeast {
			t.Errorf("%s: total %d (at least: %t), expected %d", q, answer.Total, answer.AtLeast, len(want))
		}
		n := 0
		for _, c := range answer.Facets.Sources {
			n += c.Count
		}
		if n != len(want) {
			t.Errorf("%s: %d papers in facets, expected %d", q, n, len(want))
		}
	}
	var got []string
	for id, err := range e.IDs(t.Context(), q, query.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, id)
	}
	check("IDs", got, byNumber)
}

// plainWords counts the words side by side of which not all are needed.
func plainWords(n query.Node) (count int) {
	list, ok := n.(query.Words)
	if !ok {
		return 0
	}
	for _, m := range list {
		if w, ok := m.(query.Word); ok && w.Field == query.Any {
			count++
		}
	}
	return count
}

// holdsLoosely is holds, but of words side by side any will do, or none if something
// else that is asked for is there.
func holdsLoosely(p *Paper, q query.Query) bool {
	list, ok := q.Root.(query.Words)
	if !ok {
		return false
	}
	for _, m := range list {
		if w, ok := m.(query.Word); (!ok || w.Field != query.Any) && !holds(p, m) {
			return false
		}
	}
	for n := range q.Positive() {
		switch n := n.(type) {
		case query.Word:
			if n.Field != query.Author { // a word counts wherever it stands
				n.Field = query.Any
			}
			if holds(p, n) {
				return true
			}
		case query.Phrase:
			for _, w := range strings.Fields(n.Text) {
				if holds(p, query.Word{Text: w}) {
					return true
				}
			}
		}
	}
	return false
}

// holds reports whether a part of a question holds for a paper.
func holds(p *Paper, n query.Node) bool {
	title, abstract := strings.Fields(p.Title), strings.Fields(p.Abstract)
	switch n := n.(type) {
	case nil:
		return true
	case query.And:
		return !slices.ContainsFunc(n, func(m query.Node) bool { return !holds(p, m) })
	case query.Words:
		return !slices.ContainsFunc(n, func(m query.Node) bool { return !holds(p, m) })
	case query.Or:
		return slices.ContainsFunc(n, func(m query.Node) bool { return holds(p, m) })
	case query.Not:
		return !holds(p, n.Node)
	case query.Word:
		is := func(w string) bool {
			w = strings.ToLower(w)
			return w == n.Text || n.Prefix && strings.HasPrefix(w, n.Text)
		}
		inTitle, inAbstract := slices.ContainsFunc(title, is), slices.ContainsFunc(abstract, is)
		inNames := slices.ContainsFunc(strings.Fields(strings.Join(p.Authors, " ")), is)
		return [...]bool{inTitle || inAbstract || inNames, inTitle, inAbstract, inNames}[n.Field]
	case query.Phrase:
		in := func(words []string) bool { return holdsPhrase(words, strings.Fields(n.Text), n.Slop) }
		return n.Field != query.Abstract && in(title) || n.Field != query.Title && in(abstract)
	case query.Category:
		return slices.ContainsFunc(p.Categories, n.Match)
	case query.Range:
		value := []int64{p.Day, p.Votes}[n.Column]
		return value != Unknown && n.From <= value && value <= n.To
	case query.Has:
		return p.Code
	case query.ID:
		return p.ID == n.Text
	}
	panic(fmt.Sprintf("unknown node %T", n))
}

func holdsPhrase(words, phrase []string, slop int) bool {
	for i := range words {
		at, k := i, 0
		for ; at < len(words) && k < len(phrase); at++ {
			if words[at] == phrase[k] {
				k++
			} else if at == i {
				break
			}
		}
		if k == len(phrase) && at-i <= len(phrase)+slop {
			return true
		}
	}
	return false
}

// FuzzSearch asks anything of a few papers: nothing panics, hits hold the filter, are
// there once, and fall in score.
func FuzzSearch(f *testing.F) {
	papers := library()
	e := open(f, papers)
	if err := e.RebuildSuggestions(f.Context(), all(papers)); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "graph neural", `"all you need"~2 -x`, "title:(a OR b*) cat:cs.* votes:>3", "transf* hint* lor*", "知识图谱 OR NOT ℓ₁", "\u202e\x00\xff"} {
		f.Add(s, "cat:cs", uint8(3), uint8(0))
	}
	byID := map[string]*Paper{}
	for i := range papers {
		byID[papers[i].ID] = &papers[i]
	}
	f.Fuzz(func(t *testing.T, text, filter string, limit, sort uint8) {
		only, _ := query.Parse("cat:cs date:2024-02..")
		if filter != "" {
			only, _ = query.Parse(filter)
		}
		checked := filter == "" || filter == "cat:cs"
		r := Request{Text: text, Filter: only, Limit: int(limit % 8), Sort: Sort(sort % 4), Facets: 2}
		seen := map[string]bool{}
		for pages, last := 0, 1e9; ; pages++ {
			answer, err := e.Search(t.Context(), r)
			if err != nil || pages > len(papers) {
				t.Fatalf("%q: page %d, %v", text, pages, err)
			}
			for _, h := range answer.Hits {
				if seen[h.ID] || h.Score > last || checked && !holds(byID[h.ID], only.Root) {
					t.Errorf("%q with %q finds %v behind a score of %v; seen before: %t", text, only, h, last, seen[h.ID])
				}
				seen[h.ID], last = true, h.Score
			}
			if r.Cursor = answer.Cursor; r.Cursor != "" {
				continue
			}
			if !answer.AtLeast && answer.Total != len(seen) {
				t.Errorf("%q has %d hits, but a total of %d", text, len(seen), answer.Total)
			}
			return
		}
	})
}
