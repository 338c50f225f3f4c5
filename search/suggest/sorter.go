package suggest

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// A sorter sorts records of bytes in bounded memory: what exceeds the budget is
// sorted and written to a temporary file as a run, and reading merges the runs
// (Knuth, "The Art of Computer Programming" 3, section 5.4.1).
type sorter struct {
	dir     string
	budget  int                    // bytes for records in memory
	combine func(a, b []byte) bool // merges b, not less than a, into a if they are one; or nil

	arena []byte
	items []item
	file  *os.File
	size  int64
	runs  []run
	count int // records held, before merging
}

// An item is a record in the arena. Its first bytes decide most comparisons
// without a look at the arena.
type item struct {
	first    uint64
	off, len uint32
}

const (
	itemSize = 16

	// maxRecord is more than any record takes: a text and an id, or a folded text,
	// which has at most two bytes for each, and a few numbers.
	maxRecord = 4 << 10
)

// A run is a sorted part of the file. Its records are front-coded: uvarint length
// of the prefix shared with the one before, uvarint length of the rest, the rest.
type run struct {
	off, len int64
	records  int
}

func (s *sorter) add(record []byte) error {
	if len(s.arena)+len(record)+itemSize*(len(s.items)+1) > s.budget && len(s.items) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	var first [8]byte
	copy(first[:], record)
	s.items = append(s.items, item{binary.BigEndian.Uint64(first[:]), uint32(len(s.arena)), uint32(len(record))})
	s.arena = append(s.arena, record...)
	s.count++
	return nil
}

func (s *sorter) record(it item) []byte { return s.arena[it.off : it.off+it.len] }

func (s *sorter) sort() {
	slices.SortFunc(s.items, func(a, b item) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return bytes.Compare(s.record(a), s.record(b))
	})
	if s.combine == nil || len(s.items) == 0 {
		return
	}
	kept := s.items[:1]
	for _, it := range s.items[1:] {
		if !s.combine(s.record(kept[len(kept)-1]), s.record(it)) {
			kept = append(kept, it)
		}
	}
	s.count -= len(s.items) - len(kept)
	s.items = kept
}

// spill writes the records in memory as a run.
func (s *sorter) spill() error {
	s.sort()
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "suggest-sort-*")
		if err != nil {
			return err
		}
		s.file = f
	}
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, s.size), 1<<16)
	start, last := s.size, []byte(nil)
	var head [2 * binary.MaxVarintLen64]byte
	for _, it := range s.items {
		rec := s.record(it)
		shared := commonPrefix(last, rec)
		n := binary.PutUvarint(head[:], uint64(shared))
		n += binary.PutUvarint(head[n:], uint64(len(rec)-shared))
		w.Write(head[:n])
		w.Write(rec[shared:])
		s.size += int64(n + len(rec) - shared)
		last = rec
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write a sorted run: %w", err)
	}
	s.runs = append(s.runs, run{start, s.size - start, len(s.items)})
	s.arena, s.items = s.arena[:0], s.items[:0]
	return nil
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// merge returns all records in order. Nothing may be added after the first call;
// further calls read from the beginning.
func (s *sorter) merge() (*merger, error) {
	if len(s.runs) == 0 {
		s.sort()
		m := &merger{combine: s.combine, sources: []source{&memory{s: s}}}
		return m, m.start()
	}
	if len(s.items) > 0 {
		if err := s.spill(); err != nil {
			return nil, err
		}
	}
	s.arena, s.items = nil, nil
	m := &merger{combine: s.combine}
	buffer := min(max(s.budget/2/len(s.runs), 1<<9), 1<<16)
	for _, r := range s.runs {
		in := bufio.NewReaderSize(io.NewSectionReader(s.file, r.off, r.len), buffer)
		m.sources = append(m.sources, &onDisk{in: in, left: r.records})
	}
	return m, m.start()
}

// close gives back memory and the temporary file.
func (s *sorter) close() error {
	s.arena, s.items, s.runs = nil, nil, nil
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
