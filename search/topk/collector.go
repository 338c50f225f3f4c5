package topk

import (
	"bytes"
	"slices"

	"broadsheet/search/index"
)

// A collector keeps the best k hits. It is a heap with the worst at the root.
type collector struct {
	snap     *index.Snapshot
	k        int
	after    *Hit
	byNumber bool
	floor    uint32 // at least k documents are known to have this score
	heap     []entry
	x, y     []byte
}

// An entry is a hit in the heap. Of the order's key, score or number, higher is
// better.
type entry struct {
	key  int64
	view int32
	doc  uint32
}

// theta is the score that a document must have, at least, to be among the best.
func (c *collector) theta() uint32 {
	if len(c.heap) == c.k && !c.byNumber {
		return max(c.floor, uint32(c.heap[0].key))
	}
	return c.floor
}

// better reports whether a goes before b: higher key, then lower id.
func (c *collector) better(a, b entry) bool {
	if a.key != b.key {
		return a.key > b.key
	}
	c.x = c.snap.Views[a.view].Columns().AppendID(c.x[:0], a.doc)
	c.y = c.snap.Views[b.view].Columns().AppendID(c.y[:0], b.doc)
	return bytes.Compare(c.x, c.y) < 0
}

// add offers a document.
func (c *collector) add(key int64, view int, doc uint32) {
	e := entry{key, int32(view), doc}
	if c.after != nil && !c.behind(e) {
		return
	}
	switch {
	case len(c.heap) < c.k:
		c.heap = append(c.heap, e)
		c.up(len(c.heap) - 1)
	case c.k > 0 && key >= c.heap[0].key && c.better(e, c.heap[0]):
		c.heap[0] = e
		c.down(0)
	}
}

// behind reports whether e comes after the last hit of the page before.
func (c *collector) behind(e entry) bool {
	key := int64(c.after.Score)
	if c.byNumber {
		key = c.after.Number
	}
	if e.key != key {
		return e.key < key
	}
	c.x = c.snap.Views[e.view].Columns().AppendID(c.x[:0], e.doc)
	return string(c.x) > c.after.ID
}

func (c *collector) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !c.better(c.heap[parent], c.heap[i]) {
			return
		}
		c.heap[i], c.heap[parent] = c.heap[parent], c.heap[i]
		i = parent
	}
}

func (c *collector) down(i int) {
	for {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(c.heap); child++ {
			if c.better(c.heap[worst], c.heap[child]) {
				worst = child
			}
		}
		if worst == i {
			return
		}
		c.heap[i], c.heap[worst] = c.heap[worst], c.heap[i]
		i = worst
	}
}

// sorted returns the hits, best first, and empties the heap.
func (c *collector) sorted() []entry {
	slices.SortFunc(c.heap, func(a, b entry) int {
		if c.better(a, b) {
			return -1
		}
		return 1
	})
	return c.heap
}
