package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"broadsheet/embed"
	"broadsheet/embed/matrix"
)

// AdaptDefaults returns the settings that a model is adapted to a library with. They were
// chosen by SciFact, of whose words the built-in model knows fewest; see doc/model.md.
func AdaptDefaults() Settings {
	s := Defaults()
	s.Words, s.Least, s.Epochs, s.Holdout, s.HardAfter = 20_000, 2, 12, 0, 100
	// New words have some hundred steps to find their place in; 0.02 has 0.56 nDCG@10.
	s.Rate = 0.05
	// The best of some epochs by a few hundred texts held out is drawn by chance, and
	// often an early one. With nothing held out, and the rate falling, the last is good.
	s.Patience = 0
	// A library has thousands of texts and not hundreds of thousands: softer targets
	// than those of the built-in model, 0.05, have 0.55 nDCG@10 instead of 0.53.
	s.Temperature = 0.1
	// Without it, questions on other subjects lose 0.05 nDCG@10 by meaning alone; with
	// 0.1, 0.006, which cannot be told from chance. New words are free.
	s.Anchor = 0.1
	return s
}

// Adapt returns a model that has gone on learning with a corpus: words of it that the
// model does not know are added, at most set.Words, with the vectors that their parts
// suggest, and all words of the corpus move, those known before on a leash. What the corpus does not
// have stays as it was, so nothing is forgotten that it says nothing of.
func Adapt(ctx context.Context, base *embed.Model, c *Corpus, set Settings, told func(Progress)) (*embed.Model, error) {
	p := base.Parts()
	set.Dims, set.Buckets = p.Dims, len(p.Units)/p.Dims
	fresh := c.frequent(min(set.Words, unknown-len(p.Words)), set.Least, base.Has)
	words := append(p.Words, fresh...)
	rows := append(p.Rows, c.guess(base, fresh, set)...)
	texts := c.in(words)
	set.Batch = max(32, min(set.Batch, texts.len()/16))
	if texts.len() < 4*set.Batch {
		return nil, fmt.Errorf("train: %w: there are %d", ErrTooSmall, texts.len())
	}
	t := newTrainer(set, texts, rows, len(words))
	if set.Anchor > 0 {
		t.base = slices.Clone(p.Rows)
	}
	if err := t.run(ctx, told); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return embed.NewModel(embed.Parts{Dims: p.Dims, Words: words, Rows: t.rows, Units: p.Units, Coder: p.Coder}), nil
}

// guess returns vectors for new words: half what their parts suggest, half a direction
// of their own, as long as a word of their frequency is in the model.
func (c *Corpus) guess(base *embed.Model, words []string, set Settings) []float32 {
	var sum, n float64 // of the rarer half of the model's words
	for i := base.Words() / 2; i < base.Words(); i++ {
		_, tells := base.Token(i)
		sum, n = sum+float64(tells), n+1
	}
	typical := sum / max(n, 1)
	rng := rand.New(rand.NewPCG(set.Seed, 4))
	rows := make([]float32, len(words)*set.Dims)
	own := make([]float32, set.Dims)
	for i, w := range words {
		row := rows[i*set.Dims : (i+1)*set.Dims]
		base.UnitVector(row, w)
		stretch(row, 0.5)
		for j := range own {
			own[j] = float32(rng.NormFloat64())
		}
		stretch(own, 0.5)
		matrix.Axpy(row, 1, own)
		stretch(row, typical)
	}
	return rows
}

// stretch gives a vector a length.
func stretch(v []float32, length float64) {
	if n := math.Sqrt(float64(matrix.Dot(v, v))); n > 0 {
		for i := range v {
			v[i] *= float32(length / n)
		}
	}
}
