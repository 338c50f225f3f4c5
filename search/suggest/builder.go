package suggest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Options are how a Builder works. The zero value has good defaults.
type Options struct {
	// TempDir is where sorted runs go, about 50 bytes for each word of the titles;
	// "" is the system's directory, which on some systems is memory.
	TempDir string

	// Memory is about how many bytes a Builder keeps for sorting; 0 is 64 MiB. There
	// are four bytes for each entry of the largest kind besides.
	Memory int

	// Progress, if not nil, is called now and then while Write works, with the name
	// of the step. An error that it returns ends Write, which returns it.
	Progress func(step string, done, total int) error
}

// A Builder collects entries and writes them as a file. Its methods are not for
// concurrent use.
type Builder struct {
	opts    Options
	entries *sorter // kind, text, 0, id, 0, weight: what is equal lies together
	record  []byte
}

// NewBuilder returns a Builder without entries. It holds temporary files until it
// is closed.
func NewBuilder(opts Options) *Builder {
	if opts.Memory <= 0 {
		opts.Memory = 64 << 20
	}
	if opts.Progress == nil {
		opts.Progress = func(string, int, int) error { return nil }
	}
	b := &Builder{opts: opts}
	b.entries = b.sorter()
	b.entries.combine = addWeights
	return b
}

// sorter returns one of the at most three sorters that are at work at once.
func (b *Builder) sorter() *sorter { return &sorter{dir: b.opts.TempDir, budget: b.opts.Memory / 3} }

// Add takes an entry. Entries of the same kind, text and ID are one, and their
// weights add up, so that adding an author once for each paper counts papers. An
// entry that no typing could lead to, because its text has no word, is left out.
func (b *Builder) Add(e Entry) error {
	if e.Kind >= kinds {
		return fmt.Errorf("suggest: add %q: its kind is %d, expected one below %d", excerpt(e.Text), e.Kind, kinds)
	}
	if len(e.ID) > MaxID || strings.IndexByte(e.ID, 0) >= 0 {
		return fmt.Errorf("suggest: add %q: its ID is %q of %d bytes, expected at most %d and no zero byte",
			excerpt(e.Text), excerpt(e.ID), len(e.ID), MaxID)
	}
	text := tidy(e.Text)
	if start, _ := nextWord([]byte(text), 0); start == len(text) {
		return nil
	}
	b.record = append(append(append(b.record[:0], byte(e.Kind)), text...), 0)
	b.record = append(append(b.record, e.ID...), 0)
	b.record = binary.BigEndian.AppendUint32(b.record, e.Weight)
	if err := b.entries.add(b.record); err != nil {
		return fmt.Errorf("suggest: add %q: %w", excerpt(e.Text), err)
	}
	return nil
}

// Close gives back what the Builder holds, its temporary files above all.
func (b *Builder) Close() error { return b.entries.close() }

// Write writes all entries to a file. The file appears under its name when it is
// whole and on the disk, and replaces one that is there. Nothing may be added
// afterwards.
func (b *Builder) Write(path string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("suggest: write %s: %w", path, err)
		}
	}()
	tmp, err := os.CreateTemp(filepath.Dir(path), ".suggest-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // does nothing after the rename
	defer tmp.Close()
	if err := b.writeTo(tmp); err != nil {
		return err
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// addWeights is the combine of entries. Weights stop at the greatest.
func addWeights(a, b []byte) bool {
	n := len(a) - 4
	if len(b) != len(a) || !bytes.Equal(a[:n], b[:n]) {
		return false
	}
	sum := uint64(binary.BigEndian.Uint32(a[n:])) + uint64(binary.BigEndian.Uint32(b[n:]))
	binary.BigEndian.PutUint32(a[n:], uint32(min(sum, math.MaxUint32)))
	return true
}

// tidy returns text as one line of valid UTF-8 of at most MaxText bytes.
func tidy(text string) string {
	if len(text) > MaxText {
		text = cut(text)
	}
	text = strings.ToValidUTF8(text, " ")
	if strings.IndexFunc(text, unicode.IsControl) < 0 {
		return strings.TrimSpace(text)
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == ' ' }), " ")
}

// cut returns the beginning of a text that is longer than MaxText, with a sign that
// it goes on.
func cut(text string) string {
	const more = "…"
	end := MaxText - len(more)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	if i := strings.LastIndexByte(text[:end], ' '); i > 0 {
		end = i
	}
	return text[:end] + more
}

// excerpt shortens what an error quotes.
func excerpt(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
