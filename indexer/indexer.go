// Package indexer follows the store's log of changes into the search engine, and asks
// the engine what readers ask. It is a [broadsheet.Searcher], and the only place that
// knows the words of both: what of a record is searchable ([Index.Follow]), and what a
// question of a page means to the engine ([Index.Search]).
//
// The index is derived. Each commit says up to which change it goes, so that following
// can be killed at any instant and goes on from there; the directory can be deleted at
// any time. It keeps no text: that comes from the store.
package indexer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"broadsheet"
	"broadsheet/meaning"
	"broadsheet/search"
)

// An Index is a search index of a store's papers. Its methods may be called from several
// goroutines, and Search answers while Follow writes.
type Index struct {
	dir      string
	readOnly bool
	log      *slog.Logger

	swapping sync.RWMutex // who asks holds it for reading: the engine stays open
	engine   *search.Engine
	model    *meaning.Model // nil: words only

	batch        int           // changes that are taken at a time
	commitPeriod time.Duration // between two commits

	seen       atomic.Int64 // the last change that can be found
	missed     atomic.Bool  // papers were indexed without their vectors; see unread
	suggested  atomic.Int64 // the last change that the suggestions know of
	suggesting atomic.Bool  // they are being made

	duplicating sync.Mutex               // one looks for near-duplicates at a time
	duplicates  atomic.Pointer[pairList] // as of the last save

	following sync.Mutex // one follows at a time; guards the fields below
	note      note       // of the last commit
	unread    int64      // the first change of which papers may lack their vectors, or 0
	committed time.Time
}

// A note says how far a commit goes.
type note struct {
	Change    int64 `json:"change"`    // the last one that it has
	Suggested int64 `json:"suggested"` // the last one that the suggestions know of
	Unread    int64 `json:"unread,omitempty"`
}

// oldNames are the files of the former engine, SQLite's FTS5.
var oldNames = []string{"fts.db", "fts.db-wal", "fts.db-shm"}

// Options say how an index is opened.
type Options struct {
	Model *meaning.Model // of its papers' vectors; nil: they are found by words only
	Log   *slog.Logger   // may be nil
}

// Open opens an index with the model that is part of the program; see [OpenWith].
func Open(ctx context.Context, dir string, log *slog.Logger) (*Index, error) {
	m, err := meaning.Builtin()
	if err != nil && log != nil {
		log.Error("papers are found by their words only: the model of their meaning cannot be used", "err", err)
	}
	return OpenWith(ctx, dir, Options{Model: m, Log: log})
}

// OpenWith opens the index in dir for writing, or makes an empty one there. One that is
// damaged or of another version is replaced by an empty one, since it is quicker to
// index again than to mend: Indexed is then 0. The log is told of it.
//
// An index that has papers is to be opened with the model it was written with ([Ref]).
// With another one they are found by their words only, until [Index.Remake].
func OpenWith(ctx context.Context, dir string, opt Options) (*Index, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if err := recoverSwap(dir); err != nil {
		return nil, err
	}
	removeOld(dir, opt.Log)
	x := newIndex(dir, opt)
	err := x.open()
	if errors.Is(err, search.ErrVersion) || errors.Is(err, search.ErrDamaged) {
		opt.Log.Warn("the search index cannot be used and is made anew", "dir", dir, "err", err)
		if err = os.RemoveAll(dir); err == nil {
			err = x.open()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: open: %w", explain(err))
	}
	return x, nil
}

func newIndex(dir string, opt Options) *Index {
	return &Index{dir: dir, log: opt.Log, model: opt.Model, batch: bulkBatch, commitPeriod: bulkCommit}
}

// open opens the engine and reads how far its last commit goes.
func (x *Index) open() (err error) {
	if x.engine, err = search.Open(x.dir, search.Options{Log: x.log, Model: engineModel(x.model), Missed: x.miss}); err != nil {
		return err
	}
	if err = x.readNote(); err == nil {
		err = x.sign()
	}
	if err == nil && len(x.engine.Note()) == 0 {
		err = x.writeNote(note{}) // who reads finds an empty index rather than none
	}
	if err != nil {
		x.engine.Close()
	}
	return err
}

// readNote reads what the last commit says of itself. An empty index says nothing.
func (x *Index) readNote() error {
	var n note
	if b := x.engine.Note(); len(b) > 0 {
		if err := json.Unmarshal(b, &n); err != nil || n.Change < 0 {
			return fmt.Errorf("indexer: %w: the note of its commit is %q", search.ErrDamaged, broadsheet.Printable(string(b), 80))
		}
	}
	x.note = n
	x.seen.Store(n.Change)
	x.suggested.Store(n.Suggested)
	x.unread = n.Unread
	return nil
}

// removeOld deletes what the former engine left.
func removeOld(dir string, log *slog.Logger) {
	for _, name := range oldNames {
		if os.Remove(filepath.Join(dir, name)) == nil && name == oldNames[0] {
			log.Info("the search index is of an older form and is made anew", "dir", dir)
		}
	}
}

// OpenReadOnly opens an index with the model that is part of the program; see
// [OpenReadOnlyWith].
func OpenReadOnly(ctx context.Context, dir string) (*Index, error) {
	m, _ := meaning.Builtin() // without it, by words
	return OpenReadOnlyWith(ctx, dir, m)
}

// OpenReadOnlyWith opens the index in dir beside a process that may be writing it. Each
// question sees the last commit. NotFound when there is no index.
func OpenReadOnlyWith(ctx context.Context, dir string, m *meaning.Model) (*Index, error) {
	x := newIndex(whole(dir), Options{Model: m, Log: slog.New(slog.DiscardHandler)})
	x.readOnly = true
	var err error
	if x.engine, err = search.OpenReadOnly(x.dir, engineModel(m)); err == nil {
		if err = x.readNote(); err != nil {
			x.engine.Close()
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &broadsheet.Error{Kind: broadsheet.NotFound, Err: err,
			Text: fmt.Sprintf("There is no search index in %s: run `broadsheet reindex`.", dir)}
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: open: %w", explain(err))
	}
	return x, nil
}

// refresh makes an index that was opened to read show the last commit. If another one
// was put in its place, it goes on with what it has.
func (x *Index) refresh() error {
	if !x.readOnly {
		return nil
	}
	x.following.Lock()
	defer x.following.Unlock()
	changed, err := x.engine.Refresh()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && changed:
		return x.readNote()
	}
	return err
}

// Close closes the index. What was not committed is indexed again by the next Follow.
func (x *Index) Close() error { return x.engine.Close() }

// Indexed returns the number of the last change that can be found.
func (x *Index) Indexed(context.Context) (int64, error) {
	if err := x.refresh(); err != nil {
		return 0, fmt.Errorf("indexer: indexed: %w", explain(err))
	}
	return x.seen.Load(), nil
}

// Stats returns figures of the engine.
func (x *Index) Stats() search.Stats {
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	return x.engine.Stats()
}

// Check reads all of the index in dir, and compares its checksums, beside a process
// that may be writing it. The error's text names each damaged file. It takes about a
// second for a gigabyte that is in memory.
func Check(ctx context.Context, dir string) error {
	err := search.Check(ctx, whole(dir), nil)
	if _, bad := Ref(dir); bad != nil && !errors.Is(err, fs.ErrNotExist) {
		err = errors.Join(err, bad)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, search.ErrVersion):
		return explain(err)
	case errors.Is(err, fs.ErrNotExist):
		return &broadsheet.Error{Kind: broadsheet.NotFound, Err: err, Text: fmt.Sprintf("There is no search index in %s.", dir)}
	}
	return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
		Text: fmt.Sprintf("The search index is damaged: %s. No paper is lost.", broadsheet.Printable(err.Error(), 2000))}
}

// explain says in a sentence what the operator, or the reader, can do about an error.
func explain(err error) error {
	kind, text := broadsheet.Unavailable, ""
	switch {
	case errors.Is(err, search.ErrVersion):
		text = "The search index was made by another version of this program: run `broadsheet reindex`."
	case errors.Is(err, search.ErrDamaged):
		text = "The search index is damaged: run `broadsheet reindex`. No paper is lost."
	case isFull(err):
		text = "The disk is full, so the search index cannot grow. It follows as soon as there is room."
	case errors.Is(err, search.ErrLocked):
		kind, text = broadsheet.Conflict, "The search index is in use by another process. Stop it, or use another --data."
	case errors.Is(err, search.ErrCursor):
		kind, text = broadsheet.Invalid, "This place in a list belongs to another question: begin at the first page."
	default:
		return err
	}
	return &broadsheet.Error{Kind: kind, Err: err, Text: text}
}

// isFull reports whether a disk had no room. Windows has a number of its own for it,
// ERROR_DISK_FULL.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || runtime.GOOS == "windows" && errors.Is(err, syscall.Errno(112))
}
