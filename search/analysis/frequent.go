package analysis

// Half of a text's words are among a few hundred, and the map of all words is too
// large for the processor's nearest cache. A frequent word is therefore looked for
// in a small table first, by its bytes as two numbers: no pointer is followed and
// no string compared before it is found.

// slotBits makes a table of 96 KiB, which stays in the second-level cache.
const slotBits = 12

// A slot has the last word that was looked for whose bytes lead to it.
type slot struct {
	low, high uint64
	word      *word
}

// plainWord returns the forms of the ASCII word from byte i to byte j of text.
func (a *Analyzer) plainWord(text string, i, j int) *word {
	if j-i > 16 || len(text)-i < 16 {
		return a.lookup(text[i:j])
	}
	low, high := load(text[i:i+8]), load(text[i+8:i+16])
	if n := uint(j - i); n <= 8 {
		low, high = low<<(64-8*n)>>(64-8*n), 0
	} else {
		high = high << (128 - 8*n) >> (128 - 8*n)
	}
	// The multipliers are those of SplitMix64 (Steele, Lea and Flood 2014); the
	// highest bits of a product depend on all bits of the factor.
	s := &a.frequent[(low*0x9e3779b97f4a7c15^high*0xbf58476d1ce4e5b9)>>(64-slotBits)]
	if s.low != low || s.high != high {
		*s = slot{low, high, a.lookup(text[i:j])}
	}
	return s.word
}

// load returns the first eight bytes of s as a number.
func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
