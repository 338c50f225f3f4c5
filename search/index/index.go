package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how an index works. The zero value is good.
type Options struct {
	Log *slog.Logger // what goes on in the background; nil: nothing is logged

	// MemoryBudget bounds the bytes of the segments in memory; those above it, and
	// large batches, go to files. 0 is 64 MB.
	MemoryBudget int

	NoMerge bool // nothing is merged in the background
	Disk    Disk // nil: the disk of the operating system
}

// What an index cannot do.
var (
	ErrLocked   = errors.New("in use by another writer")
	ErrClosed   = errors.New("closed")
	ErrReadOnly = errors.New("opened for reading only")
)

// An Index is a set of documents that can be searched and changed. It is made of
// immutable segments, each with a bitmap of the documents deleted from it; a
// document that changes is deleted and comes back in a new segment.
//
// What is installed is searchable at once; what is committed outlasts a crash.
// Readers take a [Snapshot], and neither wait for a writer nor are waited for. All
// methods may be called from several goroutines.
type Index struct {
	dir      string
	set      Settings
	log      *slog.Logger
	disk     Disk
	budget   int
	noMerge  bool
	readOnly bool
	unlock   func()

	current atomic.Pointer[Snapshot] // of members
	closing context.Context
	close   context.CancelFunc

	// Locks are taken in this order. Nothing is read or written to disk under mu.
	commit   sync.Mutex // manifests are written one by one
	flushing sync.Mutex // segments in memory are merged, or their set taken for a commit
	mu       sync.Mutex // the fields below

	members []member
	next    uint64          // number of the next segment
	writing map[uint64]bool // numbers of files that are no members yet
	epoch   int             // raised when a Reset makes running merges void
	closed  bool

	merging   bool // by one goroutine at a time
	stopMerge context.CancelFunc
	merged    *sync.Cond // merging became false
	mergeErr  error      // of the last merge in the background
	mergeAt   time.Time  // not before, after an error

	// Written with both commit and mu held, so that either is enough to read.
	manifest manifest
	saved    map[uint64]*Bitmap // deletions in the manifest, by segment

	// Guarded by commit.
	attempt uint64 // the highest generation tried
	unsure  bool   // it is not known whether the disk has manifest or another one
	seen    stamp  // of a reader: the manifest's file
}

// Open opens the index in a directory for writing, and makes what is missing. It
// finds the last commit, and deletes files that a crash left behind. There is one
// writer at a time ([ErrLocked]). The settings are those the index was made with
// ([ErrVersion]).
func Open(dir string, set Settings, opt Options) (*Index, error) {
	x := newIndex(dir, set, opt)
	if err := x.open(); err != nil {
		x.abandon()
		return nil, x.explain(err)
	}
	return x, nil
}

func newIndex(dir string, set Settings, opt Options) *Index {
	x := &Index{dir: dir, set: set, log: opt.Log, disk: opt.Disk, budget: opt.MemoryBudget, noMerge: opt.NoMerge,
		unlock: func() {}, next: 1, writing: map[uint64]bool{}}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	if x.disk == nil {
		x.disk = systemDisk{}
	}
	if x.budget <= 0 {
		x.budget = 64 << 20
	}
	x.merged = sync.NewCond(&x.mu)
	x.closing, x.close = context.WithCancel(context.Background())
	x.current.Store(newSnapshot(&x.set, nil, nil))
	return x
}

// explain tells where an error arose, and what helps against an old version.
func (x *Index) explain(err error) error {
	if errors.Is(err, ErrVersion) {
		return fmt.Errorf("index: %s: %w: run `broadsheet reindex`", x.dir, err)
	}
	return fmt.Errorf("index: %s: %w", x.dir, err)
}

func (x *Index) open() error {
	if err := makeDir(x.disk, x.dir); err != nil {
		return err
	}
	unlock, err := lockFile(filepath.Join(x.dir, lockName))
	if err != nil {
		return err
	}
	x.unlock = unlock
	m, err := readManifest(x.dir, &x.set)
	if errors.Is(err, os.ErrNotExist) {
		m, err = newManifest(&x.set), nil
	}
	if err == nil {
		err = x.load(m)
	}
	if err == nil {
		x.sweep()
	}
	return err
}

// makeDir makes a directory, and its name durable.
func makeDir(disk Disk, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return disk.SyncDir(filepath.Dir(dir))
}

// Snapshot returns the index as it is now. The caller releases it. Of a closed
// index, it is empty.
func (x *Index) Snapshot() *Snapshot {
	for {
		if s := x.current.Load(); s.acquire() {
			return s
		}
	}
}

// NewBuilder returns a builder of documents for [Index.Install].
func (x *Index) NewBuilder() *Builder { return NewBuilder(&x.set) }

// Note returns the note of the last commit.
func (x *Index) Note() []byte {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]byte(nil), x.manifest.Note...)
}

// Stats are figures of an index.
type Stats struct {
	Docs     int // that can be found
	Deleted  int // that still take space
	Segments int
	InMemory int // segments that no commit has written to disk yet

	// Sizes of the segments in bytes.
	Terms, Postings, Positions, Columns, Vectors int64

	MergeErr error // why the last merge in the background failed; nil if it did not
}

// Stats returns figures of the index as it is now.
func (x *Index) Stats() Stats {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := Stats{Segments: len(x.members), MergeErr: x.mergeErr}
	for _, m := range x.members {
		s.Docs += m.live()
		s.Deleted += m.Deleted.Count()
		if m.inMemory() {
			s.InMemory++
		}
		for p, size := range []*int64{termsPart: &s.Terms, postingsPart: &s.Postings, positionsPart: &s.Positions, columnsPart: &s.Columns, vectorsPart: &s.Vectors} {
			*size += int64(len(m.data[p]))
		}
	}
	return s
}

// Close waits for a Commit that is under way, and ends merges. What was not
// committed is lost. Snapshots stay good until they are released.
func (x *Index) Close() error {
	if err := x.startClose(); err != nil {
		return err
	}
	x.mu.Lock()
	for x.merging {
		x.merged.Wait()
	}
	x.mu.Unlock()
	x.abandon()
	return nil
}

func (x *Index) startClose() error {
	x.commit.Lock()
	defer x.commit.Unlock()
	x.flushing.Lock()
	defer x.flushing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return fmt.Errorf("index: close: %w", ErrClosed)
	}
	x.closed = true
	x.close()
	return nil
}

// abandon lets go of all segments and of the lock.
func (x *Index) abandon() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	x.close()
	x.members = nil
	x.publish()
	x.unlock()
}

// usable returns an error if the index is closed or cannot be changed. mu is held.
func (x *Index) usable() error {
	switch {
	case x.readOnly:
		return ErrReadOnly
	case x.closed:
		return ErrClosed
	}
	return nil
}
