// Package embed turns texts into vectors: texts that mean the same get vectors that
// point the same way.
//
// A [Model] has a vector for each word of its vocabulary, and for each of many subword
// units, of which words outside of it are made. A text's vector is the sum of those of
// its words, each once with the root of its frequency, brought to length 1. A word's
// length is how much it tells, which training has learned with its direction. The first
// 64, 128 or 192 dimensions are useful alone (Matryoshka representation learning,
// Kusupati et al., arXiv 2205.13147).
package embed

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"math"
	"sync"
)

// A Model turns texts into vectors. It does not change; any number of goroutines may
// use one, each with an [Encoder] of its own.
type Model struct {
	dims    int
	words   *vocabulary
	buckets int
	rows    []int8    // of words, then of subword units
	scale   []float32 // by row: of its values
	tell    []float32 // by word: the length of its vector
	coder   []byte
	sum     [sha256.Size]byte
	pool    sync.Pool
}

// Parts are what a model is made of.
type Parts struct {
	Dims  int
	Words []string
	Rows  []float32 // words × Dims
	Units []float32 // buckets of subword units × Dims
	Coder []byte    // what makes codes of the vectors, in the form of whoever does
}

// NewModel returns a model of parts, each row rounded to 8 bits.
func NewModel(p Parts) *Model {
	m := &Model{dims: p.Dims, words: newVocabulary(p.Words), buckets: len(p.Units) / p.Dims, coder: p.Coder}
	m.rows = make([]int8, 0, len(p.Rows)+len(p.Units))
	for _, rows := range [][]float32{p.Rows, p.Units} {
		for ; len(rows) > 0; rows = rows[p.Dims:] {
			m.append(rows[:p.Dims])
		}
	}
	m.sign()
	return m
}

func (m *Model) append(row []float32) {
	top := float32(0)
	for _, x := range row {
		top = max(top, float32(math.Abs(float64(x))))
	}
	scale := top / 127
	m.scale = append(m.scale, scale)
	for _, x := range row {
		q := 0.0
		if scale > 0 {
			q = math.RoundToEven(float64(x / scale))
		}
		m.rows = append(m.rows, int8(max(-127, min(127, q))))
	}
}

// sign finishes a new model.
func (m *Model) sign() {
	data := m.Append(nil)
	copy(m.sum[:], data[len(data)-len(m.sum):])
	m.finish()
}

// finish computes what follows from the parts.
func (m *Model) finish() {
	m.tell = make([]float32, m.words.len())
	for i := range m.tell {
		sum := 0
		for _, x := range m.row(i) {
			sum += int(x) * int(x)
		}
		m.tell[i] = float32(math.Sqrt(float64(sum))) * m.scale[i]
	}
	m.pool.New = func() any { return m.NewEncoder() }
}

func (m *Model) row(i int) []int8 { return m.rows[i*m.dims : (i+1)*m.dims] }

// Dims returns the number of dimensions of the vectors.
func (m *Model) Dims() int { return m.dims }

// Words returns the number of words in the vocabulary.
func (m *Model) Words() int { return m.words.len() }

// Word returns a word of the vocabulary.
func (m *Model) Word(i int) string { return m.words.word(i) }

// Has reports whether a word, as a [Splitter] cuts them, is in the vocabulary.
func (m *Model) Has(word string) bool { return m.words.find([]byte(word)) >= 0 }

// Coder returns what makes codes of the vectors, in the form of whoever does.
func (m *Model) Coder() []byte { return m.coder }

// WithCoder returns the model with another coder.
func (m *Model) WithCoder(coder []byte) *Model {
	n := &Model{dims: m.dims, words: m.words, buckets: m.buckets, rows: m.rows, scale: m.scale, coder: coder}
	n.sign()
	return n
}

// Fingerprint tells models apart.
func (m *Model) Fingerprint() string { return hex.EncodeToString(m.sum[:8]) }

// Parts returns what the model is made of, rounded as it is.
func (m *Model) Parts() Parts {
	p := Parts{Dims: m.dims, Coder: m.coder, Words: make([]string, m.words.len())}
	for i := range p.Words {
		p.Words[i] = m.words.word(i)
	}
	all := make([]float32, len(m.rows))
	for i, x := range m.rows {
		all[i] = float32(x) * m.scale[i/m.dims]
	}
	p.Rows, p.Units = all[:len(p.Words)*m.dims], all[len(p.Words)*m.dims:]
	return p
}

// Token returns the vector of a word of the vocabulary and how much it tells. The vector
// is in units that only its direction matters of.
func (m *Model) Token(i int) (row []int8, tells float32) { return m.row(i), m.tell[i] }

// UnitVector writes the vector that subword units give a word, whether it is in the
// vocabulary or not, and its length is what they say it tells.
func (m *Model) UnitVector(dst []float32, word string) {
	clear(dst)
	grams := AppendUnits(nil, []byte(word), m.buckets)
	for _, g := range grams {
		at := m.words.len() + int(g)
		addRow(dst, m.row(at), m.scale[at]/float32(len(grams)))
	}
}

// Embed returns the unit vector of a text that has a title and a body, either of which
// may be empty. It is nil for a text without a word.
func (m *Model) Embed(title, body string) []float32 {
	e := m.pool.Get().(*Encoder)
	defer m.pool.Put(e)
	return e.Encode(nil, title, body)
}

// AppendUnits appends the subword units of a word as numbers of n buckets.
func AppendUnits(dst []uint32, word []byte, n int) []uint32 { return appendGrams(dst, word, n) }

// A Splitter cuts texts into words as models do.
type Splitter struct{ scan scanner }

// Words yields the words of a text in order. Each is good until the next.
func (s *Splitter) Words(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		s.scan.start(text)
		for s.scan.next() {
			if !yield(s.scan.word) {
				return
			}
		}
	}
}
