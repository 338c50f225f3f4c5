package index

import (
	"io"
	"os"
	"runtime"
)

// A Disk is what an index asks of the file system when it writes. Tests put one in
// its place that is full, or breaks off.
type Disk interface {
	Create(path string) (io.WriteCloser, error) // a file that was there is emptied
	Sync(path string) error                     // makes the bytes of a file durable
	Rename(from, to string) error               // a file that was there is replaced, at once
	Remove(path string) error
	SyncDir(dir string) error // makes the names in a directory durable
}

type systemDisk struct{}

func (systemDisk) Create(path string) (io.WriteCloser, error) { return os.Create(path) }

func (systemDisk) Sync(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func (systemDisk) Rename(from, to string) error { return os.Rename(from, to) }

func (systemDisk) Remove(path string) error { return os.Remove(path) }

func (systemDisk) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // cannot be asked for there, and names are written through
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
