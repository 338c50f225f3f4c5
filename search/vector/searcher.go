package vector

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"
)

// A searcher is the memory of one search, used again by the next.
type searcher struct {
	coder    *Coder
	query    *Query
	segments []Segment
	live     int // documents that may be found
	budget   int // vectors that may still be compared
	work     Work
	exit     string
	best     best
	steady   best // the best of the best, whose change matters

	unit    []float32 // the query
	values  []int16   // the query in integers
	scale   float64   // of values
	code    []uint64
	tables  tables
	byCode  cutoff // of distances
	byTable cutoff // of estimates

	found    []uint32    // of one call of near
	passed   []candidate // since the last rescoring
	docs     []uint32    // of one call of dots
	products []int32
	probes   probes
}

var searchers = sync.Pool{New: func() any { return new(searcher) }}

// release makes the searcher available again. It keeps nothing alive.
func (s *searcher) release() {
	s.coder, s.query, s.segments, s.best.segments, s.steady.segments = nil, nil, nil, nil, nil
	searchers.Put(s)
}

// start prepares a search, and reports whether the query has a direction.
func (s *searcher) start(coder *Coder, segments []Segment, q *Query) (ok bool, err error) {
	dims := coder.Dims()
	s.unit = slices.Grow(s.unit[:0], dims)[:dims]
	s.values = slices.Grow(s.values[:0], dims)[:dims]
	if ok, err := normalize(s.unit, q.Vector); !ok || err != nil {
		return false, err
	}
	s.scale = quantizeQuery(s.values, s.unit)
	s.coder, s.query, s.segments, s.work, s.exit, s.live = coder, q, segments, Work{}, ExitAll, 0
	for i := range segments {
		s.live += segments[i].live()
	}
	s.budget = q.Budget
	if s.budget == 0 {
		s.budget = math.MaxInt
	}
	s.best = best{k: min(q.K, max(s.live, 1)), hits: s.best.hits[:0], segments: segments}
	s.steady = best{k: s.best.k, hits: s.steady.hits[:0], segments: segments}
	if q.Steady > 0 {
		s.steady.k = min(q.Steady, s.best.k)
	}
	return true, nil
}

// direct compares all documents by bytes.
func (s *searcher) direct(ctx context.Context) error {
	for i := range s.segments {
		segment := &s.segments[i]
		s.docs = s.docs[:0]
		for w := range (segment.Reader.docs + 63) / 64 {
			for set := segment.word(w); set != 0; set &= set - 1 {
				s.docs = append(s.docs, uint32(w<<6+bits.TrailingZeros64(set)))
			}
			if len(s.docs) >= checkEvery {
				if s.rescore(i); ctx.Err() != nil {
					return ctx.Err()
				}
			}
		}
		s.rescore(i)
		s.work.Probed++
	}
	return ctx.Err()
}

// rescore compares documents s.docs of a segment by bytes, as far as the budget
// allows, and clears them. It reports whether the best have changed.
func (s *searcher) rescore(segment int) (changed bool) {
	r := s.segments[segment].Reader
	s.docs = slices.DeleteFunc(s.docs, func(doc uint32) bool { return scaleOf(r.record(doc)) == 0 })
	if len(s.docs) > s.budget {
		s.docs, s.exit = s.docs[:s.budget], ExitBudget
	}
	s.products = slices.Grow(s.products[:0], len(s.docs))[:len(s.docs)]
	dots(s.products, s.values, r.records, s.docs)
	s.work.Rescored += len(s.docs)
	s.budget -= len(s.docs)
	for i, doc := range s.docs {
		score := float32(float64(s.products[i]) * s.scale * float64(scaleOf(r.record(doc))))
		if h := (Hit{segment, doc, score}); s.best.add(h) && s.steady.add(h) {
			changed = true
		}
	}
	s.docs = s.docs[:0]
	return changed
}

// A candidate is a document whose code is near enough.
type candidate struct {
	segment, doc uint32
	bucket       int32 // of the estimate
}

// scan compares codes of a segment, those of the slots from low to high, and adds
// what passes to s.passed. Filters are looked at after the codes: a bit is somewhere
// in memory, codes follow each other, and few of them are near.
func (s *searcher) scan(segment, low, high int) error {
	seg := &s.segments[segment]
	r, size := seg.Reader, seg.Reader.dims/8
	for ; low < high; low += run {
		n := min(run, high-low)
		codes := r.codes[low*size:][:n*size]
		s.work.Compared += n
		s.budget -= n
		for _, found := range s.found[:near(s.found, codes, s.code, uint32(s.byCode.limit))] {
			slot := int(found & 0xffff)
			doc := r.member(low + slot)
			if doc >= uint32(r.docs) {
				return fmt.Errorf("segment %d is damaged: slot %d is of document %d, one below %d expected", segment, low+slot, doc, r.docs)
			}
			if seg.skips(doc) || !s.byCode.take(int(found>>16)) {
				continue
			}
			s.work.Estimated++
			if b := s.tables.bucket(codes[slot*size:][:size]); s.byTable.take(b) {
				s.passed = append(s.passed, candidate{uint32(segment), doc, int32(b)})
			}
		}
	}
	return nil
}

// run is how many codes are compared with the same limit. It bounds the memory for
// what is found.
const run = 2048

// settle rescores what has passed and is still up to the limit, and reports whether
// the best have changed. Of those at the limit itself, of which there may be any
// number, it takes no more than are wanted at all.
func (s *searcher) settle() (changed bool) {
	atLimit := 0
	segment := 0
	for _, c := range s.passed {
		if int(c.bucket) == s.byTable.limit {
			atLimit++
		}
		if int(c.bucket) > s.byTable.limit || int(c.bucket) == s.byTable.limit && atLimit > s.byTable.wanted {
			continue
		}
		if int(c.segment) != segment {
			changed = s.rescore(segment) || changed
			segment = int(c.segment)
		}
		s.docs = append(s.docs, c.doc)
	}
	s.passed = s.passed[:0]
	return s.rescore(segment) || changed
}
