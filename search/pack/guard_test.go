//go:build linux || darwin

package pack_test

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"

	"broadsheet/search/pack"
)

// guarded returns size bytes, zeros, behind which is memory that nobody may read.
func guarded(t *testing.T, size int) []byte {
	t.Helper()
	page := syscall.Getpagesize()
	pages := (size + page - 1) / page * page
	m, err := syscall.Mmap(-1, 0, pages+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(m); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mprotect(m[pages:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return m[pages-size : pages : pages]
}

// TestBounds ends the process, should a decoder read beyond what it was given.
func TestBounds(t *testing.T) {
	const most = 2 + 4*pack.Block + 160 + pack.Padding
	memory := guarded(t, most)
	bothPaths(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		var dst [pack.Block]uint32
		for bits := range uint(33) {
			for _, n := range sizes {
				values := valuesOfWidth(rng, n, bits)
				for _, extra := range []bool{false, true} {
					if extra {
						values[rng.IntN(n)] = rng.Uint32()
					}
					at := func(packed []byte) []byte {
						src := memory[most-len(packed)-pack.Padding:]
						copy(src, packed)
						return src
					}
					pack.Unpack(&dst, at(pack.Pack(nil, values, bits)), bits, n)
					block := at(pack.PutValues(nil, values))
					if pack.Values(&dst, block, n) < 0 || pack.Values(&dst, block[1:], n) > len(block) {
						t.Fatal("a good block is malformed")
					}
					pack.ValuesAt(block, n, n-1)
					if pack.Deltas(&dst, at(pack.PutDeltas(nil, first, values)), first, n) < 0 {
						t.Fatal("a good block is malformed")
					}
				}
			}
		}
	})
}

// TestScoreBounds is TestBounds for Above and Search.
func TestScoreBounds(t *testing.T) {
	words := func(n int) []uint32 {
		return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(guarded(t, 4*n)))), n)
	}
	bothPaths(t, func(t *testing.T) {
		for n := 8; n <= 160; n += 8 {
			for _, threshold := range []uint32{0, 1} {
				pack.Above(words(n), words(n), threshold)
			}
		}
		pack.Search((*[pack.Block]uint32)(words(pack.Block)), 1)
	})
}
