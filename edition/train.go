package edition

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"

	"broadsheet"
)

// What training needs. A model of fewer papers or days says nothing.
const (
	minPapers = 200
	minDays   = 10
	// maxPapers bounds memory, at some 2 kB a paper, and time. What was voted on
	// most lately tells most of what will be.
	maxPapers = 30_000
	// sampled: of the papers that no service ever counted votes of, one in so many is
	// learned from. arXiv announces twenty times as many papers as people vote on;
	// that they were passed over teaches something, but not twenty times as much.
	sampled = 8
)

// ridge holds the weights down. Tuned on January to March 2026 with all days
// before as training (doc/ranking.md); 3 and 30 are 0.01 nDCG worse.
const ridge = 10.0

// rounds bounds the steps of the solver. After thirty the order of papers does not
// change any more.
const rounds = 40

// Train learns from papers that have been voted on what their readers vote for. Of
// each day that has votes it takes the papers whose votes were counted, and a sample of
// the others. Records may come in
// any order; the same set gives the same model. An error of history ends it; where
// there is too little to learn from, the error is a Conflict.
//
// The model is linear. It is asked to put the papers of one day into the order of
// their votes, not to know how many votes a day gives, which changes with the
// number of readers: least squares over the differences between all pairs of papers
// of a day, which are least squares over what is left when a day's mean is taken
// from both sides (ridge regression, Hoerl and Kennedy, Technometrics 1970; pairs
// as in Herbrich et al., "Large margin rank boundaries for ordinal regression",
// 2000). Votes count by their square root, so that a paper with a hundred is worth
// ten with one, and not a hundred.
func Train(ctx context.Context, history iter.Seq2[broadsheet.Record, error]) (*Interest, error) {
	var all []example
	for r, err := range history {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if e, ok := exampleOf(&r); ok {
			all = append(all, e)
		}
		if len(all) > 2*maxPapers {
			all = latest(all, maxPapers)
		}
	}
	days := daysOf(latest(all, maxPapers))
	n := 0
	for _, d := range days {
		n += len(d)
	}
	if n < minPapers || len(days) < minDays {
		return nil, broadsheet.Errorf(broadsheet.Conflict,
			"There are %d papers on %d days with votes: interest can be learned from %d papers on %d days.", n, len(days), minPapers, minDays)
	}
	return fit(ctx, days)
}

// An example is a paper of the past.
type example struct {
	day   broadsheet.Date
	id    broadsheet.ID
	x     []feature
	votes float64 // their root
}

func exampleOf(r *broadsheet.Record) (example, bool) {
	day := editionDay(r)
	if day == "" || r.Title == "" || r.Abstract == "" {
		return example{}, false
	}
	if len(r.Tallies) == 0 && hash('s', string(r.ID), "")%sampled != 0 {
		return example{}, false
	}
	return example{day, r.ID, features(r), math.Sqrt(float64(max(0, r.Upvotes())))}, true
}

// latest returns at most n examples, those of the latest days, by day.
func latest(all []example, n int) []example {
	slices.SortFunc(all, func(a, b example) int { return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(a.id, b.id)) })
	return all[:min(n, len(all))]
}

// daysOf cuts examples into days and leaves those out from which nothing can be
// learned: where no paper has more votes than another.
func daysOf(all []example) (days [][]example) {
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].day == all[0].day {
			n++
		}
		day := all[:n]
		if all = all[n:]; slices.ContainsFunc(day, func(e example) bool { return e.votes != day[0].votes }) {
			days = append(days, day)
		}
	}
	return days
}

// A system is the least squares problem: minimise |C(Xw − y)|² + ridge·|w|², where C
// takes from each value the mean of its day.
type system struct {
	days [][]example
	n    int
}

// fit solves the system by conjugate gradients (Hestenes and Stiefel, 1952), which
// need nothing but products with X and its transpose, and no rate of learning.
func fit(ctx context.Context, days [][]example) (*Interest, error) {
	s := &system{days: days}
	var y []float64
	for _, d := range days {
		for _, e := range d {
			y = append(y, e.votes)
		}
	}
	s.n = len(y)
	s.centre(y)
	w := make([]float64, dimensions)
	rest := s.back(y)
	step := slices.Clone(rest)
	size := dot(rest, rest)
	for range rounds {
		if size < 1e-12 || ctx.Err() != nil {
			break
		}
		image := s.apply(step)
		s.centre(image)
		pull := s.back(image)
		add(pull, ridge, step)
		length := size / dot(step, pull)
		add(w, length, step)
		add(rest, -length, pull)
		before := size
		size = dot(rest, rest)
		for i := range step {
			step[i] = rest[i] + size/before*step[i]
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.interest(w), nil
}

// interest rounds the weights as a file keeps them, and measures what scores the
// papers of the past have, so that a new score can be told as a place among them.
func (s *system) interest(w []float64) *Interest {
	m := &Interest{weights: make([]float32, dimensions), papers: s.n, until: s.days[0][0].day}
	for i := range w {
		m.weights[i] = float32(w[i])
	}
	var sum, squares float64
	for _, d := range s.days {
		for _, e := range d {
			v := m.dot(e.x)
			sum, squares = sum+v, squares+v*v
		}
	}
	m.mean = sum / float64(s.n)
	m.spread = math.Sqrt(max(squares/float64(s.n)-m.mean*m.mean, 1e-12))
	return m
}

// apply returns Xw.
func (s *system) apply(w []float64) []float64 {
	out := make([]float64, 0, s.n)
	for _, d := range s.days {
		for _, e := range d {
			var v float64
			for _, f := range e.x {
				v += float64(f.value) * w[f.at]
			}
			out = append(out, v)
		}
	}
	return out
}

// back returns v's product with the transpose of X.
func (s *system) back(v []float64) []float64 {
	out := make([]float64, dimensions)
	i := 0
	for _, d := range s.days {
		for _, e := range d {
			for _, f := range e.x {
				out[f.at] += float64(f.value) * v[i]
			}
			i++
		}
	}
	return out
}

// centre takes from each value the mean of its day.
func (s *system) centre(v []float64) {
	for _, d := range s.days {
		day := v[:len(d)]
		var mean float64
		for _, x := range day {
			mean += x / float64(len(day))
		}
		for i := range day {
			day[i] -= mean
		}
		v = v[len(d):]
	}
}

func dot(a, b []float64) (s float64) {
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

// add adds k times b to a.
func add(a []float64, k float64, b []float64) {
	for i := range a {
		a[i] += k * b[i]
	}
}
