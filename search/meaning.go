package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
	"broadsheet/search/vector"
)

// A Model turns texts into vectors, so that papers are found by what they mean. An index
// keeps the vectors of the model it was made with; see [vector.Coder].
type Model interface {
	// Coder makes codes of the model's vectors, and tells models apart.
	Coder() *vector.Coder

	// Embed returns the meaning of each text.
	Embed(ctx context.Context, texts []Passage) ([]Meaning, error)
}

// A Passage is a text that has a meaning. A question has no title.
type Passage struct{ Title, Body string }

// A Meaning is what a model makes of a text.
type Meaning struct {
	Vector []float32 // of length 1; nil for a text that says nothing
	Known  float64   // share of its words that the model knows, 0 to 1
}

// A Method is a way to find papers.
type Method uint8

// The methods. Without a model all are Lexical.
const (
	Adaptive Method = iota // as Hybrid, but what will not change the answer is not done
	Lexical                // by words
	Semantic               // by meaning
	Hybrid                 // by both
)

const (
	// fuseDepth is how many hits by words, and how many by meaning, are put in one
	// order. What stands farther below in both is not among the first of it.
	fuseDepth = 100

	// meaningWeight is the part of meaning in the order, against words, where the
	// model knows all words of the question. Of judged collections CISI and CSFCube
	// would have 0.4 to 0.5, SciFact, of whose words the built-in model knows fewer,
	// 0.1; see doc/model.md.
	meaningWeight = 0.3

	// trust is how fast the weight falls with the share of words that the model does not
	// know: questions of SciFact have 13 % of them, and 0.687 nDCG@10 with 2, 0.693
	// with 8 and 0.697 with 16; those of the other collections have 1 %.
	trust = 16

	// leastWeight is what meaning is asked for at least: with three words of four known,
	// it would say nothing.
	leastWeight = 0.003

	// leastCosine is how near a paper has to be to be found by meaning. Texts that have
	// nothing to do with each other are at 0, give or take 0.1.
	leastCosine = 0.2

	// fullDepth is how many codes Hybrid rescores. Adaptive takes what package vector does.
	fullDepth = 1000

	// fusedTier marks places in the fused list.
	fusedTier = 2
)

// byMeaning reports whether meaning can say something on the question.
func (s *searcher) byMeaning() bool {
	return s.engine.model != nil && s.request.Method != Lexical && s.request.Sort == ByScore &&
		!s.nothing && s.plan.ranked() && !s.plan.open() && len(s.spoken) > 0
}

// fuse lists papers by words and by meaning in one order: the convex sum of both scores,
// each in parts of its greatest (Bruch, Gai and Ingber, An analysis of fusion functions
// for hybrid retrieval, TOIS 2023). Behind them are the others with words of the question.
func (s *searcher) fuse(after *mark) []mark {
	from := s.request.Offset
	if after != nil {
		from = int(after.key) + 1
	}
	from = min(from, MaxOffset+MaxLimit)
	byWords := s.byWords(from + s.request.Limit + 1)
	var near []vector.Hit
	weight := 0.0
	switch {
	case s.err != nil:
		return nil
	case s.request.Method == Adaptive && s.titled:
		s.stage("meaning", "not asked: the question is a title or an author", 0)
	default:
		near, weight = s.byVectors(Passage{Body: s.wording()})
	}
	list := s.merge(byWords, near, weight)
	if after != nil { // the list may have changed since
		for i := range list {
			if list[i].ID == after.id {
				from = i + 1
			}
		}
	}
	var marks []mark
	for i := from; i < len(list) && len(marks) <= s.request.Limit; i++ {
		s.answer.Hits = append(s.answer.Hits, list[i].Hit)
		marks = append(marks, mark{tier: fusedTier, key: int64(i), id: list[i].ID})
	}
	return marks
}

// byWords returns at least n hits by words, or all there are.
func (s *searcher) byWords(n int) []ranked {
	if s.request.Method == Semantic {
		return nil
	}
	offset := s.request.Offset
	s.depth, s.request.Offset = n+fuseDepth, 0 // so many may stand farther up by their meaning
	s.lexical(nil)
	s.request.Offset, s.answer.Hits = offset, nil
	return s.listed
}

// byVectors returns the papers nearest to a text, and the weight that they have.
func (s *searcher) byVectors(text Passage) ([]vector.Hit, float64) {
	m, err := s.engine.model.Embed(s.ctx, []Passage{text})
	if err != nil || len(m[0].Vector) == 0 {
		s.stage("meaning", "not asked: "+reason(err), 0)
		return nil, 0
	}
	weight := meaningWeight * math.Pow(m[0].Known, trust)
	if weight < leastWeight && s.request.Method != Semantic {
		s.stage("meaning", fmt.Sprintf("not asked: only %.0f %% of the words are known", 100*m[0].Known), 0)
		return nil, 0
	}
	q := vector.Query{Vector: m[0].Vector, K: fuseDepth}
	if s.request.Method != Adaptive {
		q.Patience, q.Rescore = -1, fullDepth
	}
	segments, err := s.segments()
	if err == nil && len(segments) > 0 {
		var res vector.Result
		if res, err = vector.Search(s.ctx, s.engine.model.Coder(), segments, q); err == nil {
			s.answer.Vectors = res.Work
			s.stage("meaning", fmt.Sprintf("%d codes, %d vectors, %d of %d partitions; ended by %s; %.0f %% of the words known",
				res.Work.Compared, res.Work.Rescored, res.Work.Probed, res.Work.Partitions, res.Exit, 100*m[0].Known), len(res.Hits))
			return closeOnes(res.Hits), weight
		}
	}
	if err != nil && s.err == nil && s.ctx.Err() == nil {
		s.stage("meaning", "failed: "+err.Error(), 0)
	}
	return nil, 0
}

// closeOnes returns the hits that are near enough; the nearest come first.
func closeOnes(hits []vector.Hit) []vector.Hit {
	for i, h := range hits {
		if h.Score < leastCosine {
			return hits[:i]
		}
	}
	return hits
}

func reason(err error) string {
	if err != nil {
		return err.Error()
	}
	return "no word is known"
}

// wording returns the question as a text.
func (s *searcher) wording() string {
	if s.request.Text != "" && !s.plan.structured() {
		return s.request.Text
	}
	var words []string
	for i, w := range s.spoken {
		if i == 0 || w.text != s.spoken[i-1].text { // not a part of the word before
			words = append(words, w.text)
		}
	}
	return strings.Join(words, " ")
}

// segments returns what of the snapshot has vectors, with the papers that may be found:
// those that the question requires otherwise than by words side by side.
func (s *searcher) segments() (segments []vector.Segment, err error) {
	s.seen = s.seen[:0]
	required := s.plan.filter
	if w, ok := s.answer.Query.Root.(query.Word); !ok || w.Field != query.Any || w.Prefix {
		required = slices.Concat(required, s.plan.required())
	}
	add := func(i int, allowed []uint64) {
		v := s.snap.Views[i]
		if v.Vectors() == nil {
			return
		}
		g := vector.Segment{Reader: v.Vectors(), Allowed: allowed, ID: v.Columns().ID}
		if v.Deleted != nil {
			g.Deleted = v.Deleted.Words()
		}
		s.seen, segments = append(s.seen, i), append(segments, g)
	}
	if len(required) == 0 {
		for i := range s.snap.Views {
			add(i, nil)
		}
		return segments, nil
	}
	i := 0
	_, partial, err := topk.Sets(s.ctx, s.snap, &topk.Query{Filter: match(required)}, func(_ index.View, docs *index.Bitmap) {
		add(i, slices.Clone(docs.Words()))
		i++
	})
	s.partial = s.partial || partial
	return segments, err
}

// A placed hit stands in a list.
type placed struct {
	Hit
	place place
}

// merge puts the first by words and those by meaning in one order, before the rest.
func (s *searcher) merge(byWords []ranked, near []vector.Hit, weight float64) []placed {
	if s.request.Method == Semantic {
		weight = 1
	}
	head := byWords[:min(len(byWords), fuseDepth)]
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
	if added := len(list) - len(head); len(byWords) <= fuseDepth {
		s.answer.Total += added
	} else {
		s.answer.AtLeast = s.answer.AtLeast || added > 0 // they may be among those by words
	}
	for _, h := range byWords[len(head):] {
		if _, ok := scores[place{h.View, h.Doc}]; !ok {
			list = append(list, placed{Hit{ID: h.ID}, place{h.View, h.Doc}})
		}
	}
	return list
}

// wordScore is the score by words, without what puts papers with all words first.
func wordScore(h ranked) int64 {
	if h.final >= tierScore {
		return h.final - tierScore
	}
	return h.final
}

// method returns how the hits were found.
func (s *searcher) method() Method {
	if !s.byMeaning() {
		return Lexical
	}
	return s.request.Method
}

// structured reports whether the question is more than words side by side.
func (p *plan) structured() bool {
	return len(p.musts) > 1 || len(p.extras)+len(p.filter) > 0 || p.phrase != nil
}
