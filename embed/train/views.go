package train

import (
	"math"
	"math/rand/v2"
)

// A viewer makes the two sides of pairs from texts (augmentation of the text by itself:
// arXiv 2306.00788).
type viewer struct {
	set  Settings
	slot []int32 // by word: its place in the bag + 1
}

func newViewer(set Settings, words int) *viewer {
	return &viewer{set: set, slot: make([]int32, words)}
}

// How often which parts of a text make a pair; titles against bodies are the rest. What
// each adds is in doc/model.md.
const (
	halvesShare = 0.2
	spanShare   = 0.2 // a few words in a row against all else: a question of its paper
	tagsShare   = 0.5 // of texts with tags, tags against title and body
	dropWords   = 0.1
)

// views makes the two sides of a pair from a text.
func (v *viewer) views(e entry, seed uint64, left, right *bag) {
	rng := rand.New(rand.NewPCG(seed, 2))
	left.reset()
	right.reset()
	kind := rng.Float64()
	switch {
	case len(e.tags) > 2 && rng.Float64() < tagsShare:
		v.add(left, rng, 0, e.tags)
		v.add(right, rng, dropWords, e.title, e.body)
	case kind < halvesShare:
		cut := int(float64(len(e.body)) * (0.3 + 0.4*rng.Float64()))
		v.add(left, rng, dropWords, e.body[:cut])
		v.add(right, rng, dropWords, e.body[cut:])
	case kind < halvesShare+spanShare:
		n := min(4+rng.IntN(12), len(e.body)/2)
		at := rng.IntN(len(e.body) - n + 1)
		v.add(left, rng, 0, e.body[at:at+n])
		v.add(right, rng, dropWords, e.title, e.body[:at], e.body[at+n:])
	default:
		v.add(left, rng, 0, e.title)
		v.add(right, rng, dropWords, e.body)
	}
}

func (b *bag) reset() { b.words, b.weights = b.words[:0], b.weights[:0] }

// add puts the words of some parts into a bag, each with a probability to be left out.
func (v *viewer) add(b *bag, rng *rand.Rand, drop float64, parts ...[]uint16) {
	for _, part := range parts {
		for _, w := range part {
			if drop > 0 && rng.Float64() < drop {
				continue
			}
			if at := v.slot[w]; at > 0 {
				b.weights[at-1]++
				continue
			}
			b.words, b.weights = append(b.words, w), append(b.weights, 1)
			v.slot[w] = int32(len(b.words))
		}
	}
	for i, w := range b.words {
		v.slot[w] = 0
		b.weights[i] = float32(math.Sqrt(float64(b.weights[i])))
	}
}
