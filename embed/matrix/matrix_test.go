package matrix_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"broadsheet/embed/matrix"
)

func random(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 7))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// naive is the definition of a product, with a and b read through at.
func naive(m, n, k int, at func(i, j, p int) (a, b float32)) []float32 {
	c := make([]float32, m*n)
	for i := range m {
		for j := range n {
			var s float32
			for p := range k {
				a, b := at(i, j, p)
				s += float32(a * b)
			}
			c[i*n+j] = s
		}
	}
	return c
}

// both runs f with the kernels of this machine and with the portable ones.
func both(t *testing.T, f func(t *testing.T)) {
	t.Run("machine", f)
	t.Run("portable", func(t *testing.T) { matrix.Portable(func() { f(t) }) })
}

func equal(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: value %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// Shapes around the sizes of tiles and blocks.
var shapes = [][3]int{
	{1, 1, 1}, {1, 16, 3}, {6, 16, 8}, {5, 15, 7}, {7, 17, 9}, {12, 32, 255}, {13, 33, 257},
	{97, 20, 40}, {3, 530, 21}, {2, 513, 300}, {100, 48, 513}, {4, 0, 3}, {0, 4, 3}, {4, 5, 0},
}

func TestProducts(t *testing.T) {
	both(t, func(t *testing.T) {
		for _, s := range shapes {
			m, n, k := s[0], s[1], s[2]
			a, b := random(m*k, 1), random(k*n, 2)
			for _, f := range []struct {
				name string
				run  func(c []float32)
				at   func(i, j, p int) (float32, float32)
			}{
				{"Mul", func(c []float32) { matrix.Mul(c, a, b, m, n, k) },
					func(i, j, p int) (float32, float32) { return a[i*k+p], b[p*n+j] }},
				{"MulT", func(c []float32) { matrix.MulT(c, a, b, m, n, k) },
					func(i, j, p int) (float32, float32) { return a[i*k+p], b[j*k+p] }},
				{"TMul", func(c []float32) { matrix.TMul(c, a, b, m, n, k) },
					func(i, j, p int) (float32, float32) { return a[p*m+i], b[p*n+j] }},
				{"Pack", func(c []float32) { matrix.Pack(b, k, n).Mul(c, a, m) },
					func(i, j, p int) (float32, float32) { return a[i*k+p], b[p*n+j] }},
				{"PackT", func(c []float32) { matrix.PackT(b, n, k).Mul(c, a, m) },
					func(i, j, p int) (float32, float32) { return a[i*k+p], b[j*k+p] }},
			} {
				got := random(m*n+8, 3) // what is there is overwritten, what follows is not
				after := append([]float32(nil), got[m*n:]...)
				f.run(got)
				what := fmt.Sprintf("%s m=%d n=%d k=%d", f.name, m, n, k)
				equal(t, what, got, naive(m, n, k, f.at))
				equal(t, what+", behind the result", got[m*n:], after)
			}
		}
	})
}

func TestRowsMayBeSplit(t *testing.T) {
	const m, n, k = 101, 37, 300
	a, b := random(m*k, 1), random(k*n, 2)
	whole, parts := make([]float32, m*n), make([]float32, m*n)
	matrix.Mul(whole, a, b, m, n, k)
	for i, step := 0, 1; i < m; i, step = i+step, step*2 {
		rows := min(step, m-i)
		matrix.Mul(parts[i*n:], a[i*k:], b, rows, n, k)
	}
	equal(t, "Mul by parts", parts, whole)
}

func TestDotAndAxpy(t *testing.T) {
	for n := range 200 {
		a, b := random(n, 1), random(n, 2)
		var exact float64
		for i := range a {
			exact += float64(a[i]) * float64(b[i])
		}
		got, y := matrix.Dot(a, b), random(n, 3)
		matrix.Axpy(y, 0.3, a)
		matrix.Portable(func() {
			p, z := matrix.Dot(a, b), random(n, 3)
			matrix.Axpy(z, 0.3, a)
			equal(t, fmt.Sprint("Dot of ", n), []float32{got}, []float32{p})
			equal(t, fmt.Sprint("Axpy of ", n), y, z)
		})
		for i, was := range random(n, 3) {
			if want := was + float32(float32(0.3)*a[i]); y[i] != want {
				t.Fatalf("Axpy of %d: y[%d] = %v, want %v", n, i, y[i], want)
			}
		}
		if math.Abs(float64(got)-exact) > 1e-4 {
			t.Errorf("Dot of %d = %v, want %v", n, got, exact)
		}
	}
}

func TestExpSum(t *testing.T) {
	for n := range 70 {
		for _, scale := range []float32{0, 0.177, 1, 40} {
			x := random(n, 4)
			top := math.Inf(-1)
			for _, v := range x {
				top = max(top, float64(v))
			}
			got := append([]float32(nil), x...)
			sum, want := matrix.ExpSum(got, scale), 0.0
			matrix.Portable(func() {
				again := append([]float32(nil), x...)
				equal(t, fmt.Sprint("sum of ", n), []float32{matrix.ExpSum(again, scale)}, []float32{sum})
				equal(t, fmt.Sprint("ExpSum of ", n), got, again)
			})
			for i, v := range x {
				exponent := float64(scale) * (float64(v) - top)
				exact := max(math.Exp(exponent), 0x1p-126)
				want += exact
				if math.Abs(float64(got[i])/exact-1) > 2e-7*(1-exponent) {
					t.Errorf("exp(%v) is %v, want %v", exponent, got[i], exact)
				}
			}
			if math.Abs(float64(sum)-want) > 1e-6*want {
				t.Errorf("n=%d: sum %v, want %v", n, sum, want)
			}
		}
	}
	if sum := matrix.ExpSum([]float32{1, 2, float32(math.NaN()), 4, 5, 6, 7, 8, 9}, 1); sum == sum {
		t.Errorf("a value that is not a number gives the sum %v", sum)
	}
}

func TestShortSlicesPanic(t *testing.T) {
	x := make([]float32, 12)
	for _, f := range []struct {
		name string
		run  func()
	}{
		{"Dot", func() { matrix.Dot(x, x[:3]) }},
		{"Axpy", func() { matrix.Axpy(x[:3], 1, x) }},
		{"Mul, a", func() { matrix.Mul(x, x[:5], x, 2, 2, 3) }},
		{"Mul, b", func() { matrix.Mul(x, x, x[:5], 2, 2, 3) }},
		{"Mul, c", func() { matrix.Mul(x[:3], x, x, 2, 2, 3) }},
		{"Mul, shape", func() { matrix.Mul(x, x, x, -1, 2, 3) }},
		{"Pack", func() { matrix.Pack(x, 4, 4) }},
		{"Packed.Mul", func() { matrix.Pack(x, 3, 4).Mul(x, x[:5], 2) }},
	} {
		t.Run(f.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f.run()
		})
	}
}

func BenchmarkMul(b *testing.B) {
	for _, s := range [][3]int{{1024, 1024, 256}, {512, 1536, 384}, {512, 384, 1536}, {16, 384, 384}} {
		m, n, k := s[0], s[1], s[2]
		x, y, c := random(m*k, 1), random(k*n, 2), make([]float32, m*n)
		packed := matrix.Pack(y, k, n)
		for _, f := range []struct {
			name string
			run  func()
		}{
			{"Mul", func() { matrix.Mul(c, x, y, m, n, k) }},
			{"MulT", func() { matrix.MulT(c, x, y, m, n, k) }},
			{"TMul", func() { matrix.TMul(c, x, y, m, n, k) }},
			{"Packed", func() { packed.Mul(c, x, m) }},
		} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", f.name, m, n, k), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f.run()
				}
				b.ReportMetric(2e-9*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
			})
		}
	}
}

func BenchmarkDot(b *testing.B) {
	x, y := random(256, 1), random(256, 2)
	b.SetBytes(8 * 256)
	b.ReportAllocs()
	for b.Loop() {
		matrix.Dot(x, y)
	}
}

func BenchmarkAxpy(b *testing.B) {
	x, y := random(256, 1), random(256, 2)
	b.SetBytes(8 * 256)
	b.ReportAllocs()
	for b.Loop() {
		matrix.Axpy(y, 0.001, x)
	}
}

func BenchmarkExpSum(b *testing.B) {
	x := random(256, 1)
	b.SetBytes(4 * 256)
	b.ReportAllocs()
	for b.Loop() {
		matrix.ExpSum(x, 1)
	}
}
