package pack_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"broadsheet/search/pack"
)

// onBoth calls f with the kernels of this machine and without, and returns what it
// returns, which must be the same.
func onBoth(t *testing.T, f func() (dst [pack.Block]uint32, size int), n int) int {
	t.Helper()
	dst, size := f()
	restore := pack.Portable()
	portable, portableSize := f()
	restore()
	if size != portableSize || size > 0 && !slices.Equal(dst[:n], portable[:n]) {
		t.Fatalf("kernel: %d bytes, %v; portable: %d bytes, %v", size, dst, portableSize, portable)
	}
	return size
}

// FuzzDecode decodes bytes that may be no block: nothing panics, no size is beyond
// what was given, and both paths agree.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{}, 1, uint32(0))
	f.Add(padded([]byte{3, 5}), 1, first)
	f.Add(padded(pack.PutValues(nil, slices.Repeat([]uint32{0, 1, 0, 0, 300}, 20))), 100, uint32(7))
	f.Add(padded(pack.PutDeltas(nil, first, []uint32{1, 2, 3, 9, 100000})), 5, first)
	f.Add(padded([]byte{0xd9, 0xff, 1, 2, 3}), 128, uint32(7))
	f.Add(padded([]byte{63, 1, 63, 1, 63, 1}), 1, uint32(7))
	f.Fuzz(func(t *testing.T, src []byte, n int, prev uint32) {
		src = slices.Clip(src)
		var dst [pack.Block]uint32
		values := onBoth(t, func() ([pack.Block]uint32, int) {
			size := pack.Values(&dst, src, n)
			return dst, size
		}, n)
		deltas := onBoth(t, func() ([pack.Block]uint32, int) {
			size := pack.Deltas(&dst, src, prev, n)
			return dst, size
		}, n)
		if deltas != pack.DeltasSize(src, n) {
			t.Fatalf("Deltas = %d, DeltasSize = %d", deltas, pack.DeltasSize(src, n))
		}
		if most := len(src) - pack.Padding; values > 0 && values > most || deltas > 0 && deltas > most {
			t.Fatalf("blocks of %d and %d bytes in %d", values, deltas, most)
		}
		for _, i := range []int{-1, 0, 1, n / 2, n - 1, n} {
			if v := pack.ValuesAt(src, n, i); values < 0 && v != 0 {
				t.Fatalf("ValuesAt(%d) = %d of a malformed block", i, v)
			}
		}
	})
}

// FuzzRoundTrip codes any values and decodes them.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, uint8(20), uint32(0))
	f.Add(make([]byte, 512), uint8(0), first)
	f.Fuzz(func(t *testing.T, src []byte, shift uint8, prev uint32) {
		var values []uint32
		for ; len(src) >= 4 && len(values) < pack.Block; src = src[4:] {
			values = append(values, binary.LittleEndian.Uint32(src)>>(shift&31))
		}
		if len(values) == 0 {
			return
		}
		for range 2 {
			checkValues(t, values)
			checkDeltas(t, prev, values)
			defer pack.Portable()()
		}
	})
}
