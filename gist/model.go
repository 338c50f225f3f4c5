package gist

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"
)

//go:embed weights.bin
var weights []byte

// Builtin returns the model that the program carries. It was made by
//
//	broadsheet train --sentences abstract_sentences_dev.csv --out gist/weights.bin papers.jsonl.zst
var Builtin = sync.OnceValues(func() (*Model, error) { return Parse(weights) })

// A Model knows sentences by their role, and telling phrases.
type Model struct {
	Scale   float32                       // of Weights
	Weights [1 << featureBits][roles]int8 // of the features of sentences
	Bias    [roles]float32                // of each role
	Phrase  [phraseFeatures]float32       // of the measures of phrases
	Heads   [1 << headBits]int8           // of the first and last words of phrases
	HeadBy  float32                       // scale of Heads
	Rarity  [1 << rarityBits]uint8        // of words: how few papers have them
	Docs    float32                       // papers that Rarity was counted on
}

const magic = "bsgist01"

// Append appends the model as Parse reads it.
func (m *Model) Append(b []byte) []byte {
	b = append(b, magic...)
	for _, f := range append(append([]float32{m.Scale, m.HeadBy, m.Docs}, m.Bias[:]...), m.Phrase[:]...) {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	for i := range m.Weights {
		for _, w := range m.Weights[i] {
			b = append(b, byte(w))
		}
	}
	for _, w := range m.Heads {
		b = append(b, byte(w))
	}
	return append(b, m.Rarity[:]...)
}

// Parse reads a model.
func Parse(b []byte) (*Model, error) {
	m := new(Model)
	const floats = 3 + int(roles) + phraseFeatures
	if want := len(magic) + 4*floats + len(m.Weights)*int(roles) + len(m.Heads) + len(m.Rarity); len(b) != want || string(b[:len(magic)]) != magic {
		return nil, fmt.Errorf("gist: a model has %d bytes and begins with %q: %w", want, magic, errors.ErrUnsupported)
	}
	b = b[len(magic):]
	var f [floats]float32
	for i := range f {
		f[i] = math.Float32frombits(binary.LittleEndian.Uint32(b))
		if b = b[4:]; f[i] != f[i] || math.Abs(float64(f[i])) > 1e9 {
			return nil, fmt.Errorf("gist: a weight of the model is %v: %w", f[i], errors.ErrUnsupported)
		}
	}
	m.Scale, m.HeadBy, m.Docs = f[0], f[1], f[2]
	copy(m.Bias[:], f[3:])
	copy(m.Phrase[:], f[3+roles:])
	for i := range m.Weights {
		for j := range m.Weights[i] {
			m.Weights[i][j] = int8(b[0])
			b = b[1:]
		}
	}
	for i := range m.Heads {
		m.Heads[i] = int8(b[i])
	}
	copy(m.Rarity[:], b[len(m.Heads):])
	return m, nil
}

// Likely returns, for each of the sentences of a text, how likely each role is.
func (m *Model) Likely(s string, spans []Span) [][roles]float64 {
	out := make([][roles]float64, len(spans))
	for i, features := range Features(s, spans) {
		var sums [roles]int32
		for _, f := range features {
			for r, w := range m.Weights[f] {
				sums[r] += int32(w)
			}
		}
		total := 0.0
		for r := range out[i] {
			out[i][r] = math.Exp(float64(m.Bias[r]) + float64(m.Scale)*float64(sums[r]))
			total += out[i][r]
		}
		for r := range out[i] {
			out[i][r] /= total
		}
	}
	return out
}

// Best returns the likeliest role.
func Best(likely [roles]float64) Role {
	best := Other
	for r := range likely {
		if likely[r] > likely[best] {
			best = Role(r)
		}
	}
	return best
}
