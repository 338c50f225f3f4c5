//go:build !amd64 || purego

package matrix

// Portable runs f, without assembly as ever.
func Portable(f func()) { f() }
