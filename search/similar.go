package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
	"broadsheet/search/vector"
)

// Similar papers are found by what a paper means and by the words that it is about: of
// its title and abstract those with the greatest tf·idf.
const (
	// similarTerms is how many words: of query papers of CSFCube, 15 find papers with
	// nDCG@10 0.456, 25 with 0.529, 100 with 0.523. (With the logarithm of their
	// frequencies, 0.481.)
	similarTerms = 25

	// similarTitle is how many words of the abstract a word of the title is worth.
	similarTitle = 2

	// similarWeight is the part of meaning: a whole text says more of
	// what it means than a question. With plain words CSFCube, where questions are whole
	// abstracts, has nDCG@10 0.485 at 0, 0.516 at 0.3 and 0.521 to 0.532 at 0.4 to 0.7.
	similarWeight = 0.5

	// similarLeast is in how many papers a word is at least, itself included. Rarer
	// ones lead nowhere.
	similarLeast = 2
)

// Similar returns the papers that are most like one of which title and abstract are
// given, best first. That paper itself is left out if it has an id. The text need not be
// that of a paper: a long one counts by its passages. [Engine.Compare] says why.
func (e *Engine) Similar(ctx context.Context, id, title, abstract string, limit int) (hits []Hit, err error) {
	defer index.Recover(&err)
	snap := e.index.Snapshot()
	defer snap.Release()
	if limit = min(max(limit, 0), MaxLimit); limit == 0 {
		return nil, nil
	}
	s := &searcher{ctx: ctx, request: Request{Method: Hybrid}, plan: new(plan), started: time.Now()}
	s.compiler = &compiler{engine: e, snap: snap}
	var byWords []ranked
	if clauses := e.strongest(snap, title, abstract); len(clauses) > 0 {
		for _, h := range s.evaluate(&topk.Query{Clauses: clauses, K: max(limit+1, headDepth)}).Hits {
			byWords = append(byWords, ranked{h, int64(h.Score)})
		}
	}
	var near []vector.Hit
	weight := 0.0
	if e.model != nil {
		near, weight = s.likeText(title, abstract)
	}
	for _, h := range s.merge(byWords, near, weight) {
		if h.ID != id && len(hits) < limit {
			hits = append(hits, h.Hit)
		}
	}
	if err := cmp.Or(s.err, ctx.Err()); err != nil {
		return nil, fmt.Errorf("search: similar: %w", err)
	}
	return hits, nil
}

// A placed hit stands in a list.
type placed struct {
	Hit
	place place
}

// merge puts the first by words and those by meaning in one order, before the rest.
func (s *searcher) merge(byWords []ranked, near []vector.Hit, weight float64) []placed {
	head := byWords[:min(len(byWords), headDepth)]
	top := int64(1)
	for _, h := range head {
		top = max(top, wordScore(h))
	}
	scores := make(map[place]float64, len(head)+len(near))
	list := make([]placed, 0, len(byWords)+len(near))
	for _, h := range head {
		p := place{h.View, h.Doc}
		scores[p] = (1 - weight) * float64(wordScore(h)) / float64(top)
		list = append(list, placed{Hit{ID: h.ID}, p})
	}
	for _, h := range near {
		p := place{s.seen[h.Segment], h.Doc}
		if _, ok := scores[p]; !ok {
			list = append(list, placed{Hit{ID: s.snap.Views[p.view].Columns().ID(p.doc)}, p})
		}
		scores[p] += weight * float64(h.Score/near[0].Score)
	}
	for i := range list {
		list[i].Score = scores[list[i].place]
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	return list
}

// strongest returns the words that a paper is about.
func (e *Engine) strongest(snap *index.Snapshot, title, abstract string) []topk.Clause {
	counts := map[string]float64{}
	for i, text := range []string{title, abstract} {
		for _, t := range e.analyze(head(text, maxTextBytes)) {
			if t.Kind == analysis.Stop || !t.Kind.Counts() {
				continue
			}
			if i == 0 {
				counts[t.Term] += similarTitle
			} else {
				counts[t.Term]++
			}
		}
	}
	type weighted struct {
		term   string
		n      float64
		weight float64
	}
	var list []weighted
	for term, n := range counts {
		if df := snap.DF(index.Text, term); df >= similarLeast {
			list = append(list, weighted{term, n, n * idf(snap.Docs, df)})
		}
	}
	slices.SortFunc(list, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term))
	})
	var clauses []topk.Clause
	for _, w := range list[:min(len(list), similarTerms)] {
		clauses = append(clauses, topk.Clause{{Field: index.Text, Text: w.term, Boost: w.n}})
	}
	return clauses
}

// IDs yields the ids of all papers that match a question and a filter, in no order that
// means anything. They are those with all words, or with any if there is none. Memory
// is a bit for each paper of the index. An error is the last thing that is yielded.
func (e *Engine) IDs(ctx context.Context, q, filter query.Query) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := e.ids(ctx, q, filter, func(id string) bool { return yield(id, nil) }); err != nil {
			yield("", fmt.Errorf("search: ids: %w", err))
		}
	}
}

func (e *Engine) ids(ctx context.Context, q, filter query.Query, yield func(string) bool) error {
	snap := e.index.Snapshot()
	defer snap.Release()
	found, err := e.matches(ctx, snap, q, filter)
	if err != nil {
		return err
	}
	for i, docs := range found {
		for doc := range docs.All() {
			if err := ctx.Err(); err != nil {
				return err
			}
			if !yield(snap.Views[i].Columns().ID(doc)) {
				return nil
			}
		}
	}
	return nil
}

// matches returns the documents that match, for each view.
func (e *Engine) matches(ctx context.Context, snap *index.Snapshot, q, filter query.Query) (found []*index.Bitmap, err error) {
	defer index.Recover(&err)
	c := &compiler{engine: e, snap: snap}
	p := c.compile(q, filter)
	if p.empty && q.Root != nil {
		return nil, nil
	}
	for _, q := range []topk.Query{p.all(), p.any()} {
		n := 0
		found = found[:0]
		_, partial, err := topk.Sets(ctx, snap, &q, func(_ index.View, docs *index.Bitmap) {
			n += docs.Count()
			found = append(found, docs.Clone())
		})
		switch {
		case err != nil:
			return nil, err
		case c.err != nil:
			return nil, c.err
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case partial:
			return nil, errTooBroad
		case n > 0 || p.spoken < 2:
			return found, nil
		}
	}
	return found, nil
}

var errTooBroad = errors.New("the question is so broad that not all papers were looked at")

// has reports whether a paper is in the index.
func has(snap *index.Snapshot, id string) bool {
	for _, v := range snap.Views {
		if doc, ok := v.Columns().Find(id); ok && (v.Deleted == nil || !v.Deleted.Has(doc)) {
			return true
		}
	}
	return false
}
