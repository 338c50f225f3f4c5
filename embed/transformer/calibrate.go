package transformer

import (
	"context"
	"fmt"
	"slices"
)

// An Outcome tells what an Exit does to a sample of texts.
type Outcome struct {
	Exit  Exit
	Kept  float64 // mean cosine of the vectors with it and those of all layers
	Saved float64 // part of the work, 0 to 1
}

// Calibrate runs a sample, of a few hundred texts, through all layers and returns
// the Exit that saves most among those that keep at least the given mean cosine,
// 0.99 for example. It is the zero Exit where none does. The model itself is not
// changed: it has to be opened with the Exit, and has another fingerprint then.
func (m *Model) Calibrate(ctx context.Context, sample []string, keep float64) (Outcome, error) {
	traces := make([]trace, len(sample))
	err := m.each(ctx, m.batches(sample), func(s *state, batch []text) error {
		paths := make([][]float32, len(batch))
		err := m.forward(ctx, s, batch, func(_ int, batch []text) ([]text, error) {
			m.pool(s, batch)
			for i := range batch {
				paths[i] = append(paths[i], s.vectors[i*m.dims:(i+1)*m.dims]...)
			}
			return batch, nil
		})
		if err != nil {
			return err
		}
		for i, t := range batch {
			traces[t.at] = newTrace(paths[i], m.dims, len(t.ids))
		}
		return nil
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("transformer: calibrate on %d texts: %w", len(sample), err)
	}
	return best(traces, m.layers, keep), nil
}

// A trace is the way of a text's vector through the layers, the first of which
// is layer 1 at index 0.
type trace struct {
	tokens int
	moved  []float64 // from the layer before; 2 for the first
	cosine []float64 // with the last
}

func newTrace(path []float32, dims, tokens int) trace {
	t := trace{tokens: tokens}
	last := path[len(path)-dims:]
	for at := 0; at < len(path); at += dims {
		v, step := path[at:at+dims], 2.0
		if at > 0 {
			step = moved(v, path[at-dims:at])
		}
		t.moved = append(t.moved, step)
		t.cosine = append(t.cosine, 1-moved(v, last))
	}
	t.cosine[len(t.cosine)-1] = 1 // also of a text without tokens
	return t
}

// thresholds is how many are tried for each number of layers.
const thresholds = 50

func best(traces []trace, layers int, keep float64) Outcome {
	found := Outcome{Kept: 1}
	for least := 2; least < layers; least++ {
		var steps []float64
		for _, t := range traces {
			steps = append(steps, t.moved[least-1:layers-1]...)
		}
		slices.Sort(steps)
		for i := range thresholds {
			if len(steps) == 0 {
				break
			}
			// The next above: a step has to be below the threshold.
			o := outcome(traces, Exit{min(2, steps[(len(steps)-1)*(i+1)/thresholds]+1e-9), least}, layers)
			if o.Kept >= keep && o.Saved > found.Saved {
				found = o
			}
		}
	}
	return found
}

// outcome goes the traces' ways with an exit.
func outcome(traces []trace, e Exit, layers int) Outcome {
	o := Outcome{Exit: e}
	var run, full float64
	for _, t := range traces {
		n := 1
		for n < layers && !(e.compares(n) && t.moved[n-1] < e.Threshold) {
			n++
		}
		o.Kept += t.cosine[n-1] / float64(len(traces))
		run += float64(n * t.tokens)
		full += float64(layers * t.tokens)
	}
	if full > 0 {
		o.Saved = 1 - run/full
	}
	return o
}
