package index

import (
	"encoding/binary"
	"math"
	"slices"

	"broadsheet/search/pack"
)

// NoDoc is behind all documents.
const NoDoc = math.MaxUint32

// Postings reads the list of one term in one segment, block by block. It is used by one
// goroutine, and can be used again for another list ([Postings.Open]) without
// allocation. Open it before anything else.
type Postings struct {
	Docs  [pack.Block]uint32 // of the current block; the first N are valid
	Codes [pack.Block]uint32 // after LoadCodes
	N     int

	seg    *Segment
	field  Field
	df     int
	blocks int
	block  int // the current one, or -1

	last, offset, impact, super []byte // raw arrays of the directory
	payload                     []byte
	positions                   []byte
	single                      uint16 // impact of a list of one block

	values []byte // frequency codes of the current block
	coded  bool   // Codes are loaded
	posAt  uint32 // start of the current block's positions

	// Where reading positions has come to within the current block.
	marks    []byte // of a full block
	reader   pack.BitReader
	posIndex int
	passed   [maxTitle + maxRest]uint32
	key      []byte
}

// Open finds the postings of a term, and reports whether there are any.
func (p *Postings) Open(s *Segment, f Field, term string) bool {
	at, ok := s.lookup(f, term, &p.key)
	if ok {
		p.openAt(s, f, at)
	}
	return ok
}

// openAt opens the list at an offset. Slices are bound to what the list must have;
// a list that is damaged panics with a bounds error, which Recover turns into an error.
func (p *Postings) openAt(s *Segment, f Field, at uint64) {
	end := len(s.postings) + pack.Padding // the kernels read on into the footer
	whole := s.postings[at:end:end]
	df, n := binary.Uvarint(whole)
	whole = whole[n:]
	p.seg, p.field, p.df, p.block, p.N, p.coded = s, f, int(df), -1, 0, false
	p.blocks = (p.df + pack.Block - 1) / pack.Block
	p.positions, p.impact = nil, nil
	scored := f.scored()
	if scored {
		pos, n := binary.Uvarint(whole)
		whole = whole[n:]
		p.positions = s.positions[pos:len(s.positions):len(s.positions)]
	}
	if p.blocks == 1 {
		if scored {
			p.single = binary.LittleEndian.Uint16(whole)
			whole = whole[2:]
		}
		p.payload = whole
		return
	}
	take := func(n int) []byte {
		b := whole[:n:n]
		whole = whole[n:]
		return b
	}
	p.last = take(4 * p.blocks)
	p.offset = take(2 * p.blocks)
	if scored {
		p.impact = take(2 * p.blocks)
	}
	p.super = take(superSize * p.Supers())
	p.payload = whole
}

const superSize = 10

// DF returns the number of documents in the list, deleted ones included.
func (p *Postings) DF() int { return p.df }

// Field returns the field of the term.
func (p *Postings) Field() Field { return p.field }

// Blocks returns the number of blocks.
func (p *Postings) Blocks() int { return p.blocks }

// Supers returns the number of super-blocks.
func (p *Postings) Supers() int { return (p.blocks + superBlocks - 1) / superBlocks }

// SuperBlocks is how many blocks make a super-block.
const SuperBlocks = superBlocks

// Last returns the last document of a block, or NoDoc for the only block of a
// list, which is not known without reading it.
func (p *Postings) Last(block int) uint32 {
	if p.blocks == 1 {
		return NoDoc
	}
	return binary.LittleEndian.Uint32(p.last[4*block:])
}

// Impact returns the greatest impact in a block, by the mean length that the
// segment was made with; see [Segment.Bound].
func (p *Postings) Impact(block int) uint32 {
	if p.blocks == 1 {
		return uint32(p.single)
	}
	return uint32(binary.LittleEndian.Uint16(p.impact[2*block:]))
}

// SuperImpact returns the greatest impact in a super-block.
func (p *Postings) SuperImpact(super int) uint32 {
	if p.blocks == 1 {
		return uint32(p.single)
	}
	return uint32(binary.LittleEndian.Uint16(p.super[superSize*super+8:]))
}

// MaxImpact returns the greatest impact in the list.
func (p *Postings) MaxImpact() (m uint32) {
	for i := range p.Supers() {
		m = max(m, p.SuperImpact(i))
	}
	return m
}

// Block returns the number of the current block, -1 before the first.
func (p *Postings) Block() int { return p.block }

// Load decodes the documents of a block.
func (p *Postings) Load(block int) {
	if block == p.block {
		return
	}
	src, prev := p.payload, uint32(math.MaxUint32)
	p.posAt = 0
	n := p.df - block*pack.Block
	if p.blocks > 1 {
		super := p.super[superSize*(block/superBlocks):]
		at := binary.LittleEndian.Uint32(super) + uint32(binary.LittleEndian.Uint16(p.offset[2*block:]))
		src = src[at:]
		if block > 0 {
			prev = p.Last(block - 1)
		}
		if p.field.scored() {
			pos, size := binary.Uvarint(src)
			p.posAt = binary.LittleEndian.Uint32(super[4:]) + uint32(pos)
			src = src[size:]
		}
	}
	p.N = min(n, pack.Block)
	if p.field.scored() && p.N == pack.Block {
		p.marks, src = src[:marks], src[marks:]
	}
	size := pack.Deltas(&p.Docs, src, prev, p.N)
	p.values = src[size:]
	p.block, p.coded, p.posIndex = block, false, -1
}

// LoadCodes decodes the frequency codes of the current block.
func (p *Postings) LoadCodes() {
	if !p.coded {
		pack.Values(&p.Codes, p.values, p.N)
		p.coded = true
	}
}

// Code returns the frequency code of posting i of the current block.
func (p *Postings) Code(i int) uint32 {
	if p.coded {
		return p.Codes[i]
	}
	return pack.ValuesAt(p.values, p.N, i)
}

// BlockOf returns the first block, from the given one on, whose last document is
// target or later; Blocks() when there is none.
func (p *Postings) BlockOf(from int, target uint32) int {
	if p.blocks == 1 || p.Last(from) >= target {
		return from
	}
	// Galloping, as targets are near more often than far.
	low, step := from, 1
	for low+step < p.blocks && p.Last(low+step) < target {
		low += step
		step *= 2
	}
	high := min(low+step, p.blocks)
	for low+1 < high {
		if mid := int(uint(low+high) / 2); p.Last(mid) < target {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// Find returns the index of the first posting of the current block at target or
// later, N when there is none.
func (p *Postings) Find(target uint32) int {
	if p.N < pack.Block {
		for i, d := range p.Docs[:p.N] {
			if d >= target {
				return i
			}
		}
		return p.N
	}
	return pack.Search(&p.Docs, target)
}

// Positions appends the positions of posting i of the current block to dst. Within a block it
// reads on from where it was, so ask for postings in order.
func (p *Postings) Positions(dst []uint32, i int) []uint32 {
	p.LoadCodes()
	if i <= p.posIndex || p.posIndex < 0 {
		p.reader = pack.NewBitReader(p.positions[p.posAt:], 0)
		p.posIndex = -1
	}
	p.jump(i)
	col := p.seg.norms[extentColumn]
	if p.field == Author {
		col = p.seg.norms[authorsColumn]
	}
	for p.posIndex+1 < i { // others of the block lie before it
		p.posIndex++
		if p.posIndex%markEvery == 0 {
			p.reader.AlignByte()
		}
		n := totals[min(p.Codes[p.posIndex], codes-2)]
		p.reader.Positions(p.passed[:n], extents[col[p.Docs[p.posIndex]]])
	}
	p.posIndex = i
	if i%markEvery == 0 {
		p.reader.AlignByte()
	}
	n := int(totals[min(p.Codes[i], codes-2)])
	at := len(dst)
	dst = slices.Grow(dst, n)[:at+n]
	p.reader.Positions(dst[at:], extents[col[p.Docs[i]]])
	return dst
}

// jump moves the reader to the last mark before posting i, where that is ahead.
func (p *Postings) jump(i int) {
	to := i / markEvery
	if p.N < pack.Block || to == 0 || to*markEvery <= p.posIndex+1 {
		return
	}
	at := 0
	for _, size := range p.marks[:to] {
		if size == 0 {
			return
		}
		at += int(size)
	}
	p.reader = pack.NewBitReader(p.positions[p.posAt:], 8*at)
	p.posIndex = to*markEvery - 1
}

// NthImpact returns the n-th greatest of the blocks' impacts: at least n documents
// reach it. n is at least 1 and at most Blocks.
func (p *Postings) NthImpact(n int) uint32 {
	if p.blocks == 1 {
		return uint32(p.single)
	}
	top := make([]uint16, 0, 64) // descending
	for b := range p.blocks {
		imp := binary.LittleEndian.Uint16(p.impact[2*b:])
		if len(top) == n && imp <= top[n-1] {
			continue
		}
		if len(top) < n {
			top = append(top, imp)
		} else {
			top[n-1] = imp
		}
		for i := len(top) - 1; i > 0 && top[i] > top[i-1]; i-- {
			top[i], top[i-1] = top[i-1], top[i]
		}
	}
	return uint32(top[n-1])
}
