//go:build !unix || aix || solaris

package index

import "os"

// mapFile returns the bytes of a file, and what gives them back.
func mapFile(path string) (data []byte, unmap func(), err error) {
	data, err = os.ReadFile(path)
	return data, func() {}, err
}
