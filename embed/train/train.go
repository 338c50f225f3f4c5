// Package train makes models of package embed: it learns vectors of words from
// nothing but texts, so that the two parts of one text become alike.
package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"broadsheet/embed"
	"broadsheet/embed/matrix"
)

// Settings of a training. Their zero values are replaced by those of [Defaults].
type Settings struct {
	Dims        int     // of vectors
	Words       int     // in the vocabulary
	Least       int     // times that a word stands in the corpus to be in it
	Buckets     int     // of subword units
	Batch       int     // texts; each has all others of its batch as negatives
	Epochs      int     // at most; see Patience
	Rate        float64 // the length of a first step, by value
	Temperature float64
	Prefixes    []int   // Matryoshka: how many first dimensions have to be useful alone
	Holdout     int     // texts that are not trained on but measured with
	Patience    int     // epochs without gain on them that end the training; 0: it has all its epochs
	HardAfter   int     // epochs after which batches are made of texts that are alike
	Anchor      float64 // when adapting: how far words known before are pulled back to where they were, per step
	Seed        uint64
}

// Defaults returns the settings that the built-in model is trained with.
func Defaults() Settings {
	return Settings{Dims: 256, Words: 44_000, Least: 5, Buckets: 16_384, Batch: 1024, Epochs: 12, Rate: 0.03, Temperature: 0.05,
		Prefixes: []int{64, 128, 192}, Holdout: 4096, Patience: 2, HardAfter: 2, Seed: 1}
}

// Progress tells how far a training is.
type Progress struct {
	Epoch   int
	Done    float64 // of the epoch
	Loss    float64
	Holdout float64 // MRR@10 of titles among the bodies held out, at the end of an epoch; else 0
	Short   float64 // the same with the first 64 dimensions
}

// ErrTooSmall says that there are too few texts to learn from.
var ErrTooSmall = errors.New("too few texts to learn from")

// New trains a model on a corpus.
func New(ctx context.Context, c *Corpus, set Settings, told func(Progress)) (*embed.Model, error) {
	words := c.frequent(set.Words, set.Least, nil)
	texts := c.in(words)
	set.Batch = min(set.Batch, texts.len()/4)
	if set.Batch < 8 {
		return nil, fmt.Errorf("train: %w: there are %d", ErrTooSmall, texts.len())
	}
	t := newTrainer(set, texts, c.start0(words, set), len(words))
	if err := t.run(ctx, told); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return t.model(words), nil
}

// start0 returns vectors to start from: of random direction, and short for frequent
// words (a/(a+p): Arora, Liang and Ma, ICLR 2017).
func (c *Corpus) start0(words []string, set Settings) []float32 {
	const a = 3e-4
	rng := rand.New(rand.NewPCG(set.Seed, 3))
	rows := make([]float32, len(words)*set.Dims)
	for i, w := range words {
		weight := a / (a + float64(c.count(w))/float64(len(c.tokens)))
		for j := range set.Dims {
			rows[i*set.Dims+j] = float32(rng.NormFloat64() * weight / math.Sqrt(float64(set.Dims)))
		}
	}
	return rows
}

// run trains until the texts held out gain no more, and leaves the best rows; without
// Patience, for all epochs, and leaves the last.
func (t *trainer) run(ctx context.Context, told func(Progress)) error {
	if told == nil {
		told = func(Progress) {}
	}
	ids := t.rng.Perm(t.texts.len())
	held := ids[:min(t.set.Holdout, len(ids)/10)]
	ids = ids[len(held):]
	best, rows, since := t.measure(held, t.dims), append([]float32(nil), t.rows...), 0
	for e := 1; e <= t.set.Epochs; e++ {
		if e > t.set.HardAfter {
			ids = t.alike(ids)
		} else {
			t.rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		}
		p := Progress{Epoch: e}
		rate := func(done float64) float64 { // falls to a tenth, in a straight line
			return t.set.Rate * (1 - 0.9*(float64(e-1)+done)/float64(t.set.Epochs))
		}
		err := t.epoch(ctx, ids, rate, func(done, loss float64) {
			p.Done, p.Loss = done, loss
			told(p)
		})
		if err != nil {
			return err
		}
		p.Holdout, p.Short = t.measure(held, t.dims), t.measure(held, min(64, t.dims))
		told(p)
		if p.Holdout > best || t.set.Patience == 0 {
			best, since = p.Holdout, 0
			copy(rows, t.rows)
		} else if since++; since >= t.set.Patience {
			break
		}
	}
	copy(t.rows, rows)
	return nil
}

// measure returns the MRR@10 of titles among bodies.
func (t *trainer) measure(ids []int, dims int) float64 {
	n := len(ids)
	if n == 0 {
		return 0
	}
	titles, bodies := make([]float32, n*dims), make([]float32, n*dims)
	parallel(n, func(from, to int) {
		v := newViewer(t.set, len(t.grad2))
		var b bag
		for i := from; i < to; i++ {
			e := t.texts.entry(ids[i])
			b.reset()
			v.add(&b, nil, 0, e.title)
			t.vector(titles[i*dims:(i+1)*dims], &b)
			b.reset()
			v.add(&b, nil, 0, e.body)
			t.vector(bodies[i*dims:(i+1)*dims], &b)
		}
	})
	var sum float64
	for _, r := range ranks(titles, bodies, n, dims) {
		sum += r
	}
	return sum / float64(n)
}

// vector writes the unit vector of a bag in as many dimensions as dst has.
func (t *trainer) vector(dst []float32, b *bag) {
	for i, w := range b.words {
		at := int(w) * t.dims
		matrix.Axpy(dst, b.weights[i], t.rows[at:at+len(dst)])
	}
	if n := math.Sqrt(float64(matrix.Dot(dst, dst))); n > 0 {
		for i := range dst {
			dst[i] /= float32(n)
		}
	}
}

const (
	groups    = 512 // of texts that are alike
	groupRun  = 128 // texts of one group that stand together in a batch
	groupDims = 64
)

// alike orders texts so that each batch has runs of texts that are alike, which are hard
// to tell apart: each text goes to the nearest of some texts drawn at random.
func (t *trainer) alike(ids []int) []int {
	n := len(ids)
	k := min(groups, n/groupRun)
	if k < 2 {
		t.rng.Shuffle(n, func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		return ids
	}
	dims := min(groupDims, t.dims)
	t.rng.Shuffle(n, func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	vectors := make([]float32, n*dims)
	nearest := make([]int, n)
	parallel(n, func(from, to int) {
		v := newViewer(t.set, len(t.grad2))
		var b bag
		for i := from; i < to; i++ {
			e := t.texts.entry(ids[i])
			b.reset()
			v.add(&b, nil, 0, e.title, e.body)
			t.vector(vectors[i*dims:(i+1)*dims], &b)
		}
	})
	centres := append([]float32(nil), vectors[:k*dims]...)
	parallel(n, func(from, to int) {
		sims := make([]float32, k)
		for i := from; i < to; i++ {
			matrix.MulT(sims, vectors[i*dims:(i+1)*dims], centres, 1, k, dims)
			best := 0
			for j, s := range sims {
				if s > sims[best] {
					best = j
				}
			}
			nearest[i] = best
		}
	})
	lists := make([][]int, k)
	for i, g := range nearest {
		lists[g] = append(lists[g], ids[i])
	}
	var runs [][]int
	for _, l := range lists {
		for len(l) > 0 {
			m := min(groupRun, len(l))
			runs = append(runs, l[:m])
			l = l[m:]
		}
	}
	t.rng.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	out := make([]int, 0, n)
	for _, r := range runs {
		out = append(out, r...)
	}
	return out
}
