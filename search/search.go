// Package search is the search engine: papers in, answers out. An [Engine] keeps an
// index in a directory; [Engine.Update] makes papers searchable, [Engine.Commit]
// makes them durable, and [Engine.Search] answers questions as people type them.
//
// The index keeps no text, so titles and abstracts stay with whoever has the papers
// and come back for [Engine.Highlight] and [Engine.Similar]. It is derived: it can be
// deleted at any time and made again.
//
// # What an answer consists of
//
// Words side by side are answered by the papers that have all of them, and, when those
// are fewer than asked for, by the papers that have any of them. A question of many
// words is a sentence, of which hardly a paper has every word, and is answered by any
// at once. Function words count in phrases only. AND, OR and NOT mean sets, which
// are ranked by all words that were asked for.
//
// Papers are ranked by BM25F of title and abstract (package index), exactly: the best
// k are those that scoring every paper would give (package topk). The first ones of
// a list are then ordered by further signals; see signals.go.
//
// # Files
//
// A directory holds the files of package index, one of package suggest, "suggestions", and
// one of package acronym, "acronyms".
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"broadsheet/search/analysis"
	"broadsheet/search/column"
	"broadsheet/search/index"
	"broadsheet/search/suggest"
)

// Unknown is the Day of a paper whose date is not known.
const Unknown int64 = column.Missing

// Why an index cannot be opened or used.
var (
	ErrVersion  = index.ErrVersion  // it was made by another version: make it anew
	ErrDamaged  = index.ErrDamaged  // its files are not what was written: make it anew
	ErrLocked   = index.ErrLocked   // another process writes it
	ErrClosed   = index.ErrClosed   // Close was called
	ErrReadOnly = index.ErrReadOnly // it was opened for reading
)

// A Paper is what is indexed of one paper.
type Paper struct {
	ID         string
	Aliases    []string // other ids that lead to it
	Title      string
	Abstract   string
	Authors    []string // names as written
	Categories []string // "cs.LG"; primary first
	Source     string   // whom it comes from
	Day        int64    // of publication, counted from 1970-01-01, or Unknown
	Votes      int64
	Code       bool // has a link to its code
	Project    bool // has a page of its own
}

// Options say how an engine works. The zero value is good.
type Options struct {
	Log *slog.Logger // what goes on in the background; nil: nothing is logged

	Model Model // nil: papers are found by their words only

	// Missed is told when the model has failed and papers were indexed without their
	// vectors. It may be called from several goroutines. Nil: Update fails.
	Missed func(error)

	// MemoryBudget bounds the bytes of what is searchable and not yet on disk. 0 is
	// 64 MB.
	MemoryBudget int
}

// An Engine is an index of papers with all that a search box asks for. All methods
// may be called from several goroutines; searches wait for no one.
type Engine struct {
	dir      string
	index    *index.Index
	model    Model // nil: words only
	missed   func(error)
	readOnly bool
	updating sync.Mutex

	constants   Constants
	analyzers   sync.Pool // of *analysis.Analyzer
	suggestions atomic.Pointer[suggestions]
	acronyms    atomic.Pointer[acronyms]
	rebuilding  sync.Mutex
}

// suggestionsName is the file of suggestions; temporary ones begin as tempNames.
const suggestionsName = "suggestions"

var tempNames = []string{".suggest-", "suggest-sort-"}

// Open opens the engine of a directory for writing and makes what is missing. There
// is one writer at a time ([ErrLocked]).
func Open(dir string, opt Options) (*Engine, error) {
	x, err := index.Open(dir, settingsWith(opt.Model), index.Options{Log: opt.Log, MemoryBudget: opt.MemoryBudget})
	if err != nil {
		return nil, fmt.Errorf("search: open: %w", err)
	}
	e := newEngine(dir, x, opt.Model)
	e.missed = opt.Missed
	e.removeTemporary()
	e.openSuggestions(opt.Log)
	return e, nil
}

// OpenReadOnly opens, with the model that it is written with or nil, the last commit beside the engine that writes, which may be in
// another process. [Engine.Refresh] goes on to later ones.
func OpenReadOnly(dir string, model Model) (*Engine, error) {
	x, err := index.OpenReadOnly(dir, settingsWith(model))
	if err != nil {
		return nil, fmt.Errorf("search: open: %w", err)
	}
	e := newEngine(dir, x, model)
	e.readOnly = true
	e.openSuggestions(nil)
	return e, nil
}

func newEngine(dir string, x *index.Index, m Model) *Engine {
	e := &Engine{dir: dir, index: x, model: m, constants: DefaultConstants}
	e.analyzers.New = func() any { return analysis.New() }
	return e
}

// removeTemporary deletes what a crash left of suggestions being written.
func (e *Engine) removeTemporary() {
	files, _ := os.ReadDir(e.dir)
	for _, f := range files {
		for _, prefix := range tempNames {
			if strings.HasPrefix(f.Name(), prefix) {
				os.Remove(filepath.Join(e.dir, f.Name()))
			}
		}
	}
}

// Refresh makes an engine that was opened for reading show the last commit and the
// suggestions beside it, and reports whether there was a new commit.
func (e *Engine) Refresh() (changed bool, err error) {
	if changed, err = e.index.Refresh(); err != nil {
		return false, fmt.Errorf("search: refresh: %w", err)
	}
	e.openSuggestions(nil)
	return changed, nil
}

// Commit makes all that was updated before durable, with a note of at most 64 kB that
// says how far: a crash from now on, at any instant, leaves this commit or a later one.
func (e *Engine) Commit(note []byte) error {
	if err := e.index.Commit(note); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}

// Note returns the note of the last commit; of an empty index, nothing.
func (e *Engine) Note() []byte { return e.index.Note() }

// Reset makes the index empty, durably, and forgets the note and all suggestions.
func (e *Engine) Reset() error {
	e.updating.Lock()
	defer e.updating.Unlock()
	if err := e.index.Reset(); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return e.dropSuggestions()
}

// Optimize makes one segment of all, in which searches are as fast as can be, and
// frees the space of what was deleted. From time to time progress, which may be nil,
// is told how many of a total of bytes are written, by estimate.
func (e *Engine) Optimize(ctx context.Context, progress func(done, total int64)) error {
	if err := e.index.MergeAll(ctx, progress); err != nil {
		return fmt.Errorf("search: optimize: %w", err)
	}
	return nil
}

// Check reads all files of the last commit and compares their checksums. The error
// names each file that is damaged, and what is wrong with it. From time to time
// progress, which may be nil, is told how many of a total of bytes are read.
func (e *Engine) Check(ctx context.Context, progress func(done, total int64)) error {
	err := e.index.Check(ctx, progress)
	if s := e.suggestions.Load(); s != nil && ctx.Err() == nil {
		if bad := s.file.Check(); bad != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", filepath.Join(e.dir, suggestionsName), bad))
		}
	}
	if err = errors.Join(err, checkAcronyms(e.dir)); err != nil {
		return fmt.Errorf("search: check: %w", err)
	}
	return nil
}

// Check is [Engine.Check] of a directory that need not be open, and may be too damaged
// for it. An engine may be at work beside.
func Check(ctx context.Context, dir string, progress func(done, total int64)) error {
	err := index.Check(ctx, dir, progress)
	path := filepath.Join(dir, suggestionsName)
	switch f, bad := suggest.Open(path); {
	case errors.Is(bad, os.ErrNotExist):
	case bad != nil:
		err = errors.Join(err, bad)
	default:
		if bad := f.Check(); bad != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", path, bad))
		}
		f.Close()
	}
	if err = errors.Join(err, checkAcronyms(dir)); err != nil {
		return fmt.Errorf("search: check: %w", err)
	}
	return nil
}

// Stats are figures of an engine.
type Stats struct {
	index.Stats
	Suggestions map[string]int // entries by kind, of the last [Engine.RebuildSuggestions]
}

// Stats returns figures of the engine as it is now.
func (e *Engine) Stats() Stats {
	s := Stats{Stats: e.index.Stats(), Suggestions: map[string]int{}}
	if f := e.suggestions.Load(); f != nil {
		for k := suggest.Title; k <= suggest.Word; k++ {
			s.Suggestions[k.String()] = f.file.Len(k)
		}
	}
	return s
}

// Close closes the engine. What was not committed is lost; searches that are under way
// end as they would have.
func (e *Engine) Close() error {
	err := e.index.Close()
	if s := e.suggestions.Swap(nil); s != nil {
		err = errors.Join(err, s.file.Close())
	}
	if err != nil {
		return fmt.Errorf("search: close: %w", err)
	}
	return nil
}

// analyze returns the tokens of a short text.
func (e *Engine) analyze(text string) []analysis.Token {
	a := e.analyzers.Get().(*analysis.Analyzer)
	defer e.analyzers.Put(a)
	return a.Append(nil, text)
}
