package index

import (
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
)

// fastDisk does not wait for bytes to be durable.
type fastDisk struct{ systemDisk }

func (fastDisk) Sync(string) error    { return nil }
func (fastDisk) SyncDir(string) error { return nil }

// A faultyDisk fails at the operations that fail says, counted from 0. It writes
// half of what it is given before a write fails.
type faultyDisk struct {
	systemDisk
	mu   sync.Mutex
	ops  int
	fail func(op int, what string) error

	// What is not durable.
	bytes []string // files
	names []naming
}

// A naming is a file that was created, replaced or removed.
type naming struct {
	path   string
	before []byte // nil if there was none
}

// named is called before a naming.
func (d *faultyDisk) named(path string) {
	before, _ := os.ReadFile(path)
	d.names = append(d.names, naming{path, before})
}

// lose does what a power cut may do to all that is not durable: any file may be
// cut off, and any name be as it was before.
func (d *faultyDisk) lose(rng *rand.Rand) {
	for _, path := range d.bytes {
		if info, err := os.Stat(path); err == nil && rng.IntN(2) == 0 {
			os.Truncate(path, rng.Int64N(info.Size()+1))
		}
	}
	for _, n := range slices.Backward(d.names) {
		switch {
		case rng.IntN(2) == 0:
		case n.before == nil:
			os.Remove(n.path)
		default:
			os.WriteFile(n.path, n.before, 0o666)
		}
	}
}

func (d *faultyDisk) next(what string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.fail(d.ops, what)
	d.ops++
	return err
}

func (d *faultyDisk) Create(path string) (io.WriteCloser, error) {
	if err := d.next("create"); err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	d.named(path)
	d.bytes = append(d.bytes, path)
	f, err := d.systemDisk.Create(path)
	return &faultyFile{f, d, path}, err
}

func (d *faultyDisk) Sync(path string) error {
	if err := d.next("sync"); err != nil {
		return &os.PathError{Op: "sync", Path: path, Err: err}
	}
	d.bytes = slices.DeleteFunc(d.bytes, func(p string) bool { return p == path })
	return nil
}

func (d *faultyDisk) Rename(from, to string) error {
	if err := d.next("rename"); err != nil {
		return &os.PathError{Op: "rename", Path: from, Err: err}
	}
	d.named(to)
	return d.systemDisk.Rename(from, to)
}

func (d *faultyDisk) Remove(path string) error {
	if err := d.next("remove"); err != nil {
		return &os.PathError{Op: "remove", Path: path, Err: err}
	}
	d.named(path)
	return d.systemDisk.Remove(path)
}

func (d *faultyDisk) SyncDir(path string) error {
	if err := d.next("syncdir"); err != nil {
		return &os.PathError{Op: "sync", Path: path, Err: err}
	}
	d.names = nil
	return nil
}

type faultyFile struct {
	io.WriteCloser
	disk *faultyDisk
	path string
}

func (f *faultyFile) Write(p []byte) (int, error) {
	if err := f.disk.next("write"); err != nil {
		n, _ := f.WriteCloser.Write(p[:len(p)/2])
		return n, &os.PathError{Op: "write", Path: f.path, Err: err}
	}
	return f.WriteCloser.Write(p)
}
