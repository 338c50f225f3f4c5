package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/rank"
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

	// Words returns the vectors of its words, or nil.
	Words() *vector.Words
}

// A Passage is a text that has a meaning. A question has no title.
type Passage struct{ Title, Body string }

// A Meaning is what a model makes of a text.
type Meaning struct {
	Vector []float32 // of length 1; nil for a text that says nothing
	Known  float64   // share of its words that the model knows, 0 to 1

	// Words are those that the model knows, each once, the most telling first; nothing
	// when the model has no vectors of words.
	Words []rank.Word
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
	// leastTrust is what meaning is asked for at least: with three words of four known,
	// it would say nothing.
	leastTrust = 0.01

	// leastCosine is how near a paper has to be to be found by meaning. Texts that have
	// nothing to do with each other are at 0, give or take 0.1.
	leastCosine = 0.2

	// rescoreEach is how many codes are rescored for each of the nearest that are wanted,
	// and rescoreAll how many more of them there are in Hybrid.
	rescoreEach = 10
	rescoreAll  = 2

	// fusedTier marks places in the fused list.
	fusedTier = 2
)

// byMeaning reports whether meaning can say something on the question.
func (s *searcher) byMeaning() bool {
	return s.engine.model != nil && s.request.Method != Lexical && s.request.Sort == ByScore &&
		!s.nothing && s.plan.ranked() && !s.plan.open() && len(s.spoken) > 0
}

// meaningOf returns what a text means, or nil when nothing can be said of it.
func (s *searcher) meaningOf(text Passage) *Meaning {
	m, err := s.engine.model.Embed(s.ctx, []Passage{text})
	switch {
	case err != nil || len(m[0].Vector) == 0:
		s.stage("meaning", "not asked: "+reason(err), 0)
		return nil
	case s.engine.constants.Trusted(m[0].Known) < leastTrust && s.request.Method != Semantic:
		s.stage("meaning", fmt.Sprintf("not asked: only %.0f %% of the words are known", 100*m[0].Known), 0)
		return nil
	}
	return &m[0]
}

// closest returns so many papers at most, those nearest to a meaning. Adaptive ends when the
// first of them have not changed for a while.
func (s *searcher) closest(m *Meaning, depth int) []vector.Hit {
	q := vector.Query{Vector: m.Vector, K: depth, Steady: steady, Rescore: rescoreEach * depth,
		PatiencePart: s.engine.constants.Patience, Budget: s.left()}
	if s.request.Method != Adaptive {
		q.Patience, q.Rescore = -1, rescoreAll*q.Rescore
	}
	segments, err := s.segments()
	if err == nil && len(segments) > 0 {
		var res vector.Result
		if res, err = vector.Search(s.ctx, s.engine.model.Coder(), segments, q); err == nil {
			s.answer.Vectors = res.Work
			s.stage("meaning", fmt.Sprintf("%d codes, %d vectors, %d of %d partitions; ended by %s; %.0f %% of the words known",
				res.Work.Compared, res.Work.Rescored, res.Work.Probed, res.Work.Partitions, res.Exit, 100*m.Known), len(res.Hits))
			return closeOnes(res.Hits)
		}
	}
	if err != nil && s.err == nil && s.ctx.Err() == nil {
		s.stage("meaning", "failed: "+err.Error(), 0)
	}
	return nil
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
