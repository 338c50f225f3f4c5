package learn

import (
	"math"
	"math/rand/v2"
	"slices"

	"broadsheet/gist"
)

// Constants of the learning of sentences, chosen by cross-validation.
const (
	sentencePasses = 3
	sentenceRate   = 0.02
	sentenceDecay  = 0.001 // of a weight, each time that its feature is seen
	roles          = 5
)

// An example is a sentence: its features and its role.
type example struct {
	features []uint32
	role     gist.Role
}

func examplesOf(abstracts []Abstract) (all []example) {
	for _, a := range abstracts {
		spans := gist.Sentences(a.Text)
		roles := RolesOf(a, spans)
		for i, f := range gist.Features(a.Text, spans) {
			all = append(all, example{f, roles[i]})
		}
	}
	return all
}

// Sentences learns the weights of the sentences of abstracts: multinomial logistic
// regression by stochastic gradients with a rate for each weight (Duchi, Hazan and
// Singer, Adaptive Subgradient Methods, JMLR 12, 2011).
func Sentences(m *gist.Model, abstracts []Abstract, seed uint64) {
	l := newSoftmax(len(m.Weights))
	examples := examplesOf(abstracts)
	rng := rand.New(rand.NewPCG(seed, 1))
	for range sentencePasses {
		rng.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		for i := range examples {
			l.learn(&examples[i])
		}
	}
	top := 0.0
	for i := range l.weights {
		for _, w := range l.weights[i] {
			top = max(top, math.Abs(w))
		}
	}
	m.Scale = float32(top / 127)
	for i := range l.weights {
		for r, w := range l.weights[i] {
			m.Weights[i][r] = int8(math.Round(w / top * 127))
		}
	}
	for r, w := range l.bias {
		m.Bias[r] = float32(w)
	}
}

type softmax struct {
	weights, squares [][roles]float64
	bias, biasSq     [roles]float64
}

func newSoftmax(n int) *softmax {
	return &softmax{weights: make([][roles]float64, n), squares: make([][roles]float64, n)}
}

func (l *softmax) learn(e *example) {
	p := l.bias
	for _, f := range e.features {
		for r, w := range l.weights[f] {
			p[r] += w
		}
	}
	top, total := slices.Max(p[:]), 0.0
	for r := range p {
		p[r] = math.Exp(p[r] - top)
		total += p[r]
	}
	for r := range p {
		slope := p[r] / total
		if gist.Role(r) == e.role {
			slope--
		}
		step(&l.bias[r], &l.biasSq[r], slope, 0)
		for _, f := range e.features {
			step(&l.weights[f][r], &l.squares[f][r], slope, sentenceDecay)
		}
	}
}

func step(w, square *float64, slope, decay float64) {
	slope += decay * *w
	*square += slope * slope
	if *square > 0 {
		*w -= sentenceRate * slope / math.Sqrt(*square+1e-8)
	}
}

// A RoleReport says how well roles are told on abstracts that were held out.
type RoleReport struct {
	Sentences int
	Accuracy  float64
	Low, High float64 // 95 % of bootstrap samples of abstracts lie between
	Majority  float64 // accuracy of the commonest role of the abstracts learned from
	MacroF1   float64
	Marked    float64           // accuracy on the sentences that have a role, told among the four
	MarkedBy  float64           // the same of the commonest of the four
	MajorityF float64           // macro-F1 of the commonest role
	Confusion [roles][roles]int // by the role that is right, and the role that was told
}

const (
	folds     = 5
	resamples = 2000
)

// CrossValidate learns from four fifths of the abstracts and judges on the last, five
// times.
func CrossValidate(abstracts []Abstract, seed uint64) RoleReport {
	order := rand.New(rand.NewPCG(seed, 2)).Perm(len(abstracts))
	var rep RoleReport
	var right, total []float64 // by abstract
	majority, marked := 0, 0
	var ofRole [roles]int
	var majorityConfusion [roles][roles]int
	for fold := range folds {
		var in, out []Abstract
		for i, k := range order {
			if i%folds == fold {
				out = append(out, abstracts[k])
			} else {
				in = append(in, abstracts[k])
			}
		}
		m := new(gist.Model)
		Sentences(m, in, seed)
		common := commonest(in)
		for _, a := range out {
			spans := gist.Sentences(a.Text)
			want := RolesOf(a, spans)
			hits := 0
			for i, likely := range m.Likely(a.Text, spans) {
				got := gist.Best(likely)
				rep.Confusion[want[i]][got]++
				majorityConfusion[want[i]][common]++
				if got == want[i] {
					hits++
				}
				ofRole[want[i]]++
				likely[gist.Other] = 0
				if want[i] != gist.Other && gist.Best(likely) == want[i] {
					marked++
				}
				if want[i] == common {
					majority++
				}
			}
			right, total = append(right, float64(hits)), append(total, float64(len(spans)))
		}
	}
	rep.Sentences = int(sum(total))
	rep.Accuracy = sum(right) / sum(total)
	rep.Majority = float64(majority) / sum(total)
	known := rep.Sentences - ofRole[gist.Other]
	rep.Marked = float64(marked) / float64(known)
	rep.MarkedBy = float64(slices.Max(ofRole[1:])) / float64(known)
	rep.MacroF1, rep.MajorityF = macroF1(rep.Confusion), macroF1(majorityConfusion)
	rep.Low, rep.High = bootstrap(right, total, seed)
	return rep
}

func commonest(abstracts []Abstract) gist.Role {
	var n [roles]int
	for _, e := range examplesOf(abstracts) {
		n[e.role]++
	}
	best := 0
	for r := range n {
		if n[r] > n[best] {
			best = r
		}
	}
	return gist.Role(best)
}

func sum(xs []float64) (s float64) {
	for _, x := range xs {
		s += x
	}
	return s
}

// bootstrap draws whole abstracts, since the sentences of one are not independent.
func bootstrap(right, total []float64, seed uint64) (low, high float64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	means := make([]float64, resamples)
	for i := range means {
		r, t := 0.0, 0.0
		for range right {
			k := rng.IntN(len(right))
			r, t = r+right[k], t+total[k]
		}
		means[i] = r / t
	}
	slices.Sort(means)
	return means[resamples*25/1000], means[resamples*975/1000]
}

func macroF1(c [roles][roles]int) float64 {
	total := 0.0
	for r := range c {
		var told, is int
		for k := range c {
			told += c[k][r]
			is += c[r][k]
		}
		if told+is > 0 {
			total += 2 * float64(c[r][r]) / float64(told+is)
		}
	}
	return total / float64(len(c))
}
