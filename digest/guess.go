package digest

import "math"

// A guess is the algorithm for one guess of what the best choice is worth: a
// power of the chooser's base. A paper is promoted to a level when there is room
// and it adds at least threshold, guess/(2k), to what the levels below have
// chosen. Level 1 is reached by all. Each level that a paper reaches has chosen
// one of those that reached it, uniformly at random, and so
//
//   - a full choice is worth k·threshold, half the guess;
//   - to one that is not full no paper adds threshold, so the best choice is worth
//     at most k·threshold more;
//   - an update hits the chosen paper of a level that r papers have reached with
//     probability 1/r, and then costs O(r log k).
//
// Levels are nested, so a paper needs only its highest.
type guess struct {
	*Chooser
	power     int
	threshold float64
	size      int
	chosen    []*item   // by level, from 1: chosen[0] is level 1's
	gains     []float64 // of those, each over the ones before
	highest   [][]*item // by level, from 0: papers that reached it and none above
	broken    int       // lowest level that lost its chosen paper; 0: none
	cover     cover
}

// A place is where a guess keeps a paper.
type place struct {
	guess *guess
	level int
	index int // in highest[level]
}

func newGuess(c *Chooser, power int) *guess {
	return &guess{
		Chooser:   c,
		power:     power,
		threshold: math.Pow(c.base, float64(power)) / (2 * float64(c.k)),
		highest:   make([][]*item, c.k+2),
		cover:     cover{width: c.k + 1},
	}
}

func (g *guess) value() float64 {
	sum := 0.0
	for _, gain := range g.gains {
		sum += gain
	}
	return sum
}

// promotes reports whether a paper that has reached level reaches the next one.
func (g *guess) promotes(level int, it *item) bool {
	if level == g.k {
		return false
	}
	g.calls++
	return g.cover.adds(level, it, g.threshold)
}

// insert walks a paper up the levels. At each the dice decide whether it takes
// the place of the chosen one, so that the choice stays uniform.
func (g *guess) insert(it *item) {
	g.size++
	reached := g.size // papers that have reached the level, with this one
	for level := 0; ; level++ {
		if !g.promotes(level, it) {
			g.put(it, level)
			return
		}
		reached -= len(g.highest[level])
		if g.rng.IntN(reached) == 0 {
			rest := g.cut(level + 1)
			g.choose(it)
			g.build(level+1, rest)
			return
		}
	}
}

// remove takes a paper out. It reports true for the first one since the last
// rebuild that was chosen.
func (g *guess) remove(it *item) bool {
	p := it.place(g)
	g.size--
	list := g.highest[p.level]
	last := len(list) - 1
	list[p.index] = list[last]
	list[p.index].place(g).index = p.index
	list[last] = nil
	g.highest[p.level] = list[:last]
	if p.level == 0 || p.level > len(g.chosen) || g.chosen[p.level-1] != it {
		return false // a chosen paper adds nothing to itself: its level is its highest
	}
	first := g.broken == 0
	if first || p.level < g.broken {
		g.broken = p.level
	}
	return first
}

// rebuild chooses anew from the lowest level that lost its chosen paper.
func (g *guess) rebuild() {
	level := g.broken
	g.broken = 0
	g.build(level, g.cut(level))
}

// cut undoes the levels from level on, and returns the papers that reached it,
// until the next cut.
func (g *guess) cut(level int) []*item {
	rest := g.scratch[:0]
	for l := level; l < len(g.highest); l++ {
		rest = append(rest, g.highest[l]...)
		clear(g.highest[l])
		g.highest[l] = g.highest[l][:0]
	}
	if level <= len(g.chosen) {
		for _, it := range g.chosen[level-1:] {
			g.cover.uncover(level, it)
		}
		clear(g.chosen[level-1:])
		g.chosen, g.gains = g.chosen[:level-1], g.gains[:level-1]
	}
	g.scratch = rest
	return rest
}

// build places papers that have reached level, in random order: the first that
// can be promoted beyond what is chosen is chosen as well.
func (g *guess) build(level int, papers []*item) {
	g.rng.Shuffle(len(papers), func(i, j int) { papers[i], papers[j] = papers[j], papers[i] })
	for _, it := range papers {
		top := len(g.chosen)
		if g.promotes(top, it) {
			g.choose(it)
			continue
		}
		// Gains only shrink from level to level: the highest it reaches is found
		// by bisection.
		low, high := level, top
		for low < high {
			mid := (low + high) / 2
			if g.promotes(mid, it) {
				low = mid + 1
			} else {
				high = mid
			}
		}
		g.put(it, low)
	}
}

// choose makes a paper the chosen one of the next level.
func (g *guess) choose(it *item) {
	g.gains = append(g.gains, g.cover.gain(len(g.chosen), it))
	g.chosen = append(g.chosen, it)
	g.cover.cover(len(g.chosen), it)
	g.put(it, len(g.chosen))
}

func (g *guess) put(it *item, level int) {
	p := it.place(g)
	p.level, p.index = level, len(g.highest[level])
	g.highest[level] = append(g.highest[level], it)
}

func (it *item) place(g *guess) *place { return &it.places[g.power-it.low] }
