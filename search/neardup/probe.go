package neardup

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// radius returns how far from the code's substring table i is to be searched for
// codes at most d apart, or -1 for not at all. With d = m r + a, a < m: were the
// first a+1 substrings all further apart than r, and the others than r-1, it
// would be (a+1)(r+1) + (m-a-1) r = d+1 bits (Norouzi et al., proposition 2).
func radius(i, d int) int {
	r, a := d/tables, d%tables
	if i > a {
		r--
	}
	return min(r, 16)
}

// within[r] is the number of 16-bit words with at most r bits.
var within = func() (n [17]int) {
	n[0] = 1
	choose := 1
	for r := 1; r <= 16; r++ {
		choose = choose * (17 - r) / r
		n[r] = n[r-1] + choose
	}
	return n
}()

// probes returns the number of buckets to be looked into for distance d.
func probes(d int) (n int) {
	for i := range tables {
		if r := radius(i, d); r >= 0 {
			n += within[r]
		}
	}
	return n
}

// masks returns the 16-bit words, those with few bits first.
var masks = sync.OnceValue(func() []uint16 {
	all := make([]uint16, 1<<16)
	for i := range all {
		all[i] = uint16(i)
	}
	slices.SortFunc(all, func(a, b uint16) int {
		return cmp.Or(cmp.Compare(bits.OnesCount16(a), bits.OnesCount16(b)), cmp.Compare(a, b))
	})
	return all
})
