package pack

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// A block is a header, the lowest bits of its values at one width, and the
// exceptions: the values that need more bits (patched frame of reference, PFOR;
// Zukowski, Héman, Nes and Boncz, "Super-Scalar RAM-CPU Cache Compression", ICDE
// 2006; Lemire and Boytsov, "Decoding billions of integers per second through
// vectorization", 2015).
//
//	byte 0   bits 0-5: width w of the packed values, 0 to 32
//	         bits 6-7: q, 0 when there are no exceptions and no byte 1
//	byte 1   bits 0-4: width h of the exceptions' high parts, less 1
//	         bits 5-7: p; there are 8q+p-7 exceptions, 1 to 24
//	packed   the lowest w bits of each value
//	patches  per exception, in order, 7 bits of index and h bits: its value shifted
//	         right by w
//
// Packed values and patches each end at a byte.
const (
	maxExceptions = 24
	indexBits     = 7 // of an index below Block
	indexMask     = Block - 1
)

// A header describes a block. It has four fields because the compiler keeps no
// more in registers.
type header struct {
	width      uint // of the packed values
	high       uint // of the exceptions' high parts
	exceptions uint
	size       int // of the block, in bytes; -1 when it is malformed
}

// parseHeader reads the header of a block of n values. It finds malformed what no
// encoder writes, and a src that does not go on for Padding bytes behind the block.
func parseHeader(src []byte, n int) (h header) {
	if uint(n-1) >= Block || len(src) <= Padding {
		return header{size: -1}
	}
	first := uint(src[0])
	h.width = first & 63
	size := 1 + packedSize(uint(n), h.width)
	if first > 63 {
		second := uint(src[1])
		h.high = second&31 + 1
		h.exceptions = first>>6<<3 + second>>5 - 7
		size += 1 + packedSize(h.exceptions, indexBits+h.high)
	}
	h.size = int(size)
	if h.width+h.high > maxBits || h.size > len(src)-Padding {
		h.size = -1
	}
	return h
}

// offsets returns where in a block of n values the packed ones and the patches
// start.
func (h header) offsets(n int) (packed, patches uint) {
	packed = 1 + min(h.exceptions, 1)
	return packed, packed + packedSize(uint(n), h.width)
}

// patch reads the exception at a bit of src: the index of its value, and what to
// add to that.
func (h header) patch(src []byte, bit uint) (index uint, high uint32) {
	e := binary.LittleEndian.Uint64(src[bit/8:]) >> (bit & 7)
	return uint(e & indexMask), uint32(e>>indexBits) & lowMask(h.high) << (h.width & 31)
}

// decodePortable is decode without assembly.
func decodePortable(dst *[Block]uint32, src []byte, n int, h header, prev uint32, deltas bool) {
	packed, patches := h.offsets(n)
	unpackPortable(dst, src[packed:], h.width, n)
	src = src[patches:]
	for i := range h.exceptions {
		index, high := h.patch(src, i*(indexBits+h.high))
		dst[index%Block] += high
	}
	if !deltas {
		return
	}
	for i, gap := range dst[:n] {
		prev += gap + 1
		dst[i] = prev
	}
}

// PutDeltas appends a block of 1 to Block strictly increasing document ids, all
// above prev, and returns dst. The first block of a list has the prev ^uint32(0),
// which is the id before 0. It codes the gaps d-prev-1 at the width that makes
// the block smallest.
func PutDeltas(dst []byte, prev uint32, docs []uint32) []byte {
	var gaps [Block]uint32
	checkCount(len(docs))
	for i, d := range docs {
		gaps[i] = d - prev - 1
		prev = d
	}
	return putBlock(dst, gaps[:len(docs)])
}

// Deltas decodes the block of n document ids at the start of src, which follow
// prev, into dst, and returns how many bytes it takes. What dst holds behind the
// n ids is undefined. src must go on for at least Padding bytes behind the block,
// or else, as for a malformed block, the size is -1 and dst undefined.
//
// A block with wrong bits may still be well-formed, with ids that are any
// numbers: whoever indexes by ids from untrusted bytes checks them.
func Deltas(dst *[Block]uint32, src []byte, prev uint32, n int) (size int) {
	h := parseHeader(src, n)
	if h.size > 0 {
		decode(dst, src, n, h, prev, true)
	}
	return h.size
}

// DeltasSize returns the size of the block of n ids at the start of src, or -1 as
// [Deltas] does.
func DeltasSize(src []byte, n int) int { return parseHeader(src, n).size }

// PutValues appends a block of 1 to Block values, in the form and at the width that
// make it smallest, and returns dst. A block of zeros takes one byte.
func PutValues(dst []byte, values []uint32) []byte {
	checkCount(len(values))
	count := 0
	for _, v := range values {
		if v > 0 {
			count++
		}
	}
	at := len(dst)
	dst = putBlock(dst, values)
	if size := len(dst) - at; count > 0 && 2+(len(values)+7)/8 < size {
		// The other form behind it, then the smaller one in its place.
		dst = putSparse(dst, values, count)
		if other := dst[at+size:]; len(other) < size {
			return dst[:at+copy(dst[at:], other)]
		}
		return dst[:at+size]
	}
	return dst
}

// Values decodes the block of n values at the start of src into dst and returns
// how many bytes it takes, under the same terms as [Deltas].
func Values(dst *[Block]uint32, src []byte, n int) (size int) {
	if len(src) > 0 && src[0] == sparse {
		return sparseValues(dst, src, n)
	}
	h := parseHeader(src, n)
	if h.size > 0 {
		decode(dst, src, n, h, 0, false)
	}
	return h.size
}

// ValuesAt returns value i of the block of n values at the start of src, without
// decoding the others. It is 0 where [Values] returns -1 and unless 0 <= i < n.
func ValuesAt(src []byte, n, i int) uint32 {
	if len(src) > 0 && src[0] == sparse {
		return sparseAt(src, n, i)
	}
	v, _ := blockAt(src, n, i)
	return v
}

// blockAt is ValuesAt for a block in the form of deltas. It says false for a
// malformed one.
func blockAt(src []byte, n, i int) (v uint32, ok bool) {
	h := parseHeader(src, n)
	if h.size < 0 || uint(i) >= uint(n) {
		return 0, false
	}
	packed, patches := h.offsets(n)
	bit := 8*packed + uint(i)*h.width
	v = uint32(binary.LittleEndian.Uint64(src[bit/8:])>>(bit&7)) & lowMask(h.width)
	src = src[patches:]
	step, end := indexBits+h.high, h.exceptions*(indexBits+h.high)
	for bit := uint(0); bit < end; bit += step {
		if index, high := h.patch(src, bit); index >= uint(i) {
			if index == uint(i) {
				v += high
			}
			break
		}
	}
	return v, true
}

func checkCount(n int) {
	if n < 1 || n > Block {
		panic(fmt.Sprintf("pack: a block of %d values, want 1 to %d", n, Block))
	}
}

// putBlock appends the smallest block of the values.
func putBlock(dst []byte, values []uint32) []byte {
	h := choose(values)
	if h.exceptions == 0 {
		return Pack(append(dst, byte(h.width)), values, h.width)
	}
	q := byte(h.exceptions + 7)
	dst = append(dst, byte(h.width)|q>>3<<6, byte(h.high-1)|q<<5)
	dst = Pack(dst, values, h.width)
	w := BitWriter{buf: dst}
	for i, v := range values {
		if high := v >> h.width; high > 0 {
			w.Put(uint64(i)|uint64(high)<<indexBits, indexBits+h.high)
		}
	}
	return w.Bytes()
}

// choose returns the header of the smallest block of the values; of equal ones,
// that with the fewest exceptions.
func choose(values []uint32) header {
	var lengths [maxBits + 1]uint
	widest := uint(0)
	for _, v := range values {
		n := uint(bits.Len32(v))
		lengths[n]++
		widest = max(widest, n)
	}
	n, exceptions := uint(len(values)), uint(0)
	best, size := header{width: widest}, packedSize(n, widest)
	for high := uint(1); high <= widest; high++ {
		width := widest - high
		exceptions += lengths[width+1]
		if exceptions > maxExceptions {
			break
		}
		if s := 1 + packedSize(n, width) + packedSize(exceptions, indexBits+high); s < size {
			best, size = header{width: width, high: high, exceptions: exceptions}, s
		}
	}
	return best
}
