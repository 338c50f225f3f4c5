package pack

// Above writes the indexes i, in order, of the values of at least threshold to
// dst and returns their number. len(values) must be a multiple of 8, and dst as
// long as values; it may hold anything behind the indexes.
func Above(dst []uint32, values []uint32, threshold uint32) int {
	if len(values)%8 != 0 || len(dst) < len(values) {
		panic("pack: Above needs a multiple of 8 values and room for all")
	}
	return above(dst, values, threshold)
}

// abovePortable is above without assembly and without branches to mispredict.
func abovePortable(dst []uint32, values []uint32, threshold uint32) int {
	n := 0
	for i, v := range values {
		dst[n] = uint32(i)
		n += 1 - int(less(v, threshold))
	}
	return n
}

// Search returns the first index i with docs[i] >= target in increasing ids, or
// Block where there is none. A block that is not full ends in ^uint32(0).
func Search(docs *[Block]uint32, target uint32) int {
	return search(docs, target)
}

// searchPortable is search without assembly: a binary search without branches.
func searchPortable(docs *[Block]uint32, target uint32) int {
	i := uint(0)
	for step := uint(Block / 2); step > 0; step /= 2 {
		i += step & -less(docs[(i+step-1)%Block], target)
	}
	return int(i + less(docs[i%Block], target))
}

// less returns 1 where a < b, or else 0.
func less(a, b uint32) uint { return uint((uint64(a) - uint64(b)) >> 63) }
