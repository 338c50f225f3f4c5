//go:build !amd64 || purego

package pack

func unpack(dst *[Block]uint32, src []byte, bits uint, n int) {
	unpackPortable(dst, src, bits, n)
}

func decode(dst *[Block]uint32, src []byte, n int, h header, prev uint32, deltas bool) {
	decodePortable(dst, src, n, h, prev, deltas)
}

func expand(dst *[Block]uint32, b *bitmap, n int) {
	expandPortable(dst, b)
}

func above(dst, values []uint32, threshold uint32) int {
	return abovePortable(dst, values, threshold)
}

func search(docs *[Block]uint32, target uint32) int {
	return searchPortable(docs, target)
}
