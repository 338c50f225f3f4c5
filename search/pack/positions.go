package pack

import (
	"fmt"
	"math/bits"
)

// Positions appends strictly increasing positions, all below limit. The reader
// must know their number and the limit. It panics when they are not as said.
//
// The code is binary interpolative (Moffat and Stuiver, "Binary Interpolative
// Coding for Effective Index Compression", 2000): the middle position first, by a
// centred minimal binary code among the numbers that leave room for its
// neighbours, then each side the same way. One position costs at most
// log2(limit)+1 bits, and limit positions cost none.
func (w *BitWriter) Positions(pos []uint32, limit uint32) {
	for i, p := range pos {
		if p >= limit || i > 0 && p <= pos[i-1] {
			panic(fmt.Sprintf("pack: position %d is %d, want increasing ones below %d", i, p, limit))
		}
	}
	w.interpolate(pos, 0, limit)
}

func (w *BitWriter) interpolate(pos []uint32, low, high uint32) {
	for len(pos) > 0 {
		mid := len(pos) / 2
		p := pos[mid]
		w.centred(p-low-uint32(mid), high-low-uint32(len(pos))+1)
		w.interpolate(pos[:mid], low, p)
		pos, low = pos[mid+1:], p+1
	}
}

// split returns the halves of the centred minimal binary code of n values. With h
// the power of two such that h < n <= 2h, 1 for a single value, and h = 1<<length:
// the values from n-h, called outer, up to h have room for codes of length bits;
// those on both sides, outer each, take a bit more.
func split(n uint32) (half, outer uint32, length uint) {
	length = uint(bits.Len32((n - 1) / 2))
	half = 1 << (length & 31)
	return half, n - half, length
}

// centred appends v, one of n values, by the centred minimal binary code. A value
// v >= outer is written as v-outer, and what that leaves free, the codes from
// half-outer up, is shared by two values each, with a further bit for which.
func (w *BitWriter) centred(v, n uint32) {
	half, outer, length := split(n)
	short := half - outer
	switch {
	case v < outer:
		w.Put(uint64(v+short+half), length+1)
	case v-outer < short:
		w.Put(uint64(v-outer), length)
	default:
		w.Put(uint64(v-outer), length+1)
	}
}

// Positions reads len(dst) positions below limit that [BitWriter.Positions]
// wrote. Whatever the bits, the positions it returns are strictly increasing and
// below limit; only where limit is less than len(dst), so that there are none, all
// are 0.
func (r *BitReader) Positions(dst []uint32, limit uint32) {
	if uint64(len(dst)) > uint64(limit) {
		clear(dst)
		return
	}
	if len(dst) == 1 { // most lists; what interpolate would do
		v, length := centred(r.peek(), limit)
		dst[0] = v
		r.bit += length
		return
	}
	r.bit = r.interpolate(dst, 0, limit)
}

// interpolate returns the bit behind what it read. It works on copies because they
// stay in registers.
func (r BitReader) interpolate(dst []uint32, low, high uint32) uint {
	for len(dst) > 0 {
		mid := len(dst) / 2
		v, length := centred(r.peek(), high-low-uint32(len(dst))+1)
		r.bit += length
		p := low + uint32(mid) + v
		dst[mid] = p
		switch mid {
		case 0:
		case 1: // saves the call where most are
			v, length := centred(r.peek(), p-low)
			r.bit += length
			dst[0] = low + v
		default:
			r.bit = r.interpolate(dst[:mid], low, p)
		}
		dst, low = dst[mid+1:], p+1
	}
	return r.bit
}

// centred reads one of n values from the lowest of the next bits and returns how
// many it took; see [BitWriter.centred]. It does without branches, since nobody
// could foretell them.
func centred(next uint64, n uint32) (v uint32, length uint) {
	half, outer, length := split(n)
	v = uint32(next)&(half-1) + outer
	long := v >> (length & 31) // 1 where v is at least half
	further := uint32(next>>(length&31)) & long
	return v - further<<(length&31), length + uint(long)
}
