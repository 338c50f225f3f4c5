package embed

import (
	"math"
	"slices"
)

// An Encoder turns texts into vectors for one goroutine.
type Encoder struct {
	m     *Model
	scan  scanner
	sum   []float32
	place []uint32 // by row: its place among the units of this text + 1
	rows  []uint32 // of the text's words and units, each once
	count []float32
	grams []uint32
	order []uint64 // of Tokens
	words int      // of the text
	found int      // of these, in the vocabulary
}

// NewEncoder returns an encoder.
func (m *Model) NewEncoder() *Encoder {
	return &Encoder{m: m, sum: make([]float32, m.dims), place: make([]uint32, len(m.scale))}
}

// Encode appends the unit vector of a text to dst, or nothing if the text has no word.
func (e *Encoder) Encode(dst []float32, title, body string) []float32 {
	for _, r := range e.rows {
		e.place[r] = 0
	}
	e.rows, e.count = e.rows[:0], e.count[:0]
	e.words, e.found = 0, 0
	e.read(title)
	e.read(body)
	clear(e.sum)
	m := e.m
	for i, r := range e.rows {
		addRow(e.sum, m.row(int(r)), m.scale[r]*root(e.count[i]))
	}
	var n float64
	for _, x := range e.sum {
		n += float64(x) * float64(x)
	}
	if n == 0 {
		return dst
	}
	inverse := float32(1 / math.Sqrt(n))
	for _, x := range e.sum {
		dst = append(dst, x*inverse)
	}
	return dst
}

// Known returns which share of the words of the text that was encoded last are in the
// vocabulary.
func (e *Encoder) Known() float64 {
	if e.words == 0 {
		return 0
	}
	return float64(e.found) / float64(e.words)
}

// read counts the words of a text.
func (e *Encoder) read(text string) {
	m := e.m
	e.scan.start(text)
	for e.scan.next() {
		e.words++
		if n := m.words.find(e.scan.word); n >= 0 {
			e.add(uint32(n), 1)
			e.found++
			continue
		}
		if m.buckets == 0 || len(e.rows) > maxRows {
			continue
		}
		e.grams = appendGrams(e.grams[:0], e.scan.word, m.buckets)
		for _, g := range e.grams {
			e.add(uint32(m.words.len())+g, 1/float32(len(e.grams)))
		}
	}
}

// maxRows bounds the work for a text of words nobody knows.
const maxRows = 4096

func (e *Encoder) add(row uint32, n float32) {
	if at := e.place[row]; at > 0 {
		e.count[at-1] += n
		return
	}
	e.rows, e.count = append(e.rows, row), append(e.count, n)
	e.place[row] = uint32(len(e.rows))
}

// root dampens how often a word counts; parts of words count as they are.
func root(n float32) float32 {
	if n <= 1 {
		return n
	}
	return float32(math.Sqrt(float64(n)))
}

// A Token is a word of the vocabulary and what it counts in the text.
type Token struct {
	Number uint16
	Weight float32
}

// Tokens appends the words of the vocabulary in the text that was encoded last, each once,
// those that count most first. What a word counts is what it tells, by the root of its
// frequency.
func (e *Encoder) Tokens(dst []Token) []Token {
	e.order = e.order[:0]
	for i, r := range e.rows {
		if int(r) < e.m.words.len() { // bits of floats above 0 are in the order of the floats
			weight := math.Float32bits(e.m.tell[r] * root(e.count[i]))
			e.order = append(e.order, uint64(^weight)<<32|uint64(r))
		}
	}
	slices.Sort(e.order)
	for _, o := range e.order {
		dst = append(dst, Token{uint16(o), math.Float32frombits(^uint32(o >> 32))})
	}
	return dst
}
