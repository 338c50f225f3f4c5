// Package wholefile writes files that are there at once or not at all.
package wholefile

import (
	"errors"
	"os"
	"path/filepath"
)

// Write writes a file in place of the one of that name, if there is one, and makes it
// durable. When it fails, or the process ends meanwhile, that one is as it was.
func Write(name string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
