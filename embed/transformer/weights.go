package transformer

import (
	"fmt"
	"math"
	"strings"

	"broadsheet/embed/matrix"
)

// A family says how a model's tensors are called. Layer names go behind
// layers + number, and stand for a weight and a bias.
type family struct {
	prefix                 string // what a file saved with a task's head has in front
	layers                 string
	query, key, value, out string
	attentionNorm, outNorm string
	widen, narrow          string
	tokens, positions      string
	types                  string // "" where the family has none
	embeddingNorm          string
}

var bert = family{
	prefix: "bert.", layers: "encoder.layer.",
	query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
	out: "attention.output.dense", attentionNorm: "attention.output.LayerNorm",
	widen: "intermediate.dense", narrow: "output.dense", outNorm: "output.LayerNorm",
	tokens: "embeddings.word_embeddings", positions: "embeddings.position_embeddings",
	types: "embeddings.token_type_embeddings", embeddingNorm: "embeddings.LayerNorm",
}

var distilBERT = family{
	prefix: "distilbert.", layers: "transformer.layer.",
	query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
	out: "attention.out_lin", attentionNorm: "sa_layer_norm",
	widen: "ffn.lin1", narrow: "ffn.lin2", outNorm: "output_layer_norm",
	tokens: "embeddings.word_embeddings", positions: "embeddings.position_embeddings",
	embeddingNorm: "embeddings.LayerNorm",
}

// weights are a model's parameters as the forward pass wants them.
type weights struct {
	tokens    []float32 // vocab×dims
	positions []float32 // positions×dims, the vector of token type 0 added
	norm      norms
	layers    []layer
}

// A layer is a block of a post-norm encoder (Vaswani et al., "Attention is all
// you need", 2017; Devlin et al. 2018).
type layer struct {
	attend        dense // query, key and value side by side
	out           dense
	attentionNorm norms
	widen, narrow dense
	outNorm       norms
}

// dense is x·weight + bias.
type dense struct {
	weight *matrix.Packed
	bias   []float32
}

// norms are the parameters of a layer normalisation (Ba, Kiros and Hinton 2016).
type norms struct {
	scale, shift []float32
}

// A loader reads tensors one after the other and keeps the first error.
type loader struct {
	file   *tensorFile
	prefix string
	err    error
}

func readWeights(f *tensorFile, c config) (*weights, error) {
	l := &loader{file: f}
	if _, ok := f.tensors[c.family.tokens+".weight"]; !ok {
		l.prefix = c.family.prefix
	}
	if n := c.parameters(); n > maxWeights {
		return nil, fmt.Errorf("the model has %d parameters, want at most %d", n, maxWeights)
	}
	w := &weights{
		tokens:    l.read(c.family.tokens+".weight", c.vocab, c.dims),
		positions: l.read(c.family.positions+".weight", c.positions, c.dims),
		norm:      l.norms(c.family.embeddingNorm, c.dims),
	}
	if c.family.types != "" && c.types > 0 {
		if types := l.read(c.family.types+".weight", c.types, c.dims); types != nil {
			for i := range w.positions {
				w.positions[i] += types[i%c.dims]
			}
		}
	}
	for i := range c.layers {
		if l.err != nil {
			break
		}
		w.layers = append(w.layers, l.layer(c, fmt.Sprint(c.family.layers, i, ".")))
	}
	return w, l.err
}

// parameters is the number of values a model of this shape has, to within a few.
func (c config) parameters() int {
	return (c.vocab+c.positions)*c.dims + c.layers*(4*c.dims+2*c.inner)*c.dims
}

func (l *loader) layer(c config, at string) layer {
	f := c.family
	return layer{
		attend:        l.dense(c.dims, c.dims, at+f.query, at+f.key, at+f.value),
		out:           l.dense(c.dims, c.dims, at+f.out),
		attentionNorm: l.norms(at+f.attentionNorm, c.dims),
		widen:         l.dense(c.inner, c.dims, at+f.widen),
		narrow:        l.dense(c.dims, c.inner, at+f.narrow),
		outNorm:       l.norms(at+f.outNorm, c.dims),
	}
}

// dense reads layers of the same input and joins their outputs.
func (l *loader) dense(out, in int, names ...string) dense {
	var weight, bias []float32
	for _, name := range names {
		weight = append(weight, l.read(name+".weight", out, in)...)
		bias = append(bias, l.read(name+".bias", out)...)
	}
	if l.err != nil {
		return dense{}
	}
	return dense{matrix.PackT(weight, out*len(names), in), bias}
}

// norms reads the scale and the shift, which the oldest files call gamma and
// beta.
func (l *loader) norms(name string, dims int) norms {
	scale, shift := ".weight", ".bias"
	if _, ok := l.file.tensors[l.prefix+name+".gamma"]; ok && strings.HasSuffix(name, "LayerNorm") {
		scale, shift = ".gamma", ".beta"
	}
	return norms{l.read(name+scale, dims), l.read(name+shift, dims)}
}

// read returns nil after an error.
func (l *loader) read(name string, shape ...int) []float32 {
	if l.err == nil {
		var values []float32
		if values, l.err = l.file.read(l.prefix+name, shape...); l.err == nil {
			return values
		}
	}
	return nil
}

// addTo sets each row of x to the normalised sum of it and the row of y with the
// bias of the layer that y comes from.
func (n norms) addTo(x, y, bias []float32, epsilon float64) {
	for d := len(n.scale); len(x) >= d; x, y = x[d:], y[d:] {
		row := x[:d]
		matrix.Axpy(row, 1, y[:d])
		matrix.Axpy(row, 1, bias)
		n.apply(row, epsilon)
	}
}

// apply normalises a row to mean 0 and deviation 1, then scales and shifts it.
func (n norms) apply(row []float32, epsilon float64) {
	var sum float64
	for _, v := range row {
		sum += float64(v)
	}
	mean := float32(sum / float64(len(row)))
	var squares float64
	for _, v := range row {
		d := float64(v - mean)
		squares += float64(d * d)
	}
	inverse := float32(1 / math.Sqrt(squares/float64(len(row))+epsilon))
	for i, v := range row {
		row[i] = float32(float32((v-mean)*inverse)*n.scale[i]) + n.shift[i]
	}
}
