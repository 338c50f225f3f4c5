package pack_test

import (
	"testing"

	"broadsheet/search/pack"
)

// bothPaths runs f with the kernels of this machine and without.
func bothPaths(t *testing.T, f func(t *testing.T)) {
	t.Run("kernel", f)
	t.Run("portable", func(t *testing.T) {
		defer pack.Portable()()
		f(t)
	})
}

// benchBoth is bothPaths for benchmarks.
func benchBoth(b *testing.B, f func(b *testing.B)) {
	b.Run("kernel", f)
	b.Run("portable", func(b *testing.B) {
		defer pack.Portable()()
		f(b)
	})
}
