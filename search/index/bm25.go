package index

import "math"

// Ranking is BM25F in its simple form (Robertson, Zaragoza, Taylor: Simple BM25
// extension to multiple weighted fields, CIKM 2004): a word of the title counts
// TitleWeight times, in the frequency and in the length alike, and the sum is
// scored by BM25.
//
// Scores are whole numbers, in units of 2^-16 of an idf: sums of them do not depend on the order
// of summation, so every way to evaluate a query, on every machine, gives the very
// same scores, and two documents tie exactly or not at all.
type Ranking struct {
	K1          float64 // how soon more occurrences stop to matter
	B           float64 // how much length matters, 0 to 1
	TitleWeight int     // 1 or more
}

// scoreBits is the precision of an impact, the part of BM25 that depends on the document:
// tf/(tf+K), which is below 1.
const scoreBits = 16

// tableCodes is for how many frequency codes a Scorer keeps the impacts ready;
// they are 99.9 % of all postings.
const tableCodes = 32

// A Scorer scores the postings of one field, given the mean length of the texts.
type Scorer struct {
	table [tableCodes << 8]uint16 // impact by code and length byte
	norm  [256]float64            // K = k1·(1-b+b·length/mean)
	title float64
	mean  float64
}

// NewScorer returns the scorer for a mean length in words, title words weighted.
func (r Ranking) NewScorer(lengths *Lengths, mean float64) *Scorer {
	s := &Scorer{title: float64(max(1, r.TitleWeight)), mean: max(mean, 1)}
	for b := range s.norm {
		// The conversions keep the compiler from fusing the operations where a
		// machine could, which would round otherwise.
		s.norm[b] = r.K1 * float64(1-r.B+float64(r.B*float64(float64(lengths[b])/s.mean)))
	}
	for i := range s.table {
		s.table[i] = s.compute(uint32(i>>8), byte(i))
	}
	return s
}

func (s *Scorer) compute(code uint32, length byte) uint16 {
	f := frequencies[min(code, codes-2)]
	tf := float64(float64(s.title*float64(f.title)) + float64(f.rest))
	return uint16(min(1<<scoreBits-1, (1<<scoreBits)*(tf/(tf+s.norm[length]))))
}

// Impact returns tf/(tf+K) in units of 2^-16.
func (s *Scorer) Impact(code uint32, length byte) uint32 {
	if code < tableCodes {
		return uint32(s.table[code<<8|uint32(length)])
	}
	return uint32(s.compute(code, length))
}

// Weight returns the weight of a term that is in df of n documents: its idf as in
// Lucene, ln(1 + (n-df+½)/(df+½)), times boost, in units of 2^-16.
func Weight(n, df int, boost float64) uint32 {
	df = min(df, n)
	idf := math.Log1p((float64(n-df) + 0.5) / (float64(df) + 0.5))
	return uint32(min(idf*boost, 1<<8) * (1 << scoreBits))
}

// Score returns the score of a posting. It is never 0, so that a sum of scores is 0
// only where nothing matched.
func Score(weight, impact uint32) uint32 {
	return uint32(uint64(weight)*uint64(impact)>>scoreBits) + 1
}

// TableCodes is for how many frequency codes Table holds impacts.
const TableCodes = tableCodes

// Table returns the impacts of the usual frequency codes: that of code c in a text with
// length byte b is at c<<8|b.
func (s *Scorer) Table() *[tableCodes << 8]uint16 { return &s.table }
