package embed

import "math/bits"

// A vocabulary numbers words. It is an open hash table over one string of all words.
type vocabulary struct {
	text  string
	start []uint32 // of word i in text; one more than words
	table []uint32 // number of a word + 1, or 0
	mask  uint64
}

func newVocabulary(words []string) *vocabulary {
	v := &vocabulary{start: make([]uint32, 1, len(words)+1)}
	n := 0
	for _, w := range words {
		n += len(w)
	}
	text := make([]byte, 0, n)
	for _, w := range words {
		text = append(text, w...)
		v.start = append(v.start, uint32(len(text)))
	}
	v.text = string(text)
	size := 1 << bits.Len(uint(2*len(words)))
	v.table, v.mask = make([]uint32, size), uint64(size-1)
	for i := range words {
		at := hash(v.word(i)) & v.mask
		for v.table[at] != 0 {
			at = (at + 1) & v.mask
		}
		v.table[at] = uint32(i + 1)
	}
	return v
}

func (v *vocabulary) len() int { return len(v.start) - 1 }

func (v *vocabulary) word(i int) string { return v.text[v.start[i]:v.start[i+1]] }

// find returns the number of a word, or -1.
func (v *vocabulary) find(word []byte) int {
	for at := hash(word) & v.mask; ; at = (at + 1) & v.mask {
		switch n := v.table[at]; {
		case n == 0:
			return -1
		case v.word(int(n-1)) == string(word):
			return int(n - 1)
		}
	}
}

// hash is FNV-1a over eight bytes at a time, mixed at the end. It numbers the buckets
// of subword units, too, so it must not change while there are models.
func hash[T string | []byte](s T) uint64 {
	h := uint64(14695981039346656037)
	for len(s) >= 8 {
		x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		h = (h ^ x) * 1099511628211
		h ^= h >> 29
		s = s[8:]
	}
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// Subword units are the runs of 3 to 5 bytes of a word between its marks of beginning and
// end, in buckets by their hash (Bojanowski et al., Enriching word vectors with subword
// information, TACL 2017).
const (
	minGram = 3
	maxGram = 5
)

// appendGrams appends the buckets of a word's units, of n buckets.
func appendGrams(dst []uint32, word []byte, n int) []uint32 {
	var buf [maxWord + 2]byte
	b := append(append(append(buf[:0], '<'), word...), '>')
	for size := minGram; size <= maxGram; size++ {
		for i := 0; i+size <= len(b); i++ {
			dst = append(dst, uint32(hash(b[i:i+size])%uint64(n)))
		}
	}
	return dst
}
