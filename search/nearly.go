package search

import (
	"math/bits"
	"slices"

	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

// A question that is nearly a title, with slips of the pen, words missing or words too
// many, means that paper. How near is told by the words that question and title have in
// the same order, against the longer of the two.
const (
	// nearTitle is for a paper whose title is nearly the question, in parts of the idf of
	// the words that both have, as wholeTitle is.
	nearTitle = 0.5

	// nearly is which part of the words question and title have to share: two slips in
	// five words leave 0.6.
	nearly = 0.6

	// nearlySame is from where the question is taken for that title, and meaning not asked.
	nearlySame = 0.75

	// minShared is how many words that are no function words have to be shared at least,
	// unless all are. Titles of fewer words are near to many questions.
	minShared = 3

	// titleDepth is how many papers that have all words of the question in their titles are
	// looked at.
	titleDepth = 200

	// maxTitle is how many words a question for a title has at most. The longest of
	// 380,000 titles has 41.
	maxTitle = 42
)

// An alignment says how near a title is to a question.
type alignment struct {
	share   float64 // words shared, of the longer one
	idf     float64 // of the shared words that are no function words
	content int     // how many those are
	words   uint64  // which words of the question those are
}

// near reports whether a title is so near that it is probably meant.
func (a *alignment) near() bool {
	return a.share >= nearly && a.content >= minShared || a.share == 1 && a.content > 0
}

// hearNearly adds the signal of titles that the question nearly is.
func (s *searcher) hearNearly(w *witness, hits []ranked) {
	for i, a := range w.align(hits, s.spoken, s.looksFor) {
		if a.near() {
			w.order[i].final += int64(nearTitle * a.share * a.idf * scale)
			w.titled = w.titled || a.share >= nearlySame
		}
	}
}

// looksFor reports whether a word is looked for as what it may have been meant to be.
func (c *compiler) looksFor(w *spoken, m *meant) bool {
	return c.accepted[m.term] || c.snap.DF(index.Text, w.term) == 0
}

// align returns how near the title of each hit of e.order is. A word is also taken for
// what it may have been meant to be, if as says so. Only titles that are long enough to
// be near are read.
func (e *witness) align(hits []ranked, words []spoken, as func(*spoken, *meant) bool) []alignment {
	if len(words) > maxTitle {
		return nil
	}
	e.sort(hits)
	kept := e.order[:0]
	for _, h := range e.order {
		if n := int(e.snap.Views[h.View].TitleExtent(h.Doc)); float64(min(n, len(words))) >= nearly*float64(max(n, len(words))) {
			kept = append(kept, h)
		}
	}
	e.order = kept
	places := make([][]titlePlace, len(kept))
	for i := range words {
		e.places(places, i, words[i].term)
		for k := range words[i].meant {
			if m := &words[i].meant[k]; as(&words[i], m) {
				e.places(places, i, m.term)
			}
		}
	}
	list := make([]alignment, len(kept))
	for i, h := range kept {
		n := max(int(e.snap.Views[h.View].TitleExtent(h.Doc)), len(words))
		if float64(len(places[i])) >= nearly*float64(n) {
			list[i] = chain(places[i], words, n)
		}
	}
	return list
}

// titlePlace is where a word of the question stands in a title.
type titlePlace struct{ word, pos int }

// places adds where a term stands in the titles of the hits.
func (e *witness) places(places [][]titlePlace, word int, term string) {
	e.each(index.Text, term, func(hit, at int) {
		if at < 0 {
			return
		}
		e.positions = e.postings.Positions(e.positions[:0], at)
		e.work.Positions++
		h := e.order[hit]
		extent := e.snap.Views[h.View].TitleExtent(h.Doc)
		for _, p := range e.positions {
			if p >= extent {
				break
			}
			places[hit] = append(places[hit], titlePlace{word, int(p)})
		}
	})
}

// chain finds the most words in the order of both (the longest common subsequence), given
// the places by word; of equally many, those that weigh more.
func chain(places []titlePlace, words []spoken, longer int) alignment {
	type end struct {
		n     int
		idf   float64
		words uint64
	}
	ends := make([]end, len(places))
	var best end
	better := func(a, b *end) bool { return a.n > b.n || a.n == b.n && a.idf > b.idf }
	for i, p := range places {
		for j := range i {
			if places[j].word < p.word && places[j].pos < p.pos && better(&ends[j], &ends[i]) {
				ends[i] = ends[j]
			}
		}
		ends[i].n++
		if w := &words[p.word]; !w.stop {
			ends[i].idf += w.idf
			ends[i].words |= 1 << p.word
		}
		if better(&ends[i], &best) {
			best = ends[i]
		}
	}
	return alignment{float64(best.n) / float64(longer), best.idf, bits.OnesCount64(best.words), best.words}
}

// respellTitle finds out whether rare words of the question are misspelt words of a
// title, and makes the plan anew with what was meant if so.
func (s *searcher) respellTitle() {
	if !s.mayBeTitle() || !s.isDoubtful() {
		return
	}
	q := topk.Query{K: headSize, Filter: match(s.plan.filter)}
	for i := range s.spoken {
		if w := &s.spoken[i]; !w.stop {
			q.Clauses = append(q.Clauses, w.clause())
		}
	}
	q.Clauses = distinct(q.Clauses)
	best := s.nearest(&q)
	if best.share < 1 {
		q.K, q.Filter = titleDepth, match(slices.Concat(s.plan.filter, s.inTitle()))
		if whole := s.nearest(&q); whole.share > best.share {
			best = whole
		}
	}
	if best.near() {
		s.accept(best)
	}
}

// isDoubtful reports whether rare words of the question may have been meant to be others,
// which it looks up. It has no doubts where a paper has all words: that is quickly seen,
// as there is a rare one among them.
func (s *searcher) isDoubtful() (doubtful bool) {
	rare := func(w spoken) bool { return w.meant == nil && s.mayBeMisspelt(w.token) && !s.isName(w.token) }
	if !slices.ContainsFunc(s.spoken, rare) {
		return false
	}
	all := s.plan.all()
	all.K, all.Count = 1, 1
	if s.evaluate(&all).Total > 0 {
		return false
	}
	for i := range s.spoken {
		if w := &s.spoken[i]; rare(*w) {
			w.meant = s.meantBy(w.token)
			doubtful = doubtful || len(w.meant) > 0
		}
	}
	return doubtful
}

// mayBeTitle reports whether the question is words side by side, few enough for a title.
func (s *searcher) mayBeTitle() bool {
	_, side := s.answer.Query.Root.(query.Words)
	return side && !s.plan.structured() && len(s.spoken) > 1 && len(s.spoken) <= maxTitle
}

// clause looks for a word and what it may have been meant to be.
func (w *spoken) clause() topk.Clause {
	clause := topk.Clause{{Field: index.Text, Text: w.term, Boost: 1}}
	for _, m := range w.meant {
		clause = append(clause, topk.Term{Field: index.Text, Text: m.term, Boost: m.boost})
	}
	return clause
}

// inTitle has the papers with all words, or what they may have been meant to be, in their
// titles.
func (s *searcher) inTitle() (every topk.Every) {
	for i := range s.spoken {
		if w := &s.spoken[i]; !w.stop {
			every = append(every, setOf(w.clause(), query.Title))
		}
	}
	return every
}

// nearest returns how near the nearest of the titles is that a query finds.
func (s *searcher) nearest(q *topk.Query) (best alignment) {
	res := s.evaluate(q)
	hits := make([]ranked, len(res.Hits))
	for i, h := range res.Hits {
		hits[i] = ranked{h, int64(h.Score)}
	}
	w := witnesses.Get().(*witness)
	defer witnesses.Put(w)
	w.snap, w.work = s.snap, topk.Work{}
	for _, a := range w.align(hits, s.spoken, func(*spoken, *meant) bool { return true }) {
		if a.near() && (a.share > best.share || a.share == best.share && a.idf > best.idf) {
			best = a
		}
	}
	s.answer.Work.Add(w.work)
	w.snap = nil
	return best
}

// accept takes words as what a title says that they were meant to be.
func (s *searcher) accept(a alignment) {
	s.accepted = map[string]bool{}
	for i := range s.spoken {
		if w := &s.spoken[i]; a.words&(1<<i) != 0 {
			for _, m := range w.meant {
				s.accepted[m.term] = true
			}
		}
	}
	if len(s.accepted) > 0 {
		s.plan = s.compile(s.answer.Query, s.request.Filter)
	}
}
