package digest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"
)

// A spread says how alike and how relevant the picks of a day are.
type spread struct {
	relevance float64 // mean of the picks
	alike     float64 // mean cosine of two picks, by all their words
	topics    float64 // of the reader's that any pick has
	fields    float64 // first categories
}

func (s *spread) add(o spread, times float64) {
	s.relevance += times * o.relevance
	s.alike += times * o.alike
	s.topics += times * o.topics
	s.fields += times * o.fields
}

// spreadOf measures the choice of a day with so much variety; negative, it is the
// plain top.
func spreadOf(d *day, variety float64) spread {
	desk := d.desk(variety)
	c := New(Options{Weight: desk.Weight})
	candidates := desk.Candidates(d.papers)
	for _, cand := range candidates {
		c.Insert(cand)
	}
	var papers []broadsheet.Record
	var s spread
	topics, fields := map[string]bool{}, map[string]bool{}
	for _, pick := range c.Choose() {
		i := slices.IndexFunc(d.papers, func(r broadsheet.Record) bool { return r.ID == pick.ID })
		papers = append(papers, d.papers[i])
		s.relevance += pick.Relevance / float64(c.k)
		fields[strings.Join(d.papers[i].Categories[:min(1, len(d.papers[i].Categories))], "")] = true
		for _, f := range candidates[i].Features {
			if f.Kind == Topic {
				topics[f.Name] = true
			}
		}
	}
	s.topics, s.fields, s.alike = float64(len(topics)), float64(len(fields)), alike(papers, d.usage)
	return s
}

func alike(papers []broadsheet.Record, u *Usage) float64 {
	sum, pairs := 0.0, 0
	for i := range papers {
		words := map[string]float64{}
		for _, w := range u.profile(&papers[i].Paper) {
			words[w.word] = w.weight
		}
		for j := range i {
			for _, w := range u.profile(&papers[j].Paper) {
				sum += w.weight * words[w.word]
			}
			pairs++
		}
	}
	return sum / float64(pairs)
}

func meanSpread(days []day, variety float64) (mean spread) {
	var mu sync.Mutex
	each(days, func(i int, d *day) {
		s := spreadOf(d, variety)
		mu.Lock()
		defer mu.Unlock()
		mean.add(s, 1/float64(len(days)))
	})
	return mean
}

// TestVarietyCostsLittleRelevance measures DefaultVariety on days on which it was
// not tuned; the first 40 of the same draw, on which it was, are in the log.
func TestVarietyCostsLittleRelevance(t *testing.T) {
	need.Long(t)
	days := realDays(t, 160, 100, 11)
	show := func(name string, days []day, variety float64) spread {
		s := meanSpread(days, variety)
		t.Logf("%-9s variety %5.2f: relevance %.4f, pairs alike %.4f, topics %.2f, fields %.2f", name, variety, s.relevance, s.alike, s.topics, s.fields)
		return s
	}
	for _, v := range []float64{-1, 0.02, 0.03, 0.04, 0.05, 0.06} {
		show("tuning", days[:40], v)
	}
	plain, got := show("reported", days[40:], -1), show("reported", days[40:], DefaultVariety)
	if loss := 1 - got.relevance/plain.relevance; loss > 0.05 {
		t.Errorf("relevance is %.1f %% less than the plain top's", 100*loss)
	}
	if got.alike > 0.85*plain.alike || got.topics < 1.05*plain.topics {
		t.Errorf("pairs are alike by %.4f, plainly %.4f; %.1f topics, plainly %.1f", got.alike, plain.alike, got.topics, plain.topics)
	}
}
