package matrix

import "math"

// Powers of 2 over -1/2 to 1/2, to within 1.1e-7 of their size: a polynomial by
// least squares at Chebyshev nodes. Assembly reads them in this order.
var exponential = struct {
	log2e, lowest, round, p5, p4, p3, p2, p1, p0 float32
}{
	math.Log2E, -126, 3 << 22, 0.0013400432165781239, 0.009676037097872837,
	0.05550327214208153, 0.24022107355830424, 0.6931472067106208, 1.000000075495349,
}

// ExpSum sets each x to exp(scale·(x - m)), where m is the greatest of them, and
// returns their sum: dividing by it makes the softmax. The scale may not be
// negative. Results are within 2e-7·(1 + scale·(m - x)) of their size and never
// below 2^-126. Element i is added to the partial sum i mod 8, in order; the
// eight are folded by halves.
func ExpSum(x []float32, scale float32) float32 {
	if len(x) == 0 {
		return 0
	}
	var sums [8]float32
	whole := len(x) &^ 7
	top := float32(math.Inf(-1))
	for _, v := range x[whole:] {
		top = max(top, v)
	}
	if whole > 0 {
		top = greatest(x[:whole], top)
	}
	scale *= exponential.log2e
	if whole > 0 {
		expSum(&sums, x[:whole], top, scale)
	}
	expSumPortable(&sums, x[whole:], top, scale)
	for n := 4; n > 0; n /= 2 {
		for i := range n {
			sums[i] += sums[i+n]
		}
	}
	return sums[0]
}

func greatestPortable(x []float32, top float32) float32 {
	for _, v := range x {
		top = max(top, v)
	}
	return top
}

func expSumPortable(sums *[8]float32, x []float32, top, scale float32) {
	e := &exponential
	for i, v := range x {
		t := max(float32((v-top)*scale), e.lowest)
		n := t + e.round // the nearest integer, in its last bits
		f := t - (n - e.round)
		p := float32(f*e.p5) + e.p4
		p = float32(p*f) + e.p3
		p = float32(p*f) + e.p2
		p = float32(p*f) + e.p1
		p = float32(p*f) + e.p0
		p = math.Float32frombits(math.Float32bits(p) + math.Float32bits(n)<<23)
		x[i] = p
		sums[i%8] += p
	}
}
