package column

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// padding lets the last value of a packed array be read by a load of 64 bits.
const padding = 8

// A packed array holds unsigned integers of one width in bits.
type packed struct {
	data  []byte
	width uint64
	mask  uint64
}

// at returns value i, which must exist.
func (p *packed) at(i uint64) uint64 {
	bit := i * p.width
	return binary.LittleEndian.Uint64(p.data[bit>>3:]) >> (bit & 7) & p.mask
}

// widthFor returns the width of an array whose greatest value is most. Beyond 57
// bits a value may touch nine bytes, unless it has all 64.
func widthFor(most uint64) int {
	w := bits.Len64(most)
	if w > 57 {
		return 64
	}
	return w
}

// packedSize returns the length in bytes of n values with their padding.
func packedSize(n, width uint64) uint64 { return (n*width+7)/8 + padding }

// appendPacked appends the n values of a packed array, none above most.
func appendPacked(dst []byte, n int, most uint64, value func(i int) uint64) []byte {
	width := widthFor(most)
	dst = append(dst, byte(width))
	size := int(packedSize(uint64(n), uint64(width)))
	dst = slices.Grow(dst, size)
	body := dst[len(dst) : len(dst)+size]
	clear(body)
	if width > 0 {
		for i := range n {
			bit := uint64(i) * uint64(width)
			word := body[bit>>3:]
			old := binary.LittleEndian.Uint64(word)
			binary.LittleEndian.PutUint64(word, old|value(i)<<(bit&7))
		}
	}
	return dst[:len(dst)+size]
}

// packed reads an array of n values.
func (d *decoder) packed(n uint64) packed {
	width := uint64(d.uint8())
	if width > 57 && width != 64 {
		d.fail("width of %d bits, 0 to 57 or 64 expected", width)
		return packed{}
	}
	return packed{
		data:  d.take(packedSize(n, width)),
		width: width,
		mask:  1<<width - 1,
	}
}

// packedBelow reads an array of n values that are all below limit, in the width
// that limit needs.
func (d *decoder) packedBelow(limit, n uint64) packed {
	p := d.packed(n)
	if d.err != nil || n == 0 {
		return p
	}
	if want := bits.Len64(limit - 1); limit == 0 || p.width != uint64(want) {
		d.fail("width of %d bits for values below %d", p.width, limit)
		return p
	}
	for i := range n {
		if v := p.at(i); v >= limit {
			d.fail("value %d is %d, less than %d expected", i, v, limit)
			break
		}
	}
	return p
}

// offsets are numbers that ascend from 0, stored by their distance from the
// straight line from the first to the last.
type offsets struct {
	slope  uint64 // in 2⁻³²
	base   uint64 // a negative one wraps around
	deltas packed
}

func slopeOf(total, n uint64) uint64 {
	if n == 0 {
		return 0
	}
	return total << 32 / n
}

// at returns number i.
func (o *offsets) at(i uint64) uint64 {
	return i*o.slope>>32 + o.base + o.deltas.at(i)
}

// appendOffsets appends 0 and ends, which ascend.
func appendOffsets(dst []byte, ends []uint32) []byte {
	var total uint64
	if len(ends) > 0 {
		total = uint64(ends[len(ends)-1])
	}
	slope := slopeOf(total, uint64(len(ends)))
	delta := func(i int) int64 {
		if i == 0 {
			return 0
		}
		return int64(ends[i-1]) - int64(uint64(i)*slope>>32)
	}
	var least, most int64
	for i := range len(ends) + 1 {
		least, most = min(least, delta(i)), max(most, delta(i))
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(total))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(least))
	return appendPacked(dst, len(ends)+1, uint64(most-least), func(i int) uint64 {
		return uint64(delta(i) - least)
	})
}

// offsets reads n+1 numbers and checks that none descends and that no two
// neighbours are further apart than step. It returns the total too.
func (d *decoder) offsets(n, step uint64) (o offsets, total uint64) {
	total = uint64(d.uint32())
	o = offsets{slope: slopeOf(total, n), base: d.uint64(), deltas: d.packed(n + 1)}
	if d.err != nil {
		return o, total
	}
	if first, last := o.at(0), o.at(n); first != 0 || last != total {
		d.fail("offsets from %d to %d, 0 to %d expected", first, last, total)
		return o, total
	}
	var before uint64
	for i := range n {
		after := o.at(i + 1)
		if after < before || after-before > step {
			d.fail("offset %d follows %d, at most %d more expected", after, before, step)
			break
		}
		before = after
	}
	return o, total
}
