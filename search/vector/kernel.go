package vector

import (
	"encoding/binary"
	"math/bits"
)

// The kernels of this package, each with an assembly form on amd64 and the
// portable one that stands here. Both give the same bits.
//
//	near  finds the codes within a Hamming distance of a query, in one pass
//	dots  multiplies a query by scattered int8 vectors, exactly

const (
	// lane is what the number of dimensions is a multiple of.
	lane = 64
)

// nearPortable puts distance<<16 | index of each of at most 65,536 codes that are
// no further from the query than limit to dst, in order, and returns how many.
// There must be room for all.
func nearPortable(dst []uint32, codes []byte, query []uint64, limit uint32) int {
	size := 8 * len(query)
	n := 0
	for i := 0; len(codes) >= size; i++ {
		distance := 0
		for w, word := range query {
			distance += bits.OnesCount64(binary.LittleEndian.Uint64(codes[8*w:]) ^ word)
		}
		if uint32(distance) <= limit {
			dst[n] = uint32(distance)<<16 | uint32(i)
			n++
		}
		codes = codes[size:]
	}
	return n
}

// dotsPortable puts the dot products of query and the int8 vectors of the records
// whose numbers are given to dst. The caller sees to it that there are such records
// and that no sum leaves 32 bits; see quantizeQuery.
func dotsPortable(dst []int32, query []int16, records []byte, which []uint32) {
	stride := len(query) + scaleSize
	for i, number := range which {
		record := records[int(number)*stride+scaleSize:][:len(query)]
		sum := int32(0)
		for j, q := range query {
			sum += int32(q) * int32(int8(record[j]))
		}
		dst[i] = sum
	}
}
