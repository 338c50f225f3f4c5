// Package neardup finds papers that are in a collection already, under another
// ID or in another version: by vectors which papers could be, by words which
// are.
//
// An [Index] holds binary codes of the papers' vectors and finds all within a
// Hamming distance. [Same] compares the texts of two papers that it found.
package neardup

import (
	"cmp"
	"fmt"
	"iter"
	"math/bits"
	"slices"
)

// A Code is a vector of 256 signs. Codes of alike papers differ in few bits: at
// an angle of a radians between the vectors, in about 256 a/π.
type Code [4]uint64

// Distance returns the Hamming distance, the number of bits in which c and d
// differ.
func (c Code) Distance(d Code) int {
	return bits.OnesCount64(c[0]^d[0]) + bits.OnesCount64(c[1]^d[1]) +
		bits.OnesCount64(c[2]^d[2]) + bits.OnesCount64(c[3]^d[3])
}

// substring returns the 16 bits of c that table i is over.
func (c Code) substring(i int) uint16 {
	return uint16(c[i/4] >> (16 * (i % 4)))
}

// MaxID is the highest number of a paper.
const MaxID = 1<<24 - 1

const (
	blockBits = 12 // of the codes in a block
	blockSize = 1 << blockBits
	// tables is one for each substring. Seven would take 58 bytes a paper instead of 91,
	// and for distance 20 look into 1,157 buckets instead of 96.
	tables = 16
	// Papers outside the tables are compared one by one. So many are always
	// allowed, as that costs no more than to look into some hundred buckets,
	scanBelow = 4096
	// and of a large collection this part, which costs about as much as to look
	// for the others.
	tailPart = 32
	// maxProbes is the number of buckets above which it is cheaper to compare all
	// codes in the order of memory: a quarter of all buckets.
	maxProbes = 1 << 16 / 4
)

// An Index finds codes near to a given one, all of them and no others, by
// multi-index hashing (Norouzi, Punjani and Fleet, "Fast search in Hamming space
// with multi-index hashing", CVPR 2012). Codes at most d apart are at most d/m
// apart in one of m disjoint substrings, so it is enough to look there, in m
// tables over 16 bits each, and to compare the codes found.
//
// Papers have numbers, which should be dense: memory goes with the highest one.
// With 400,000 papers it is 91 bytes a paper.
//
// Methods that change the Index must not run beside others; the others may.
type Index struct {
	blocks  []*[blockSize]Code
	present []uint64 // one bit a number
	size    int      // papers present
	tables  [tables]table
	tail    []uint32 // put after the tables were built, in any order
	stale   int      // entries of the tables that were removed or replaced since
	filling bool     // the tables are built at the end
}

// A table lists papers by a substring of their codes.
type table struct {
	starts []uint32 // of the buckets in ids, and their end; empty without papers
	ids    []byte   // 3 bytes each
}

// Len returns the number of papers.
func (x *Index) Len() int { return x.size }

func (x *Index) has(id uint32) bool {
	return int(id/64) < len(x.present) && x.present[id/64]>>(id%64)&1 != 0
}

func (x *Index) code(id uint32) *Code {
	return &x.blocks[id>>blockBits][id&(blockSize-1)]
}

// Put gives a paper a code, which replaces the one that it has. Tables are built
// anew from time to time, at a cost that is constant for each Put on average.
func (x *Index) Put(id uint32, code Code) error {
	if id > MaxID {
		return fmt.Errorf("neardup: paper number %d, not up to %d", id, MaxID)
	}
	for len(x.blocks) <= int(id>>blockBits) {
		x.blocks = append(x.blocks, nil)
	}
	if x.blocks[id>>blockBits] == nil {
		x.blocks[id>>blockBits] = new([blockSize]Code)
	}
	for len(x.present) <= int(id/64) {
		x.present = append(x.present, 0)
	}
	if x.has(id) {
		if *x.code(id) == code {
			return nil
		}
		x.Remove(id)
	}
	*x.code(id) = code
	x.present[id/64] |= 1 << (id % 64)
	x.size++
	x.tail = append(x.tail, id)
	x.rebuildIfDue()
	return nil
}

// Code returns the code of a paper, if it is there.
func (x *Index) Code(id uint32) (c Code, ok bool) {
	if !x.has(id) {
		return Code{}, false
	}
	return *x.code(id), true
}

// Fill puts many papers at once, which builds the tables once.
func (x *Index) Fill(papers iter.Seq2[uint32, Code]) error {
	x.filling = true
	defer func() { x.filling = false }()
	for id, code := range papers {
		if err := x.Put(id, code); err != nil {
			return err
		}
	}
	x.rebuild()
	return nil
}

// Remove takes a paper away, if it is there.
func (x *Index) Remove(id uint32) {
	if !x.has(id) {
		return
	}
	x.present[id/64] &^= 1 << (id % 64)
	x.size--
	x.stale++
	x.rebuildIfDue()
}

// rebuildIfDue builds the tables when too much is outside them, or is in them
// and no longer true.
func (x *Index) rebuildIfDue() {
	if x.filling {
		return
	}
	if limit := max(scanBelow, x.size/tailPart); len(x.tail) > limit || x.stale > limit {
		x.rebuild()
	}
}

// rebuild builds the tables, by counting sort.
func (x *Index) rebuild() {
	x.tail, x.stale = nil, 0
	for i := range x.tables {
		t := &x.tables[i]
		if len(t.starts) == 0 {
			t.starts = make([]uint32, 1<<16+1)
		}
		// The new list may be short of memory beside the old one.
		t.ids = nil
		t.ids = make([]byte, 3*x.size)
		clear(t.starts)
		x.each(func(id uint32, c *Code) { t.starts[c.substring(i)]++ })
		var sum uint32
		for b, n := range t.starts {
			sum += n
			t.starts[b] = sum
		}
		// Each bucket is filled from its end, so that its start is left.
		x.each(func(id uint32, c *Code) {
			b := c.substring(i)
			t.starts[b]--
			at := t.ids[3*t.starts[b]:]
			at[0], at[1], at[2] = byte(id), byte(id>>8), byte(id>>16)
		})
	}
}

// each calls f for each paper, by number.
func (x *Index) each(f func(uint32, *Code)) {
	for i, word := range x.present {
		for ; word != 0; word &= word - 1 {
			id := uint32(64*i + bits.TrailingZeros64(word))
			f(id, x.code(id))
		}
	}
}

// A Hit is a paper that was found.
type Hit struct {
	ID       uint32
	Distance int
}

// Near returns all papers at most d bits from code, the nearest first.
func (x *Index) Near(code Code, d int) []Hit { return x.Nearest(code, d, x.size) }

// crowded is how many times as many papers as are wanted are gathered before the
// farther ones are dropped.
const crowded = 8

// maxChecks bounds the papers that Nearest looks at: without it, a library of one paper in
// a hundred thousand copies would take their square.
const maxChecks = 100_000

// Nearest returns at most so many papers at most d bits from code, the nearest first. It
// takes time for each paper in the buckets looked into, and little more where thousands
// are near.
func (x *Index) Nearest(code Code, d, most int) []Hit {
	if d < 0 || most <= 0 {
		return nil
	}
	var hits []Hit
	limit := d
	check := func(id uint32, c *Code) {
		n := code.Distance(*c)
		if n > limit {
			return
		}
		if hits = append(hits, Hit{id, n}); len(hits)/crowded < most {
			return
		}
		if hits = nearest(hits, most); len(hits) == most {
			limit = hits[most-1].Distance - 1
		}
	}
	if probes(d) > maxProbes {
		x.each(check)
	} else {
		for _, id := range x.tail {
			if x.has(id) {
				check(id, x.code(id))
			}
		}
		bound := 0
		if most < x.size {
			bound = maxChecks
		}
		x.lookUp(code, d, bound, check)
	}
	return nearest(hits, most)
}

// nearest returns the first hits, each once: a paper may be in several buckets.
func nearest(hits []Hit, most int) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	hits = slices.Compact(hits)
	return hits[:min(len(hits), most)]
}

// lookUp calls check for all papers of the tables that could be near, or for so many at
// most; 0 is no bound.
func (x *Index) lookUp(code Code, d, most int, check func(uint32, *Code)) {
	for i := range x.tables {
		t := &x.tables[i]
		r := radius(i, d)
		if len(t.starts) == 0 || r < 0 {
			continue
		}
		key := code.substring(i)
		for _, mask := range masks()[:within[r]] {
			b := int(key ^ mask)
			for at := t.starts[b]; at < t.starts[b+1]; at++ {
				e := t.ids[3*at : 3*at+3]
				// What was removed is not there, what was replaced is elsewhere.
				if id := uint32(e[0]) | uint32(e[1])<<8 | uint32(e[2])<<16; x.has(id) {
					check(id, x.code(id))
				}
				if most--; most == 0 {
					return
				}
			}
		}
	}
}
