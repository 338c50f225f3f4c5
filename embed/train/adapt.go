package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"broadsheet/embed"
	"broadsheet/embed/matrix"
)

// AdaptDefaults returns the settings that a model is adapted to a library with.
func AdaptDefaults() Settings {
	s := Defaults()
	s.Words, s.Least, s.Epochs, s.Rate, s.Holdout, s.HardAfter, s.Patience = 20_000, 2, 8, 0.02, 512, 100, 8
	s.Anchor = 0.01 // without it, other subjects lose 0.05 nDCG@10 by meaning alone; with it 0.02
	return s
}

// Adapt returns a model that has gone on learning with a corpus: words of it that the
// model does not know are added, at most set.Words, with the vectors that their parts
// suggest, and all words of the corpus move. What the corpus does not have stays as it
// was, so nothing is forgotten that it says nothing of.
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
		t.base = append([]float32(nil), rows...)
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
