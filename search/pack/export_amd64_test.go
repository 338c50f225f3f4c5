//go:build !purego

package pack

// Portable makes everything take the portable path until restore is called.
func Portable() (restore func()) {
	was := useAVX2
	useAVX2 = false
	return func() { useAVX2 = was }
}
