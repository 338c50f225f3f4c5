//go:build !purego

package vector

import "golang.org/x/sys/cpu"

// useAVX2 is a variable for tests of the portable path. The kernels need POPCNT
// too, which no machine with AVX2 lacks.
var useAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasPOPCNT

func near(dst []uint32, codes []byte, query []uint64, limit uint32) int {
	n := len(codes) / (8 * len(query))
	if !useAVX2 || n == 0 {
		return nearPortable(dst, codes, query, limit)
	}
	_ = dst[n-1]
	if len(query) != 4 {
		return nearPOPCNT(&dst[0], &codes[0], n, &query[0], len(query), limit)
	}
	found, whole := 0, n&^7
	if whole > 0 {
		found = near256AVX2(&dst[0], &codes[0], whole, &query[0], limit)
	}
	if whole < n {
		rest := dst[found:]
		more := nearPOPCNT(&rest[0], &codes[whole*32], n-whole, &query[0], 4, limit)
		for i := range rest[:more] {
			rest[i] += uint32(whole)
		}
		found += more
	}
	return found
}

func dots(dst []int32, query []int16, records []byte, which []uint32) {
	if !useAVX2 || len(which) == 0 {
		dotsPortable(dst, query, records, which)
		return
	}
	_ = dst[len(which)-1]
	dotsAVX2(&dst[0], &query[0], &records[scaleSize], &which[0], len(which), len(query), len(query)+scaleSize)
}

// near256AVX2 takes a multiple of eight codes, and at least as many.
//
//go:noescape
func near256AVX2(dst *uint32, codes *byte, n int, query *uint64, limit uint32) int

// nearPOPCNT takes codes of any number of words.
//
//go:noescape
func nearPOPCNT(dst *uint32, codes *byte, n int, query *uint64, words int, limit uint32) int

// dotsAVX2 takes at least one record and a multiple of 64 dimensions.
//
//go:noescape
func dotsAVX2(dst *int32, query *int16, records *byte, which *uint32, n, dims, stride int)
