//go:build !purego

package matrix

import "golang.org/x/sys/cpu"

// useAVX2 is a variable for tests of the portable path.
var useAVX2 = cpu.X86.HasAVX2

// masks[n:] starts with a mask of 8-n lanes: what VMASKMOVPS loads at the end of
// a vector.
var masks = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

func dot(a, b []float32) float32 {
	if !useAVX2 || len(a) == 0 {
		return dotPortable(a, b)
	}
	return dotAVX2(&a[0], &b[0], len(a), &masks)
}

func axpy(y []float32, alpha float32, x []float32) {
	whole := 0
	if useAVX2 && len(y) >= 8 {
		whole = len(y) &^ 7
		axpyAVX2(&y[0], alpha, &x[0], whole)
	}
	axpyPortable(y[whole:], alpha, x[whole:])
}

// multiply sets the tile at the start of c, whose rows are stride apart, to the
// product of a panel of a and one of b, or adds it.
func multiply(c []float32, stride int, a, b []float32, k int, add bool) {
	if !useAVX2 {
		multiplyPortable(c, stride, a, b, k, add)
		return
	}
	_, _, _ = c[(tileRows-1)*stride+tileCols-1], a[k*tileRows-1], b[k*tileCols-1]
	multiplyAVX2(&c[0], stride, &a[0], &b[0], k, add)
}

func greatest(x []float32, top float32) float32 {
	if !useAVX2 {
		return greatestPortable(x, top)
	}
	return greatestAVX2(&x[0], len(x), top)
}

// expSum takes a multiple of eight values, at least one of them.
func expSum(sums *[8]float32, x []float32, top, scale float32) {
	if !useAVX2 {
		expSumPortable(sums, x, top, scale)
		return
	}
	expSumAVX2(sums, &x[0], len(x), top, scale, &exponential.log2e)
}

//go:noescape
func greatestAVX2(x *float32, n int, top float32) float32

//go:noescape
func expSumAVX2(sums *[8]float32, x *float32, n int, top, scale float32, constants *float32)

//go:noescape
func dotAVX2(a, b *float32, n int, masks *[16]int32) float32

// axpyAVX2 takes a multiple of eight values, at least one of them.
//
//go:noescape
func axpyAVX2(y *float32, alpha float32, x *float32, n int)

// multiplyAVX2 takes k of at least 1.
//
//go:noescape
func multiplyAVX2(c *float32, stride int, a, b *float32, k int, add bool)
