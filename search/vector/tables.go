package vector

import (
	"math"
	"slices"
)

// tables estimate the dot product of the query, centred and rotated, with the signs
// of a document: one table for each byte of a code, with the sum that each value of
// it stands for (product quantization's way: Jégou, Douze and Schmid, "Product
// quantization for nearest neighbor search", TPAMI 2011).
type tables struct {
	sums  [][256]int16 // for each byte of a code
	total int          // the greatest estimate
	shift uint         // from estimates to buckets
}

const (
	// tableMax is the greatest magnitude of a value: eight of them fit in 16 bits.
	tableMax = math.MaxInt16 / 8

	// maxBuckets bounds the buckets of estimates. A few lie between two documents
	// that are worth telling apart.
	maxBuckets = 1 << 12
)

// fill prepares the tables for a rotated query.
func (t *tables) fill(rotated []float32) {
	most := 0.0
	for _, v := range rotated {
		most = max(most, math.Abs(float64(v)))
	}
	factor := 0.0
	if most > 0 {
		factor = tableMax / most
	}
	t.sums = slices.Grow(t.sums[:0], len(rotated)/8)[:len(rotated)/8]
	t.total = 0
	for i := range t.sums {
		sums := &t.sums[i]
		sums[0] = 0
		for j, v := range rotated[8*i:][:8] {
			q := int16(math.RoundToEven(float64(v) * factor))
			t.total += int(max(q, -q))
			// All sums so far once with the value taken away, once added.
			for k, sum := range sums[:1<<j] {
				sums[k], sums[k|1<<j] = sum-q, sum+q
			}
		}
	}
	t.shift = 0
	for 2*t.total>>t.shift >= maxBuckets {
		t.shift++
	}
}

// buckets returns how many buckets there are.
func (t *tables) buckets() int { return 2*t.total>>t.shift + 1 }

// bucket returns that of a code, the lower the nearer.
func (t *tables) bucket(code []byte) int {
	// Four sums at once do not wait for each other.
	var a, b, c, d int
	sums := t.sums
	for len(code) >= 4 && len(sums) >= 4 {
		a += int(sums[0][code[0]])
		b += int(sums[1][code[1]])
		c += int(sums[2][code[2]])
		d += int(sums[3][code[3]])
		code, sums = code[4:], sums[4:]
	}
	return (t.total - (a + b + c + d)) >> t.shift
}
