package vector

import (
	"slices"
	"strings"
)

// best keeps the k best hits, the worst of them at the top of a heap.
type best struct {
	k        int
	hits     []Hit
	segments []Segment
}

// before reports whether a ranks before b.
func (t *best) before(a, b Hit) bool { return t.compare(a, b) < 0 }

// compare orders hits by score, then by ID, then by place.
func (t *best) compare(a, b Hit) int {
	if a.Score != b.Score {
		if a.Score > b.Score {
			return -1
		}
		return 1
	}
	if x, y := t.segments[a.Segment].ID, t.segments[b.Segment].ID; x != nil && y != nil {
		if c := strings.Compare(x(a.Doc), y(b.Doc)); c != 0 {
			return c
		}
	}
	if a.Segment != b.Segment {
		return a.Segment - b.Segment
	}
	return int(a.Doc) - int(b.Doc)
}

// add takes a hit that it has not seen and reports whether it is among the best.
func (t *best) add(h Hit) bool {
	if len(t.hits) < t.k {
		t.hits = append(t.hits, h)
		t.up(len(t.hits) - 1)
		return true
	}
	if h.Score < t.hits[0].Score || !t.before(h, t.hits[0]) {
		return false
	}
	t.hits[0] = h
	t.down(0)
	return true
}

func (t *best) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.before(t.hits[parent], t.hits[i]) {
			return
		}
		t.hits[parent], t.hits[i] = t.hits[i], t.hits[parent]
		i = parent
	}
}

func (t *best) down(i int) {
	for {
		worst := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < len(t.hits) && t.before(t.hits[worst], t.hits[child]) {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.hits[i], t.hits[worst] = t.hits[worst], t.hits[i]
		i = worst
	}
}

// sorted returns the hits, the best first.
func (t *best) sorted() []Hit {
	hits := slices.Clone(t.hits)
	slices.SortFunc(hits, t.compare)
	return hits
}

// A cutoff finds the best of many by counting: values are small integers, the lower
// the better, and limit is the lowest such that at least wanted values up to it have
// been seen. It never rises.
type cutoff struct {
	counts []uint32
	wanted int
	seen   int // values up to limit
	limit  int
}

// reset prepares for values below n.
func (c *cutoff) reset(n, wanted int) {
	if cap(c.counts) < n {
		c.counts = make([]uint32, n)
	}
	c.counts = c.counts[:n]
	clear(c.counts)
	c.wanted, c.seen, c.limit = wanted, 0, n-1
}

// take counts a value and reports whether it is up to the limit.
func (c *cutoff) take(v int) bool {
	if v > c.limit {
		return false
	}
	c.counts[v]++
	c.seen++
	for c.seen-int(c.counts[c.limit]) >= c.wanted {
		c.seen -= int(c.counts[c.limit])
		c.limit--
	}
	return true
}
