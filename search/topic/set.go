package topic

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Bounds of a Set.
const (
	// MaxDims is the highest number of dimensions.
	MaxDims = 4096
	// MaxTopics is the highest number of topics.
	MaxTopics = 10_000
	// MaxName is the length in bytes of the longest name.
	MaxName = 256
	// SampleSize is how many vectors of the collection a Set keeps. With 512 the
	// deviation is known to 3 %, and a topic is learned in 0.1 ms.
	SampleSize = 512
	minSample  = 2
)

// A Set holds the topics over one collection and one model's vectors. Methods
// that change it must not run beside others; the others may.
type Set struct {
	dims   int
	mean   []float32   // the collection's
	sample [][]float32 // centred, of length 1
	topics map[string]*Topic
}

// NewSet returns a Set without topics. The sample are vectors, of any length, of
// papers of the collection drawn at random; of many, SampleSize at equal distances
// are kept to measure with. With fewer than some 50 the thresholds are rough.
func NewSet(dims int, sample [][]float32) (*Set, error) {
	if dims < 1 || dims > MaxDims {
		return nil, fmt.Errorf("topic: %d dimensions, not 1 to %d", dims, MaxDims)
	}
	if len(sample) < minSample {
		return nil, fmt.Errorf("topic: a sample of %d vectors, not of %d or more", len(sample), minSample)
	}
	sum := make([]float64, dims)
	for _, v := range sample {
		if err := checkVector(v, dims); err != nil {
			return nil, err
		}
		if length := math.Sqrt(dot(v, v)); length > minLength {
			for i, x := range v {
				sum[i] += float64(x) / length
			}
		}
	}
	s := &Set{dims: dims, mean: make([]float32, dims), topics: make(map[string]*Topic)}
	for i := range sum {
		s.mean[i] = float32(sum[i] / float64(len(sample)))
	}
	for i := range min(len(sample), SampleSize) {
		s.sample = append(s.sample, s.centred(sample[i*len(sample)/min(len(sample), SampleSize)]))
	}
	return s, nil
}

// centred returns v of length 1, taken from the common mean, and of length 1
// again. What has no direction becomes zero.
func (s *Set) centred(v []float32) []float32 {
	out := make([]float32, s.dims)
	length := math.Sqrt(dot(v, v))
	if length < minLength {
		return out
	}
	for i, x := range v {
		out[i] = float32(float64(x)/length) - s.mean[i]
	}
	if length = math.Sqrt(dot(out, out)); length < minLength {
		clear(out)
		return out
	}
	return scaled(out, out, 1/length)
}

// Learn adds examples to a topic, which it makes if there is none of that name.
// It takes time in proportion to the dimensions and the examples, and changes no
// other topic. With an error it has done nothing.
func (s *Set) Learn(name string, examples ...[]float32) error {
	t := s.topics[name]
	switch {
	case t == nil && (name == "" || len(name) > MaxName):
		return fmt.Errorf("topic: a name of %d bytes, not of 1 to %d", len(name), MaxName)
	case t == nil && len(s.topics) == MaxTopics:
		return fmt.Errorf("topic: there are %d topics, no more fit", MaxTopics)
	case len(examples) == 0:
		return errors.New("topic: no examples to learn from")
	}
	for _, v := range examples {
		if err := checkVector(v, s.dims); err != nil {
			return err
		}
	}
	if t == nil {
		t = &Topic{Name: name, sum: make([]float32, s.dims)}
		s.topics[name] = t
	}
	for _, v := range examples {
		for i, x := range s.centred(v) {
			t.sum[i] += x
		}
		t.Examples++
	}
	t.calibrate(s.sample)
	return nil
}

// Forget takes an example away from a topic, which must have learned from it. A
// topic without examples stays and fits nothing. With an error it has done
// nothing.
func (s *Set) Forget(name string, example []float32) error {
	t := s.topics[name]
	if t == nil || t.Examples == 0 {
		return fmt.Errorf("topic: there is no topic %q with examples", name)
	}
	if err := checkVector(example, s.dims); err != nil {
		return err
	}
	for i, x := range s.centred(example) {
		t.sum[i] -= x
	}
	if t.Examples--; t.Examples == 0 {
		clear(t.sum) // what rounding left
	}
	t.calibrate(s.sample)
	return nil
}

// Remove takes a topic away, if it is there.
func (s *Set) Remove(name string) { delete(s.topics, name) }

// Topics returns the topics by name. They are copies.
func (s *Set) Topics() []Topic {
	var ts []Topic
	for _, name := range slices.Sorted(maps.Keys(s.topics)) {
		t := *s.topics[name]
		t.sum, t.direction = nil, nil
		ts = append(ts, t)
	}
	return ts
}

// A Fit is a topic to which a paper belongs.
type Fit struct {
	Name string
	// Score is the probability that it does, 0.5 to 1, as far as members and
	// others are spread alike. It compares between topics; similarities do not.
	Score      float64
	Similarity float64
}

// Score returns the topics that a paper fits, best first. It takes one inner
// product a topic.
func (s *Set) Score(vector []float32) ([]Fit, error) {
	if err := checkVector(vector, s.dims); err != nil {
		return nil, err
	}
	v := s.centred(vector)
	var fits []Fit
	for _, t := range s.topics {
		if t.direction == nil {
			continue
		}
		if similarity := dot(t.direction, v); similarity >= t.Threshold {
			fits = append(fits, Fit{t.Name, t.score(similarity), similarity})
		}
	}
	slices.SortFunc(fits, func(a, b Fit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
	})
	return fits, nil
}

// Scorer returns a function that calls yield for each topic that a paper fits, in no
// order, with the Score of Fit. It takes an inner product a topic and one more, and no
// memory, and may be called from several goroutines as long as the Set does not change.
func (s *Set) Scorer() func(vector []float32, yield func(name string, score float64)) {
	type centre struct {
		*Topic
		common float64 // product of the direction with the mean
	}
	var all []centre
	for _, t := range s.topics {
		if t.direction != nil {
			all = append(all, centre{t, dot(t.direction, s.mean)})
		}
	}
	length := dot(s.mean, s.mean)
	return func(v []float32, yield func(string, float64)) {
		if len(v) != s.dims {
			return
		}
		size := math.Sqrt(dot(v, v))
		// rest is the length of v/|v| - mean.
		rest := math.Sqrt(max(0, 1-2*dot(v, s.mean)/max(size, minLength)+length))
		if size < minLength || rest < minLength {
			return
		}
		for _, t := range all {
			if similarity := (dot(t.direction, v)/size - t.common) / rest; similarity >= t.Threshold {
				yield(t.Name, t.score(similarity))
			}
		}
	}
}
