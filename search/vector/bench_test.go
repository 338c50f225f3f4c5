package vector

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func benchNear(b *testing.B, dims, n int) {
	rng := rand.New(rand.NewPCG(1, 1))
	codes := make([]byte, n*dims/8)
	for i := range codes {
		codes[i] = byte(rng.Uint32())
	}
	query := make([]uint64, dims/64)
	dst := make([]uint32, run)
	size := dims / 8
	b.SetBytes(int64(len(codes)))
	for b.Loop() {
		for at := 0; at < n; at += run {
			near(dst, codes[at*size:min(n, at+run)*size], query, uint32(dims*3/8))
		}
	}
}

func BenchmarkNear(b *testing.B) {
	for _, n := range []int{10000, 1000000} {
		for _, dims := range []int{256, 384} {
			b.Run(fmt.Sprintf("%dx%d", n, dims), func(b *testing.B) { benchNear(b, dims, n) })
		}
	}
}

func BenchmarkDots(b *testing.B) {
	for _, n := range []int{1000, 1000000} {
		const dims = 256
		rng := rand.New(rand.NewPCG(1, 1))
		records := make([]byte, n*(dims+scaleSize))
		for i := range records {
			records[i] = byte(rng.Uint32())
		}
		which := make([]uint32, 1000)
		for i := range which {
			which[i] = uint32(i)
			if n > 1000 {
				which[i] = rng.Uint32N(uint32(n))
			}
		}
		query, dst := make([]int16, dims), make([]int32, len(which))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(1000 * dims)
			i := 0
			for b.Loop() {
				if n > 1000 {
					i++
					for j := range which {
						which[j] = (which[j] + uint32(i*7919)) % uint32(n)
					}
				}
				dots(dst, query, records, which)
			}
		})
	}
}
