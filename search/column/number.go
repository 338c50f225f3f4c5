package column

import "encoding/binary"

// A NumberColumn has a number for each document.
type NumberColumn struct {
	// Min and Max bound the known numbers; both are Missing when there is none.
	Min, Max int64

	span  uint64 // Max - Min
	codes packed // differences from Min
}

// Get returns the number of a document, which must be below Len, or Missing.
func (c *NumberColumn) Get(doc uint32) int64 {
	code := c.codes.at(uint64(doc))
	if code > c.span {
		return Missing
	}
	return c.Min + int64(code)
}

// appendNumbers appends a column. As Missing is never among the known numbers, a
// span leaves at least one code above it.
func appendNumbers(dst []byte, numbers []int64) []byte {
	least, most, missing := bounds(numbers)
	span := uint64(most) - uint64(least)
	top := span
	if missing && least != Missing {
		top++
	}
	dst = binary.LittleEndian.AppendUint64(dst, uint64(least))
	dst = binary.LittleEndian.AppendUint64(dst, span)
	return appendPacked(dst, len(numbers), top, func(i int) uint64 {
		if numbers[i] == Missing {
			return top
		}
		return uint64(numbers[i]) - uint64(least)
	})
}

// bounds returns the least and the greatest known number, Missing when there is
// none, and whether any is missing.
func bounds(numbers []int64) (least, most int64, missing bool) {
	least, most = Missing, Missing
	for _, v := range numbers {
		if v == Missing {
			missing = true
			continue
		}
		if least == Missing {
			least = v
		}
		least, most = min(least, v), max(most, v)
	}
	return least, most, missing
}

// numbers reads a column of n documents.
func (d *decoder) numbers(n uint64) *NumberColumn {
	least, span := d.uint64(), d.uint64()
	c := &NumberColumn{Min: int64(least), Max: int64(least + span), span: span, codes: d.packed(n)}
	if c.Max < c.Min {
		d.fail("a span of %d from the minimum %d exceeds 64 bits", span, c.Min)
	}
	return c
}
