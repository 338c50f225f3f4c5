//go:build !amd64 || purego

package matrix

func dot(a, b []float32) float32 { return dotPortable(a, b) }

func axpy(y []float32, alpha float32, x []float32) { axpyPortable(y, alpha, x) }

func multiply(c []float32, stride int, a, b []float32, k int, add bool) {
	multiplyPortable(c, stride, a, b, k, add)
}

func greatest(x []float32, top float32) float32 { return greatestPortable(x, top) }

func expSum(sums *[8]float32, x []float32, top, scale float32) { expSumPortable(sums, x, top, scale) }
