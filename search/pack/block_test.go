package pack_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet/search/pack"
)

// padded returns the bytes with what decoders want behind them: anything.
func padded(src []byte) []byte {
	for i := range pack.Padding {
		src = append(src, byte(i)|0xc3)
	}
	return src
}

// first is the prev of a list's first block.
const first = ^uint32(0)

// sizes are the numbers of values that the tests put into blocks.
var sizes = []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 120, 121, 127, 128}

// valuesOfWidth returns n values of at most so many bits.
func valuesOfWidth(rng *rand.Rand, n int, bits uint) []uint32 {
	values := make([]uint32, n)
	for i := range values {
		values[i] = uint32(rng.Uint64() & (1<<bits - 1))
	}
	return values
}

// checkValues codes and decodes values as a block, whole and one by one.
func checkValues(t *testing.T, values []uint32) {
	t.Helper()
	n := len(values)
	block := pack.PutValues(nil, values)
	src := padded(slices.Clone(block))
	var got [pack.Block]uint32
	if size := pack.Values(&got, src, n); size != len(block) {
		t.Fatalf("Values took %d bytes of %d for %v", size, len(block), values)
	}
	if !slices.Equal(got[:n], values) {
		t.Fatalf("Values = %v, want %v", got[:n], values)
	}
	for i, v := range values {
		if got := pack.ValuesAt(src, n, i); got != v {
			t.Fatalf("ValuesAt(%d) = %d, want %d", i, got, v)
		}
	}
}

// checkDeltas codes and decodes ids that follow prev.
func checkDeltas(t *testing.T, prev uint32, docs []uint32) {
	t.Helper()
	n := len(docs)
	block := pack.PutDeltas(nil, prev, docs)
	var got [pack.Block]uint32
	if size := pack.Deltas(&got, padded(slices.Clone(block)), prev, n); size != len(block) {
		t.Fatalf("Deltas took %d bytes of %d for %v", size, len(block), docs)
	}
	if !slices.Equal(got[:n], docs) {
		t.Fatalf("Deltas = %v, want %v", got[:n], docs)
	}
	if size := pack.DeltasSize(padded(slices.Clone(block)), n); size != len(block) {
		t.Fatalf("DeltasSize = %d, want %d", size, len(block))
	}
}

func TestUnpack(t *testing.T) {
	bothPaths(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for bits := range uint(33) {
			for _, n := range append(sizes, 0) {
				values := valuesOfWidth(rng, n, bits)
				packed := pack.Pack(nil, values, bits)
				if want := (n*int(bits) + 7) / 8; len(packed) != want {
					t.Fatalf("%d values of %d bits in %d bytes, want %d", n, bits, len(packed), want)
				}
				var got [pack.Block]uint32
				pack.Unpack(&got, padded(packed), bits, n)
				if !slices.Equal(got[:n], values) {
					t.Fatalf("%d values of %d bits: %v, want %v", n, bits, got[:n], values)
				}
			}
		}
	})
}

// The layout is on disk: these bytes never change.
func TestLayout(t *testing.T) {
	large := make([]uint32, 9)
	large[4], large[8] = 1000, 5
	for _, tt := range []struct {
		name string
		got  []byte
		want string
	}{
		{"packed", pack.Pack(nil, []uint32{1, 2, 3, 4, 5}, 3), "d158"},
		{"packed cut to its width", pack.Pack(nil, []uint32{9}, 3), "01"},
		{"packed behind others", pack.Pack([]byte{0xee}, []uint32{0xabcd}, 16), "eecdab"},
		{"zeros", pack.PutValues(nil, make([]uint32, 128)), "00"},
		{"one", pack.PutValues(nil, []uint32{5}), "0305"},
		{"exceptions", pack.PutValues(nil, large), "4029" + "04f4110500"},
		{"few that are not zero", pack.PutValues(nil, slices.Repeat([]uint32{3, 0, 0, 0}, 32)),
			"3f" + strings.Repeat("11", 16) + "02" + strings.Repeat("aa", 8)},
		{"first document", pack.PutDeltas(nil, first, []uint32{0}), "00"},
		{"next documents", pack.PutDeltas(nil, 9, []uint32{10, 12, 13}), "0102"},
	} {
		if got := fmt.Sprintf("%x", tt.got); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestBlocks(t *testing.T) {
	bothPaths(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for bits := range uint(33) {
			for _, n := range sizes {
				values := valuesOfWidth(rng, n, bits)
				checkValues(t, values)
				for range rng.IntN(30) { // some larger ones
					values[rng.IntN(n)] = rng.Uint32() >> rng.IntN(32)
				}
				checkValues(t, values)
				checkDeltas(t, rng.Uint32(), values) // modulo 2^32 any ids go
				slices.Sort(values)
				checkDeltas(t, first, values)
			}
		}
		checkValues(t, slices.Repeat([]uint32{math.MaxUint32}, pack.Block))
	})
}

// TestDeltasSize holds the size of blocks against the entropy of their gaps.
func TestDeltasSize(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for mean := 2.0; mean < 1e6; mean *= 1.37 {
		const blocks = 100
		bytes, prev := 0, first
		for range blocks {
			docs := make([]uint32, pack.Block)
			for i := range docs {
				prev += 1 + uint32(rng.ExpFloat64()*(mean-1))
				docs[i] = prev
			}
			bytes += len(pack.PutDeltas(nil, docs[0]-1, docs))
		}
		each := float64(8*bytes) / (blocks * pack.Block)
		if limit := math.Log2(mean) + 2.35; each > limit {
			t.Errorf("gaps of mean %.1f take %.2f bits, want at most %.2f", mean, each, limit)
		}
	}
}

func TestMalformedBlocks(t *testing.T) {
	var dst [pack.Block]uint32
	good := padded(pack.PutValues(nil, []uint32{1, 2, 3}))
	for _, tt := range []struct {
		name string
		src  []byte
		n    int
	}{
		{"nothing", nil, 1},
		{"only padding", make([]byte, pack.Padding), 1},
		{"no values", good, 0},
		{"negative", good, -1},
		{"more than a block", make([]byte, 1000), pack.Block + 1},
		{"padding cut", good[:len(good)-1], 3},
		{"width 33", append([]byte{33}, make([]byte, 1000)...), 1},
		{"width 32 and exceptions", append([]byte{0x60}, make([]byte, 1000)...), 1},
		{"exceptions cut", append([]byte{0xc0, 0xff}, make([]byte, pack.Padding+10)...), 1},
		{"sparse alone", append([]byte{63, 1}, make([]byte, pack.Padding)...), 0},
		{"sparse without values", append([]byte{63, 0, 0}, make([]byte, pack.Padding)...), 1},
		{"sparse cut", append([]byte{63, 1, 7}, make([]byte, pack.Padding)...), 1},
		{"sparse within sparse", bytes.Repeat([]byte{63, 1}, 1000), 1},
	} {
		if size := pack.Values(&dst, tt.src, tt.n); size != -1 {
			t.Errorf("%s: Values = %d, want -1", tt.name, size)
		}
		if size := pack.Deltas(&dst, tt.src, 0, tt.n); size != -1 {
			t.Errorf("%s: Deltas = %d, want -1", tt.name, size)
		}
		if size := pack.DeltasSize(tt.src, tt.n); size != -1 {
			t.Errorf("%s: DeltasSize = %d, want -1", tt.name, size)
		}
		if v := pack.ValuesAt(tt.src, tt.n, 0); v != 0 {
			t.Errorf("%s: ValuesAt = %d, want 0", tt.name, v)
		}
	}
}
