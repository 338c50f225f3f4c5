package main

import "time"

// bandwidth returns how fast one core reads memory here, in GB/s: the best of some
// passes over an array that no cache holds.
func bandwidth() float64 {
	words := make([]uint64, 32<<20)
	for i := range words {
		words[i] = uint64(i) // else all pages are one
	}
	best := time.Duration(1 << 62)
	for range 5 {
		start := time.Now()
		sum(words)
		best = min(best, time.Since(start))
	}
	return float64(8*len(words)) / float64(best.Nanoseconds())
}

//go:noinline
func sum(words []uint64) (s uint64) {
	var a, b, c, d uint64 // so that no addition waits for the one before
	for ; len(words) >= 8; words = words[8:] {
		a += words[0] + words[4]
		b += words[1] + words[5]
		c += words[2] + words[6]
		d += words[3] + words[7]
	}
	return a + b + c + d
}
