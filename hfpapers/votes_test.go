package hfpapers_test

import (
	"bufio"
	"encoding/json"
	"math"
	"testing"
	"time"

	"broadsheet/internal/need"
)

// The reason for the ages at which a day is asked for again: the share of its final
// votes that a paper has when its day is so many days old.
func TestVotesSettle(t *testing.T) {
	need.Long(t)
	share, seen, papers := map[int]float64{}, map[int]int{}, 0
	lines := bufio.NewScanner(open(t, "hf_daily.jsonl.gz"))
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var e struct {
			Date    string   `json:"date"`
			Upvotes float64  `json:"upvotes"`
			History [][2]any `json:"upvote_history"`
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if len(e.History) == 0 {
			continue
		}
		papers++
		final := e.Upvotes
		for _, h := range e.History {
			final = max(final, h[1].(float64))
		}
		day, err := time.Parse(time.DateOnly, e.Date)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range e.History {
			at, err := time.Parse(time.DateOnly, h[0].(string)[:10])
			if age := int(at.Sub(day).Hours() / 24); err == nil && final >= 5 { // of fewer, a share says little
				share[age] += h[1].(float64) / final
				seen[age]++
			}
		}
	}
	if lines.Err() != nil || papers != 8680 {
		t.Errorf("%d papers with a history, %v; want 8680", papers, lines.Err())
	}
	for age, want := range map[int]float64{1: 0.74, 2: 0.89, 3: 0.96, 5: 0.98, 7: 0.985, 10: 0.999} {
		if got := share[age] / float64(seen[age]); math.Abs(got-want) > 0.006 {
			t.Errorf("at %d days it is %.3f, over %d papers; doc/data.md says %.3f", age, got, seen[age], want)
		}
	}
}
