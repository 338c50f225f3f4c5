package vector

// Cosines puts the cosines of a vector and of some documents to dst, which is as long as
// docs: what a [Search] gives them as scores. A document without a vector has 0.
func Cosines(dst []float32, v []float32, r *Reader, docs []uint32) {
	clear(dst)
	unit, values := make([]float32, r.dims), make([]int16, r.dims)
	if len(v) != r.dims || len(docs) == 0 {
		return
	}
	if ok, err := normalize(unit, v); !ok || err != nil {
		return
	}
	scale, products := quantizeQuery(values, unit), make([]int32, len(docs))
	dots(products, values, r.records, docs)
	for i, p := range products {
		dst[i] = float32(float64(p) * scale * float64(scaleOf(r.record(docs[i]))))
	}
}
