package index

import (
	"math"
	"sort"
)

// Lengths is a code of one byte for the length of a text in words: byte b stands
// for the lengths from Lengths[b] to Lengths[b+1]-1. The entries rise strictly from
// 0. BM25 takes the first length of a class, so two texts of one class are ranked
// alike.
type Lengths [256]uint32

// DefaultLengths is exact to 96 words, which holds all titles and short abstracts,
// and grows by 3 % a step from there, to some 10,000 words: closer than ranking
// can tell.
var DefaultLengths = func() (l Lengths) {
	const exact = 96
	for b := range l {
		if l[b] = uint32(b); b > exact {
			l[b] = uint32(math.Ceil(exact * math.Pow(1.03, float64(b-exact))))
		}
	}
	return l
}()

// maxExtent bounds the positions in one text: words beyond are not indexed, as
// their place could not be told.
var maxExtent = DefaultLengths[255]

// Code returns the byte for a length.
func (l *Lengths) Code(n uint32) byte {
	return byte(sort.Search(256, func(b int) bool { return l[b] > n }) - 1)
}

// lengthCodes holds DefaultLengths.Code of the usual lengths.
var lengthCodes = func() (codes [1024]byte) {
	for n := range codes {
		codes[n] = DefaultLengths.Code(uint32(n))
	}
	return codes
}()

// extentCode returns the byte for a number of positions.
func extentCode(n uint32) byte {
	if n < uint32(len(lengthCodes)) {
		return lengthCodes[n]
	}
	return DefaultLengths.Code(n)
}

// extent returns the largest number of positions that byte b stands for: every
// position is below it.
func extent(b byte) uint32 { return extents[b] }

var extents = func() (e [256]uint32) {
	for b := range e {
		if e[b] = maxExtent; b < 255 {
			e[b] = DefaultLengths[b+1] - 1
		}
	}
	return e
}()
