package matrix

// The conversions in this file keep compilers from fusing a product with its sum.

// lanes is the number of partial sums of a dot product.
const lanes = 32

func dotPortable(a, b []float32) float32 {
	var s [lanes]float32
	b = b[:len(a)]
	for ; len(a) >= lanes; a, b = a[lanes:], b[lanes:] {
		x, y := (*[lanes]float32)(a), (*[lanes]float32)(b)
		for i := range s {
			s[i] += float32(x[i] * y[i])
		}
	}
	for i, x := range a {
		s[i] += float32(x * b[i])
	}
	return fold(&s)
}

// fold sums neighbouring rows of eight, then the halves of what is left: the order
// in which vectors are added up without moving them about.
func fold(s *[lanes]float32) float32 {
	for i := range 8 {
		s[i] = (s[i] + s[i+8]) + (s[i+16] + s[i+24])
	}
	for n := 4; n > 0; n /= 2 {
		for i := range n {
			s[i] += s[i+n]
		}
	}
	return s[0]
}

func axpyPortable(y []float32, alpha float32, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += float32(alpha * x[i])
	}
}

// multiplyPortable goes over the tile in pieces of two by four, whose sums fit
// in registers.
func multiplyPortable(c []float32, stride int, a, b []float32, k int, add bool) {
	for i := 0; i < tileRows; i += 2 {
		for j := 0; j < tileCols; j += 4 {
			c0, c1 := (*[4]float32)(c[i*stride+j:]), (*[4]float32)(c[(i+1)*stride+j:])
			if !add {
				*c0, *c1 = [4]float32{}, [4]float32{}
			}
			piece(c0, c1, a[i:], b[j:], k)
		}
	}
}

func piece(c0, c1 *[4]float32, a, b []float32, k int) {
	s00, s01, s02, s03 := c0[0], c0[1], c0[2], c0[3]
	s10, s11, s12, s13 := c1[0], c1[1], c1[2], c1[3]
	for p := range k {
		x := (*[2]float32)(a[p*tileRows:])
		y := (*[4]float32)(b[p*tileCols:])
		s00 += float32(x[0] * y[0])
		s01 += float32(x[0] * y[1])
		s02 += float32(x[0] * y[2])
		s03 += float32(x[0] * y[3])
		s10 += float32(x[1] * y[0])
		s11 += float32(x[1] * y[1])
		s12 += float32(x[1] * y[2])
		s13 += float32(x[1] * y[3])
	}
	*c0 = [4]float32{s00, s01, s02, s03}
	*c1 = [4]float32{s10, s11, s12, s13}
}
