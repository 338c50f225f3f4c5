package index

import (
	"encoding/binary"
	"hash/fnv"
	"math"
)

// A lengthSum adds up the lengths of the documents that have any.
type lengthSum struct{ docs, words uint64 }

func (s lengthSum) mean() float64 {
	if s.docs == 0 {
		return 1
	}
	return float64(s.words) / float64(s.docs)
}

func (s lengthSum) plus(t lengthSum) lengthSum {
	return lengthSum{s.docs + t.docs, s.words + t.words}
}

// remove takes out a document with a length byte.
func (s *lengthSum) remove(b byte, lengths *Lengths) {
	if b > 0 {
		s.docs--
		s.words -= uint64(lengths[b])
	}
}

// sumLengths adds up a column of length bytes, without deleted documents.
func sumLengths(column []byte, lengths *Lengths, deleted *Bitmap) (s lengthSum) {
	var count [256]uint64
	for doc, b := range column {
		if deleted == nil || !deleted.Has(uint32(doc)) {
			count[b]++
		}
	}
	for b, n := range count {
		if b > 0 {
			s.docs += n
			s.words += n * uint64(lengths[b])
		}
	}
	return s
}

// fingerprint tells settings apart that make different segments.
func (s *Settings) fingerprint() uint64 {
	h := fnv.New64a()
	var b []byte
	for _, f := range []float64{s.Ranking.K1, s.Ranking.B, float64(s.Ranking.TitleWeight)} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
	}
	for _, n := range s.Lengths {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	for _, names := range [][]string{s.Schema.Numbers, s.Schema.Keywords} {
		for _, name := range names {
			b = append(append(b, name...), 0)
		}
		b = append(b, 1)
	}
	h.Write(b)
	return h.Sum64()
}
