// Package matrix has the float32 kernels under training and inference: products
// of dense row-major matrices, dot products and scaled sums, in AVX2 assembly
// with a portable twin.
//
// Every result is defined bit for bit. An element of a product is
//
//	s := 0; for p from 0 to k-1 { s = round(s + round(a·b)) }
//
// whatever the shape, the blocking, or how callers split the rows of the result
// over goroutines; Dot has an order of its own, written down there. Products and
// sums are rounded apart, as a fused multiply-add would not exist everywhere in
// float32: the same training run gives the same model on every machine. What
// that costs is measured by BenchmarkMul.
//
// Functions run on the caller's goroutine and panic when a slice is too short for
// its shape. The result may not overlap the operands.
package matrix

import "fmt"

// Dot returns the sum of a[i]·b[i]. Element i is added to the partial sum i mod
// 32, in order; the 32 are folded by halves, see fold.
func Dot(a, b []float32) float32 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("matrix: Dot of %d and %d values", len(a), len(b)))
	}
	return dot(a, b)
}

// Axpy adds alpha·x[i] to each y[i].
func Axpy(y []float32, alpha float32, x []float32) {
	if len(y) != len(x) {
		panic(fmt.Sprintf("matrix: Axpy of %d values to %d", len(x), len(y)))
	}
	axpy(y, alpha, x)
}

// Mul sets c[m×n] = a[m×k] · b[k×n], in 2mnk operations.
func Mul(c, a, b []float32, m, n, k int) {
	check(c, a, b, m, n, k)
	product(c, view{a, k, 1}, view{b, 1, n}, m, n, k)
}

// MulT sets c[m×n] = a[m×k] · b[n×k]ᵀ: the dot products of all rows.
func MulT(c, a, b []float32, m, n, k int) {
	check(c, a, b, m, n, k)
	product(c, view{a, k, 1}, view{b, k, 1}, m, n, k)
}

// TMul sets c[m×n] = a[k×m]ᵀ · b[k×n]: the sum of the outer products of rows.
func TMul(c, a, b []float32, m, n, k int) {
	check(c, a, b, m, n, k)
	product(c, view{a, 1, m}, view{b, 1, n}, m, n, k)
}

func check(c, a, b []float32, m, n, k int) {
	if m < 0 || n < 0 || k < 0 {
		panic(fmt.Sprintf("matrix: shape m=%d n=%d k=%d", m, n, k))
	}
	for _, x := range []struct {
		name       string
		have       int
		rows, cols int
	}{{"c", len(c), m, n}, {"a", len(a), m, k}, {"b", len(b), k, n}} {
		if x.have < x.rows*x.cols {
			panic(fmt.Sprintf("matrix: %s has %d values, want %d×%d", x.name, x.have, x.rows, x.cols))
		}
	}
}
