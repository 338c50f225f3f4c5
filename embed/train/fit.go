package train

import (
	"broadsheet/embed"
	"broadsheet/embed/matrix"
)

// Unknown returns which share of a corpus's words a model does not know: of those that
// follow each other, and of the distinct ones.
func (c *Corpus) Unknown(m *embed.Model) (running, distinct float64) {
	var missing, all, words int
	for id, name := range c.names {
		all += c.counts[id]
		if !m.Has(name) {
			missing += c.counts[id]
			words++
		}
	}
	return float64(missing) / float64(max(all, 1)), float64(words) / float64(max(len(c.names), 1))
}

// Ranks returns how well a model finds each text's own body by its title among the bodies
// of all: 1 for first, 1/2 for second, to 1/10, and 0 for farther down. The mean is MRR@10.
func Ranks(m *embed.Model, texts []Text) []float64 {
	n, dims := len(texts), m.Dims()
	titles, bodies := make([]float32, n*dims), make([]float32, n*dims)
	parallel(n, func(from, to int) {
		e := m.NewEncoder()
		for i := from; i < to; i++ {
			copy(titles[i*dims:], e.Encode(nil, texts[i].Title, ""))
			copy(bodies[i*dims:], e.Encode(nil, "", texts[i].Body))
		}
	})
	return ranks(titles, bodies, n, dims)
}

// ranks compares each title with all bodies; all are of length 1, or 0.
func ranks(titles, bodies []float32, n, dims int) []float64 {
	ranks := make([]float64, n)
	parallel(n, func(from, to int) {
		sims := make([]float32, n)
		for i := from; i < to; i++ {
			matrix.MulT(sims, titles[i*dims:(i+1)*dims], bodies, 1, n, dims)
			better := 0
			for _, s := range sims {
				if s > sims[i] {
					better++
				}
			}
			if better < 10 {
				ranks[i] = 1 / float64(1+better)
			}
		}
	})
	return ranks
}
