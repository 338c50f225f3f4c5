package topk

import (
	"cmp"
	"slices"

	"broadsheet/search/index"
	"broadsheet/search/pack"
)

// A conjunction goes through the shortest list and looks its documents up in the
// others, a block at a time. Block maxima are of no use here: where all lists meet,
// most documents are worth their score.
type conjunction struct {
	lists  []list
	docs   []uint32
	places []uint32 // of docs in the block of the shortest list
	scores []uint32 // of the lists looked at so far, without the shortest
	phrase phraseReader
	total  int // matches so far, over all views
}

// A list is the documents of one clause: a cursor, or for a clause of several terms
// their merged postings.
type list struct {
	c      *cursor
	docs   []uint32
	scores []uint32
	at     int
	size   int
}

func (s *searcher) conjunction(v index.View) {
	q, j := s.query, &s.conj
	j.lists = j.lists[:0]
	for i, clause := range q.Clauses {
		l, ok := s.list(v, clause, s.weights[i])
		if !ok {
			return
		}
		j.lists = append(j.lists, l)
	}
	slices.SortFunc(j.lists, func(a, b list) int { return cmp.Compare(a.size, b.size) })
	if q.Phrase != nil && !s.openPhrase(&j.phrase, q.Phrase, v) {
		return
	}
	for s.more() && s.batch() {
		for i := 1; i < len(j.lists) && len(j.docs) > 0; i++ {
			s.intersect(&j.lists[i])
		}
		s.scoreBatch()
		for i, doc := range j.docs {
			if !s.passes(doc) {
				continue
			}
			// Past the count that is asked for, only what can be a hit is worth its
			// positions.
			if q.Phrase != nil && (j.total > q.Count && j.scores[i] < s.best.theta() || !s.hasPhrase(&j.phrase, doc)) {
				continue
			}
			j.total++
			if j.scores[i] >= s.best.theta() {
				s.work.Candidates++
				s.best.add(int64(j.scores[i]), s.view, doc)
			}
		}
	}
}

// list opens a clause. It reports false when no document has any of its terms.
func (s *searcher) list(v index.View, clause Clause, weights []uint32) (list, bool) {
	var cursors []*cursor
	for i, t := range clause {
		if c := s.cursor(); c.open(s.snap, v, t, weights[i]) {
			cursors = append(cursors, c)
		}
	}
	switch len(cursors) {
	case 0:
		return list{}, false
	case 1:
		return list{c: cursors[0], size: cursors[0].DF()}, true
	}
	var l list
	for _, c := range cursors {
		docs, scores := s.readAll(c)
		if l.docs == nil {
			l.docs, l.scores = docs, scores
		} else {
			l.docs, l.scores = union(l.docs, l.scores, docs, scores)
		}
	}
	l.size = len(l.docs)
	return l, true
}

func (s *searcher) readAll(c *cursor) (docs, scores []uint32) {
	docs, scores = make([]uint32, 0, c.DF()), make([]uint32, 0, c.DF())
	for b := range c.Blocks() {
		c.Load(b)
		c.LoadCodes()
		s.work.Postings += c.N
		s.work.Scored += c.N
		docs = append(docs, c.Docs[:c.N]...)
		for i := range c.N {
			scores = append(scores, c.score(i))
		}
	}
	return docs, scores
}

// union merges two sorted lists and adds the scores of documents in both.
func union(a, as, b, bs []uint32) (docs, scores []uint32) {
	docs, scores = make([]uint32, 0, len(a)+len(b)), make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			docs, scores = append(docs, a[0]), append(scores, as[0])
			a, as = a[1:], as[1:]
		case len(a) == 0 || b[0] < a[0]:
			docs, scores = append(docs, b[0]), append(scores, bs[0])
			b, bs = b[1:], bs[1:]
		default:
			docs, scores = append(docs, a[0]), append(scores, as[0]+bs[0])
			a, as, b, bs = a[1:], as[1:], b[1:], bs[1:]
		}
	}
	return docs, scores
}

// batch takes the next documents of the shortest list.
func (s *searcher) batch() bool {
	j := &s.conj
	l := &j.lists[0]
	j.docs, j.places, j.scores = j.docs[:0], j.places[:0], j.scores[:0]
	if l.c == nil {
		end := min(l.at+pack.Block, len(l.docs))
		j.docs = append(j.docs, l.docs[l.at:end]...)
		j.scores = append(j.scores, l.scores[l.at:end]...)
		l.at = end
	} else if c := l.c; c.from < c.Blocks() {
		c.Load(c.from)
		c.from++
		s.work.Postings += c.N
		j.docs = append(j.docs, c.Docs[:c.N]...)
		j.scores = append(j.scores, noScores[:c.N]...)
	}
	j.places = append(j.places, places[:len(j.docs)]...)
	return len(j.docs) > 0
}

var (
	noScores [pack.Block]uint32
	places   = func() (p [pack.Block]uint32) {
		for i := range p {
			p[i] = uint32(i)
		}
		return p
	}()
)

// scoreBatch adds the scores of the shortest list to what is left of the batch.
func (s *searcher) scoreBatch() {
	j := &s.conj
	c := j.lists[0].c
	if c == nil || len(j.docs) == 0 {
		return
	}
	c.LoadCodes()
	s.work.Scored += len(j.docs)
	for i, place := range j.places {
		j.scores[i] += c.score(int(place))
	}
}

// intersect keeps the documents of the batch that are in another list, too.
func (s *searcher) intersect(l *list) {
	j := &s.conj
	kept := 0
	for i, doc := range j.docs {
		var score uint32
		if l.c != nil {
			if s.work.Probes++; !l.c.load(doc, &s.work) {
				break
			}
			if l.c.Docs[l.c.at] != doc {
				continue
			}
			l.c.LoadCodes()
			s.work.Scored++
			score = l.c.score(l.c.at)
		} else {
			for l.at < len(l.docs) && l.docs[l.at] < doc {
				l.at++
			}
			if l.at == len(l.docs) {
				break
			}
			if l.docs[l.at] != doc {
				continue
			}
			score = l.scores[l.at]
		}
		j.docs[kept], j.places[kept], j.scores[kept] = doc, j.places[i], j.scores[i]+score
		kept++
	}
	j.docs, j.places, j.scores = j.docs[:kept], j.places[:kept], j.scores[:kept]
}
