package train

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"broadsheet/embed/matrix"
)

// A trainer moves the rows of a table of word vectors so that the two sides of each
// pair become alike and unlike all others of the batch (InfoNCE: van den Oord, Li and
// Vinyals, arXiv 1807.03748; both ways, as in CLIP, arXiv 2103.00020). Which parts of a
// text make a pair, see views.
//
// Work is split over goroutines by rows of results, and each sum has one order, so that
// a seed leads to the same model whatever the number of cores.
type trainer struct {
	set   Settings
	texts *texts
	dims  int
	rows  []float32 // words × dims
	grad2 []float32 // of each row, the sum of the mean squares of its gradients (row-wise AdaGrad)
	base  []float32 // what the first rows are pulled back to; see Settings.Anchor
	rng   *rand.Rand

	side  [2][]bag
	sum   []float32 // 2·batch × dims: vectors before they are made unit
	unit  []float32
	norm  []float32
	dsum  []float32
	dunit []float32
	sims  []float32 // batch × batch
	rowZ  []float32
	colZ  []float32

	order   []occurrence // of words in the batch, by word
	starts  []int32      // by word: where its occurrences begin
	present []uint16     // words of the batch
}

// A bag is one side of a pair: distinct words with their weights.
type bag struct {
	words   []uint16
	weights []float32
}

type occurrence struct {
	row    int32
	weight float32
}

func newTrainer(set Settings, t *texts, rows []float32, words int) *trainer {
	b, d := set.Batch, set.Dims
	set.Prefixes = slices.DeleteFunc(slices.Clone(set.Prefixes), func(n int) bool { return n >= d })
	tr := &trainer{set: set, texts: t, dims: d, rows: rows, grad2: make([]float32, words), rng: rand.New(rand.NewPCG(set.Seed, 1)),
		sum: make([]float32, 2*b*d), unit: make([]float32, 2*b*d), norm: make([]float32, 2*b), dsum: make([]float32, 2*b*d),
		dunit: make([]float32, 2*b*d), sims: make([]float32, b*b), rowZ: make([]float32, b), colZ: make([]float32, b),
		starts: make([]int32, words+1)}
	for i := range tr.side {
		tr.side[i] = make([]bag, b)
	}
	return tr
}

// parallel calls fn for ranges that cover 0 to n.
func parallel(n int, fn func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() { fn(n*w/workers, n*(w+1)/workers) })
	}
	all.Wait()
}

// epoch trains on the texts with these numbers once. Told is called after each batch.
func (t *trainer) epoch(ctx context.Context, ids []int, rate func(done float64) float64, told func(done float64, loss float64)) error {
	b := t.set.Batch
	var loss float64
	for i := 0; i+b <= len(ids); i += b {
		if err := ctx.Err(); err != nil {
			return err
		}
		done := float64(i) / float64(len(ids))
		dims := t.dims
		if len(t.set.Prefixes) > 0 && t.rng.IntN(2) == 0 { // Matryoshka: a beginning of the vector must do as well
			dims = t.set.Prefixes[t.rng.IntN(len(t.set.Prefixes))]
		}
		l := t.step(ids[i:i+b], dims, float32(rate(done)))
		if loss == 0 {
			loss = l
		}
		loss += 0.05 * (l - loss)
		if told != nil {
			told(float64(i+b)/float64(len(ids)), loss)
		}
	}
	return nil
}

// step trains on one batch and returns its loss.
func (t *trainer) step(ids []int, dims int, rate float32) float64 {
	seeds := make([]uint64, len(ids))
	for i := range seeds {
		seeds[i] = t.rng.Uint64()
	}
	parallel(len(ids), func(from, to int) {
		v := newViewer(t.set, len(t.grad2))
		for i := from; i < to; i++ {
			v.views(t.texts.entry(ids[i]), seeds[i], &t.side[0][i], &t.side[1][i])
		}
	})
	t.encode(dims)
	loss := t.contrast(dims)
	t.backward(dims)
	t.update(dims, rate)
	return loss
}

func (t *trainer) bag(row int) *bag {
	if b := t.set.Batch; row >= b {
		return &t.side[1][row-b]
	}
	return &t.side[0][row]
}

// encode sums the words of each side and makes unit vectors.
func (t *trainer) encode(dims int) {
	parallel(2*t.set.Batch, func(from, to int) {
		for row := from; row < to; row++ {
			sum, unit := t.sum[row*dims:(row+1)*dims], t.unit[row*dims:(row+1)*dims]
			clear(sum)
			bag := t.bag(row)
			for i, w := range bag.words {
				at := int(w) * t.dims
				matrix.Axpy(sum, bag.weights[i], t.rows[at:at+dims])
			}
			n := float32(math.Sqrt(float64(matrix.Dot(sum, sum))))
			t.norm[row] = n
			clear(unit)
			if n > 0 {
				matrix.Axpy(unit, 1/n, sum)
			}
		}
	})
}

// contrast computes the loss and the gradients of the unit vectors. A similarity is at
// most 1, so e^((s-1)/τ) neither overflows nor needs a maximum.
func (t *trainer) contrast(dims int) float64 {
	b := t.set.Batch
	left, right := t.unit[:b*dims], t.unit[b*dims:2*b*dims]
	inverse := float32(1 / t.set.Temperature)
	losses := make([]float64, b)
	parallel(b, func(from, to int) {
		matrix.MulT(t.sims[from*b:to*b], left[from*dims:to*dims], right, to-from, b, dims)
		for i := from; i < to; i++ {
			row := t.sims[i*b : (i+1)*b]
			losses[i] = float64((row[i] - 1) * inverse)
			var z float32
			for j, s := range row {
				e := exp((s - 1) * inverse)
				row[j] = e
				z += e
			}
			t.rowZ[i] = z
		}
	})
	parallel(b, func(from, to int) {
		z := t.colZ[from:to]
		clear(z)
		for i := range b {
			for j, e := range t.sims[i*b+from : i*b+to] {
				z[j] += e
			}
		}
	})
	var loss float64
	for i, l := range losses {
		loss += (math.Log(float64(t.rowZ[i])) + math.Log(float64(t.colZ[i]))) / 2
		loss -= l
	}
	scale := inverse / float32(2*b)
	parallel(b, func(from, to int) {
		for i := from; i < to; i++ {
			row, z := t.sims[i*b:(i+1)*b], 1/t.rowZ[i]
			for j := range row {
				row[j] *= (z + 1/t.colZ[j]) * scale
			}
			row[i] -= 2 * scale
		}
	})
	parallel(b, func(from, to int) {
		matrix.Mul(t.dunit[from*dims:to*dims], t.sims[from*b:to*b], right, to-from, dims, b)
	})
	transposed := t.transpose()
	parallel(b, func(from, to int) {
		matrix.Mul(t.dunit[(b+from)*dims:(b+to)*dims], transposed[from*b:to*b], left, to-from, dims, b)
	})
	return loss / float64(b)
}

// transpose turns the gradients of the similarities over, in place.
func (t *trainer) transpose() []float32 {
	b := t.set.Batch
	for i := range b {
		for j := range i {
			t.sims[i*b+j], t.sims[j*b+i] = t.sims[j*b+i], t.sims[i*b+j]
		}
	}
	return t.sims
}

// backward computes the gradients of the sums from those of the unit vectors.
func (t *trainer) backward(dims int) {
	parallel(2*t.set.Batch, func(from, to int) {
		for row := from; row < to; row++ {
			g, u, d := t.dunit[row*dims:(row+1)*dims], t.unit[row*dims:(row+1)*dims], t.dsum[row*dims:(row+1)*dims]
			clear(d)
			if n := t.norm[row]; n > 0 {
				matrix.Axpy(d, 1/n, g)
				matrix.Axpy(d, -matrix.Dot(g, u)/n, u)
			}
		}
	})
}

// update moves the words of the batch, by row-wise AdaGrad (Duchi, Hazan and Singer,
// JMLR 2011, with one sum for a row): rare words move far, frequent ones little.
func (t *trainer) update(dims int, rate float32) {
	t.gather()
	parallel(len(t.present), func(from, to int) {
		g := make([]float32, dims)
		for _, w := range t.present[from:to] {
			clear(g)
			for _, o := range t.order[t.starts[w]:t.starts[w+1]] {
				matrix.Axpy(g, o.weight, t.dsum[int(o.row)*dims:(int(o.row)+1)*dims])
			}
			row := t.rows[int(w)*t.dims : int(w)*t.dims+dims]
			if at := int(w) * t.dims; at < len(t.base) {
				for i, b := range t.base[at : at+dims] {
					row[i] -= float32(t.set.Anchor) * (row[i] - b)
				}
			}
			t.grad2[w] += matrix.Dot(g, g) / float32(dims)
			if t.grad2[w] > 0 {
				matrix.Axpy(row, -rate/float32(math.Sqrt(float64(t.grad2[w]))), g)
			}
		}
	})
}

// gather sorts the occurrences of the batch by word: a counting sort.
func (t *trainer) gather() {
	clear(t.starts)
	n := 0
	for row := range 2 * t.set.Batch {
		for _, w := range t.bag(row).words {
			t.starts[w+1]++
			n++
		}
	}
	t.present = t.present[:0]
	for w := range len(t.starts) - 1 {
		if t.starts[w+1] > 0 {
			t.present = append(t.present, uint16(w))
		}
		t.starts[w+1] += t.starts[w]
	}
	t.order = slices.Grow(t.order[:0], n)[:n]
	for row := range 2 * t.set.Batch {
		b := t.bag(row)
		for i, w := range b.words {
			t.order[t.starts[w]] = occurrence{int32(row), b.weights[i]}
			t.starts[w]++
		}
	}
	copy(t.starts[1:], t.starts[:len(t.starts)-1]) // each start was moved to its end
	t.starts[0] = 0
}

// exp is e^x for x at most 0, within 3·10⁻⁷ of it relatively, and 0 below -87. It has
// one result on every machine.
func exp(x float32) float32 {
	if x < -87 {
		return 0
	}
	y := float64(x) * math.Log2E
	n := math.Floor(y)
	f := (y - n) * math.Ln2
	p := 1 + f*(1+f*(1.0/2+f*(1.0/6+f*(1.0/24+f*(1.0/120+f*(1.0/720+f/5040))))))
	return float32(math.Float64frombits(math.Float64bits(p) + uint64(int64(n))<<52))
}
