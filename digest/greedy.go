package digest

import (
	"cmp"
	"container/heap"
)

// A choice grows one pick at a time.
type choice struct {
	*Chooser
	value float64
	open  []float64 // by feature: what the picks leave open of it
	picks []Pick
}

func (c *Chooser) newChoice() *choice {
	open := make([]float64, len(c.features.known))
	for i := range open {
		open[i] = 1
	}
	return &choice{Chooser: c, open: open}
}

func (c *choice) gain(it *item) float64 {
	gain := it.relevance
	for _, s := range it.shares {
		gain += s.worth * c.open[s.feature]
	}
	c.calls++
	return gain
}

// add appends a pick, with its reason.
func (c *choice) add(it *item) {
	pick := Pick{ID: it.id, Gain: c.gain(it), Relevance: it.relevance}
	c.explain(&pick, it)
	c.picks = append(c.picks, pick)
	c.value += pick.Gain
	for _, s := range it.shares {
		c.open[s.feature] *= 1 - s.covers
	}
}

// greedy chooses what adds most, again and again: 1 − 1/e of the best choice
// among items (Nemhauser, Wolsey and Fisher, 1978). Gains only shrink, so that a
// gain of before bounds the one of now (Minoux, 1978). Ties go to the smaller id.
func greedy(c *Chooser, items []*item) *choice {
	chosen := c.newChoice()
	queue := make(gainQueue, len(items))
	for i, it := range items {
		queue[i] = gainBound{it, it.value, 0}
	}
	heap.Init(&queue)
	for len(queue) > 0 && len(chosen.picks) < c.k {
		top := &queue[0]
		if top.picks == len(chosen.picks) {
			chosen.add(heap.Pop(&queue).(gainBound).item)
			continue
		}
		top.gain, top.picks = chosen.gain(top.item), len(chosen.picks)
		heap.Fix(&queue, 0)
	}
	return chosen
}

// A gainBound is the gain of an item when there were so many picks.
type gainBound struct {
	item  *item
	gain  float64
	picks int
}

type gainQueue []gainBound

func (q gainQueue) Len() int { return len(q) }
func (q gainQueue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[j].gain, q[i].gain), cmp.Compare(q[i].item.id, q[j].item.id)) < 0
}
func (q gainQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *gainQueue) Push(x any)   { *q = append(*q, x.(gainBound)) }
func (q *gainQueue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}
