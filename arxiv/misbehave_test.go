package arxiv_test

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/arxiv/arxivtest"
)

// Whatever arXiv does wrong, in the end the store has exactly what arXiv has.
func TestHarvestMisbehaving(t *testing.T) {
	for name, faults := range map[string][]arxivtest.Fault{
		"storms of 503":            {arxivtest.Busy(""), arxivtest.Busy(""), arxivtest.Busy("30"), arxivtest.Busy("")},
		"429":                      {arxivtest.TooMany()},
		"silence":                  {arxivtest.Silent(time.Hour)},
		"a late first byte":        {arxivtest.Silent(100 * time.Millisecond)},
		"silence within":           {arxivtest.Stalled()},
		"truncated XML":            {arxivtest.Truncated()},
		"broken connections":       {arxivtest.Reset()},
		"redirects in a circle":    {arxivtest.Loop(), arxivtest.Loop(), arxivtest.Loop(), arxivtest.Loop(), arxivtest.Loop()},
		"an answer of 10 GB":       {arxivtest.Endless()},
		"web pages":                {arxivtest.Page()},
		"a wrong content type":     {arxivtest.Typed("image/gif")},
		"nothing":                  {arxivtest.Empty()},
		"tokens in a circle":       {arxivtest.SameToken()},
		"other people's answers":   {arxivtest.Other()},
		"a huge record":            {arxivtest.Huge()},
		"bombs":                    {arxivtest.Bomb()},
		"garbled text":             {arxivtest.Garbled()},
		"duplicates out of order":  {arxivtest.Doubled()},
		"stale records":            {arxivtest.Stale()},
		"dates that have not come": {arxivtest.Future()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			papers := arxivtest.Invent(120, "2026-05-01", "2026-09-24")
			// After four good answers come the faults; those that cost time are rarer.
			good := 4
			if name == "silence" || name == "silence within" || name == "an answer of 10 GB" {
				good = 12
			}
			w := newWorld(t, papers, arxivtest.Options{PageSize: 8, Sizes: true, Fault: func(n int, r *http.Request) arxivtest.Fault {
				if i := n % (good + len(faults)); i < len(faults) {
					return faults[i]
				}
				return nil
			}}, arxiv.Options{Since: "2026-05-01"})
			w.harvest(w.arxiv.Changes())
			w.holds(papers)
			w.keepsPace()
		})
	}
}

// All of it together, in an order that chance decides, with tokens that die.
func TestHarvestAtItsWorst(t *testing.T) {
	papers := arxivtest.Invent(400, "2026-01-01", "2026-09-24")
	rng := rand.New(rand.NewPCG(3, 3))
	var w *world
	w = newWorld(t, papers, arxivtest.Options{PageSize: 10, Sizes: true, ByDay: true, Fault: func(n int, r *http.Request) arxivtest.Fault {
		faults := []arxivtest.Fault{arxivtest.Busy("120"), arxivtest.Busy(""), arxivtest.Truncated(), arxivtest.Reset(), arxivtest.Loop(),
			arxivtest.Page(), arxivtest.Empty(), arxivtest.SameToken(), arxivtest.Other(), arxivtest.Huge(), arxivtest.Bomb(), arxivtest.Garbled(),
			arxivtest.Doubled(), arxivtest.Stale(), arxivtest.Future(), w.server.DeadToken(), arxivtest.TooMany()}
		if i := rng.IntN(4 * len(faults)); i < len(faults) {
			return faults[i]
		}
		return nil
	}}, arxiv.Options{Since: "2026-01-01"})
	w.harvest(w.arxiv.Changes())
	w.holds(papers)
	w.keepsPace()
	t.Logf("%d requests, %v by the clock, %+v", len(w.server.Log()), w.clock.Now().Sub(noon).Round(time.Second), w.sum)
}

// After the first 429 nothing is asked for ten minutes; and all of arXiv's services
// are asked by one client.
func TestServiceKeepsOnePace(t *testing.T) {
	papers := arxivtest.Invent(5, "2026-09-25", "2026-09-25")
	w := newWorld(t, papers, arxivtest.Options{Fault: func(n int, _ *http.Request) arxivtest.Fault {
		if n == 0 {
			return arxivtest.TooMany()
		}
		return nil
	}}, arxiv.Options{Since: "2026-09-20"})
	w.harvest(w.arxiv.Announcements())
	w.harvest(w.arxiv.Changes())
	if _, err := w.arxiv.Lookup(t.Context(), []broadsheet.ID{"2609.90000"}); err != nil {
		t.Fatal(err)
	}
	w.keepsPace()
	log := w.server.Log()
	if gap := log[1].At.Sub(log[0].At); gap < 10*time.Minute {
		t.Errorf("asked again after %v", gap)
	}
	if len(log) != 5 {
		t.Errorf("%d requests: %+v", len(log), log)
	}
}
