// Package bench measures the search engine on the machine at hand: how fast it
// indexes, what an index takes, how long questions of each kind take and how much
// work they are, beside what the machine's memory could deliver.
package bench

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"

	"broadsheet/search"
)

// The shape of an invented corpus, as counted over 380,000 real papers.
const (
	meanTitle    = 10  // words
	meanAbstract = 160 // words
	common       = 40  // the most frequent words, which carry no subject
)

// Invent yields n papers of words that nobody wrote, with the lengths and the
// frequencies of real ones: the word of rank r comes up as often as 1/r^1.05 (Zipf),
// new words turn up with the square root of the text's length (Heaps), and words that
// stand together once do so again. The same seed yields the same papers.
func Invent(n int, seed uint64) iter.Seq[search.Paper] {
	return func(yield func(search.Paper) bool) {
		rng := rand.New(rand.NewPCG(seed, 1))
		size := 2000 + int(300*math.Sqrt(float64(n)))
		zipf := rand.NewZipf(rng, 1.05, 2.7, uint64(size-1))
		for i := range n {
			// A paper has a subject: words of which its text is full.
			subject := make([]uint64, 6)
			for j := range subject {
				subject[j] = common + zipf.Uint64()%uint64(size-common)
			}
			text := func(words int, about float64) string {
				var b strings.Builder
				for j := range words {
					if j > 0 {
						b.WriteByte(' ')
					}
					w := zipf.Uint64()
					if rng.Float64() < about {
						w = subject[rng.IntN(len(subject))]
						if j+1 < words && rng.Float64() < 0.5 { // a phrase of the field
							b.WriteString(word(w) + " ")
							w = w*7919%uint64(size-common) + common
						}
					}
					b.WriteString(word(w))
				}
				return b.String()
			}
			p := search.Paper{
				ID:         fmt.Sprintf("local:%07d", i),
				Title:      text(meanTitle/2+rng.IntN(meanTitle), 0.5),
				Abstract:   text(meanAbstract/2+rng.IntN(meanAbstract), 0.12),
				Authors:    []string{name(rng), name(rng), name(rng)},
				Categories: []string{fmt.Sprintf("cs.%c%c", 'A'+rng.IntN(8), 'A'+rng.IntN(5))},
				Source:     "invented",
				Day:        int64(16000 + i*4000/n),
				Votes:      int64(rng.ExpFloat64() * 5),
			}
			if !yield(p) {
				return
			}
		}
	}
}

var (
	onsets = strings.Fields("b br c ch d dr f g gr h j k l m n p pl qu r s st t tr v w z")
	vowels = strings.Fields("a e i o u ai ea ou")
)

// word returns the word of a rank. Frequent words are short, as in any language.
func word(rank uint64) string {
	n := uint64(len(onsets) * len(vowels))
	var b strings.Builder
	for r := rank; ; r = r/n - 1 {
		b.WriteString(onsets[r%uint64(len(onsets))])
		b.WriteString(vowels[r/uint64(len(onsets))%uint64(len(vowels))])
		if r < n {
			break
		}
	}
	b.WriteByte("nrtlmdk"[rank%7])
	return b.String()
}

func name(rng *rand.Rand) string {
	cap := func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
	return cap(word(uint64(rng.IntN(400)))) + " " + cap(word(uint64(1000+rng.IntN(9000))))
}
