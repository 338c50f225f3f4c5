package pack

import (
	"encoding/binary"
	"math/bits"
)

// A block of values of which few are not zero, as frequency codes are, may have
// the sparse form, where that is smaller:
//
//	byte 0   sparse
//	bitmap   bit i is set when value i is not zero; whole bytes
//	block    the values that are not zero, at least one, less 1, in the other form
const sparse = 63 // no width

// putSparse appends the sparse form of the values, of which count are not zero.
func putSparse(dst []byte, values []uint32, count int) []byte {
	var rest [Block]uint32
	var b [Block / 8]byte
	k := 0
	for i, v := range values {
		if v > 0 {
			b[i/8] |= 1 << (i % 8)
			rest[k] = v - 1
			k++
		}
	}
	dst = append(append(dst, sparse), b[:(len(values)+7)/8]...)
	return putBlock(dst, rest[:count])
}

// A bitmap has a bit for each value of a sparse block.
type bitmap [Block / 64]uint64

// readBitmap reads that of a sparse block of n values, and returns how many bytes it
// takes with the byte before it. src is longer than Padding.
func readBitmap(src []byte, n int) (b bitmap, size int) {
	b[0] = binary.LittleEndian.Uint64(src[1:]) & (1<<min(n, 64) - 1)
	b[1] = binary.LittleEndian.Uint64(src[9:]) & (1<<max(n-64, 0) - 1)
	return b, 1 + (n+7)/8
}

// count returns how many bits are set.
func (b bitmap) count() int { return bits.OnesCount64(b[0]) + bits.OnesCount64(b[1]) }

// sparseValues is Values for a block in the sparse form.
func sparseValues(dst *[Block]uint32, src []byte, n int) (size int) {
	if uint(n-1) >= Block || len(src) <= Padding {
		return -1
	}
	b, size := readBitmap(src, n)
	src = src[size:]
	h := parseHeader(src, b.count())
	if h.size < 0 {
		return -1
	}
	decode(dst, src, b.count(), h, 0, false)
	expand(dst, &b, n)
	return size + h.size
}

// expandPortable is expand without assembly.
func expandPortable(dst *[Block]uint32, b *bitmap) {
	rest, k := *dst, 0
	clear(dst[:])
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			dst[(64*i+bits.TrailingZeros64(w))&(Block-1)] = rest[k&(Block-1)] + 1
			k++
		}
	}
}

// sparseAt is ValuesAt for a block in the sparse form.
func sparseAt(src []byte, n, i int) uint32 {
	if uint(n-1) >= Block || uint(i) >= uint(n) || len(src) <= Padding {
		return 0
	}
	b, size := readBitmap(src, n)
	if b[i/64]>>(i%64)&1 == 0 {
		return 0
	}
	before := b
	before[i/64] &= 1<<(i%64) - 1
	if i < 64 {
		before[1] = 0
	}
	v, ok := blockAt(src[size:], b.count(), before.count())
	if !ok {
		return 0
	}
	return v + 1
}
