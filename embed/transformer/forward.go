package transformer

import (
	"math"

	"broadsheet/embed/matrix"
)

// queryRows is the number of tokens whose attention is computed at once: it keeps
// the scores in cache and their memory linear in the length of a text.
const queryRows = 256

// A state is the working memory of one goroutine: the tokens of several texts,
// one below the other, and room for what a layer makes of them.
type state struct {
	x, y, wide       []float32 // rows of dims, dims and the greatest width of a layer
	query, key       []float32 // of one head of one text
	value, head      []float32
	scores           []float32
	vectors, earlier []float32 // pooled, a row for each text
}

// grow makes room for rows tokens of that many texts.
func (s *state) grow(m *Model, rows, texts int) {
	if len(s.x) < rows*m.dims {
		s.x = make([]float32, rows*m.dims)
		s.y = make([]float32, rows*m.dims)
		s.wide = make([]float32, rows*max(3*m.dims, m.inner))
		each := rows * (m.dims / m.heads)
		s.query, s.key, s.value, s.head = make([]float32, each), make([]float32, each), make([]float32, each), make([]float32, each)
		s.scores = make([]float32, min(queryRows, rows)*rows)
	}
	if len(s.vectors) < texts*m.dims {
		s.vectors, s.earlier = make([]float32, texts*m.dims), make([]float32, texts*m.dims)
	}
}

// embed sets x to the first vectors of a text's tokens.
func (m *Model) embed(x []float32, ids []int32) {
	d := m.dims
	for i, id := range ids {
		row := x[i*d : (i+1)*d]
		copy(row, m.weights.tokens[int(id)*d:])
		matrix.Axpy(row, 1, m.weights.positions[i*d:(i+1)*d])
		m.weights.norm.apply(row, m.epsilon)
	}
}

// run takes the tokens of the batch through one layer.
func (m *Model) run(s *state, l *layer, batch []text) {
	rows := 0
	for _, t := range batch {
		rows += len(t.ids)
	}
	m.counters.run.Add(int64(rows))
	x, y := s.x[:rows*m.dims], s.y[:rows*m.dims]

	l.attend.weight.Mul(s.wide, x, rows)
	at := 0
	for _, t := range batch {
		for h := range m.heads {
			m.attend(s, l.attend.bias, at, len(t.ids), h)
		}
		at += len(t.ids)
	}
	// What attend left in y goes through a layer of its own, by way of wide.
	l.out.weight.Mul(s.wide, y, rows)
	l.attentionNorm.addTo(x, s.wide, l.out.bias, m.epsilon)

	l.widen.weight.Mul(s.wide, x, rows)
	for i := range rows {
		m.gate.apply(s.wide[i*m.inner:(i+1)*m.inner], l.widen.bias)
	}
	l.narrow.weight.Mul(y, s.wide, rows)
	l.outNorm.addTo(x, y, l.narrow.bias, m.epsilon)
}

// attend computes one head for the n tokens from row at: wide has their queries,
// keys and values side by side, y gets the result.
func (m *Model) attend(s *state, bias []float32, at, n, head int) {
	d, width := m.dims, m.dims/m.heads
	for i := range n {
		row := s.wide[(at+i)*3*d:]
		for j, to := range [][]float32{s.query, s.key, s.value} {
			from := j*d + head*width
			part := to[i*width : (i+1)*width]
			copy(part, row[from:])
			matrix.Axpy(part, 1, bias[from:from+width])
		}
	}
	scale := float32(1 / math.Sqrt(float64(width)))
	for i := 0; i < n; i += queryRows {
		rows := min(queryRows, n-i)
		matrix.MulT(s.scores, s.query[i*width:], s.key, rows, n, width)
		for r := range rows {
			// The rows of the result are divided by the sums: they are shorter.
			s.query[(i+r)*width] = 1 / matrix.ExpSum(s.scores[r*n:(r+1)*n], scale)
		}
		matrix.Mul(s.head, s.scores, s.value, rows, width, n)
		for r := range rows {
			to := s.y[(at+i+r)*d+head*width:][:width]
			clear(to)
			matrix.Axpy(to, s.query[(i+r)*width], s.head[r*width:(r+1)*width])
		}
	}
}

// pool sets a row of vectors for each text: the mean of its tokens or the first
// of them, of length 1. A text without tokens gets zeros.
func (m *Model) pool(s *state, batch []text) {
	d, x := m.dims, s.x
	for i, t := range batch {
		v := s.vectors[i*d : (i+1)*d]
		clear(v)
		n := len(t.ids)
		tokens := n
		if m.pooling == poolCLS {
			tokens = min(n, 1)
		}
		for j := range tokens {
			matrix.Axpy(v, 1, x[j*d:(j+1)*d])
		}
		normalize(v)
		x = x[n*d:]
	}
}

func normalize(v []float32) {
	var squares float64
	for _, x := range v {
		squares += float64(float64(x) * float64(x))
	}
	if squares == 0 {
		return
	}
	inverse := 1 / math.Sqrt(squares)
	for i, x := range v {
		v[i] = float32(float64(x) * inverse)
	}
}
