package vector

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
)

// perEstimate is how many documents that are near by the distance of codes are
// estimated for each one that is rescored.
const perEstimate = 1

// probe searches partition after partition.
func (s *searcher) probe(ctx context.Context) error {
	s.prepare()
	s.rank()
	var quiet float64 // vectors searched since the best have changed
	for len(s.probes.heap) > 0 && s.exit != ExitBudget {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		at, whole := s.probes.next()
		low, high := 0, s.segments[at.segment].Reader.slots
		if !whole {
			low, high = s.segments[at.segment].Reader.partition(at.partition)
		}
		if err := s.scan(at.segment, low, s.afford(low, high)); err != nil {
			return err
		}
		s.work.Probed++
		if whole && s.probes.wholeLeft() && s.exit != ExitBudget {
			continue // one rescoring for all segments without partitions
		}
		quiet += float64(high-low) * s.probes.share[at.segment]
		if s.settle() || len(s.steady.hits) < s.steady.k || whole {
			quiet = 0
		}
		if s.exit != ExitBudget && quiet >= s.patience() && len(s.probes.heap) > 0 {
			s.exit = ExitPatience
			break
		}
	}
	return nil
}

// prepare sets up the code, the tables and the limits.
func (s *searcher) prepare() {
	rescore := s.query.Rescore
	if rescore == 0 {
		rescore = max(DefaultRescore, min(s.best.k, math.MaxInt/DefaultRescore)*DefaultRescore/10)
	}
	rescore = min(max(rescore, s.best.k), s.live)
	dims := len(s.unit)
	rotated := make([]float32, dims)
	s.coder.rotated(rotated, s.unit)
	s.code = s.code[:0]
	for signs := appendSigns(nil, rotated); len(signs) > 0; signs = signs[8:] {
		s.code = append(s.code, binary.LittleEndian.Uint64(signs))
	}
	s.tables.fill(rotated)
	s.byCode.reset(dims+1, perEstimate*rescore)
	s.byTable.reset(s.tables.buckets(), rescore)
	s.found = slices.Grow(s.found[:0], run)[:run]
	s.passed, s.docs = s.passed[:0], s.docs[:0]
}

// afford returns up to where the slots from low to high can be compared so that
// what passes can be rescored.
func (s *searcher) afford(low, high int) int {
	most := s.budget - min(s.byTable.wanted, s.budget/2)
	if most < high-low {
		s.exit = ExitBudget
		return low + most
	}
	return high
}

// patience returns how many vectors are searched in vain before a search ends.
func (s *searcher) patience() float64 {
	switch partitions := s.query.Patience; {
	case partitions < 0:
		return math.Inf(1)
	case partitions > 0:
		return float64(partitions) * s.probes.usual
	}
	part := s.query.PatiencePart
	if part == 0 {
		part = DefaultPatiencePart
	}
	return max(minPatience, part*float64(s.work.Partitions)) * s.probes.usual
}

// probes are the partitions that are still to be searched, the nearest at the top
// of a heap.
type probes struct {
	heap  []probe
	whole int       // segments without partitions, which come first
	usual float64   // mean size of partitions
	share []float64 // of each segment, the part of its documents that may be found
}

// A probe is a partition, or with partition -1 a whole segment.
type probe struct {
	near      float32 // cosine of the centroid
	segment   int
	partition int
}

// rank fills s.probes.
func (s *searcher) rank() {
	p := &s.probes
	p.heap, p.share, p.whole = p.heap[:0], p.share[:0], 0
	vectors, partitions := 0, 0
	for i := range s.segments {
		seg := &s.segments[i]
		r := seg.Reader
		p.share = append(p.share, float64(seg.live())/float64(max(r.docs, 1)))
		if r.partitions == 0 {
			p.heap = append(p.heap, probe{float32(math.Inf(1)), i, -1})
			p.whole++
			continue
		}
		vectors, partitions = vectors+r.slots, partitions+r.partitions
		s.docs = s.docs[:0]
		for number := range uint32(r.partitions) {
			s.docs = append(s.docs, number)
		}
		s.products = slices.Grow(s.products[:0], r.partitions)[:r.partitions]
		dots(s.products, s.values, r.centroids, s.docs)
		for number, product := range s.products {
			scale := scaleOf(r.centroids[number*r.stride():])
			p.heap = append(p.heap, probe{float32(product) * scale, i, number})
		}
	}
	s.docs = s.docs[:0]
	s.work.Partitions = partitions + p.whole
	p.usual = float64(vectors) / float64(max(partitions, 1))
	for i := len(p.heap)/2 - 1; i >= 0; i-- {
		p.down(i)
	}
}

// before orders probes; the order of all is one and the same whatever the heap does.
func (a probe) before(b probe) bool {
	if a.near != b.near {
		return a.near > b.near
	}
	return a.segment < b.segment || a.segment == b.segment && a.partition < b.partition
}

func (p *probes) down(i int) {
	for {
		first := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < len(p.heap) && p.heap[child].before(p.heap[first]) {
				first = child
			}
		}
		if first == i {
			return
		}
		p.heap[i], p.heap[first] = p.heap[first], p.heap[i]
		i = first
	}
}

// next takes the nearest partition out.
func (p *probes) next() (nearest probe, whole bool) {
	nearest = p.heap[0]
	last := len(p.heap) - 1
	p.heap[0] = p.heap[last]
	p.heap = p.heap[:last]
	p.down(0)
	if nearest.partition < 0 {
		p.whole--
	}
	return nearest, nearest.partition < 0
}

// wholeLeft reports whether the next one is a segment without partitions.
func (p *probes) wholeLeft() bool { return p.whole > 0 }
