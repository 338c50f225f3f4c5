package digest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"broadsheet"

	"github.com/google/go-cmp/cmp"
)

// invented makes a paper about a few of so many features, the first of which
// most papers have.
func invented(rng *rand.Rand, n, features int) Candidate {
	c := Candidate{ID: broadsheet.ID(fmt.Sprintf("2599.%05d", n)), Relevance: rng.Float64()}
	for range 1 + rng.IntN(8) {
		f := int(float64(features) * math.Pow(rng.Float64(), 2))
		c.Features = append(c.Features, Feature{Kind(f % 4), fmt.Sprint("f", f), rng.Float64()})
	}
	return c
}

// worth evaluates f anew, from the papers alone.
func worth(c *Chooser, items []*item) float64 {
	sum, open := 0.0, map[int32]float64{}
	for _, it := range items {
		sum += it.relevance
		for _, s := range it.shares {
			if _, ok := open[s.feature]; !ok {
				open[s.feature] = 1
			}
			open[s.feature] *= 1 - s.covers
		}
	}
	for f, left := range open {
		sum += c.features.known[f].weight * (1 - left)
	}
	return sum
}

func itemsOf(c *Chooser) []*item {
	var items []*item
	for _, it := range c.items {
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b *item) int { return cmpIDs(a.id, b.id) })
	return items
}

func cmpIDs(a, b broadsheet.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func itemsIn(c *Chooser, picks []Pick) []*item {
	var items []*item
	for _, p := range picks {
		items = append(items, c.items[p.ID])
	}
	return items
}

// optimum tries all choices of at most k.
func optimum(c *Chooser, items []*item, chosen []*item) float64 {
	best := worth(c, chosen)
	if len(chosen) == c.k {
		return best
	}
	for i, it := range items {
		best = max(best, optimum(c, items[i+1:], append(slices.Clip(chosen), it)))
	}
	return best
}

// checkLevels says where the levels are not what the algorithm says they are.
func checkLevels(t *testing.T, c *Chooser) {
	t.Helper()
	for power, g := range c.guesses {
		at := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("guess %d: %s", power, fmt.Sprintf(format, args...))
		}
		size := 0
		for level, list := range g.highest {
			size += len(list)
			for i, it := range list {
				if it.gone {
					at("level %d has a paper that is gone", level)
				}
				if diff := cmp.Diff(place{g, level, i}, *it.place(g), cmp.AllowUnexported(place{}), cmp.Comparer(func(a, b *guess) bool { return a == b })); diff != "" {
					at("place (-want +got):\n%s", diff)
				}
				checkReach(t, g, it, level)
			}
		}
		if size != g.size || size == 0 {
			at("size is %d, of %d papers", g.size, size)
		}
		if got, want := g.value(), worth(c, g.chosen); math.Abs(got-want) > 1e-9*want {
			at("value is %g, want %g", got, want)
		}
	}
}

func checkReach(t *testing.T, g *guess, it *item, level int) {
	t.Helper()
	for z := range len(g.chosen) + 1 {
		before := worth(g.Chooser, g.chosen[:z])
		gain := worth(g.Chooser, append(slices.Clone(g.chosen[:z]), it)) - before
		if slices.Contains(g.chosen[:z], it) {
			gain = 0
		}
		if near := math.Abs(gain-g.threshold) < 1e-9*max(gain, before); near {
			continue // summed in another order, it may fall on either side
		}
		if reaches := z < g.k && gain >= g.threshold; reaches != (z < level) {
			t.Fatalf("guess %d: paper %s has level %d, but adds %g to %d chosen; the threshold is %g", g.power, it.id, level, gain, z, g.threshold)
		}
	}
}

func TestChoiceIsWorthHalfOfTheBest(t *testing.T) {
	for _, epsilon := range []float64{0.02, 0.1, 0.3} {
		for seed := range uint64(4) {
			rng := rand.New(rand.NewPCG(seed, 1))
			c := New(Options{K: 1 + int(seed%4), Epsilon: epsilon, Seed: seed})
			lowest := math.Inf(1)
			for step := range 150 {
				n := rng.IntN(11) // at most 11 papers at a time
				if rng.IntN(2) == 0 {
					c.Insert(invented(rng, n, 12))
				} else {
					c.Delete(broadsheet.ID(fmt.Sprintf("2599.%05d", n)))
				}
				checkLevels(t, c)
				best := optimum(c, itemsOf(c), nil)
				own, _ := c.best()
				if got := worth(c, own); got < (0.5-epsilon)*best {
					t.Fatalf("seed %d, step %d, ε %g: the guesses' choice is worth %g, the best one %g", seed, step, epsilon, got, best)
				}
				if got := worth(c, itemsIn(c, c.Choose())); best > 0 {
					lowest = min(lowest, got/best)
				}
			}
			if lowest < 0.5-epsilon {
				t.Errorf("seed %d, ε %g: Choose falls to %.3f of the best", seed, epsilon, lowest)
			}
		}
	}
}

func TestLevelsHoldWithManyPapersAndBatches(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	c := New(Options{K: 6, Seed: 3})
	var live []broadsheet.ID
	for range 60 {
		for range rng.IntN(12) {
			cand := invented(rng, rng.IntN(90), 40)
			c.Insert(cand)
			live = append(live, cand.ID)
		}
		rng.Shuffle(len(live), func(i, j int) { live[i], live[j] = live[j], live[i] })
		n := rng.IntN(len(live)/4 + 1)
		c.Delete(live[:n]...)
		live = live[n:]
		for _, p := range c.Choose()[:min(2, c.Len())] {
			c.Delete(p.ID) // an adversary that looks
		}
		checkLevels(t, c)
	}
}

func TestNothingRemainsOfPapersThatAreGone(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := New(Options{K: 5})
	for round := range 20 {
		var ids []broadsheet.ID
		for n := range 50 {
			cand := invented(rng, round*50+n, 1000)
			cand.Aliases = []broadsheet.ID{"doi:10.5555/" + cand.ID}
			c.Insert(cand)
			ids = append(ids, cand.ID)
		}
		c.Delete(ids...)
	}
	if len(c.items)+len(c.guesses)+len(c.features.number)+len(c.alias) != 0 {
		t.Errorf("%d papers, %d guesses, %d features remain", len(c.items), len(c.guesses), len(c.features.number))
	}
	if n := len(c.features.known); n > 400 {
		t.Errorf("room for %d features was taken, and at most 400 were there at once", n)
	}
}

func TestSameSeedSameChoices(t *testing.T) {
	run := func(seed uint64) (all [][]Pick) {
		rng := rand.New(rand.NewPCG(5, 5))
		c := New(Options{K: 4, Seed: seed})
		for n := range 300 {
			c.Insert(invented(rng, n, 60))
			c.Delete(broadsheet.ID(fmt.Sprintf("2599.%05d", rng.IntN(n+1))))
			all = append(all, c.Choose())
		}
		return all
	}
	if diff := cmp.Diff(run(9), run(9)); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

// A reader who has read the digest deletes what is chosen, which is the one case
// that the promise on cost leaves out.
func TestTenChosenGoAtOnceForLessThanOneByOne(t *testing.T) {
	after := func(remove func(c *Chooser, ids []broadsheet.ID)) int64 {
		c := New(Options{K: 10, Seed: 1})
		for n := range 1000 {
			c.Insert(arrivals(n, false))
		}
		ids, before := idsOf(c.Choose()), c.calls
		remove(c, ids)
		return c.calls - before
	}
	atOnce := after(func(c *Chooser, ids []broadsheet.ID) { c.Seen(ids...) })
	oneByOne := after(func(c *Chooser, ids []broadsheet.ID) {
		for _, id := range ids {
			c.Delete(id)
		}
	})
	t.Logf("marginal gains: %d at once, %d one by one", atOnce, oneByOne)
	if atOnce >= oneByOne {
		t.Errorf("%d marginal gains at once, %d one by one", atOnce, oneByOne)
	}
	first := after(func(c *Chooser, ids []broadsheet.ID) {
		for range ids {
			best, _ := c.best()
			c.Delete(best[0].id) // all levels of the best guess fall
		}
	})
	t.Logf("marginal gains: %d for the first pick of the best guess, ten times", first)
}

func TestSeenNeverComesBack(t *testing.T) {
	c := New(Options{})
	c.Seen("2599.00001")
	c.Insert(Candidate{ID: "2599.00002", Relevance: 1})
	c.Insert(Candidate{ID: "2599.00003", Relevance: 1})
	c.Seen("2599.00003", "2599.00009")
	c.Insert(Candidate{ID: "2599.00005", Aliases: []broadsheet.ID{"doi:10.5555/y", "doi:10.5555/z"}, Relevance: 1})
	c.Seen("doi:10.5555/y")
	for _, tt := range []struct {
		name string
		cand Candidate
		want bool
	}{
		{"seen before it came", Candidate{ID: "2599.00001"}, false},
		{"seen after it came", Candidate{ID: "2599.00003"}, false},
		{"seen under another id", Candidate{ID: "doi:10.5555/x", Aliases: []broadsheet.ID{"2599.00003"}}, false},
		{"seen by another id while it was there", Candidate{ID: "2599.00005"}, false},
		{"another id of one that was seen", Candidate{ID: "doi:10.5555/z"}, false},
		{"never seen", Candidate{ID: "2599.00004", Relevance: 0.5}, true},
	} {
		if got := c.Insert(tt.cand); got != tt.want {
			t.Errorf("%s: Insert reports %v, want %v", tt.name, got, tt.want)
		}
	}
	c.Delete("2599.00004") // withdrawn, not seen
	c.Insert(Candidate{ID: "2599.00004", Relevance: 0.5})
	if diff := cmp.Diff([]broadsheet.ID{"2599.00002", "2599.00004"}, idsOf(c.Choose())); diff != "" {
		t.Errorf("choice (-want +got):\n%s", diff)
	}
}

func idsOf(picks []Pick) []broadsheet.ID {
	var ids []broadsheet.ID
	for _, p := range picks {
		ids = append(ids, p.ID)
	}
	return ids
}

func TestChoose(t *testing.T) {
	topic := func(share float64, names ...string) (fs []Feature) {
		for _, n := range names {
			fs = append(fs, Feature{Topic, n, share})
		}
		return fs
	}
	for _, tt := range []struct {
		name string
		k    int
		from []Candidate
		want []broadsheet.ID
	}{
		{"nothing from nothing", 3, nil, nil},
		{"second on the same subject gives way to another subject", 2, []Candidate{
			{ID: "a", Relevance: 0.9, Features: topic(1, "agents")},
			{ID: "b", Relevance: 0.8, Features: topic(1, "agents")},
			{ID: "c", Relevance: 0.5, Features: topic(1, "vision")},
		}, []broadsheet.ID{"a", "c"}},
		{"without features it is the plain top", 2, []Candidate{
			{ID: "a", Relevance: 0.1}, {ID: "b", Relevance: 0.8}, {ID: "c", Relevance: 0.5},
		}, []broadsheet.ID{"b", "c"}},
		{"what adds nothing fills up, most relevant first", 4, []Candidate{
			{ID: "a", Relevance: 50}, {ID: "b", Relevance: 0}, {ID: "c", Relevance: 1e-7}, {ID: "d", Relevance: 2e-7},
		}, []broadsheet.ID{"a", "d", "c", "b"}},
		{"numbers that are none count as nothing", 5, []Candidate{
			{ID: "a", Relevance: math.NaN(), Features: topic(math.NaN(), "x")},
			{ID: "b", Relevance: -1, Features: topic(-1, "x")},
			{ID: "c", Relevance: math.Inf(-1)},
			{ID: "d", Relevance: math.Inf(1), Features: topic(math.Inf(1), "x")},
			{ID: "e", Relevance: 1e308, Features: topic(1e308, "x")},
		}, []broadsheet.ID{"d", "e", "a", "b", "c"}},
		{"a paper said anew is the last said", 1, []Candidate{
			{ID: "a", Relevance: 0.9}, {ID: "b", Relevance: 0.5}, {ID: "a", Relevance: 0.1},
		}, []broadsheet.ID{"b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := New(Options{K: tt.k})
			for _, cand := range tt.from {
				c.Insert(cand)
			}
			if diff := cmp.Diff(tt.want, idsOf(c.Choose())); diff != "" {
				t.Errorf("choice (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOptionsOutOfRangeAreDefaults(t *testing.T) {
	for _, o := range []Options{{}, {K: -1, Epsilon: -1}, {K: 0, Epsilon: math.NaN()}, {Epsilon: 0.5}} {
		if c := New(o); c.k != DefaultK || c.base != 1+2*DefaultEpsilon {
			t.Errorf("%+v: k %d, base %g", o, c.k, c.base)
		}
	}
	if c := New(Options{K: 1 << 40}); c.k != MaxK {
		t.Errorf("k is %d, want at most %d", c.k, MaxK)
	}
}
