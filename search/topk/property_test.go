package topk_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet/search/column"
	"broadsheet/search/index"
	"broadsheet/search/topk"
)

// TestEqualsExhaustive compares the best hits of random queries over random indexes with
// those of a reference that looks at every document: hits, scores, order, totals, and
// the pages behind the first.
func TestEqualsExhaustive(t *testing.T) {
	need := 100_000 // queries
	if testing.Short() {
		need = 3000
	}
	for i := 0; need > 0; i++ {
		rng := rand.New(rand.NewPCG(uint64(i), 7))
		l := newLibrary(t, rng)
		n := min(need, 100+100_000/len(l.docs)) // as much work for each index
		for q := range min(n, 500) {
			l.compare(t, rng, l.query(rng))
			need--
			if t.Failed() {
				t.Fatalf("index %d, query %d", i, q)
			}
		}
		l.close()
	}
}

// A library is an index with its documents.
type library struct {
	index *index.Index
	snap  *index.Snapshot
	docs  []*document // that are not deleted
	words []string
	names []string
	cache map[topk.Term]scores
}

type document struct {
	index.Document
	place
}

type place struct {
	view int
	doc  uint32
}

var testSettings = index.Settings{
	Schema:  index.Schema{Numbers: []string{"date", "votes"}, Keywords: []string{"category"}},
	Ranking: index.Ranking{K1: 1.6, B: 0.7, TitleWeight: 2},
	Lengths: index.DefaultLengths,
}

// newLibrary makes an index of a few to some thousand documents in several segments, of
// which some documents were replaced or deleted.
func newLibrary(t *testing.T, rng *rand.Rand) *library {
	x, err := index.Open(t.TempDir(), testSettings, index.Options{NoMerge: rng.IntN(2) == 0})
	if err != nil {
		t.Fatal(err)
	}
	l := &library{index: x, words: invent("w", 3+rng.IntN(60)), names: invent("n", 2+rng.IntN(10)), cache: map[topk.Term]scores{}}
	size := 1 + rng.IntN(120)
	if rng.IntN(12) == 0 {
		size = 3000 + rng.IntN(6000) // several blocks and windows
	}
	live := map[string]*document{}
	for range 1 + rng.IntN(5) {
		b := x.NewBuilder()
		for range 1 + rng.IntN(size) {
			d := l.document(rng, fmt.Sprintf("p%d", rng.IntN(2*size)))
			if b.Add(&d.Document) == nil { // not if the batch has the id already
				live[d.ID] = d
			}
		}
		var gone []string
		for range rng.IntN(10) {
			id := fmt.Sprintf("p%d", rng.IntN(2*size))
			if _, ok := b.Find(id); !ok {
				gone = append(gone, id)
				delete(live, id)
			}
		}
		if err := x.Install(b, gone); err != nil {
			t.Fatal(err)
		}
	}
	l.snap = x.Snapshot()
	for _, d := range live {
		for i, v := range l.snap.Views {
			if n, ok := v.Columns().Find(d.ID); ok && (v.Deleted == nil || !v.Deleted.Has(n)) {
				d.place = place{i, n}
			}
		}
		l.docs = append(l.docs, d)
	}
	if len(l.docs) == 0 {
		l.close()
		return newLibrary(t, rng)
	}
	if len(l.docs) != l.snap.Docs {
		t.Fatalf("the index has %d documents, expected %d", l.snap.Docs, len(l.docs))
	}
	return l
}

func (l *library) close() {
	l.snap.Release()
	l.index.Close()
}

func invent(prefix string, n int) (words []string) {
	for i := range n {
		words = append(words, fmt.Sprintf("%s%d", prefix, i))
	}
	return words
}

// draw returns a word, the first ones much more often.
func draw(rng *rand.Rand, words []string) string {
	x := rng.Float64()
	return words[int(x*x*x*float64(len(words)))]
}

func (l *library) document(rng *rand.Rand, id string) *document {
	d := &document{Document: index.Document{ID: id}}
	d.Title = l.tokens(rng, l.words, rng.IntN(8))
	d.Abstract = l.tokens(rng, l.words, rng.IntN(40))
	d.Authors = l.tokens(rng, l.names, rng.IntN(6))
	d.TitleLength, d.AbstractLength = len(d.Title), len(d.Abstract)
	for _, k := range []string{"k0", "k1", "k2"} {
		if rng.IntN(3) == 0 {
			d.Keys = append(d.Keys, k)
		}
	}
	d.Numbers = []int64{int64(rng.IntN(40)) - 20, int64(rng.IntN(5))}
	if rng.IntN(5) == 0 {
		d.Numbers[0] = column.Missing
	}
	d.Keywords = [][]string{nil}
	return d
}

// tokens draws a text. Now and then two words share a position, or one is skipped.
func (l *library) tokens(rng *rand.Rand, words []string, n int) (tokens []index.Token) {
	pos := uint32(0)
	for range n {
		tokens = append(tokens, index.Token{Term: draw(rng, words), Pos: pos})
		switch rng.IntN(12) {
		case 0:
		case 1:
			pos += 2
		default:
			pos++
		}
	}
	return tokens
}

func (l *library) term(rng *rand.Rand) topk.Term {
	t := topk.Term{Field: index.Text, Text: draw(rng, l.words), Boost: []float64{0, 0, 1, 0.5, 2.5}[rng.IntN(5)]}
	switch rng.IntN(10) {
	case 0:
		t.Text = "nowhere"
	case 1, 2:
		t.Field, t.Text = index.Author, draw(rng, l.names)
	}
	return t
}

func (l *library) query(rng *rand.Rand) *topk.Query {
	q := &topk.Query{K: 1 + rng.IntN(12), All: rng.IntN(3) == 0, Count: []int{0, 3, 50, 10_000}[rng.IntN(4)]}
	for range rng.IntN(6) {
		var clause topk.Clause
		for range 1 + rng.IntN(8)/6 + rng.IntN(8)/7 {
			clause = append(clause, l.term(rng))
		}
		q.Clauses = append(q.Clauses, clause)
	}
	if q.All && rng.IntN(2) == 0 {
		q.Phrase = l.phrase(rng)
		for _, term := range q.Phrase.Terms {
			q.Clauses = append(q.Clauses, topk.Clause{{Field: q.Phrase.Field, Text: term}})
		}
	}
	if rng.IntN(3) == 0 {
		q.Filter = l.match(rng, 3)
	}
	if rng.IntN(5) == 0 {
		q.Order = topk.Order{ByNumber: true, Column: rng.IntN(2), Ascending: rng.IntN(2) == 0}
	}
	return q
}

// phrase draws a phrase, most often from a document.
func (l *library) phrase(rng *rand.Rand) *topk.Phrase {
	p := &topk.Phrase{Field: index.Text, Slop: uint32(max(0, rng.IntN(8)-4))}
	switch rng.IntN(4) {
	case 0:
		p.Title = true
	case 1:
		p.Abstract = true
	}
	n := 2 + rng.IntN(3)
	text := l.tokens(rng, l.words, n)
	if len(l.docs) > 0 && rng.IntN(5) > 0 {
		d := l.docs[rng.IntN(len(l.docs))]
		text = [][]index.Token{d.Title, d.Abstract}[rng.IntN(2)]
		if from := rng.IntN(len(text) + 1); from+n <= len(text) {
			text = text[from : from+n]
		}
		text = text[:min(n, len(text))]
	}
	if len(text) == 0 {
		text = []index.Token{{Term: l.words[0]}}
	}
	for _, t := range text {
		p.Terms = append(p.Terms, t.Term)
		p.Offsets = append(p.Offsets, t.Pos-text[0].Pos)
	}
	return p
}

func (l *library) match(rng *rand.Rand, depth int) topk.Match {
	kind := rng.IntN(9)
	if depth == 0 {
		kind = rng.IntN(5)
	}
	several := func() (list []topk.Match) {
		for range rng.IntN(4) {
			list = append(list, l.match(rng, depth-1))
		}
		return list
	}
	switch kind {
	case 0:
		return topk.HasTerm{Field: index.Key, Text: fmt.Sprintf("k%d", rng.IntN(4))}
	case 1:
		return topk.Range{Column: rng.IntN(2), Min: int64(rng.IntN(30)) - 20, Max: int64(rng.IntN(30))}
	case 2:
		return topk.IDs{fmt.Sprintf("p%d", rng.IntN(100)), fmt.Sprintf("p%d", rng.IntN(100))}
	case 3:
		return l.phrase(rng)
	case 4, 5:
		h := topk.HasTerm{Field: index.Text, Text: draw(rng, l.words), Title: rng.IntN(3) == 0}
		h.Abstract = !h.Title && rng.IntN(3) == 0
		return h
	case 6:
		return topk.Every(several())
	case 7:
		return topk.Any(several())
	}
	return topk.Not{Match: l.match(rng, depth-1)}
}

// compare compares two pages of a query with the reference.
func (l *library) compare(t *testing.T, rng *rand.Rand, q *topk.Query) {
	t.Helper()
	want := l.exhaustive(q)
	for page, total := 0, len(want); page < 2; page++ {
		res, err := topk.Search(t.Context(), l.snap, q)
		if err != nil {
			t.Fatal(err)
		}
		expected := want[:min(q.K, len(want))]
		if got := list(res.Hits); got != list(expected) || res.Partial {
			t.Errorf("%s\n  page %d is  %s\n  expected %s", show(q), page, got, list(expected))
			return
		}
		if q.Count > 0 && (!res.AtLeast && res.Total != total || res.AtLeast && (res.Total > total || total <= q.Count)) {
			t.Errorf("%s\n  total %d (at least: %t), expected %d", show(q), res.Total, res.AtLeast, total)
		}
		if len(res.Hits) == 0 {
			break
		}
		q.After = &res.Hits[len(res.Hits)-1]
		want = want[len(res.Hits):]
	}
	if rng.IntN(4) == 0 {
		l.compareSet(t, q)
	}
}

// compareSet compares the set of all matches.
func (l *library) compareSet(t *testing.T, q *topk.Query) {
	t.Helper()
	var got, want []string
	_, partial, err := topk.Sets(t.Context(), l.snap, q, func(v index.View, docs *index.Bitmap) {
		for doc := range docs.All() {
			got = append(got, v.Columns().ID(doc))
		}
	})
	if err != nil || partial {
		t.Fatal(err, partial)
	}
	for _, h := range l.exhaustive(q) {
		want = append(want, h.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s\n  set is   %v\n  expected %v", show(q), got, want)
	}
}

func list(hits []topk.Hit) string {
	var b strings.Builder
	for _, h := range hits {
		fmt.Fprintf(&b, "%s:%d:%d ", h.ID, h.Score, h.Number)
	}
	return b.String()
}

func show(q *topk.Query) string {
	return fmt.Sprintf("%v all %t phrase %+v filter %+v order %+v k %d count %d after %+v", q.Clauses, q.All, q.Phrase, q.Filter, q.Order, q.K, q.Count, q.After)
}

// exhaustive returns all matches in order.
func (l *library) exhaustive(q *topk.Query) (hits []topk.Hit) {
	lists := make([][]scores, len(q.Clauses))
	for i, clause := range q.Clauses {
		for _, term := range clause {
			lists[i] = append(lists[i], l.scores(term))
		}
	}
	for _, d := range l.docs {
		score, found := uint32(0), 0
		for _, clause := range lists {
			in := false
			for _, list := range clause {
				s := list[d.view][d.doc]
				score, in = score+s, in || s > 0
			}
			if in {
				found++
			}
		}
		if len(lists) > 0 && (found == 0 || q.All && found < len(q.Clauses)) ||
			q.Phrase != nil && !l.has(d, q.Phrase) || q.Filter != nil && !l.has(d, q.Filter) {
			continue
		}
		h := topk.Hit{ID: d.ID, View: d.view, Doc: d.doc, Score: score}
		if q.Order.ByNumber || len(q.Clauses) == 0 {
			h.Score = 0
		}
		if q.Order.ByNumber {
			h.Number = d.Numbers[q.Order.Column]
			if q.Order.Ascending && h.Number != column.Missing {
				h.Number = -h.Number
			}
		}
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b topk.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Number, a.Number), cmp.Compare(a.ID, b.ID))
	})
	return hits
}

// Scores are those of a term by document, 0 where it is not.
type scores [][]uint32

// scores scores a term in all documents. Its lists are read whole.
func (l *library) scores(t topk.Term) scores {
	if known, ok := l.cache[t]; ok {
		return known
	}
	boost := t.Boost
	if boost == 0 {
		boost = 1
	}
	weight := index.Weight(l.snap.Docs, l.snap.DF(t.Field, t.Text), boost)
	var all scores
	for _, v := range l.snap.Views {
		list := make([]uint32, v.Len())
		var p index.Postings
		if p.Open(v.Segment, t.Field, t.Text) {
			for b := range p.Blocks() {
				p.Load(b)
				for k := range p.N {
					doc := p.Docs[k]
					list[doc] = index.Score(weight, l.snap.Scorer(t.Field).Impact(p.Code(k), v.Lengths(t.Field)[doc]))
				}
			}
		}
		all = append(all, list)
	}
	l.cache[t] = all
	return all
}

// has reports whether a document is in a set, by its text alone.
func (l *library) has(d *document, m topk.Match) bool {
	switch m := m.(type) {
	case topk.HasTerm:
		if m.Field == index.Key {
			return slices.Contains(d.Keys, m.Text)
		}
		in := func(tokens []index.Token) bool {
			return slices.ContainsFunc(tokens, func(t index.Token) bool { return t.Term == m.Text })
		}
		return !m.Abstract && in(d.Title) || !m.Title && in(d.Abstract)
	case topk.Range:
		n := d.Numbers[m.Column]
		return n != column.Missing && m.Min <= n && n <= m.Max
	case topk.IDs:
		return slices.Contains(m, d.ID)
	case *topk.Phrase:
		return !m.Abstract && hasPhrase(d.Title, m) || !m.Title && hasPhrase(d.Abstract, m)
	case topk.Every:
		return !slices.ContainsFunc(m, func(m topk.Match) bool { return !l.has(d, m) })
	case topk.Any:
		return slices.ContainsFunc(m, func(m topk.Match) bool { return l.has(d, m) })
	case topk.Not:
		return !l.has(d, m.Match)
	}
	panic(fmt.Sprintf("unknown set %T", m))
}

// hasPhrase reports whether a phrase stands in a text, by trying all ways.
func hasPhrase(text []index.Token, p *topk.Phrase) bool {
	last := len(p.Terms) - 1
	var from func(i int, start, least uint32) bool
	from = func(i int, start, least uint32) bool {
		for _, t := range text {
			if t.Term != p.Terms[i] || t.Pos < least || t.Pos-start > p.Offsets[last]+p.Slop {
				continue
			}
			if i == last || from(i+1, start, t.Pos+p.Offsets[i+1]-p.Offsets[i]) {
				return true
			}
		}
		return false
	}
	for _, t := range text {
		if t.Term == p.Terms[0] && (last == 0 || from(1, t.Pos, t.Pos+p.Offsets[1])) {
			return true
		}
	}
	return false
}
