//go:build !unix

package suggest

import "os"

// mapFile returns the bytes of a file.
func mapFile(path string) (data []byte, release func() error, err error) {
	data, err = os.ReadFile(path)
	return data, func() error { return nil }, err
}

// syncDir does nothing where a directory cannot be opened as a file.
func syncDir(string) error { return nil }
