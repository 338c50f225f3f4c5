package transformer_test

import (
	"fmt"
	"math"
)

// naive is the forward pass of the tiny model: the vectors of the embedding and
// of each layer.
func (m tiny) naive(ids []int32) [][]float64 {
	w := m.tensors()
	x := make([][]float64, len(ids))
	for i, id := range ids {
		x[i] = make([]float64, tinyDims)
		for j := range x[i] {
			x[i][j] = w["embeddings.word_embeddings.weight"].values[int(id)*tinyDims+j] +
				w["embeddings.position_embeddings.weight"].values[i*tinyDims+j]
			if !m.distil {
				x[i][j] += w["embeddings.token_type_embeddings.weight"].values[j]
			}
		}
	}
	x = normed(w, "embeddings.LayerNorm", x)
	vectors := [][]float64{m.pool(x)}
	for l := range m.layers {
		at := fmt.Sprintf("encoder.layer.%d.", l)
		a := attention(apply(w, at+"attention.self.query", x), apply(w, at+"attention.self.key", x), apply(w, at+"attention.self.value", x))
		x = normed(w, at+"attention.output.LayerNorm", sum(x, apply(w, at+"attention.output.dense", a)))
		wide := apply(w, at+"intermediate.dense", x)
		for _, row := range wide {
			for j := range row {
				row[j] = m.activate(row[j])
			}
		}
		x = normed(w, at+"output.LayerNorm", sum(x, apply(w, at+"output.dense", wide)))
		vectors = append(vectors, m.pool(x))
	}
	return vectors
}

func (m tiny) activate(x float64) float64 {
	switch m.activation {
	case "gelu":
		return x / 2 * (1 + math.Erf(x/math.Sqrt2))
	case "gelu_new":
		return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*math.Pow(x, 3))))
	case "relu":
		return max(0, x)
	}
	panic(m.activation)
}

func (m tiny) pool(x [][]float64) []float64 {
	if m.cls {
		x = x[:1]
	}
	v := make([]float64, tinyDims)
	norm := 0.0
	for j := range v {
		for _, row := range x {
			v[j] += row[j]
		}
		norm += v[j] * v[j]
	}
	for j := range v {
		v[j] /= math.Sqrt(norm)
	}
	return v
}

func apply(w map[string]array, name string, x [][]float64) [][]float64 {
	weight, bias := w[name+".weight"], w[name+".bias"]
	out := make([][]float64, len(x))
	for i, row := range x {
		for o := range weight.shape[0] {
			s := bias.values[o]
			for j, v := range row {
				s += v * weight.values[o*len(row)+j]
			}
			out[i] = append(out[i], s)
		}
	}
	return out
}

func attention(q, k, v [][]float64) [][]float64 {
	const width = tinyDims / tinyHeads
	out := make([][]float64, len(q))
	for i := range q {
		out[i] = make([]float64, tinyDims)
		for h := 0; h < tinyDims; h += width {
			weights, total := make([]float64, len(k)), 0.0
			for t := range k {
				s := 0.0
				for j := h; j < h+width; j++ {
					s += q[i][j] * k[t][j]
				}
				weights[t] = math.Exp(s / math.Sqrt(width))
				total += weights[t]
			}
			for t := range v {
				for j := h; j < h+width; j++ {
					out[i][j] += weights[t] / total * v[t][j]
				}
			}
		}
	}
	return out
}

func normed(w map[string]array, name string, x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		var mean, variance float64
		for _, v := range row {
			mean += v / float64(len(row))
		}
		for _, v := range row {
			variance += (v - mean) * (v - mean) / float64(len(row))
		}
		for j, v := range row {
			out[i] = append(out[i], (v-mean)/math.Sqrt(variance+1e-12)*w[name+".weight"].values[j]+w[name+".bias"].values[j])
		}
	}
	return out
}

func sum(a, b [][]float64) [][]float64 {
	for i := range a {
		for j := range a[i] {
			b[i][j] += a[i][j]
		}
	}
	return b
}
