package indexer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// The index that is being built beside the one in DIR stands in DIR.new. When it is
// whole, DIR becomes DIR.old and DIR.new becomes DIR. Wherever that is cut off, there is
// one whole index in DIR or in DIR.old.
func freshDir(dir string) string  { return dir + ".new" }
func formerDir(dir string) string { return dir + ".old" }

// whole returns where the index of dir is to be read.
func whole(dir string) string {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(formerDir(dir)); err == nil {
			return formerDir(dir)
		}
	}
	return dir
}

// recoverSwap puts the former index back where a swap was cut off between its steps.
func recoverSwap(dir string) error {
	if old := whole(dir); old != dir {
		if err := os.Rename(old, dir); err != nil {
			return fmt.Errorf("indexer: put the former index back: %w", err)
		}
	}
	return nil
}

// OpenFresh opens an empty index beside that in dir, for [Swap].
func OpenFresh(ctx context.Context, dir string, opt Options) (*Index, error) {
	if err := recoverSwap(dir); err != nil {
		return nil, err
	}
	for _, d := range []string{freshDir(dir), formerDir(dir)} { // left over by one that was interrupted
		if err := os.RemoveAll(d); err != nil {
			return nil, fmt.Errorf("indexer: remove what is left of a former attempt: %w", err)
		}
	}
	return OpenWith(ctx, freshDir(dir), opt)
}

// Remove deletes the index in dir, and all that was left beside it.
func Remove(dir string) error {
	for _, d := range []string{freshDir(dir), formerDir(dir), dir} {
		if err := os.RemoveAll(d); err != nil {
			return fmt.Errorf("indexer: remove the index: %w", err)
		}
	}
	return nil
}

// Swap puts the index of OpenFresh, which is closed, in place of that in dir. Nobody
// writes either; who reads the former one goes on.
func Swap(dir string) error {
	if err := exchange(dir); err != nil {
		return err
	}
	return removeFormer(dir)
}

func exchange(dir string) error {
	if err := os.Rename(dir, formerDir(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("indexer: swap: %w", err)
	}
	if err := os.Rename(freshDir(dir), dir); err != nil {
		return fmt.Errorf("indexer: swap: %w", err)
	}
	return nil
}

func removeFormer(dir string) error {
	if err := os.RemoveAll(formerDir(dir)); err != nil {
		return fmt.Errorf("indexer: remove the former index: %w", err)
	}
	return nil
}
