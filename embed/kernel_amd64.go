//go:build !purego

package embed

import "golang.org/x/sys/cpu"

// useAVX2 is a variable for tests of the portable path.
var useAVX2 = cpu.X86.HasAVX2

//go:noescape
func addRowAVX2(sum *float32, row *int8, scale float32, n int)

// addRow adds scale·row to sum.
func addRow(sum []float32, row []int8, scale float32) {
	n := len(sum) &^ 15
	row = row[:len(sum)]
	if !useAVX2 || n == 0 {
		addRowPortable(sum, row, scale)
		return
	}
	addRowAVX2(&sum[0], &row[0], scale, n)
	addRowPortable(sum[n:], row[n:], scale)
}
