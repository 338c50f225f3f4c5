//go:build !amd64 || purego

package pack

// Portable does nothing: all is portable here.
func Portable() (restore func()) { return func() {} }
