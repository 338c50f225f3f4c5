package pack_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"broadsheet/search/pack"
)

// wantAbove is Above as its definition has it.
func wantAbove(values []uint32, threshold uint32) []uint32 {
	var above []uint32
	for i, v := range values {
		if v >= threshold {
			above = append(above, uint32(i))
		}
	}
	return above
}

func checkAbove(t *testing.T, values []uint32, threshold uint32) {
	t.Helper()
	dst := make([]uint32, len(values)+1)
	dst[len(values)] = 12345
	n := pack.Above(dst[:len(values)], values, threshold)
	if want := wantAbove(values, threshold); !slices.Equal(dst[:n], want) {
		t.Fatalf("Above(%v, %d) = %v, want %v", values, threshold, dst[:n], want)
	}
	if dst[len(values)] != 12345 {
		t.Fatalf("Above wrote behind dst")
	}
}

func TestAbove(t *testing.T) {
	bothPaths(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		for n := 0; n <= 200; n += 8 {
			values := make([]uint32, n)
			for range 20 {
				for i := range values {
					values[i] = rng.Uint32() >> rng.IntN(32)
				}
				for _, threshold := range []uint32{0, 1, 100, rng.Uint32(), 1 << 31, math.MaxUint32} {
					checkAbove(t, values, threshold)
				}
			}
		}
	})
}

func TestAboveMisuse(t *testing.T) {
	for _, tt := range []struct{ dst, values int }{{7, 7}, {7, 8}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Above of %d values into %d words does not panic", tt.values, tt.dst)
				}
			}()
			pack.Above(make([]uint32, tt.dst), make([]uint32, tt.values), 1)
		}()
	}
}

func checkSearch(t *testing.T, docs *[pack.Block]uint32, target uint32) {
	t.Helper()
	want := sort.Search(pack.Block, func(i int) bool { return docs[i] >= target })
	if got := pack.Search(docs, target); got != want {
		t.Fatalf("Search(%v, %d) = %d, want %d", docs, target, got, want)
	}
}

func TestSearch(t *testing.T) {
	bothPaths(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		for shift := range 32 {
			var docs [pack.Block]uint32
			for i := range docs {
				docs[i] = rng.Uint32() >> shift
			}
			if shift%2 == 1 {
				docs[127], docs[126] = math.MaxUint32, math.MaxUint32
			}
			slices.Sort(docs[:])
			for _, target := range append(docs[:], 0, 1<<31, math.MaxUint32) {
				checkSearch(t, &docs, target)
				checkSearch(t, &docs, target+1)
				checkSearch(t, &docs, target-1)
			}
		}
	})
}

func BenchmarkAbove(b *testing.B) {
	for _, percent := range []int{0, 1, 10, 50} {
		b.Run(fmt.Sprintf("%d%%", percent), func(b *testing.B) {
			benchBoth(b, func(b *testing.B) { benchmarkAbove(b, percent) })
		})
	}
}

func benchmarkAbove(b *testing.B, percent int) {
	rng := rand.New(rand.NewPCG(11, 12))
	values := make([]uint32, 4096)
	for i := range values {
		values[i] = rng.Uint32N(100)
	}
	dst := make([]uint32, len(values))
	b.SetBytes(int64(4 * len(values)))
	b.ReportAllocs()
	for b.Loop() {
		pack.Above(dst, values, uint32(100-percent))
	}
	perValue(b, len(values))
}

func BenchmarkSearch(b *testing.B) {
	benchBoth(b, func(b *testing.B) {
		rng := rand.New(rand.NewPCG(13, 14))
		var docs [pack.Block]uint32
		for i := range docs {
			docs[i] = uint32(i * 10)
		}
		targets := make([]uint32, 1024)
		for i := range targets {
			targets[i] = rng.Uint32N(1280)
		}
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i += 1 + pack.Search(&docs, targets[i%len(targets)])/1000
		}
	})
}
