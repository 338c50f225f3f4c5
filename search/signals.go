package search

import (
	"cmp"
	"slices"
	"sync"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

// The signals that order the head of a list besides BM25F, each in parts of the idf of
// the words that it is about. Their gains are those over all before them, in the mean
// reciprocal rank of a paper among 100,000 real ones that is looked for by the first
// three words of its title (F), by three or four words that follow each other in its title
// (A), by three words of its title in any order (S), and by three of its abstract (B).
// Without signals these are F 0.730, A 0.625, S 0.778, B 0.324.
//
// They hold for questions of at most maxAll words: on sentences, as SciFact, Cranfield
// and CISI have them, neighbouring words (in order, or within 4, 8 or 16 words) and
// words in the title gained less than 0.003 nDCG@10 or lost. Only the whole title
// is looked for whatever the length. Nearness without order gained nothing over pairs.
const (
	// wholeTitle is for a paper whose title is the question, which is what was
	// copied. Of whole titles 0.998 are first without it and all with it.
	wholeTitle = 0.5

	// allInTitle is for a paper with all words in its title: that is what it is
	// about. F +0.064, A +0.093, S +0.104.
	allInTitle = 0.4

	// pair is for two words that follow each other as in the question, and counts
	// the rarer of the two: terms of the field are pairs, triples are two pairs. It
	// saturates with the occurrences as BM25 does. F +0.049, A +0.064, S -0.004,
	// B +0.158.
	pair     = 1.0
	pairHalf = 1.2 // occurrences at which half is reached

	// titlePair is for such a pair in the title. F +0.009, A +0.019.
	titlePair = 0.3

	// exactForm is for a word of the title in the very form that was asked for,
	// where that is not its stem: "transformers", not "transforms". F +0.006,
	// A +0.006, S +0.010, B -0.009.
	exactForm = 0.1
)

// A spoken word is a word of the question in its place.
type spoken struct {
	text        string // as it was asked for
	term, exact string
	pos         uint32
	stop        bool
	idf         float64
	token       analysis.Token
	meant       []meant // what it may have been meant to be
}

// spokenWords returns the words of a question that have to be found, in its order.
func (c *compiler) spokenWords(q query.Query) (words []spoken) {
	next := uint32(0)
	query.Walk(q.Root, func(n query.Node) bool {
		switch n := n.(type) {
		case query.Or, query.Not:
			return false
		case query.Word:
			if n.Field == query.Author || n.Prefix {
				break
			}
			start := next
			for _, t := range c.engine.analyze(n.Text) {
				if t.Kind.Counts() {
					words = append(words, c.spokenWord(n.Text, t, start))
					next = start + t.Pos + 1
				}
			}
		}
		return true
	})
	return words
}

func (c *compiler) spokenWord(text string, t analysis.Token, start uint32) spoken {
	w := spoken{text: text, term: t.Term, exact: t.Exact, pos: start + t.Pos, stop: t.Kind == analysis.Stop, idf: c.idf(t.Term)}
	w.token = t
	if c.isUnknown(t) {
		w.meant = c.meantBy(t)
	}
	return w
}

func (c *compiler) idf(term string) float64 {
	return idf(c.snap.Docs, c.snap.DF(index.Text, term))
}

// reorder puts the head of a list in order. Its cost is bounded by headSize and maxAll:
// some 150 lists of positions for three words.
func (s *searcher) reorder(hits []ranked) {
	content := slices.DeleteFunc(slices.Clone(s.spoken), func(w spoken) bool { return w.stop })
	if len(content) > 0 {
		w := witnesses.Get().(*witness)
		w.snap, w.work = s.snap, topk.Work{}
		if len(content) <= maxAll {
			w.hear(hits, content)
		}
		w.hearTitles(hits, s.spoken)
		s.whole = s.whole || w.titled
		if !w.titled && !s.plan.structured() {
			s.hearNearly(w, hits)
		}
		s.titled, w.titled = s.titled || w.titled, false
		s.answer.Work.Add(w.work)
		w.snap = nil
		witnesses.Put(w)
	}
	s.hearAuthor(hits)
	byFinal(hits)
}

// A witness reads from the index what speaks for a hit. It is kept for its memory.
type witness struct {
	snap      *index.Snapshot
	work      topk.Work
	postings  index.Postings
	titled    bool      // a hit has the question as its title
	order     []*ranked // by place
	positions []uint32  // of all words in all hits
	spans     [][2]int  // of positions: by word, then by hit in order
}

var witnesses = sync.Pool{New: func() any { return new(witness) }}

// hear adds the signals of the words to the hits.
func (e *witness) hear(hits []ranked, words []spoken) {
	e.sort(hits)
	e.read(words)
	sum := 0.0
	for _, w := range words {
		sum += w.idf
	}
	for i, h := range e.order {
		extent := e.snap.Views[h.View].TitleExtent(h.Doc)
		score, all := 0.0, true
		for w := range words {
			at := e.at(w, i)
			all = all && len(at) > 0 && at[0] < extent
			if w > 0 {
				score += e.pairs(words, w, i, extent)
			}
		}
		if all {
			score += allInTitle * sum
		}
		h.final += int64(score * scale)
	}
	e.exactForms(words)
}

// pairs returns what a word and the one before are worth together in a hit.
func (e *witness) pairs(words []spoken, w, hit int, extent uint32) float64 {
	n, inTitle := follows(e.at(w-1, hit), e.at(w, hit), words[w].pos-words[w-1].pos, extent)
	if n == 0 {
		return 0
	}
	worth := pair * float64(n) / (float64(n) + pairHalf)
	if inTitle {
		worth += titlePair
	}
	return worth * min(words[w-1].idf, words[w].idf)
}

// follows counts how often a position of b is by distance behind one of a, and tells
// whether the first time is in the title.
func follows(a, b []uint32, distance, extent uint32) (n int, inTitle bool) {
	for _, p := range a {
		for len(b) > 0 && b[0] < p+distance {
			b = b[1:]
		}
		if len(b) == 0 {
			break
		}
		if b[0] == p+distance {
			inTitle = inTitle || n == 0 && b[0] < extent
			n++
		}
	}
	return n, inTitle
}

// sort puts the hits in the order in which they lie in the index.
func (e *witness) sort(hits []ranked) {
	e.order = e.order[:0]
	for i := range hits {
		e.order = append(e.order, &hits[i])
	}
	slices.SortFunc(e.order, func(a, b *ranked) int {
		return cmp.Or(cmp.Compare(a.View, b.View), cmp.Compare(a.Doc, b.Doc))
	})
}

// read reads the positions of the words in the hits.
func (e *witness) read(words []spoken) {
	e.positions, e.spans = e.positions[:0], e.spans[:0]
	for _, w := range words {
		e.each(index.Text, w.term, func(_, place int) {
			from := len(e.positions)
			if place >= 0 {
				e.positions = e.postings.Positions(e.positions, place)
				e.work.Positions++
			}
			e.spans = append(e.spans, [2]int{from, len(e.positions)})
		})
	}
}

// at returns the positions of a word in a hit.
func (e *witness) at(word, hit int) []uint32 {
	span := e.spans[word*len(e.order)+hit]
	return e.positions[span[0]:span[1]]
}

// each calls fn for each hit in order, with the term's posting in the current block, or
// -1 if the hit does not have the term.
func (e *witness) each(f index.Field, term string, fn func(hit, place int)) {
	view, open, block := -1, false, 0
	for i, h := range e.order {
		if h.View != view {
			view, block = h.View, 0
			open = e.postings.Open(e.snap.Views[view].Segment, f, term)
		}
		place := -1
		if open {
			if block = e.postings.BlockOf(block, h.Doc); block < e.postings.Blocks() {
				if e.postings.Block() != block {
					e.postings.Load(block)
					e.work.Postings += e.postings.N
				}
				if k := e.postings.Find(h.Doc); k < e.postings.N && e.postings.Docs[k] == h.Doc {
					place = k
				}
			} else {
				open = false
			}
		}
		fn(i, place)
	}
}

// exactForms adds to the hits the words of their titles in the form that was asked for.
func (e *witness) exactForms(words []spoken) {
	for _, w := range words {
		if w.exact == "" {
			continue
		}
		e.each(index.Exact, w.exact, func(hit, place int) {
			if place >= 0 {
				e.order[hit].final += int64(exactForm * w.idf * scale)
			}
		})
	}
}

// hearTitles adds the signal of a whole title. Only hits whose titles are as long as
// the question are looked at.
func (e *witness) hearTitles(hits []ranked, words []spoken) {
	e.titled = false
	length, sum := words[len(words)-1].pos+1, 0.0
	for _, w := range words {
		if !w.stop {
			sum += w.idf
		}
	}
	e.sort(hits)
	e.order = slices.DeleteFunc(e.order, func(h *ranked) bool {
		return e.snap.Views[h.View].TitleExtent(h.Doc) != length
	})
	for _, w := range words {
		if len(e.order) == 0 {
			return
		}
		same := e.order[:0:0]
		e.each(index.Text, w.term, func(hit, place int) {
			if place < 0 {
				return
			}
			e.positions = e.postings.Positions(e.positions[:0], place)
			e.work.Positions++
			if _, ok := slices.BinarySearch(e.positions, w.pos); ok {
				same = append(same, e.order[hit])
			}
		})
		e.order = same
	}
	e.titled = len(e.order) > 0
	for _, h := range e.order {
		h.final += int64(wholeTitle * sum * scale)
	}
}
