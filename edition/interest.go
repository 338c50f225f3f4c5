package edition

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"iter"
	"math"

	"broadsheet"
)

// An Interest is a model of what an instance's readers vote for.
type Interest struct {
	weights      []float32
	mean, spread float64         // of the scores of the papers it has learned from
	papers       int             // how many those were
	until        broadsheet.Date // the latest day of theirs
}

// Papers returns how many papers the model has learned from, and the latest day of
// theirs.
func (m *Interest) Papers() (n int, until broadsheet.Date) { return m.papers, m.until }

// Predict returns how much interest a paper is expected to find, above 0 and below
// 1: about which part of the papers that the model knows would find less. It reads
// what the paper says, never its votes.
func (m *Interest) Predict(r *broadsheet.Record) float64 {
	z := (m.dot(features(r)) - m.mean) / m.spread
	// The logistic curve that is nearest to the normal distribution (Camilli,
	// "Origin of the scaling constant d = 1.7", 1994), kept off its ends so that
	// rounding makes no two papers equal that a score tells apart.
	return 1 / (1 + math.Exp(-1.702*max(-maxSpreads, min(z, maxSpreads))))
}

// maxSpreads is how far from the mean a paper can be: at ten spreads the curve still
// changes from one float to the next.
const maxSpreads = 10

func (m *Interest) dot(x []feature) (s float64) {
	for _, f := range x {
		s += float64(f.value) * float64(m.weights[f.at])
	}
	return s
}

// Predictions yields what is predicted for those papers that stand in an edition
// and have no votes. Those that have votes need none.
func (m *Interest) Predictions(ctx context.Context, papers iter.Seq2[broadsheet.Record, error]) iter.Seq2[broadsheet.Prediction, error] {
	return func(yield func(broadsheet.Prediction, error) bool) {
		for r, err := range papers {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(broadsheet.Prediction{}, err)
				return
			}
			if r.Upvotes() > 0 || r.Title == "" || editionDay(&r) == "" {
				continue
			}
			if !yield(broadsheet.Prediction{ID: r.ID, Interest: m.Predict(&r)}, nil) {
				return
			}
		}
	}
}

// A file of a model: the magic, with its version; how many weights; the papers,
// the last day, mean and spread; the weights; a checksum of all that (CRC-32C). All
// numbers are little-endian.
const (
	magic      = "BRDSINT1"
	headLength = len(magic) + 4 + 4 + 10 + 8 + 8
	fileLength = headLength + 4*dimensions + 4
)

// MaxFile is the size of a model's file, so that whoever reads one need not read
// more.
const MaxFile = int64(fileLength)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Marshal returns the model as a file keeps it.
func (m *Interest) Marshal() []byte {
	b := make([]byte, 0, fileLength)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m.weights)))
	b = binary.LittleEndian.AppendUint32(b, uint32(m.papers))
	b = append(b, (string(m.until) + "          ")[:10]...)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(m.mean))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(m.spread))
	for _, w := range m.weights {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(w))
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// Unmarshal reads what Marshal has returned. Anything else is Invalid.
func Unmarshal(b []byte) (*Interest, error) {
	switch {
	case len(b) < len(magic) || string(b[:len(magic)]) != magic:
		return nil, broadsheet.Errorf(broadsheet.Invalid, "This is not a model of interest, or one of another version: run broadsheet interest to make a new one.")
	case len(b) != fileLength || binary.LittleEndian.Uint32(b[len(magic):]) != dimensions,
		crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]):
		return nil, broadsheet.Errorf(broadsheet.Invalid, "The model of interest is damaged: run broadsheet interest to make a new one.")
	}
	m := &Interest{weights: make([]float32, dimensions)}
	rest := b[len(magic)+4:]
	m.papers = int(binary.LittleEndian.Uint32(rest))
	m.until = broadsheet.Date(rest[4:14])
	m.mean = math.Float64frombits(binary.LittleEndian.Uint64(rest[14:]))
	m.spread = math.Float64frombits(binary.LittleEndian.Uint64(rest[22:]))
	sound := finite(m.mean) && finite(m.spread) && m.spread > 0
	for i := range m.weights {
		m.weights[i] = math.Float32frombits(binary.LittleEndian.Uint32(rest[30+4*i:]))
		sound = sound && finite(float64(m.weights[i]))
	}
	if !sound || !m.until.IsDay() {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "The model of interest has numbers that cannot be: run broadsheet interest to make a new one.")
	}
	return m, nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
