//go:build !amd64 || purego

package embed

// addRow adds scale·row to sum.
func addRow(sum []float32, row []int8, scale float32) { addRowPortable(sum, row[:len(sum)], scale) }
