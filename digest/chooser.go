package digest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"broadsheet"
)

// A Chooser keeps a choice of papers for one reader and view. It is not safe for
// use by several goroutines.
type Chooser struct {
	k        int
	base     float64 // a guess is a power of it
	rng      *rand.Rand
	features features
	items    map[broadsheet.ID]*item
	alias    map[broadsheet.ID]*item
	seen     map[broadsheet.ID]bool
	guesses  map[int]*guess
	scratch  []*item // papers being placed anew
	calls    int64   // marginal gains asked for: what the literature counts
}

// An item is a paper that may be chosen.
type item struct {
	id        broadsheet.ID
	aliases   []broadsheet.ID
	relevance float64
	shares    []share
	value     float64 // f({item})
	low       int     // the lowest guess it belongs to
	places    []place // in the guesses from low on
	gone      bool
}

// New returns a Chooser without papers.
func New(o Options) *Chooser {
	k := min(o.K, MaxK)
	if k <= 0 {
		k = DefaultK
	}
	if !(o.Epsilon > 0 && o.Epsilon < 0.5) {
		o.Epsilon = DefaultEpsilon
	}
	return &Chooser{
		k: k,
		// Some power is in [best, best·base). With it as the guess, a full
		// choice is worth half of it, and one that is not full at least the best
		// less half of it: 1 − base/2 of the best, which is 1/2 − Epsilon.
		base:     1 + 2*o.Epsilon,
		rng:      rand.New(rand.NewPCG(o.Seed, 0x6469676573740001)),
		features: features{weigh: o.Weight, number: map[featureKey]int32{}},
		items:    map[broadsheet.ID]*item{},
		alias:    map[broadsheet.ID]*item{},
		seen:     map[broadsheet.ID]bool{},
		guesses:  map[int]*guess{},
	}
}

// Len returns the number of papers to choose from.
func (c *Chooser) Len() int { return len(c.items) }

// Insert adds a paper, or replaces what was said of it. A paper that was seen,
// under any of its ids, is not taken; Insert reports whether it was.
func (c *Chooser) Insert(cand Candidate) bool {
	c.Delete(cand.ID)
	if c.seen[cand.ID] || slices.ContainsFunc(cand.Aliases, func(id broadsheet.ID) bool { return c.seen[id] }) {
		return false
	}
	it := c.newItem(cand)
	for _, id := range it.aliases {
		c.alias[id] = it
	}
	c.items[it.id] = it
	c.place(it)
	return true
}

func (c *Chooser) newItem(cand Candidate) *item {
	it := &item{id: cand.ID, aliases: slices.Clone(cand.Aliases), relevance: bounded(cand.Relevance), shares: c.features.take(cand.Features)}
	it.value = it.relevance
	for _, s := range it.shares {
		it.value += s.worth
	}
	c.calls++ // f({item})
	return it
}

// place puts a paper into each guess for which it is neither worth more than
// everything chosen can be, nor too little to be chosen: O(log k / ε) of them.
func (c *Chooser) place(it *item) {
	if it.value < minValue {
		return
	}
	step := math.Log(c.base)
	it.low = int(math.Ceil(math.Log(it.value) / step))
	high := int(math.Floor(math.Log(2*float64(c.k)*it.value) / step))
	it.places = make([]place, max(0, high-it.low+1))
	for n := range it.places {
		g := c.guesses[it.low+n]
		if g == nil {
			g = newGuess(c, it.low+n)
			c.guesses[it.low+n] = g
		}
		it.places[n].guess = g
		g.insert(it)
	}
}

// Delete removes papers, by any of their ids, such as those that were withdrawn.
// They may come back by Insert. Ids that are not there are passed over. Many at once cost hardly
// more than one.
func (c *Chooser) Delete(ids ...broadsheet.ID) {
	var gone []*item
	for _, id := range ids {
		if it := c.named(id); it != nil {
			delete(c.items, it.id)
			it.gone = true
			gone = append(gone, it)
		}
	}
	var broken []*guess // that lost a chosen paper
	for _, it := range gone {
		for n := range it.places {
			if g := it.places[n].guess; g.remove(it) {
				broken = append(broken, g)
			}
		}
	}
	for _, g := range broken {
		g.rebuild()
	}
	c.forget(gone)
}

// named returns the paper with an id or alias, or nil.
func (c *Chooser) named(id broadsheet.ID) *item {
	if it := c.items[id]; it != nil {
		return it
	}
	if it := c.alias[id]; it != nil && !it.gone {
		return it
	}
	return nil
}

// forget lets go of what only papers that are gone needed.
func (c *Chooser) forget(gone []*item) {
	for _, it := range gone {
		for n := range it.places {
			if g := it.places[n].guess; g.size == 0 {
				delete(c.guesses, g.power)
			}
		}
		c.features.release(it.shares)
		for _, id := range it.aliases {
			if c.alias[id] == it {
				delete(c.alias, id)
			}
		}
	}
}

// Seen removes papers that the reader has read or was sent, for ever: no Insert
// brings them back. A caller that starts anew tells all of them again, before or
// after inserting.
func (c *Chooser) Seen(ids ...broadsheet.ID) {
	for _, id := range ids {
		c.seen[id] = true
		if it := c.named(id); it != nil {
			c.seen[it.id] = true
			for _, id := range it.aliases {
				c.seen[id] = true
			}
		}
	}
	c.Delete(ids...)
}

// Choose returns the choice, at most K papers, best first. It asks for marginal
// gains of the papers that some guess has chosen only, O(k² log(k)/ε), and
// leaves everything as it is.
//
// Of the guesses' choices one has the guarantee. Choosing greedily among all of
// them is nearly always better, and taken where it is. Where all of that is fewer
// than K, because the rest adds nothing, the most relevant of the rest follow.
func (c *Chooser) Choose() []Pick {
	best, pool := c.best()
	chosen := greedy(c, pool)
	if safe := greedy(c, best); safe.value > chosen.value {
		chosen = safe
	}
	for _, it := range c.rest(chosen) {
		chosen.add(it)
	}
	return chosen.picks
}

// best returns the guesses' best choice, and the papers that any has chosen.
func (c *Chooser) best() (best, pool []*item) {
	value, in := -1.0, map[*item]bool{}
	powers := make([]int, 0, len(c.guesses))
	for p := range c.guesses {
		powers = append(powers, p)
	}
	slices.Sort(powers) // the order of a map must not decide
	for _, p := range powers {
		g := c.guesses[p]
		if v := g.value(); v > value {
			value, best = v, g.chosen
		}
		for _, it := range g.chosen {
			if !in[it] {
				in[it] = true
				pool = append(pool, it)
			}
		}
	}
	return best, pool
}

// rest returns what fills up a choice, most relevant first.
func (c *Chooser) rest(chosen *choice) []*item {
	room := min(c.k, len(c.items)) - len(chosen.picks)
	if room <= 0 {
		return nil
	}
	var rest []*item
	for _, it := range c.items {
		if !slices.ContainsFunc(chosen.picks, func(p Pick) bool { return p.ID == it.id }) {
			rest = append(rest, it)
		}
	}
	slices.SortFunc(rest, func(a, b *item) int {
		return cmp.Or(cmp.Compare(b.relevance, a.relevance), cmp.Compare(a.id, b.id))
	})
	return rest[:room]
}
