//go:build !purego

package matrix

// Portable runs f without assembly.
func Portable(f func()) {
	defer func(old bool) { useAVX2 = old }(useAVX2)
	useAVX2 = false
	f()
}
