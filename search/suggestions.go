package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"math"
	"os"
	"path/filepath"

	"broadsheet/search/acronym"
	"broadsheet/search/query"
	"broadsheet/search/suggest"
)

// minPhrases is how many titles have a phrase for it to be suggested.
const minPhrases = 5

// suggestions is a file of suggestions.
type suggestions struct {
	file *suggest.File
	info os.FileInfo
}

// openSuggestions opens the file of suggestions if there is another one. One that
// cannot be read is as good as none: it is derived, and the next rebuild replaces it.
func (e *Engine) openSuggestions(log *slog.Logger) {
	e.openAcronyms(log)
	path := filepath.Join(e.dir, suggestionsName)
	info, err := os.Stat(path)
	if old := e.suggestions.Load(); err == nil && old != nil && os.SameFile(info, old.info) {
		return
	}
	var next *suggestions
	if err == nil {
		var f *suggest.File
		if f, err = suggest.Open(path); err == nil {
			next = &suggestions{f, info}
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && log != nil {
		log.Warn("search: suggestions cannot be read until they are built anew", "err", err)
	}
	if old := e.suggestions.Swap(next); old != nil {
		old.file.Close()
	}
}

// dropSuggestions deletes the files of suggestions and acronyms.
func (e *Engine) dropSuggestions() error {
	e.rebuilding.Lock()
	defer e.rebuilding.Unlock()
	if old := e.suggestions.Swap(nil); old != nil {
		old.file.Close()
	}
	e.acronyms.Store(nil)
	for _, name := range []string{suggestionsName, acronymsName} {
		if err := os.Remove(filepath.Join(e.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("search: %w", err)
		}
	}
	return nil
}

// RebuildSuggestions makes what [Engine.Complete], the spelling of a Response and the
// acronyms of questions go by of all papers. It goes through papers twice, which must yield the same ones, and
// takes some 300 MB at most and 40 µs a paper. Until then, and after a crash, the
// suggestions are the former ones.
//
// Suggestions are worth a rebuild when one paper in a hundred has changed; meanwhile
// new titles are not suggested, and those of deleted papers are left out by Complete.
func (e *Engine) RebuildSuggestions(ctx context.Context, papers iter.Seq2[Paper, error]) error {
	e.rebuilding.Lock()
	defer e.rebuilding.Unlock()
	if e.readOnly {
		return fmt.Errorf("search: rebuild suggestions: %w", ErrReadOnly)
	}
	if err := e.rebuild(ctx, papers); err != nil {
		return fmt.Errorf("search: rebuild suggestions: %w", err)
	}
	e.openSuggestions(nil)
	return nil
}

func (e *Engine) rebuild(ctx context.Context, papers iter.Seq2[Paper, error]) error {
	b := suggest.NewBuilder(suggest.Options{TempDir: e.dir, Progress: func(string, int, int) error { return ctx.Err() }})
	defer b.Close()
	phrases, short := suggest.NewPhraseCounter(minPhrases), acronym.NewBuilder()
	for p, err := range papers {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		phrases.First(p.Title)
		short.Add(p.Title, p.Abstract)
		if err := addPaper(b, &p); err != nil {
			return err
		}
	}
	for p, err := range papers {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		phrases.Second(p.Title)
	}
	for text, n := range phrases.All() {
		if err := b.Add(suggest.Entry{Kind: suggest.Phrase, Text: text, Weight: uint32(n)}); err != nil {
			return err
		}
	}
	if err := e.writeAcronyms(short.Table()); err != nil {
		return err
	}
	return b.Write(filepath.Join(e.dir, suggestionsName))
}

// addPaper adds what a paper has to suggest.
func addPaper(b *suggest.Builder, p *Paper) error {
	if len(p.ID) <= suggest.MaxID {
		votes := uint32(max(0, min(p.Votes, math.MaxUint32-1))) + 1
		if err := b.Add(suggest.Entry{Kind: suggest.Title, Text: p.Title, Weight: votes, ID: p.ID}); err != nil {
			return err
		}
	}
	for _, name := range p.Authors {
		if err := b.Add(suggest.Entry{Kind: suggest.Author, Text: name, Weight: 1}); err != nil {
			return err
		}
	}
	for _, c := range p.Categories {
		if err := b.Add(suggest.Entry{Kind: suggest.Category, Text: c, Weight: 1}); err != nil {
			return err
		}
	}
	for w := range suggest.Words(p.Title) {
		if err := b.Add(suggest.Entry{Kind: suggest.Word, Text: w, Weight: 1}); err != nil {
			return err
		}
	}
	return nil
}

// Complete returns the best n entries that can be typed by beginning with prefix, best
// first; without kinds, titles, authors, categories and phrases. Titles of papers that
// were deleted since the last [Engine.RebuildSuggestions] are left out.
func (e *Engine) Complete(prefix string, n int, kinds ...suggest.Kind) []suggest.Entry {
	s := e.suggestions.Load()
	if s == nil || n <= 0 {
		return nil
	}
	snap := e.index.Snapshot()
	defer snap.Release()
	// A few more are asked for, in case that some are gone.
	found := s.file.Complete(head(prefix, suggest.MaxText), n+n/4+4, kinds...)
	kept := found[:0]
	for _, f := range found {
		if len(kept) < n && (f.Kind != suggest.Title || has(snap, f.ID)) {
			kept = append(kept, f)
		}
	}
	return kept
}

const (
	// fewHits is how few hits make an answer poor, so that a slip of the pen may be
	// the reason.
	fewHits = 3

	// moreHits is how many times as many hits a corrected question must have.
	moreHits = 4
)

// didYouMean proposes the question with other words if this one finds little, and that
// one much more.
func (s *searcher) didYouMean() {
	file := s.engine.suggestions.Load()
	if file == nil || s.found >= fewHits && !s.respelt || !s.plan.ranked() || s.err != nil || s.request.Cursor != "" {
		return
	}
	speller := suggest.Speller{Dictionary: file.file}
	changed := false
	root := query.Map(s.answer.Query.Root, func(n query.Node) query.Node {
		switch w := n.(type) {
		case query.Word:
			if w.Field != query.Author && !w.Prefix {
				if better, ok := speller.Correct([]string{w.Text}); ok {
					w.Text, changed = better[0], true
				}
			}
			return w
		case query.Phrase:
			if w.Field != query.Author {
				if better, ok := speller.Correct([]string{w.Text}); ok {
					w.Text, changed = better[0], true
				}
			}
			return w
		}
		return n
	})
	found := 0
	if changed {
		c := &compiler{engine: s.engine, snap: s.snap} // its notes are not of this question
		q := c.compile(query.Query{Root: root}, s.request.Filter).all()
		q.Count = fewHits * moreHits
		res := s.evaluate(&q)
		if found = res.Total; found >= max(1, s.found*moreHits) || found > 0 && s.respelt {
			s.answer.DidYouMean = query.Query{Root: root}.String()
		}
	}
	s.stage("spelling", s.answer.DidYouMean, found)
}
