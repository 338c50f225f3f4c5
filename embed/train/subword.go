package train

import (
	"broadsheet/embed"
	"broadsheet/embed/matrix"
)

const (
	subwordEpochs = 12
	subwordRate   = 0.5
)

// model returns the model of the rows, with subword units fitted to them.
func (t *trainer) model(words []string) *embed.Model {
	return embed.NewModel(embed.Parts{Dims: t.dims, Words: words, Rows: t.rows,
		Units: fitSubwords(words, t.rows, t.dims, t.set.Buckets)})
}

// fitSubwords returns vectors of subword units of which the means come as near as can be
// to the vectors of the words, so that words never seen get a vector (Zhao, Mudgal and
// Liang, Generalizing word embeddings using bag of subwords, EMNLP 2018). By stochastic
// gradient descent on the squares, in one order.
func fitSubwords(words []string, rows []float32, dims, buckets int) []float32 {
	units := make([]float32, buckets*dims)
	mean := make([]float32, dims)
	var grams []uint32
	for epoch := range subwordEpochs {
		rate := subwordRate * (1 - float32(epoch)/subwordEpochs)
		for i, w := range words {
			grams = embed.AppendUnits(grams[:0], []byte(w), buckets)
			if len(grams) == 0 {
				continue
			}
			copy(mean, rows[i*dims:(i+1)*dims])
			for _, g := range grams {
				matrix.Axpy(mean, -1/float32(len(grams)), units[int(g)*dims:(int(g)+1)*dims])
			}
			for _, g := range grams { // what is missing, shared by all
				matrix.Axpy(units[int(g)*dims:(int(g)+1)*dims], rate/4, mean)
			}
		}
	}
	return units
}
