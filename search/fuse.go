package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"broadsheet/search/rank"
	"broadsheet/search/vector"
)

const (
	// headDepth is how many hits by words are put in one order with those by meaning.
	headDepth = 100

	// someWords is what the score by words of a paper with some of them is worth, when
	// others have all.
	someWords = 0.75

	// nearDepth is how many papers nearest by meaning are, and flatDepth how many when
	// words do not tell papers apart: the paper that was meant is then often not among the
	// nearest hundred, and found by comparing word by word.
	nearDepth = 100
	flatDepth = 1000

	// steady is how many of the nearest have to stay for the search for more to end.
	steady = 10

	// fewWords are so few that papers with all of them are what was asked for, when there
	// are manyPapers.
	fewWords   = 4
	manyPapers = 100

	// mostAsked is how many words of a question are compared with papers word by word, the
	// most telling ones. Of pasted abstracts more add time only: CSFCube has nDCG@10 0.503
	// with 40 and with all.
	mostAsked = 32

	// rerankBlock is how many candidates are compared word by word before it is asked
	// whether more can change the answer.
	rerankBlock = 32
)

// A scored paper was found by words, by meaning or by both. Scores are in parts of the
// greatest of their kind, 0 where there is none.
type scored struct {
	place
	id                   string
	words, meaning, late float64
	score                float64
}

// fuse lists papers by words and by meaning in one order: the convex sum of their scores,
// each in parts of its greatest (Bruch, Gai and Ingber, An analysis of fusion functions
// for hybrid retrieval, TOIS 2023). Behind them are the others with words of the question.
func (s *searcher) fuse(after *mark) []mark {
	from := s.request.Offset
	if after != nil {
		from = int(after.key) + 1
	}
	from = min(from, MaxOffset+MaxLimit)
	wanted := from + s.request.Limit + 1
	byWords := s.byWords(wanted)
	if s.err != nil {
		return nil
	}
	list := s.ordered(byWords, wanted)
	if after != nil { // the list may have changed since
		for i := range list {
			if list[i].id == after.id {
				from = i + 1
			}
		}
	}
	var marks []mark
	for i := from; i < len(list) && len(marks) <= s.request.Limit; i++ {
		s.answer.Hits = append(s.answer.Hits, Hit{list[i].id, list[i].score})
		marks = append(marks, mark{tier: fusedTier, key: int64(i), id: list[i].id})
	}
	return marks
}

// byWords returns at least n hits by words, or all there are.
func (s *searcher) byWords(n int) []ranked {
	if s.request.Method == Semantic {
		return nil
	}
	offset := s.request.Offset
	s.depth, s.request.Offset = n+headDepth, 0 // so many may stand farther up by their meaning
	s.lexical(nil)
	s.request.Offset, s.answer.Hits = offset, nil
	return s.listed
}

// ordered returns the hits by words and those by meaning, in one order of which the
// first so many are what was asked for; the hits by words as they are where meaning has
// nothing to say.
func (s *searcher) ordered(byWords []ranked, wanted int) []scored {
	if s.request.Method == Adaptive && s.titled {
		s.stage("meaning", "not asked: the question is a title or an author", 0)
		return asTheyAre(byWords)
	}
	if s.request.Method == Adaptive && s.wordsSuffice() {
		s.stage("meaning", "not asked: enough papers have all words", 0)
		return asTheyAre(byWords)
	}
	list, flatness := headOf(byWords)
	if s.plan.spoken <= maxAll && s.found >= rank.FlatTenth {
		flatness = 0 // they are alike because they all have all that was asked for
	}
	m := s.meaningOf(Passage{Body: s.wording()})
	if m == nil {
		return asTheyAre(byWords)
	}
	depth := nearDepth
	if flatness > s.engine.constants.FlatFrom || s.request.Method != Adaptive {
		depth = flatDepth
	}
	near := s.closest(m, depth)
	if len(near) == 0 {
		return asTheyAre(byWords)
	}
	head := len(list)
	list = s.join(list, near, m.Vector)
	s.rerank(list, m, s.weights(flatness, m), wanted)
	list = farOut(list, max(wanted, nearDepth))
	if added := len(list) - head; len(byWords) <= headDepth {
		s.answer.Total += added
	} else {
		s.answer.AtLeast = s.answer.AtLeast || added > 0 // they may be among those by words
	}
	return s.rest(list, byWords)
}

// wordsSuffice reports whether words alone answer the question: it is a few words, and many
// papers have all of them. What these papers are about is told by where the words stand.
func (s *searcher) wordsSuffice() bool {
	return len(s.spoken) <= fewWords && s.found >= manyPapers && !s.anyListed
}

// asTheyAre lists hits by words.
func asTheyAre(byWords []ranked) []scored {
	list := make([]scored, len(byWords))
	for i, h := range byWords {
		list[i] = scored{place: place{h.View, h.Doc}, id: h.ID, score: float64(h.final) / scale}
	}
	return list
}

// farOut leaves out what was found by meaning only and stands behind the first so many.
func farOut(list []scored, first int) []scored {
	kept := list[:min(first, len(list))]
	for _, c := range list[len(kept):] {
		if c.words > 0 {
			kept = append(kept, c)
		}
	}
	return kept
}

// headOf returns the first hits by words as candidates, and how little the best of them
// stands out.
func headOf(byWords []ranked) ([]scored, float64) {
	head := byWords[:min(len(byWords), headDepth)]
	scores, list := make([]float64, len(head)), make([]scored, len(head))
	tiers := len(head) > 0 && head[0].final >= tierScore
	for i, h := range head {
		scores[i] = float64(wordScore(h))
		if tiers && h.final < tierScore {
			scores[i] *= someWords
		}
	}
	top := max(1, slices.Max(append(scores, 1)))
	for i, h := range head {
		list[i] = scored{place: place{h.View, h.Doc}, id: h.ID, words: scores[i] / top}
	}
	slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
	return list, rank.Flatness(scores)
}

// weights returns what each score counts.
func (s *searcher) weights(flatness float64, m *Meaning) rank.Weights {
	late := len(m.Words)
	if s.engine.model.Words() == nil {
		late = 0
	}
	if s.request.Method == Semantic {
		flatness = 1
	}
	w := s.engine.constants.WeightsFor(flatness, m.Known, late)
	if s.request.Method == Semantic {
		w.Words = 0
	}
	return w
}

// join adds what was found by meaning to the candidates, and to each of them how near it
// is.
func (s *searcher) join(list []scored, near []vector.Hit, question []float32) []scored {
	at := make(map[place]int, len(list)+len(near))
	for i, c := range list {
		at[c.place] = i
	}
	top := max(float64(near[0].Score), leastCosine)
	for _, h := range near {
		p := place{s.seen[h.Segment], h.Doc}
		i, ok := at[p]
		if !ok {
			i = len(list)
			list = append(list, scored{place: p, id: s.snap.Views[p.view].Columns().ID(p.doc)})
		}
		list[i].meaning = float64(h.Score) / top
		delete(at, p)
	}
	s.measure(list, at, question, top)
	return list
}

// measure gives the candidates that are not among the nearest, by their places, how near
// they are, view by view: the question is prepared once for each.
func (s *searcher) measure(list []scored, at map[place]int, question []float32, top float64) {
	for view := range s.snap.Views {
		r := s.snap.Views[view].Vectors()
		if r == nil {
			continue
		}
		var which []int
		var docs []uint32
		for p, i := range at {
			if p.view == view {
				which, docs = append(which, i), append(docs, p.doc)
			}
		}
		cosines := make([]float32, len(docs))
		vector.Cosines(cosines, question, r, docs)
		for k, i := range which {
			list[i].meaning = max(0, float64(cosines[k])/top)
		}
	}
}

// reranker is the memory of comparing papers word by word.
type reranker struct {
	late   rank.Late
	tokens [][]uint16
}

var rerankers = sync.Pool{New: func() any { return new(reranker) }}

// rerank compares the candidates with the question word by word, those with the best
// prospects first, and puts them in order. Adaptive ends when no further one would be
// among the wanted even if it were as near as the nearest so far.
func (s *searcher) rerank(list []scored, m *Meaning, w rank.Weights, wanted int) {
	for i := range list {
		c := &list[i]
		c.score = w.Words*c.words + w.Meaning*c.meaning
	}
	byScore(list)
	if w.Late == 0 {
		return
	}
	r := rerankers.Get().(*reranker)
	defer rerankers.Put(r)
	r.late.Start(s.engine.model.Words(), m.Words[:min(len(m.Words), mostAsked)])
	best, done, why := 0.0, 0, "all of them"
	for done < len(list) {
		if s.ctx.Err() != nil {
			break
		}
		if s.request.Method == Adaptive && done > wanted && settled(list[:done], list[done].score+s.engine.constants.Prospect*w.Late, w.Late, best, wanted) {
			why = "the rest is too far behind"
			break
		}
		if s.left() < rerankBlock*lateCost {
			s.partial, why = true, "the budget is used up"
			break
		}
		n := min(rerankBlock, len(list)-done)
		if s.request.Method != Adaptive {
			n = len(list) - done
		}
		s.compare(r, list[done:done+n])
		for _, c := range list[done : done+n] {
			best = max(best, c.late)
		}
		done += n
		s.answer.Reranked += n
	}
	s.stage("rerank", fmt.Sprintf("%d of %d papers compared word by word: %s", done, len(list), why), done)
	for i := range list[:done] {
		list[i].score += w.Late * list[i].late / max(best, 1e-6)
	}
	byScore(list)
}

// settled reports whether papers whose scores are at most this stay behind the wanted ones
// of a list.
func settled(list []scored, most, late, best float64, wanted int) bool {
	ahead := 0
	for _, c := range list {
		if c.score+late*c.late/max(best, 1e-6) > most {
			ahead++
		}
	}
	return ahead >= wanted
}

// compare gives candidates their late scores.
func (s *searcher) compare(r *reranker, list []scored) {
	for len(r.tokens) < len(list) {
		r.tokens = append(r.tokens, nil)
	}
	for i, c := range list {
		r.tokens[i] = r.tokens[i][:0]
		if v := s.snap.Views[c.view].Vectors(); v != nil {
			r.tokens[i] = v.Tokens(r.tokens[i], c.doc)
		}
		r.late.Add(r.tokens[i])
	}
	for i := range list {
		list[i].late = float64(r.late.Score(r.tokens[i]))
	}
}

// rest adds the hits by words behind the head that are not in the list.
func (s *searcher) rest(list []scored, byWords []ranked) []scored {
	if len(byWords) <= headDepth {
		return list
	}
	listed := make(map[place]bool, len(list))
	for _, c := range list {
		listed[c.place] = true
	}
	for _, h := range byWords[headDepth:] {
		if p := (place{h.View, h.Doc}); !listed[p] {
			list = append(list, scored{place: p, id: h.ID})
		}
	}
	return list
}

func byScore(list []scored) {
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.id, b.id))
	})
}
