package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// An index is a directory:
//
//	lock                  held by the writer
//	manifest              what the last commit consists of; see manifest
//	manifest.new          the next one, while it is written
//	000012.terms          the parts of segment 12; see part
//	000012.postings
//	000012.positions
//	000012.columns
//	000012.17.deleted     the documents deleted from segment 12, as of manifest 17
//
// Files are written once and not changed. What no manifest names, and no segment
// in use, is left over and deleted. A number is never given twice.
const (
	lockName     = "lock"
	manifestName = "manifest"
	manifestNew  = "manifest.new"
)

func partName(number uint64, p part) string { return fmt.Sprintf("%06d.%v", number, p) }

func deletedName(number, generation uint64) string {
	return fmt.Sprintf("%06d.%d.%v", number, generation, deletedPart)
}

// parseName takes the name of a file apart. The generation is 0 for parts.
func parseName(name string) (number, generation uint64, ok bool) {
	head, rest, _ := strings.Cut(name, ".")
	number, err := strconv.ParseUint(head, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	for p := range parts {
		if name == partName(number, p) {
			return number, 0, true
		}
	}
	middle, _, _ := strings.Cut(rest, ".")
	generation, err = strconv.ParseUint(middle, 10, 64)
	return number, generation, err == nil && generation > 0 && name == deletedName(number, generation)
}

// sweep deletes the files of the index that are no longer needed. commit is held.
func (x *Index) sweep() {
	if x.unsure {
		return
	}
	// What is listed has its number already, so what is kept is looked up after.
	names, err := listDir(x.dir)
	if err != nil {
		x.log.Warn("index: old files were not deleted", "err", err)
		return
	}
	kept := x.kept()
	for _, name := range names {
		number, generation, ok := parseName(name)
		if !ok && name != manifestNew || ok && kept[fileKey{number, generation}] {
			continue
		}
		if err := x.disk.Remove(filepath.Join(x.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			x.log.Warn("index: an old file was not deleted", "err", err)
		}
	}
}

type fileKey struct{ number, generation uint64 }

// kept returns the files that are needed: by the manifest, by searches to come, or
// because they are being written. Those that are mapped only may go.
func (x *Index) kept() map[fileKey]bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	kept := map[fileKey]bool{}
	for _, e := range x.manifest.Segments {
		kept[fileKey{e.Number, 0}] = true
		if e.Deletions > 0 {
			kept[fileKey{e.Number, e.Deletions}] = true
		}
	}
	for _, m := range x.members {
		kept[fileKey{m.number, 0}] = true
	}
	for n := range x.writing {
		kept[fileKey{n, 0}] = true
	}
	return kept
}

func listDir(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}
