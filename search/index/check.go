package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Check reads all files of the last commit and compares their checksums. The error
// names each file that is damaged, and what is wrong with it. From time to time
// progress, which may be nil, is told how many of a total of bytes are read.
func (x *Index) Check(ctx context.Context, progress func(done, total int64)) error {
	x.mu.Lock()
	none := x.manifest.Generation == 0
	x.mu.Unlock()
	if none { // nothing is on disk yet
		return nil
	}
	return Check(ctx, x.dir, progress)
}

// Check is [Index.Check] of an index that need not be open, and may be too damaged
// for it. A writer may be at work beside.
func Check(ctx context.Context, dir string, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	c := &checker{dir: dir, progress: progress, read: map[string]bool{}}
	for try := 0; ; try++ {
		m, err := readManifest(dir, nil)
		if err != nil {
			return fmt.Errorf("index: %s: %w", dir, err)
		}
		gone, err := c.check(ctx, m)
		if err != nil {
			return err
		}
		if len(gone) > 0 && try < reloads { // a later commit may need them no more
			if again, err := readManifest(dir, nil); err == nil && !again.same(m) {
				continue
			}
		}
		if err := errors.Join(append(c.problems, gone...)...); err != nil {
			return fmt.Errorf("index: %s: %w", dir, err)
		}
		return nil
	}
}

// A checker goes through the files of a directory.
type checker struct {
	dir         string
	progress    func(done, total int64)
	read        map[string]bool // files that are done with, by name
	done, total int64
	problems    []error
}

// check reads the files of a manifest that were not read before. It returns those
// that are not there, and an error only when it was stopped.
func (c *checker) check(ctx context.Context, m manifest) (gone []error, err error) {
	c.total = c.done + c.sizeOf(m)
	for _, e := range m.Segments {
		for _, name := range e.files() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if c.read[name] {
				continue
			}
			err := c.file(name, e)
			switch {
			case errors.Is(err, os.ErrNotExist):
				gone = append(gone, err)
				continue
			case err != nil:
				c.problems = append(c.problems, err)
			}
			c.read[name] = true
			c.progress(min(c.done, c.total), c.total)
		}
	}
	return gone, nil
}

// files returns the names of a segment's files.
func (e manifestEntry) files() (names []string) {
	for p := range parts {
		names = append(names, partName(e.Number, p))
	}
	if e.Deletions > 0 {
		names = append(names, deletedName(e.Number, e.Deletions))
	}
	return names
}

func (c *checker) sizeOf(m manifest) (n int64) {
	for _, e := range m.Segments {
		for _, name := range e.files() {
			if info, err := os.Stat(filepath.Join(c.dir, name)); err == nil && !c.read[name] {
				n += info.Size()
			}
		}
	}
	return n
}

// file checks one file of a segment.
func (c *checker) file(name string, e manifestEntry) error {
	if name == deletedName(e.Number, e.Deletions) {
		_, err := readDeleted(c.dir, e)
		return err
	}
	data, unmap, err := mapFile(filepath.Join(c.dir, name))
	if err != nil {
		return err
	}
	defer unmap()
	c.done += int64(len(data))
	for p := range parts {
		if name == partName(e.Number, p) {
			err = checkPart(data, p)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
