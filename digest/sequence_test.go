package digest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"
)

// A sequence makes one update of a chooser after the other. Each counts one
// operation for each paper that it inserts or deletes.
type sequence struct {
	name string
	next func(s *state) (operations int)
}

// A state is where a sequence has got to.
type state struct {
	c   *Chooser
	rng *rand.Rand
	all []Candidate // in the order of arrival
	n   int         // steps so far, as the sequence counts them
}

func (s *state) insert(i int) int {
	s.c.Insert(s.all[i%len(s.all)])
	return 1
}

func (s *state) delete(i int) int {
	before := s.c.Len()
	s.c.Delete(s.all[i%len(s.all)].ID)
	return before - s.c.Len()
}

// sequences are those of the acceptance: random ones, and those by which an
// adversary would try to spoil the levels.
var sequences = []sequence{
	{"at random", func(s *state) int {
		if i := s.rng.IntN(len(s.all)); s.c.items[s.all[i].ID] == nil {
			return s.insert(i)
		} else {
			return s.delete(i)
		}
	}},
	{"sliding window", func(s *state) int {
		s.n++
		return s.insert(s.n) + s.delete(s.n+len(s.all)/2)
	}},
	{"best ones last, then taken away first", func(s *state) int { return s.wave(false) }},
	{"best ones first, then taken away last", func(s *state) int { return s.wave(true) }},
	{"in batches", func(s *state) int {
		if s.c.Len() < len(s.all)/4 {
			for i := range s.all {
				s.insert(i)
			}
			return len(s.all)
		}
		var ids []broadsheet.ID
		for range len(s.all) / 8 {
			ids = append(ids, s.all[s.rng.IntN(len(s.all))].ID)
		}
		before := s.c.Len()
		s.c.Delete(ids...)
		return before - s.c.Len()
	}},
	{"whatever is chosen is deleted", func(s *state) int {
		if s.c.Len() > len(s.all)/2 {
			before := s.c.Len()
			best, _ := s.c.best()
			s.c.Delete(best[s.rng.IntN(len(best))].id)
			return before - s.c.Len()
		}
		s.n++
		return s.insert(s.n)
	}},
}

// wave inserts all papers by what they are worth alone, and deletes them from the
// end that was inserted last or first.
func (s *state) wave(bestFirst bool) int {
	if s.n == 0 {
		s.sortByWorth(bestFirst)
	}
	i := s.n % (2 * len(s.all))
	s.n++
	if i < len(s.all) {
		return s.insert(i)
	}
	return s.delete(2*len(s.all) - 1 - i)
}

func (s *state) sortByWorth(bestFirst bool) {
	s.all = slices.Clone(s.all)
	slices.SortStableFunc(s.all, func(a, b Candidate) int {
		if bestFirst {
			a, b = b, a
		}
		return cmp.Compare(a.Relevance, b.Relevance)
	})
}

// A comparison is the worst and the mean share of greedy's objective.
type comparison struct {
	own, chosen tally // of the best guess's choice, and of what Choose returns
	operations  int
}

type tally struct {
	lowest, sum float64
	n           int
}

func (t *tally) add(x float64) {
	if t.n == 0 || x < t.lowest {
		t.lowest = x
	}
	t.sum += x
	t.n++
}

func (t *tally) merge(o tally) {
	if o.n > 0 && (t.n == 0 || o.lowest < t.lowest) {
		t.lowest = o.lowest
	}
	t.sum += o.sum
	t.n += o.n
}

func (t *tally) mean() float64 { return t.sum / float64(t.n) }

// play plays a sequence of so many operations and compares with greedy each so
// many.
func play(seq sequence, o Options, all []Candidate, operations, every int) comparison {
	s := &state{c: New(o), rng: rand.New(rand.NewPCG(o.Seed, 2)), all: all}
	var got comparison
	for next := every; got.operations < operations; {
		got.operations += seq.next(s)
		if got.operations >= next {
			next += every
			got.compare(s.c)
		}
	}
	return got
}

func (got *comparison) compare(c *Chooser) {
	whole := greedy(c, itemsOf(c)).value
	if whole == 0 {
		return
	}
	best, _ := c.best()
	got.own.add(worth(c, best) / whole)
	got.chosen.add(worth(c, itemsIn(c, c.Choose())) / whole)
}

func (got *comparison) merge(o comparison) {
	got.own.merge(o.own)
	got.chosen.merge(o.chosen)
	got.operations += o.operations
}

func checkComparison(t *testing.T, name string, got comparison) {
	t.Helper()
	t.Logf("%-40s %9d operations, %6d comparisons: the guesses' choice at least %.3f, mean %.3f; Choose at least %.3f, mean %.3f of greedy",
		name, got.operations, got.own.n, got.own.lowest, got.own.mean(), got.chosen.lowest, got.chosen.mean())
	if promised := 0.5 - DefaultEpsilon; got.own.lowest < promised || got.chosen.lowest < promised {
		t.Errorf("%s: less than %g of greedy", name, promised)
	}
}

func TestObjectiveAgainstGreedyOnInventedPapers(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var all []Candidate
	for n := range 200 {
		c := invented(rng, n, 100)
		c.Relevance = math.Pow(c.Relevance, 6) // few are relevant
		all = append(all, c)
	}
	for _, seq := range sequences {
		checkComparison(t, seq.name, play(seq, Options{Seed: 1}, all, 2000, 50))
	}
}

// TestObjectiveAgainstGreedyOnRealDays plays a sequence of 10,000 operations on the
// papers of each day. BROADSHEET_DIGEST_DAYS=1000 makes it 10,000,000 operations in
// all, and takes a quarter of an hour; without it there are 100 days. The kinds of sequences take turns, except that only every 40th day has the last: an
// adversary that looks makes each deletion a rebuild.
func TestObjectiveAgainstGreedyOnRealDays(t *testing.T) {
	need.Long(t)
	const operations, every = 10_000, 100
	days := 100
	if s := os.Getenv("BROADSHEET_DIGEST_DAYS"); s != "" {
		var err error
		if days, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	results := make([]comparison, len(sequences))
	last := len(sequences) - 1
	var mu sync.Mutex
	each(realDays(t, days, 30, 2026), func(i int, d *day) {
		kind := i % last
		if i%40 == 39 {
			kind = last
		}
		desk := d.desk(0)
		got := play(sequences[kind], Options{Seed: uint64(i), Weight: desk.Weight}, desk.Candidates(d.papers), operations, every)
		if got.operations < operations {
			t.Errorf("%s: %d operations", d.date, got.operations)
		}
		mu.Lock()
		defer mu.Unlock()
		results[kind].merge(got)
	})
	var sum comparison
	for kind, got := range results {
		checkComparison(t, sequences[kind].name, got)
		sum.merge(got)
	}
	checkComparison(t, "all", sum)
}

// each calls f for all days, two at a time.
func each(days []day, f func(int, *day)) {
	var wait sync.WaitGroup
	const workers = 2
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(days); i += workers {
				f(i, &days[i])
			}
		})
	}
	wait.Wait()
}
