package edition

import (
	"cmp"
	"maps"
	"slices"

	"broadsheet"
)

// A Ranking is the papers of an edition in order.
type Ranking struct {
	Papers  []broadsheet.Signals
	Context Context // in which their scores are computed
}

// Rank orders papers by the formula, best first; equal ones stay as they are. days
// is the length of the period they are of. The slice is not changed.
func Rank(papers []broadsheet.Signals, days int) *Ranking {
	type scored struct {
		at    int
		score float64
	}
	c := NewContext(papers, days)
	quiet := c
	quiet.quiet = true
	order := make([]scored, len(papers))
	for i, s := range papers {
		order[i] = scored{i, Score(s, quiet).Score}
	}
	slices.SortStableFunc(order, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	r := &Ranking{Papers: make([]broadsheet.Signals, len(papers)), Context: c}
	for i, o := range order {
		r.Papers[i] = papers[o.at]
	}
	return r
}

// ByVotes orders papers by votes alone, and those that have none by what is
// predicted for them.
func ByVotes(papers []broadsheet.Signals, days int) *Ranking {
	r := &Ranking{Papers: slices.Clone(papers), Context: NewContext(papers, days)}
	slices.SortStableFunc(r.Papers, func(a, b broadsheet.Signals) int {
		if d := cmp.Compare(b.Votes+b.Upvotes, a.Votes+a.Upvotes); d != 0 || a.Votes+a.Upvotes > 0 {
			return d
		}
		return cmp.Compare(b.Interest, a.Interest)
	})
	return r
}

// Standing explains the score of the paper at a place, from 0.
func (r *Ranking) Standing(place int) broadsheet.Standing { return Score(r.Papers[place], r.Context) }

// NewContext returns what the papers of an edition are to each other. days is the
// length of the period they are of. Ages are counted to
// the latest day that has a paper, so that the order of a week that has not ended
// does not depend on when it is read.
func NewContext(papers []broadsheet.Signals, days int) Context {
	c := Context{HalfLife: halfLifeShare * float64(days), Fields: map[string]float64{}}
	for _, s := range papers {
		if s.Day.IsDay() {
			c.Last = max(c.Last, s.Day)
		}
		if f := FieldOf(s.Category); f != "" {
			c.Fields[f] += mass(s)
		}
	}
	for _, f := range slices.Sorted(maps.Keys(c.Fields)) { // sums of floats depend on their order
		c.mean += c.Fields[f] / float64(len(c.Fields))
	}
	return c
}
