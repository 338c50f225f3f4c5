package pack_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"broadsheet/search/pack"
)

// sample returns n positions below limit, in order.
func sample(rng *rand.Rand, n int, limit uint32) []uint32 {
	seen := make(map[uint32]bool)
	for len(seen) < n {
		seen[rng.Uint32N(limit)] = true
	}
	pos := make([]uint32, 0, n)
	for p := range seen {
		pos = append(pos, p)
	}
	slices.Sort(pos)
	return pos
}

// checkPositions codes lists behind one another and decodes them.
func checkPositions(t *testing.T, lists [][]uint32, limit uint32) (bits int) {
	t.Helper()
	var w pack.BitWriter
	w.Put(5, 3)
	for _, pos := range lists {
		w.Positions(pos, limit)
	}
	bits = w.Len() - 3
	w.Put(9, 4)
	r := pack.NewBitReader(w.Bytes(), 3)
	for _, pos := range lists {
		got := make([]uint32, len(pos))
		r.Positions(got, limit)
		if !slices.Equal(got, pos) {
			t.Fatalf("Positions below %d = %v, want %v", limit, got, pos)
		}
	}
	if r.Offset() != bits+3 || r.Bits(4) != 9 {
		t.Fatalf("Positions read %d bits of %d", r.Offset()-3, bits)
	}
	return bits
}

func TestPositions(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, limit := range []uint32{1, 2, 3, 4, 5, 7, 8, 9, 100, 255, 256, 257, 65537, 1 << 31, math.MaxUint32} {
		var lists [][]uint32
		for _, n := range []int{0, 1, 2, 3, 4, 5, 8, 50, 100} {
			if uint64(n) <= uint64(limit) {
				lists = append(lists, sample(rng, n, limit), sample(rng, n, limit))
			}
		}
		lists = append(lists, []uint32{0}, []uint32{limit - 1}, []uint32{limit / 2})
		checkPositions(t, lists, limit)
	}
}

func TestPositionsAll(t *testing.T) {
	for limit := uint32(1); limit <= 9; limit++ {
		for set := range 1 << limit {
			var pos []uint32
			for i := range limit {
				if set>>i&1 == 1 {
					pos = append(pos, i)
				}
			}
			size := checkPositions(t, [][]uint32{pos}, limit)
			switch n := uint32(len(pos)); {
			case n == 1 && size > bits.Len32(limit-1):
				t.Fatalf("%v below %d takes %d bits", pos, limit, size)
			case n == limit && size != 0:
				t.Fatalf("all positions below %d take %d bits, want none", limit, size)
			}
		}
	}
}

// TestPositionsSize holds the code against what the number of possible lists
// asks for, log2 of a binomial coefficient.
func TestPositionsSize(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	logChoose := func(n, k float64) float64 {
		a, _ := math.Lgamma(n + 1)
		b, _ := math.Lgamma(k + 1)
		c, _ := math.Lgamma(n - k + 1)
		return (a - b - c) / math.Ln2
	}
	for _, limit := range []uint32{20, 150, 1000, 30000} {
		for _, n := range []int{1, 2, 3, 5, 10} {
			var lists [][]uint32
			for range 300 {
				lists = append(lists, sample(rng, n, limit))
			}
			got := float64(checkPositions(t, lists, limit)) / 300
			if want := logChoose(float64(limit), float64(n)); got > want+0.3*float64(n)+0.5 {
				t.Errorf("%d positions below %d take %.1f bits, ideal %.1f", n, limit, got, want)
			}
		}
	}
}

// The layout is on disk: these bytes never change.
func TestPositionsLayout(t *testing.T) {
	for _, tt := range []struct {
		pos   []uint32
		limit uint32
		want  string
	}{
		{[]uint32{0}, 1, ""},
		{[]uint32{3}, 8, "07"},
		{[]uint32{0, 1, 2, 3}, 4, ""},
		{[]uint32{2, 5, 11, 12}, 20, "a808"},
	} {
		var w pack.BitWriter
		w.Positions(tt.pos, tt.limit)
		if got := fmt.Sprintf("%x", w.Bytes()); got != tt.want {
			t.Errorf("%v below %d: %s, want %s", tt.pos, tt.limit, got, tt.want)
		}
	}
}

func TestPositionsMisuse(t *testing.T) {
	for _, pos := range [][]uint32{{5}, {1, 1}, {2, 1}, {0, 1, 2, 3, 4, 5}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("writing positions %v below 5 does not panic", pos)
				}
			}()
			var w pack.BitWriter
			w.Positions(pos, 5)
		}()
	}
}

// checkAnyPositions reads n positions from any bits at all.
func checkAnyPositions(t *testing.T, src []byte, bit, n int, limit uint32) {
	t.Helper()
	got := make([]uint32, n)
	r := pack.NewBitReader(src, bit)
	r.Positions(got, limit)
	if uint64(n) > uint64(limit) {
		if slices.Max(got) > 0 {
			t.Fatalf("%d positions below %d = %v, want zeros", n, limit, got)
		}
		return
	}
	for i, p := range got {
		if p >= limit || i > 0 && p <= got[i-1] {
			t.Fatalf("%d positions below %d = %v from %x", n, limit, got, src)
		}
	}
}

func FuzzPositions(f *testing.F) {
	f.Add([]byte{}, 0, uint8(3), uint32(10))
	f.Add([]byte{0xff, 0xff, 0xff}, 5, uint8(200), uint32(100))
	f.Add([]byte{0x12, 0x34, 0x56}, 5, uint8(9), uint32(math.MaxUint32))
	f.Fuzz(func(t *testing.T, src []byte, bit int, n uint8, limit uint32) {
		checkAnyPositions(t, src, bit, int(n), limit)
		var pos []uint32
		for _, c := range src { // gaps of up to 255
			p := uint32(c)
			if len(pos) > 0 {
				p += pos[len(pos)-1] + 1
			}
			pos = append(pos, p)
		}
		if len(pos) > 0 {
			checkPositions(t, [][]uint32{pos}, pos[len(pos)-1]+1+limit>>8)
		}
	})
}

func TestBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	type put struct {
		v uint64
		n uint
	}
	var puts []put
	var w pack.BitWriter
	want := 0
	for range 1000 {
		n := rng.UintN(pack.MaxPut + 1)
		p := put{rng.Uint64() & (1<<n - 1), n}
		puts = append(puts, p)
		w.Put(p.v, p.n)
		want += int(n)
		if w.Len() != want {
			t.Fatalf("Len = %d, want %d", w.Len(), want)
		}
	}
	w.AlignByte()
	want = (want + 7) / 8
	if w.Len() != 8*want || len(w.Bytes()) != want {
		t.Fatalf("aligned to %d bits in %d bytes, want %d bytes", w.Len(), len(w.Bytes()), want)
	}
	r := pack.NewBitReader(w.Bytes(), 0)
	for i, p := range puts {
		if got := r.Bits(p.n); got != p.v {
			t.Fatalf("bits %d: %x, want %x", i, got, p.v)
		}
	}
	r.Bits(7)
	for range 10 {
		if got := r.Bits(pack.MaxPut); got != 0 {
			t.Fatalf("behind the end: %x, want 0", got)
		}
	}
	w.Reset()
	if w.Put(1, 1); w.Len() != 1 || fmt.Sprintf("%x", w.Bytes()) != "01" {
		t.Errorf("after Reset: %d bits, %x", w.Len(), w.Bytes())
	}
}

func BenchmarkPositions(b *testing.B) {
	for _, n := range []int{1, 2, 3, 10, 100} {
		rng := rand.New(rand.NewPCG(7, 8))
		const limit = 180 // words in an abstract
		var lists [][]uint32
		var w pack.BitWriter
		for range 1000 {
			lists = append(lists, sample(rng, n, limit))
			w.Positions(lists[len(lists)-1], limit)
		}
		src := w.Bytes()
		b.Run(fmt.Sprintf("read/n%d", n), func(b *testing.B) {
			dst := make([]uint32, n)
			b.ReportAllocs()
			for b.Loop() {
				r := pack.NewBitReader(src, 0)
				for range lists {
					r.Positions(dst, limit)
				}
			}
			perValue(b, n*len(lists))
			b.ReportMetric(8*float64(len(src))/float64(n*len(lists)), "bits/value")
		})
		b.Run(fmt.Sprintf("write/n%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.Reset()
				for _, pos := range lists {
					w.Positions(pos, limit)
				}
			}
			perValue(b, n*len(lists))
		})
	}
}
