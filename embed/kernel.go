package embed

// addRowPortable adds scale·row to sum. Product and sum are rounded apart, as in assembly.
func addRowPortable(sum []float32, row []int8, scale float32) {
	for i, x := range row {
		sum[i] += float32(scale * float32(x))
	}
}
