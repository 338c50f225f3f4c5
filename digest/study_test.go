package digest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

// A choice made once is worth 1 − 1/e of the best at least, and its papers do not
// depend on their order.
func TestChooseOnce(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		c := New(Options{K: 1 + int(seed%4)})
		list := make([]Candidate, 11)
		for n := range list {
			list[n] = invented(rng, n, 12)
			c.Insert(list[n])
		}
		picks := Choose(Options{K: c.k}, list)
		best, got := optimum(c, itemsOf(c), nil), worth(c, itemsIn(c, picks))
		if len(picks) != c.k || got < (1-1/math.E)*best-1e-9 {
			t.Errorf("seed %d: %d papers worth %g, the best %d are worth %g", seed, len(picks), got, c.k, best)
		}
		slices.Reverse(list)
		if diff := cmp.Diff(idsOf(picks), idsOf(Choose(Options{K: c.k}, list))); diff != "" {
			t.Errorf("seed %d, in the other order (-want +got):\n%s", seed, diff)
		}
	}
}

func TestChooseOnceFillsUp(t *testing.T) {
	list := []Candidate{{ID: "2599.00001"}, {ID: "2599.00002", Relevance: 1}, {ID: "2599.00002", Relevance: 5}, {ID: "2599.00003"}}
	want := []broadsheet.ID{"2599.00002", "2599.00001", "2599.00003"}
	if diff := cmp.Diff(want, idsOf(Choose(Options{}, list))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if picks := Choose(Options{}, nil); len(picks) != 0 {
		t.Errorf("of nothing: %v", picks)
	}
}

// What was read once is the same to every reader as what is read for one.
func TestConsider(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var records []broadsheet.Record
	for i := range 40 {
		text := ""
		for range 60 {
			text += fmt.Sprintf("word%d ", rng.IntN(200))
		}
		records = append(records, broadsheet.Record{Paper: broadsheet.Paper{ID: broadsheet.ID(fmt.Sprintf("2599.%05d", i)), Title: text[:30], Abstract: text}})
	}
	usage := NewUsage(records)
	in := Interests{Terms: map[string]float64{"word7": 1, "word8 word9": 2, "Word11": 0.5, "word12": 0, "absent": 1}, Usage: usage}
	desk := NewDesk(in)
	for i := range records {
		study := usage.Study(&records[i].Paper)
		NewDesk(Interests{Terms: map[string]float64{"word1": 1}, Usage: usage}).Consider(study)
		if diff := cmp.Diff(desk.Candidate(records[i]), desk.Consider(study)); diff != "" || study.ID() != records[i].ID {
			t.Errorf("%s (-want +got):\n%s", study.ID(), diff)
		}
	}
}
