package arxivtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Invent returns n papers that were announced and changed on days from first to
// last, the same for the same arguments. One in ten was revised, one in forty was
// deleted.
func Invent(n int, first, last string) []Paper {
	rng := rand.New(rand.NewPCG(5, uint64(n)))
	from, err1 := time.Parse(time.DateOnly, first)
	to, err2 := time.Parse(time.DateOnly, last)
	if err1 != nil || err2 != nil || to.Before(from) {
		panic("arxivtest: Invent wants two days in order")
	}
	papers := make([]Paper, n)
	for i := range papers {
		at := from.Add(time.Duration(rng.Int64N(int64(to.Sub(from)) + 1)))
		papers[i] = invent(rng, i, at, to)
	}
	return papers
}

func pick(rng *rand.Rand, words ...string) string { return words[rng.IntN(len(words))] }

func invent(rng *rand.Rand, i int, at, last time.Time) Paper {
	p := Paper{
		// No month of arXiv has so many papers.
		ID:       fmt.Sprintf("%s.%05d", at.Format("0601"), 90000+i%10000),
		Title:    fmt.Sprintf("On %s %s & %s, part %d", pick(rng, "warm", "round", "noisy"), pick(rng, "kettles", "cups", "spoons"), pick(rng, "steam", "lids"), i),
		Abstract: strings.Repeat(fmt.Sprintf("We looked at $p < %d$ vessels and none of them whistled. ", i), 1+rng.IntN(12)),
		Versions: []time.Time{at.Add(-30 * time.Hour).Truncate(time.Second)},
	}
	categories := []string{"cs.AI", "cs.LG", "math.NA", "hep-th", "astro-ph.GA", "stat.ML", "physics.optics"}
	rng.Shuffle(len(categories), func(i, j int) { categories[i], categories[j] = categories[j], categories[i] })
	p.Categories = categories[:1+rng.IntN(3)]
	for range 1 + rng.IntN(4) {
		p.Authors = append(p.Authors, Author{
			Forenames: pick(rng, "Ada", "Björn", "Chen", "Dora M."), Keyname: pick(rng, "Smith", "Jones", "Wu", "de la Cruz"),
			Affiliation: pick(rng, "", "", "Kettle Institute", "Spout Laboratory, Hill Street"),
		})
	}
	p.Announced = at.Format(time.DateOnly)
	changed := at
	if rng.IntN(10) == 0 {
		changed = at.Add(time.Duration(rng.Int64N(int64(last.Sub(at)) + 1)))
		p.Versions = append(p.Versions, changed.Truncate(time.Second))
		p.Comments = "revised"
	}
	p.Changed = changed.Format(time.DateOnly)
	p.Deleted = rng.IntN(40) == 0
	return p
}
