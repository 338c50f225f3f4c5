package vector

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// rounds of signs and transforms after which any vector is spread over all
// dimensions.
const rounds = 3

// rotate rotates v at random by seed, in place and in O(n log n): signs are flipped
// and a Walsh–Hadamard transform mixes the values, a few times over (Ailon and
// Chazelle, "Approximate nearest neighbors and the fast Johnson–Lindenstrauss
// transform", STOC 2006). The transform takes a power of two: the first values, then
// the last ones.
func rotate(v []float32, seed uint64) {
	rng := rand.NewPCG(seed, uint64(len(v)))
	part := 1 << (bits.Len(uint(len(v))) - 1)
	for range rounds {
		for i := 0; i < len(v); i += lane {
			signs := rng.Uint64()
			for j := range v[i : i+lane] {
				if signs>>j&1 != 0 {
					v[i+j] = -v[i+j]
				}
			}
		}
		hadamard(v[:part])
		if part < len(v) {
			hadamard(v[len(v)-part:])
		}
	}
}

// hadamard is the orthogonal Walsh–Hadamard transform of 2^n values.
func hadamard(v []float32) {
	for h := 1; h < len(v); h *= 2 {
		for i := 0; i < len(v); i += 2 * h {
			for j := i; j < i+h; j++ {
				v[j], v[j+h] = v[j]+v[j+h], v[j]-v[j+h]
			}
		}
	}
	norm := float32(1 / math.Sqrt(float64(len(v))))
	for i := range v {
		v[i] *= norm
	}
}
