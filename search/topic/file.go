package topic

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"slices"
)

// A file is a header of numbers of 4 bytes, little-endian: magic, version,
// dimensions, vectors of the sample, topics, and the CRC-32C of what follows:
// the common mean, the sample, and by name the topics, each as
//
//	length (uvarint), name, examples (uvarint), sum
//
// where a vector is one float32 for each dimension. What follows from these is
// calculated anew.
const (
	magic      = "tpc\n"
	version    = 1
	headerSize = 24
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteTo writes the set in the form that Read reads. The same set always has
// the same bytes.
func (s *Set) WriteTo(w io.Writer) (int64, error) {
	file := make([]byte, headerSize)
	file = appendVector(file, s.mean)
	for _, v := range s.sample {
		file = appendVector(file, v)
	}
	for _, name := range slices.Sorted(maps.Keys(s.topics)) {
		t := s.topics[name]
		file = append(binary.AppendUvarint(file, uint64(len(name))), name...)
		file = binary.AppendUvarint(file, uint64(t.Examples))
		file = appendVector(file, t.sum)
	}
	copy(file, magic)
	for i, n := range []int{version, s.dims, len(s.sample), len(s.topics)} {
		binary.LittleEndian.PutUint32(file[4+4*i:], uint32(n))
	}
	binary.LittleEndian.PutUint32(file[20:], crc32.Checksum(file[headerSize:], castagnoli))
	n, err := w.Write(file)
	return int64(n), err
}

func appendVector(b []byte, v []float32) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// Read reads a set that WriteTo wrote, and checks all of it.
func Read(r io.Reader) (*Set, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, fmt.Errorf("topic: read the header of %d bytes: %w", headerSize, err)
	}
	if string(header[:4]) != magic {
		return nil, fmt.Errorf("topic: the file begins with %q, not %q", header[:4], magic)
	}
	number := func(i int) int64 { return int64(binary.LittleEndian.Uint32(header[4*i:])) }
	if v := number(1); v != version {
		return nil, fmt.Errorf("topic: the file has version %d, not %d", v, version)
	}
	dims, sample, topics := number(2), number(3), number(4)
	if dims < 1 || dims > MaxDims || sample < minSample || sample > SampleSize || topics > MaxTopics {
		return nil, fmt.Errorf("topic: %d dimensions, a sample of %d and %d topics, not up to %d, %d and %d",
			dims, sample, topics, MaxDims, SampleSize, MaxTopics)
	}
	limit := 4*dims*(1+sample+topics) + topics*(MaxName+2*binary.MaxVarintLen64)
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("topic: read: %w", err)
	}
	if got, want := crc32.Checksum(body, castagnoli), uint32(number(5)); got != want {
		return nil, fmt.Errorf("topic: the checksum of %d bytes is %08x, not %08x", len(body), got, want)
	}
	s, err := parse(body, int(dims), int(sample), int(topics))
	if err != nil {
		return nil, fmt.Errorf("topic: %w", err)
	}
	return s, nil
}

// parse reads a body, of which nothing may be left. Topics are calibrated last,
// so that a bad body costs only its reading.
func parse(body []byte, dims, sample, topics int) (*Set, error) {
	d := decoder{rest: body}
	s := &Set{dims: dims, mean: d.vector(dims, 1), topics: make(map[string]*Topic)}
	for i := 0; i < sample && d.err == nil; i++ {
		s.sample = append(s.sample, d.vector(dims, 1))
	}
	last := ""
	for i := 0; i < topics && d.err == nil; i++ {
		t := &Topic{Name: d.name()}
		t.Examples = int(d.number(math.MaxInt32))
		t.sum = d.vector(dims, float64(t.Examples))
		if d.err == nil && t.Name <= last {
			d.err = fmt.Errorf("topic %q after %q", t.Name, last)
		}
		last, s.topics[t.Name] = t.Name, t
	}
	if d.err == nil && len(d.rest) > 0 {
		d.err = fmt.Errorf("%d bytes follow the last topic", len(d.rest))
	}
	if d.err != nil {
		return nil, d.err
	}
	for _, t := range s.topics {
		t.calibrate(s.sample)
	}
	return s, nil
}

// A decoder reads from rest until the first error.
type decoder struct {
	rest []byte
	err  error
}

// take returns the next n bytes.
func (d *decoder) take(n int) []byte {
	if d.err == nil && n > len(d.rest) {
		d.err = fmt.Errorf("%d bytes are left where %d are expected", len(d.rest), n)
	}
	if d.err != nil {
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) number(limit uint64) uint64 {
	n, size := binary.Uvarint(d.rest)
	if d.err == nil && (size <= 0 || n > limit) {
		d.err = fmt.Errorf("no number up to %d where one is expected", limit)
	}
	if d.err != nil {
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) name() string {
	n := d.number(MaxName)
	if d.err == nil && n == 0 {
		d.err = errors.New("a topic without a name")
	}
	return string(d.take(int(n)))
}

// vector reads a vector that is no longer than length, but for rounding.
func (d *decoder) vector(dims int, length float64) []float32 {
	b := d.take(4 * dims)
	if d.err != nil {
		return nil
	}
	v := make([]float32, dims)
	var squares float64
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		squares += float64(v[i]) * float64(v[i])
	}
	if !(math.Sqrt(squares) <= length*1.001+1e-3) {
		d.err = fmt.Errorf("a vector of length %g, not up to %g", math.Sqrt(squares), length)
	}
	return v
}
