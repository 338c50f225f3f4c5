// Package vector stores the unit vectors of a segment's documents and finds those
// nearest to a query. A vector is kept twice: as a code of one bit a dimension, to
// be compared by the thousand, and as bytes, to be compared exactly.
//
// A [Coder] turns vectors into codes. A [Writer] takes the vectors of documents in
// order; a [Reader] reads what it wrote where it lies, which may be a mapped file;
// [Merge] makes one segment of several. [Search] answers a [Query] over segments
// in three stages, each on what the one before lets through:
//
//  1. the Hamming distance of codes, partition by partition, nearest partition
//     first, until the best have not changed for some patience
//  2. an estimate of the cosine by the query's own values and the document's code
//     (asymmetric distance: Gordo, Perronnin, Gong and Lazebnik, "Asymmetric
//     distances for binary embeddings", TPAMI 2014)
//  3. the cosine by the document's bytes, in exact integers
//
// Nothing of the answer depends on the machine: all that is compared are integers,
// or floats that are rounded at every step.
//
// # Encoding, version 1
//
// Integers are little-endian, f32 is IEEE 754 single precision. D is the number of
// dimensions, a multiple of 64. Parts follow each other without gaps:
//
//	"BVEC"      4 bytes
//	version     u32, 1
//	D           u32, 64 to [MaxDims]
//	documents   u32, at most [MaxDocs]
//	vectors     u32, of documents that have one: slots
//	partitions  u32
//	coder       u64, [Coder.Fingerprint]
//	tokens      u64, size of the blob
//	reserved    8 bytes 0; the codes begin at byte 48
//	codes       D/8 bytes for each slot, ordered by partition, then by document:
//	            bit i%8 of byte i/8 is set when value i of the centred and rotated
//	            vector is above 0
//	documents   u32 for each slot
//	vectors     for each document f32 scale, D bytes i8: value i is scale·i8. The
//	            scale is a 127th of the greatest magnitude, 0 without a vector
//	centroids   for each partition, as vectors
//	starts      u32 for each partition: its first slot; the first is 0
//	offsets     u64 for each 16 documents: where their tokens begin in the blob
//	sizes       u8 for each document: the bytes its tokens take
//	blob        tokens; see appendTokens
//
// Without partitions all slots are in the order of documents.
package vector

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const (
	magic      = "BVEC"
	version    = 1
	headerSize = 48

	// MaxDims is the most dimensions a vector has.
	MaxDims = 4096

	// MaxDocs is the most documents that one encoded form holds.
	MaxDocs = 1 << 28

	// MaxTokens is the most tokens of a document.
	MaxTokens = 64

	// scaleSize is the size in bytes of what stands before the int8 of a vector.
	scaleSize = 4

	// none is no document, no slot.
	none = math.MaxUint32
)

// checkDims returns what is wrong with a number of dimensions.
func checkDims(dims int) error {
	if dims < lane || dims > MaxDims || dims%lane != 0 {
		return fmt.Errorf("%d dimensions, a multiple of %d from %d to %d expected", dims, lane, lane, MaxDims)
	}
	return nil
}

var errNotFinite = errors.New("a value is not finite")

// normalize puts v in unit length to dst, which is as long, and reports whether it
// has a direction at all.
func normalize(dst, v []float32) (ok bool, err error) {
	most := 0.0
	for _, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false, errNotFinite
		}
		most = max(most, math.Abs(float64(x)))
	}
	if most == 0 {
		return false, nil
	}
	sum := 0.0
	for _, x := range v {
		r := float64(x) / most // whose square neither overflows nor vanishes
		sum += float64(r * r)
	}
	length := most * math.Sqrt(sum)
	for i, x := range v {
		dst[i] = float32(float64(x) / length)
	}
	return true, nil
}

// appendRecord appends a vector as it is stored.
func appendRecord(dst []byte, v []float32) []byte {
	most := float32(0)
	for _, x := range v {
		most = max(most, float32(math.Abs(float64(x))))
	}
	scale := most / 127
	dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(scale))
	for _, x := range v {
		q := 0.0
		if scale > 0 {
			q = math.RoundToEven(float64(x) / float64(scale))
		}
		dst = append(dst, byte(int8(max(-127, min(127, q)))))
	}
	return dst
}

// scaleOf returns the scale of a record, or 0 when there is no vector. What no
// Writer writes counts as none.
func scaleOf(record []byte) float32 {
	scale := math.Float32frombits(binary.LittleEndian.Uint32(record))
	if !(scale > 0 && scale <= 1) {
		return 0
	}
	return scale
}

// quantizeQuery puts v to dst as integers, value i being scale·dst[i]. Its range is
// the greatest in which no dot product with a stored vector leaves 32 bits.
func quantizeQuery(dst []int16, v []float32) (scale float64) {
	limit := float64(min(math.MaxInt16, math.MaxInt32/(128*len(v))))
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(float64(x)))
	}
	scale = most / limit
	for i, x := range v {
		dst[i] = int16(math.RoundToEven(float64(x) / scale))
	}
	return scale
}
