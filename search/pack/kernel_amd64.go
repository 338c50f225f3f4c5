//go:build !purego

package pack

import "golang.org/x/sys/cpu"

// useAVX2 is a variable for tests of the portable path.
var useAVX2 = cpu.X86.HasAVX2

// kernelBits is the widest value that lies in 32 bits wherever in a byte it
// starts, as the kernel needs it.
const kernelBits = 25

// A control tells the kernel how to spread a row of eight values of one width
// over eight words. The lower half of a row starts at its first byte, the upper
// half, loaded by itself, at byte width/2.
type control struct {
	shuffle [32]byte  // VPSHUFB: the four bytes that value i is in
	shift   [8]uint32 // VPSRLVD: the bits below it in them
	mask    uint32    // VPAND: what is left
	width   uint32
}

var controls = newControls()

func newControls() (cs [kernelBits + 1]control) {
	for width := range cs {
		c := &cs[width]
		c.mask, c.width = lowMask(uint(width)), uint32(width)
		for i := range 8 {
			at := i * width
			if i >= 4 {
				at -= width / 2 * 8
			}
			c.shift[i] = uint32(at % 8)
			for j := range 4 {
				c.shuffle[4*i+j] = byte(at/8 + j)
			}
		}
	}
	return cs
}

// compress lists, for each set of eight lanes, the lanes in the set, a byte each.
var compress = newCompress()

func newCompress() (lanes [256]uint64) {
	for set := range lanes {
		n := 0
		for i := range uint64(8) {
			if set>>i&1 == 1 {
				lanes[set] |= i << n
				n += 8
			}
		}
	}
	return lanes
}

// spread lists, for each set of eight lanes, the number of lanes below in the set
// for those that are in it, and -1 for the others, a byte each.
var spread = newSpread()

func newSpread() (lanes [256]uint64) {
	for set := range lanes {
		n := uint64(0)
		for i := range 8 {
			if set>>i&1 == 1 {
				lanes[set] |= n << (8 * i)
				n++
			} else {
				lanes[set] |= 0xff << (8 * i)
			}
		}
	}
	return lanes
}

// unpack reads n values into dst. src goes on for Padding bytes behind them.
func unpack(dst *[Block]uint32, src []byte, bits uint, n int) {
	if !useAVX2 || bits > kernelBits || n == 0 {
		unpackPortable(dst, src, bits, n)
		return
	}
	decodeAVX2(dst, &src[0], &controls[bits], n, nil, 0, 0, 0, false)
}

// decode reads the block of n values at the start of src, with a header that
// parseHeader found good. Deltas it turns into the ids that follow prev.
func decode(dst *[Block]uint32, src []byte, n int, h header, prev uint32, deltas bool) {
	if !useAVX2 || h.width > kernelBits {
		decodePortable(dst, src, n, h, prev, deltas)
		return
	}
	packed, patches := h.offsets(n)
	decodeAVX2(dst, &src[packed], &controls[h.width], n, &src[patches], h.high, h.exceptions, prev, deltas)
}

// expand moves the values at the start of dst, plus 1, to where the bits of b are
// set, and zeros to the rest of the first n.
func expand(dst *[Block]uint32, b *bitmap, n int) {
	if !useAVX2 {
		expandPortable(dst, b)
		return
	}
	expandAVX2(dst, b, (n+7)/8, b.count(), &spread)
}

func above(dst, values []uint32, threshold uint32) int {
	if useAVX2 && len(values) > 0 {
		return aboveAVX2(&dst[0], &values[0], len(values), threshold, &compress)
	}
	return abovePortable(dst, values, threshold)
}

func search(docs *[Block]uint32, target uint32) int {
	if useAVX2 {
		return searchAVX2(docs, target)
	}
	return searchPortable(docs, target)
}

// decodeAVX2 takes at least one value and writes rows of eight.
//
//go:noescape
func decodeAVX2(dst *[Block]uint32, packed *byte, c *control, n int, patches *byte, high, exceptions uint, prev uint32, deltas bool)

//go:noescape
func expandAVX2(dst *[Block]uint32, b *bitmap, rows, count int, lanes *[256]uint64)

//go:noescape
func aboveAVX2(dst, values *uint32, n int, threshold uint32, lanes *[256]uint64) int

//go:noescape
func searchAVX2(docs *[Block]uint32, target uint32) int
