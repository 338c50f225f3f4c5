package edition

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/quick"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

// random draws editions of all sizes, with what no store should hold as well.
func random(rng *rand.Rand) drawnEdition {
	categories := []string{"cs.CV", "cs.LG", "math.AG", "hep-th", "q-bio.NC", "", "nonsense", "cs.XX"}
	count := func() int {
		switch rng.IntN(8) {
		case 0:
			return -rng.IntN(100)
		case 1:
			return math.MaxInt - rng.IntN(10)
		case 2, 3:
			return 0
		}
		return rng.IntN(500)
	}
	counts := func() broadsheet.Counts {
		return broadsheet.Counts{Votes: count(), Upvotes: count(), Comments: count(), Saves: count(), Stars: count()}
	}
	days := []broadsheet.Date{"2025-03-10", "2025-03-11", "2025-03-12", "2025-02", "", "never", "2025-03-99"}
	e := drawnEdition{days: 1 + rng.IntN(31)}
	for range rng.IntN(40) {
		s := broadsheet.Signals{Day: days[rng.IntN(len(days))], Category: categories[rng.IntN(len(categories))]}
		if rng.IntN(3) > 0 {
			s.Counts = counts()
		}
		if rng.IntN(3) == 0 {
			s.Before = counts()
		}
		s.StarsPerDay = []float64{0, 1.5, -3, math.Inf(1), math.NaN(), 1e300}[rng.IntN(6)]
		s.Interest = []float64{0, 0.3, 0.99, -1, 7, math.NaN()}[rng.IntN(6)]
		e.papers = append(e.papers, s)
	}
	return e
}

type drawnEdition struct {
	papers []broadsheet.Signals
	days   int
}

// The terms that explain a score add up to it, whatever the store says, and the
// order is that of the scores.
func TestTermsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	check := func(seed uint64) bool {
		e := random(rand.New(rand.NewPCG(seed, rng.Uint64())))
		r := Rank(e.papers, e.days)
		last := math.Inf(1)
		for i := range r.Papers {
			st := r.Standing(i)
			var sum float64
			for _, term := range st.Terms {
				if term.Value == 0 || term.Name == "" || term.Note == "" {
					t.Errorf("%+v: a term that says nothing", term)
				}
				sum += term.Value
			}
			if sum != st.Score || math.IsNaN(sum) || math.IsInf(sum, 0) || st.Score > last {
				t.Errorf("%+v: terms add up to %v, the score is %v, the one before was %v", r.Papers[i], sum, st.Score, last)
				return false
			}
			last = st.Score
		}
		return len(r.Papers) == len(e.papers)
	}
	if err := quick.Check(check, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

func of(name string, value float64, note string) Term {
	return Term{Name: name, Value: value, Note: note}
}

func TestScore(t *testing.T) {
	c := Context{Last: "2025-03-12", HalfLife: 2, Fields: map[string]float64{"vision": 180, "mathematics": 0}, mean: 80}
	for _, tt := range []struct {
		name string
		in   broadsheet.Signals
		want broadsheet.Standing
	}{
		{"nothing is known", broadsheet.Signals{Day: "2025-03-12"}, broadsheet.Standing{}},
		{"a prediction decides where nobody voted", broadsheet.Signals{Day: "2025-03-12", Interest: 0.75}, broadsheet.Standing{
			Score: math.Ln2 / 4, Predicted: true, Terms: []Term{of("predicted", math.Ln2/4, "more interest than for 75 % of papers")}}},
		{"and not where somebody did", broadsheet.Signals{Day: "2025-03-12", Interest: 0.75, Counts: broadsheet.Counts{Upvotes: 1}}, broadsheet.Standing{
			Score: math.Ln2, Terms: []Term{of("votes", math.Ln2, "1")}}},
		{"votes count by their logarithm", broadsheet.Signals{Day: "2025-03-12", Counts: broadsheet.Counts{Upvotes: 15}}, broadsheet.Standing{
			Score: 4 * math.Ln2, Terms: []Term{of("votes", 4*math.Ln2, "15")}}},
		{"what was counted before is history", broadsheet.Signals{Day: "2025-03-12", Counts: broadsheet.Counts{Upvotes: 15}, Before: broadsheet.Counts{Upvotes: 12}},
			broadsheet.Standing{Score: 2 * math.Ln2, Terms: []Term{of("votes", 2*math.Ln2, "3 of 15")}}},
		{"votes halve with age", broadsheet.Signals{Day: "2025-03-10", Counts: broadsheet.Counts{Upvotes: 3}}, broadsheet.Standing{
			Score: math.Ln2, Terms: []Term{of("votes", 2*math.Ln2, "3"), of("age", -math.Ln2, "2 before the latest day; votes count half after 2.0 days")}}},
		{"a field that drew more is held back", broadsheet.Signals{Day: "2025-03-12", Category: "cs.CV", Counts: broadsheet.Counts{Upvotes: 15}}, broadsheet.Standing{
			Score: 3.75 * math.Ln2, Terms: []Term{of("votes", 4*math.Ln2, "15"), of("field", -math.Ln2/4, "vision drew 2.0 times the mean of fields")}}},
		{"a field that drew less is helped", broadsheet.Signals{Day: "2025-03-12", Category: "math.AG", Counts: broadsheet.Counts{Upvotes: 15}}, broadsheet.Standing{
			Score: 4.5 * math.Ln2, Terms: []Term{of("votes", 4*math.Ln2, "15"), of("field", math.Ln2/2, "mathematics drew 0.2 times the mean of fields")}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 0.06 })
			if diff := cmp.Diff(tt.want, Score(tt.in, c), near); diff != "" {
				t.Errorf("standing (-want +got):\n%s", diff)
			}
		})
	}
}

// On one day, no prediction stands above a vote, whatever the fields.
func TestPredictionsStandBelowVotes(t *testing.T) {
	var papers []broadsheet.Signals
	for i := range 200 {
		papers = append(papers, broadsheet.Signals{Day: "2025-03-11", Category: "cs.CV", Counts: broadsheet.Counts{Upvotes: 1 + i%300}},
			broadsheet.Signals{Day: "2025-03-11", Category: "math.AG", Interest: 1})
	}
	r := Rank(papers, 1)
	first := slices.IndexFunc(r.Papers, func(s broadsheet.Signals) bool { return s.Upvotes == 0 })
	if first != 200 {
		t.Errorf("the first predicted paper stands at %d, want after the 200 with votes", first)
	}
}

func TestByVotes(t *testing.T) {
	papers := []broadsheet.Signals{
		{ID: "a"}, {ID: "b", Interest: 0.2}, {ID: "c", Counts: broadsheet.Counts{Upvotes: 3}},
		{ID: "d", Interest: 0.9}, {ID: "e", Counts: broadsheet.Counts{Upvotes: 3}, Interest: 0.99}, {ID: "f"},
	}
	var got []broadsheet.ID
	for _, s := range ByVotes(papers, 1).Papers {
		got = append(got, s.ID)
	}
	if diff := cmp.Diff([]broadsheet.ID{"c", "e", "d", "b", "a", "f"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestFieldOf(t *testing.T) {
	for category, want := range map[string]string{
		"cs.CV": "vision", "cs.DS": "theory", "cs": "theory", "math.AG": "mathematics", "hep-th": "physics",
		"astro-ph.GA": "physics", "q-bio.NC": "life", "econ.EM": "markets", "eess.SP": "sound", "": "", "no.such": "",
	} {
		if got := FieldOf(category); got != want {
			t.Errorf("FieldOf(%q) is %q, want %q", category, got, want)
		}
	}
}
