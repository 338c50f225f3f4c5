package vector

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"math"
)

// A Coder turns unit vectors into codes of one bit a dimension: the signs of the
// vector after the mean is taken away and the rest is rotated at random. Without
// the mean bits are set as often as not; rotated, none carries much more than
// another, which vectors whose first dimensions matter most need. A rotation that
// is fitted to the vectors (iterative quantization: Gong and Lazebnik, CVPR 2011)
// finds no more on vectors of texts, once they are centred.
//
// A Coder does not change and is safe for concurrent use.
type Coder struct {
	seed        uint64
	mean        []float32
	fingerprint uint64
}

// NewCoder returns a Coder that has learned nothing. It panics unless dims is a
// multiple of 64 from 64 to [MaxDims].
func NewCoder(dims int, seed uint64) *Coder {
	if err := checkDims(dims); err != nil {
		panic("vector: coder: " + err.Error())
	}
	return newCoder(make([]float32, dims), seed)
}

// Learn returns a Coder for vectors like those of the sample, whose mean it takes.
// A thousand are enough. Vectors without a direction are left out; it is an error
// when nothing is left, when one is not finite, or when they differ in length. The
// same sample and seed give the same Coder, bit for bit.
func Learn(sample [][]float32, seed uint64) (*Coder, error) {
	if len(sample) == 0 {
		return nil, fmt.Errorf("vector: learn: a sample without vectors")
	}
	dims := len(sample[0])
	if err := checkDims(dims); err != nil {
		return nil, fmt.Errorf("vector: learn: %w", err)
	}
	unit, sum, n := make([]float32, dims), make([]float64, dims), 0
	for i, v := range sample {
		if len(v) != dims {
			return nil, fmt.Errorf("vector: learn: vector %d has %d dimensions, %d expected", i, len(v), dims)
		}
		ok, err := normalize(unit, v)
		if err != nil {
			return nil, fmt.Errorf("vector: learn: vector %d: %w", i, err)
		}
		if !ok {
			continue
		}
		n++
		for j, x := range unit {
			sum[j] += float64(x)
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("vector: learn: all %d vectors are 0", len(sample))
	}
	mean := make([]float32, dims)
	for j, s := range sum {
		mean[j] = float32(s / float64(n))
	}
	return newCoder(mean, seed), nil
}

func newCoder(mean []float32, seed uint64) *Coder {
	c := &Coder{seed: seed, mean: mean}
	h := fnv.New64a()
	h.Write(c.body())
	c.fingerprint = h.Sum64()
	return c
}

// Dims returns the number of dimensions.
func (c *Coder) Dims() int { return len(c.mean) }

// Fingerprint returns a number by which one Coder is told from another. Codes of
// different Coders have nothing to do with each other.
func (c *Coder) Fingerprint() uint64 { return c.fingerprint }

// rotated puts v, centred and rotated, to dst; both have Dims values.
func (c *Coder) rotated(dst, v []float32) {
	for i, m := range c.mean {
		dst[i] = v[i] - m
	}
	rotate(dst, c.seed)
}

// AppendCode appends the code of a vector of unit length, which has Dims values:
// Dims/8 bytes, value i in bit i%8 of byte i/8. The Hamming distance of two codes is
// about Dims/π times the angle between the centred vectors. It takes O(Dims·log Dims).
func (c *Coder) AppendCode(dst []byte, v []float32) []byte {
	var buf [512]float32
	signs := append(buf[:0], v...)
	c.rotated(signs, v)
	return appendSigns(dst, signs)
}

// appendSigns appends a bit for each value, set when it is above 0.
func appendSigns(dst []byte, values []float32) []byte {
	for ; len(values) > 0; values = values[8:] {
		b := byte(0)
		for i, v := range values[:8] {
			if v > 0 {
				b |= 1 << i
			}
		}
		dst = append(dst, b)
	}
	return dst
}

// The encoded form of a Coder, version 1, all numbers little-endian:
//
//	"BVCO"    4 bytes
//	version   u32, 1
//	D         u32
//	reserved  u32, 0
//	seed      u64
//	mean      f32 × D
//	checksum  u32 CRC-32C of all before
const (
	coderMagic   = "BVCO"
	coderVersion = 1
	coderHead    = 24
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// body returns the encoded form up to the checksum.
func (c *Coder) body() []byte {
	le := binary.LittleEndian
	b := append(make([]byte, 0, coderHead+4*len(c.mean)), coderMagic...)
	b = le.AppendUint32(b, coderVersion)
	b = le.AppendUint32(b, uint32(len(c.mean)))
	b = le.AppendUint32(b, 0)
	b = le.AppendUint64(b, c.seed)
	for _, m := range c.mean {
		b = le.AppendUint32(b, math.Float32bits(m))
	}
	return b
}

// AppendBinary appends the encoded form, 28 bytes and 4 a dimension. There is no
// error.
func (c *Coder) AppendBinary(dst []byte) ([]byte, error) {
	body := c.body()
	return binary.LittleEndian.AppendUint32(append(dst, body...), crc32.Checksum(body, castagnoli)), nil
}

// ReadCoder reads the encoded form of a Coder, all of data. The Coder it returns
// makes the same codes and has the same fingerprint.
func ReadCoder(data []byte) (*Coder, error) {
	le := binary.LittleEndian
	if len(data) < coderHead || string(data[:4]) != coderMagic {
		return nil, fmt.Errorf("vector: coder: %d bytes that are none, %q expected in front", len(data), coderMagic)
	}
	if v := le.Uint32(data[4:]); v != coderVersion {
		return nil, fmt.Errorf("vector: coder: version %d, %d expected", v, coderVersion)
	}
	dims := le.Uint32(data[8:])
	if err := checkDims(int(min(dims, MaxDims+1))); err != nil {
		return nil, fmt.Errorf("vector: coder: %w", err)
	}
	end := coderHead + 4*int(dims)
	if len(data) != end+4 {
		return nil, fmt.Errorf("vector: coder: %d bytes, %d expected", len(data), end+4)
	}
	if got, want := crc32.Checksum(data[:end], castagnoli), le.Uint32(data[end:]); got != want {
		return nil, fmt.Errorf("vector: coder: damaged: the checksum is %08x, %08x expected", got, want)
	}
	if v := le.Uint32(data[12:]); v != 0 {
		return nil, fmt.Errorf("vector: coder: %d where 0 is reserved", v)
	}
	mean := make([]float32, dims)
	for i := range mean {
		mean[i] = math.Float32frombits(le.Uint32(data[coderHead+4*i:]))
		if !(math.Abs(float64(mean[i])) <= 1) {
			return nil, fmt.Errorf("vector: coder: a mean of %v, -1 to 1 expected", mean[i])
		}
	}
	return newCoder(mean, le.Uint64(data[16:])), nil
}
