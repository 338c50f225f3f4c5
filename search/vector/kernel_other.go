//go:build !amd64 || purego

package vector

func near(dst []uint32, codes []byte, query []uint64, limit uint32) int {
	return nearPortable(dst, codes, query, limit)
}

func dots(dst []int32, query []int16, records []byte, which []uint32) {
	dotsPortable(dst, query, records, which)
}
