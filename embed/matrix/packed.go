package matrix

import "fmt"

// A Packed matrix is a right operand that is multiplied many times: it lies in
// the order of the kernel, so that few rows on the left cost little more than
// reading it. It is never written again and may be shared.
type Packed struct {
	values []float32 // blocks of depth; in each the panels, the last filled with 0
	n, k   int
}

// Pack copies b[k×n].
func Pack(b []float32, k, n int) *Packed {
	check(nil, nil, b, 0, n, k)
	return packed(view{b, 1, n}, n, k)
}

// PackT copies b[n×k], to be multiplied as its transpose: the form in which
// weights of linear layers are stored.
func PackT(b []float32, n, k int) *Packed {
	check(nil, nil, b, 0, n, k)
	return packed(view{b, k, 1}, n, k)
}

func packed(v view, n, k int) *Packed {
	width := (n + tileCols - 1) / tileCols * tileCols
	b := &Packed{make([]float32, width*k), n, k}
	for p := 0; p < k; p += blockDepth {
		v.pack(b.values[p*width:], tileCols, 0, n, p, min(blockDepth, k-p))
	}
	return b
}

// Mul sets c[m×n] = a[m×k] · b, with the bits that the package's Mul and MulT
// give.
func (b *Packed) Mul(c, a []float32, m int) {
	if m < 0 || len(c) < m*b.n || len(a) < m*b.k {
		panic(fmt.Sprintf("matrix: c has %d values and a %d, want %d×%d and %d×%d", len(c), len(a), m, b.n, m, b.k))
	}
	if b.k == 0 {
		clear(c[:m*b.n])
		return
	}
	w := pool.Get().(*blocks)
	defer pool.Put(w)
	width := (b.n + tileCols - 1) / tileCols * tileCols
	for p := 0; p < b.k; p += blockDepth {
		np := min(blockDepth, b.k-p)
		w.rows(c, view{a, b.k, 1}, b.values[p*width:], m, b.n, b.n, p, np)
	}
}
