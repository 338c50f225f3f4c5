package pack_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"broadsheet/search/pack"
)

// perValue reports the time each of n values took in an iteration.
func perValue(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
}

func BenchmarkUnpack(b *testing.B) {
	for _, bits := range []uint{1, 5, 12, 20, 25, 30} {
		b.Run(fmt.Sprintf("%dbits", bits), func(b *testing.B) {
			benchBoth(b, func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 2))
				src := padded(pack.Pack(nil, valuesOfWidth(rng, pack.Block, bits), bits))
				var dst [pack.Block]uint32
				b.SetBytes(4 * pack.Block)
				b.ReportAllocs()
				for b.Loop() {
					pack.Unpack(&dst, src, bits, pack.Block)
				}
				perValue(b, pack.Block)
			})
		})
	}
}

// listBlocks is the number of blocks in benchmarked lists: enough that branches
// are not learnt by heart.
const listBlocks = 1000

// geometricList returns blocks of n ids each with gaps of a mean, one behind the
// other, padded.
func geometricList(mean float64, n int) (list []byte) {
	rng := rand.New(rand.NewPCG(3, 4))
	docs := make([]uint32, n)
	prev := first
	for range listBlocks {
		before := prev
		for i := range docs {
			prev += 1 + uint32(rng.ExpFloat64()*(mean-1))
			docs[i] = prev
		}
		list = pack.PutDeltas(list, before, docs)
	}
	return padded(list)
}

func BenchmarkDeltas(b *testing.B) {
	for _, mean := range []float64{1, 3, 24, 48, 1000, 30000} {
		for _, n := range []int{1, 20, pack.Block} {
			b.Run(fmt.Sprintf("mean%v/n%d", mean, n), func(b *testing.B) {
				benchBoth(b, func(b *testing.B) { benchmarkDeltas(b, mean, n) })
			})
		}
	}
}

func benchmarkDeltas(b *testing.B, mean float64, n int) {
	list := geometricList(mean, n)
	var dst [pack.Block]uint32
	b.SetBytes(int64(4 * n * listBlocks))
	b.ReportAllocs()
	for b.Loop() {
		prev := first
		for at := 0; at < len(list)-pack.Padding; {
			at += pack.Deltas(&dst, list[at:], prev, n)
			prev = dst[n-1]
		}
	}
	perValue(b, n*listBlocks)
}

// frequencies returns values as term frequencies less one are: most are 0.
func frequencies(rng *rand.Rand, n int) []uint32 {
	values := make([]uint32, n)
	for i := range values {
		values[i] = uint32(rng.ExpFloat64() * rng.Float64() * 1.5)
	}
	return values
}

func BenchmarkValues(b *testing.B) {
	benchBoth(b, func(b *testing.B) {
		rng := rand.New(rand.NewPCG(5, 6))
		var list []byte
		for range listBlocks {
			list = pack.PutValues(list, frequencies(rng, pack.Block))
		}
		list = padded(list)
		var dst [pack.Block]uint32
		b.SetBytes(4 * pack.Block * listBlocks)
		b.ReportAllocs()
		for b.Loop() {
			for at := 0; at < len(list)-pack.Padding; {
				at += pack.Values(&dst, list[at:], pack.Block)
			}
		}
		perValue(b, pack.Block*listBlocks)
		b.ReportMetric(float64(8*len(list))/(pack.Block*listBlocks), "bits/value")
	})
}

func BenchmarkValuesAt(b *testing.B) {
	src := padded(pack.PutValues(nil, frequencies(rand.New(rand.NewPCG(7, 8)), pack.Block)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		pack.ValuesAt(src, pack.Block, i%pack.Block)
		i++
	}
}

func BenchmarkDeltasSize(b *testing.B) {
	list := geometricList(24, pack.Block)
	b.ReportAllocs()
	for b.Loop() {
		for at := 0; at < len(list)-pack.Padding; {
			at += pack.DeltasSize(list[at:], pack.Block)
		}
	}
	perValue(b, listBlocks)
}

func BenchmarkPutDeltas(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 10))
	docs := make([]uint32, pack.Block)
	prev := first
	for i := range docs {
		prev += 1 + uint32(rng.ExpFloat64()*100)
		docs[i] = prev
	}
	var dst []byte
	b.SetBytes(4 * pack.Block)
	b.ReportAllocs()
	for b.Loop() {
		dst = pack.PutDeltas(dst[:0], first, docs)
	}
	perValue(b, pack.Block)
}
