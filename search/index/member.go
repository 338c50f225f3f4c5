package index

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync/atomic"
)

// A member is a segment as it stands in the index at one instant.
type member struct {
	View
	*stored
}

// stored is where a segment is kept.
type stored struct {
	number uint64
	unmap  func()       // nil of a segment in memory
	refs   atomic.Int64 // snapshots with the segment

	// Guarded by Index.mu.
	lookups int // of ids, since there was no filter
	filter  filter
	damaged bool // found by a merge, and not to be merged again
	lossy   bool // the files could not be made durable: they may not be what is mapped

	synced bool // the files are durable; guarded by Index.commit once it is a member
}

func (s *stored) inMemory() bool { return s.unmap == nil }

func (s *stored) release() {
	if s.refs.Add(-1) == 0 {
		s.free()
	}
}

func (s *stored) free() {
	if s.unmap != nil {
		s.unmap()
	}
}

// publish makes the members what searches see. mu is held.
func (x *Index) publish() {
	x.members = slices.DeleteFunc(x.members, func(m member) bool {
		if m.live() == 0 && m.refs.Load() == 0 {
			m.free() // it has never been seen
		}
		return m.live() == 0
	})
	slices.SortFunc(x.members, func(a, b member) int {
		return cmp.Or(cmp.Compare(b.Len(), a.Len()), cmp.Compare(a.number, b.number))
	})
	views := make([]View, len(x.members))
	held := make([]*stored, len(x.members))
	for i, m := range x.members {
		m.refs.Add(1)
		views[i], held[i] = m.View, m.stored
	}
	s := newSnapshot(&x.set, views, func() {
		for _, h := range held {
			h.release()
		}
	})
	x.current.Swap(s).Release()
}

// allocate returns the number of a new segment, whose files sweep then spares
// until written is called.
func (x *Index) allocate() uint64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	n := x.next
	x.next++
	x.writing[n] = true
	return n
}

// discard ends the writing of a segment that does not become a member.
func (x *Index) discard(m member) {
	if m.stored == nil {
		return
	}
	m.free()
	x.mu.Lock()
	delete(x.writing, m.number)
	x.mu.Unlock()
	if !m.inMemory() {
		x.removeParts(m.number)
	}
}

func (x *Index) partPath(number uint64, p part) string {
	return filepath.Join(x.dir, partName(number, p))
}

func (x *Index) removeParts(number uint64) {
	for p := range parts {
		x.disk.Remove(x.partPath(number, p)) // else sweep does
	}
}

// A segmentFunc writes a segment.
type segmentFunc func(w [parts]io.Writer) error

// memorySegment makes a segment in memory.
func (x *Index) memorySegment(write segmentFunc) (member, error) {
	var out [parts]bytes.Buffer
	var w [parts]io.Writer
	for p := range out {
		w[p] = &out[p]
	}
	if err := write(w); err != nil {
		return member{}, err
	}
	var data [parts][]byte
	for p := range out {
		data[p] = bytes.Clone(out[p].Bytes()) // as long as it is, and not as it grew
	}
	s, err := openSegment(data, &x.set)
	if err != nil {
		return member{}, err
	}
	return member{newView(s, nil), &stored{number: x.allocate()}}, nil
}

// fileBuffer is the size of writes: disks like them large, and five files at a time are
// written.
const fileBuffer = 256 << 10

// fileSegment makes a segment of files. They are not durable yet.
func (x *Index) fileSegment(write segmentFunc) (member, error) {
	number := x.allocate()
	err := x.writeParts(number, write)
	if err == nil {
		var m member
		if m, err = x.openMember(number); err == nil {
			return m, nil
		}
	}
	x.discard(member{stored: &stored{number: number, unmap: func() {}}})
	return member{}, fmt.Errorf("segment %06d: %w", number, err)
}

func (x *Index) writeParts(number uint64, write segmentFunc) (err error) {
	var buffers [parts]*bufio.Writer
	var w [parts]io.Writer
	for p := range parts {
		f, e := x.disk.Create(x.partPath(number, p))
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		buffers[p] = bufio.NewWriterSize(f, fileBuffer)
		w[p] = buffers[p]
	}
	if err := write(w); err != nil {
		return err
	}
	for _, b := range buffers {
		if err := b.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// openMember opens a segment of files.
func (x *Index) openMember(number uint64) (m member, err error) {
	var data [parts][]byte
	var unmaps []func()
	unmap := func() {
		for _, f := range unmaps {
			f()
		}
	}
	defer func() {
		if err != nil {
			unmap()
		}
	}()
	for p := range parts {
		var f func()
		if data[p], f, err = mapFile(x.partPath(number, p)); err != nil {
			return m, err
		}
		unmaps = append(unmaps, f)
	}
	s, err := openSegmentSafely(data, &x.set)
	if err != nil {
		return m, fmt.Errorf("segment %06d: %w", number, err)
	}
	return member{newView(s, nil), &stored{number: number, unmap: unmap}}, nil
}

func openSegmentSafely(data [parts][]byte, set *Settings) (s *Segment, err error) {
	defer Recover(&err)
	return openSegment(data, set)
}

// mergeOf writes what is left of members as one segment. It sorts them by their first
// ids: documents that came in the order of their ids, to builders on several cores,
// stand in it again, and a column of ids that ascend takes a third. carry relies on
// the order in from.
func (x *Index) mergeOf(ctx context.Context, from []member) segmentFunc {
	slices.SortFunc(from, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.firstID(), b.firstID()), cmp.Compare(a.number, b.number))
	})
	var segments []*Segment
	var deleted []*Bitmap
	for _, m := range from {
		segments, deleted = append(segments, m.Segment), append(deleted, m.Deleted)
	}
	return func(w [parts]io.Writer) error { return mergeSegments(ctx, w, &x.set, segments, deleted) }
}

func (m member) firstID() string {
	if m.Len() == 0 {
		return ""
	}
	return m.columns.ID(0)
}
