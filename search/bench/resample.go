package bench

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"broadsheet/search"
)

// Resample yields n papers put together of the sentences of others, so that lengths and
// the frequencies of words and of their neighbours stay those of real text: one in three
// sentences comes from elsewhere, and a third of a title's words do. The same papers and
// seed yield the same. It is for corpora larger than those at hand.
func Resample(papers []search.Paper, n int, seed uint64) iter.Seq[search.Paper] {
	return func(yield func(search.Paper) bool) {
		rng := rand.New(rand.NewPCG(seed, 3))
		for i := range n {
			p := papers[rng.IntN(len(papers))]
			p.ID = fmt.Sprintf("local:resampled%d", i)
			p.Title = mix(rng, strings.Fields(p.Title), " ", func() []string { return strings.Fields(papers[rng.IntN(len(papers))].Title) })
			p.Abstract = mix(rng, strings.SplitAfter(p.Abstract, ". "), "", func() []string {
				return strings.SplitAfter(papers[rng.IntN(len(papers))].Abstract, ". ")
			})
			if !yield(p) {
				return
			}
		}
	}
}

// mix replaces every third part, by chance, with one of another list.
func mix(rng *rand.Rand, parts []string, joint string, other func() []string) string {
	out := make([]string, len(parts))
	for i, part := range parts {
		if out[i] = part; rng.IntN(3) == 0 {
			if o := other(); len(o) > 0 {
				out[i] = o[rng.IntN(len(o))]
			}
		}
	}
	return strings.Join(out, joint)
}
