// Package pack codes the integers of posting lists: blocks of document ids and
// of small values, bit-packed with exceptions, and lists of positions. It also
// has the two searches over decoded blocks that a scorer spends its time in.
//
// Values stand side by side in little-endian bit order: value i of width b is in
// the bits [i*b, (i+1)*b) of the packed bytes, so eight values are exactly b bytes
// and no block is padded to a word. On amd64 with AVX2 the inner loops are
// assembly, elsewhere (and with the build tag purego, or GODEBUG=cpu.avx2=off)
// portable Go; both give the same results.
//
// Decoders read a little more than they use. The bytes they get must go on for
// [Padding] bytes behind what is decoded: whoever maps a file ends it with so many.
package pack

import (
	"encoding/binary"
	"fmt"
	"slices"
)

const (
	// Block is the number of values of a full block.
	Block = 128

	// Padding is how many bytes must follow packed values. The kernel reads whole
	// rows of eight values and up to 16 bytes more.
	Padding = 32

	// maxBits is the width of the widest value.
	maxBits = 32
)

// packedSize returns the bytes that n values of a width take.
func packedSize(n, bits uint) uint { return (n*bits + 7) / 8 }

// lowMask returns a word with the lowest bits set.
func lowMask(bits uint) uint32 { return uint32(uint64(1)<<(bits&63) - 1) }

// Pack appends the lowest bits of each value to dst and returns it, longer by
// the bytes that hold len(values)*bits bits. A width is at most 32 bits.
func Pack(dst []byte, values []uint32, bits uint) []byte {
	if bits > maxBits {
		panic(fmt.Sprintf("pack: values of %d bits, want at most %d", bits, maxBits))
	}
	dst = slices.Grow(dst, int(packedSize(uint(len(values)), bits))+4)
	mask := lowMask(bits)
	var acc uint64
	var have uint
	for _, v := range values {
		acc |= uint64(v&mask) << have
		have += bits
		if have >= 32 {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(acc))
			acc >>= 32
			have -= 32
		}
	}
	for ; have > 0; have -= min(have, 8) {
		dst = append(dst, byte(acc))
		acc >>= 8
	}
	return dst
}

// Unpack reads n values of a width of at most 32 bits, as [Pack] wrote them, into
// dst; what dst holds behind them is undefined. It panics unless n is at most
// Block and src goes on for Padding bytes behind the packed values.
func Unpack(dst *[Block]uint32, src []byte, bits uint, n int) {
	if bits > maxBits || uint(n) > Block || uint(len(src)) < packedSize(uint(n), bits)+Padding {
		panic(fmt.Sprintf("pack: %d values of %d bits in %d bytes, want at most %d of %d and %d bytes more",
			n, bits, len(src), Block, maxBits, Padding))
	}
	unpack(dst, src, bits, n)
}

// unpackPortable is unpack without assembly. A load of 64 bits serves four values
// of up to 16 bits.
func unpackPortable(dst *[Block]uint32, src []byte, bits uint, n int) {
	mask := lowMask(bits)
	bit := uint(0)
	if bits > 16 {
		for i := range dst[:n] {
			dst[i] = uint32(binary.LittleEndian.Uint64(src[bit/8:])>>(bit&7)) & mask
			bit += bits
		}
		return
	}
	for i := 0; i < n; i += 4 {
		w := binary.LittleEndian.Uint64(src[bit/8:]) >> (bit & 7)
		four := (*[4]uint32)(dst[i:])
		four[0] = uint32(w) & mask
		four[1] = uint32(w>>(bits&31)) & mask
		four[2] = uint32(w>>(2*bits&63)) & mask
		four[3] = uint32(w>>(3*bits&63)) & mask
		bit += 4 * bits
	}
}
