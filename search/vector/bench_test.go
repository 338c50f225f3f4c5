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

// BenchmarkRead reads as many bytes as a million codes of 256 bits have, and does no more
// with them than must be: what a scan of codes is held against.
func BenchmarkRead(b *testing.B) {
	words := make([]uint64, 1_000_000*256/64)
	for i := range words {
		words[i] = uint64(i)
	}
	b.SetBytes(int64(8 * len(words)))
	var a, c, d, e uint64
	for b.Loop() {
		for i := 0; i+8 <= len(words); i += 8 {
			w := words[i : i+8 : i+8]
			a, c, d, e = a+w[0]^w[4], c+w[1]^w[5], d+w[2]^w[6], e+w[3]^w[7]
		}
	}
	sink = a + c + d + e
}

var sink uint64
