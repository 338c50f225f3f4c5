package index

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
)

// Commit makes all that was installed before durable, with a note of at most 64 kB, such as the
// number of the last change that is in the index. A crash from now on, at any
// instant, leaves this commit or a later one.
//
// After an error the last commit stays as it was, and all that is installed stays
// searchable; the next Commit tries again.
func (x *Index) Commit(note []byte) error {
	if len(note) > maxNote {
		return fmt.Errorf("index: commit: a note of %d bytes, at most %d expected", len(note), maxNote)
	}
	x.commit.Lock()
	defer x.commit.Unlock()
	cut, err := x.flush()
	if err == nil {
		err = x.save(cut, note)
	}
	if err != nil {
		return fmt.Errorf("index: commit: %w", err)
	}
	x.mergeSoon()
	return nil
}

// save makes members of files the commit. commit is held.
func (x *Index) save(cut []member, note []byte) error {
	m, saved := x.startManifest(), map[uint64]*Bitmap{}
	m.Note = bytes.Clone(note)
	for _, c := range cut {
		e := manifestEntry{Number: c.number, Docs: c.Len(), Deletions: x.deletionsOf(c)}
		if err := x.syncParts(c); err != nil {
			return err
		}
		if err := x.saveDeleted(&e, &m, c.Deleted); err != nil {
			return err
		}
		m.Segments, saved[c.number] = append(m.Segments, e), c.Deleted
	}
	if !x.unsure && slices.Equal(m.Segments, x.manifest.Segments) && bytes.Equal(m.Note, x.manifest.Note) && x.manifest.Generation > 0 {
		return nil
	}
	if err := x.writeManifest(m, saved); err != nil {
		return err
	}
	x.sweep()
	return nil
}

// startManifest returns a manifest without segments, with a generation that was
// never tried.
func (x *Index) startManifest() manifest {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.attempt++
	m := x.manifest
	m.Generation, m.Next, m.Segments = x.attempt, x.next, nil
	return m
}

// deletionsOf returns the generation of the file that has the member's deletions, 0
// if there is none.
func (x *Index) deletionsOf(c member) uint64 {
	if saved, ok := x.saved[c.number]; !ok || saved != c.Deleted {
		return 0
	}
	i := slices.IndexFunc(x.manifest.Segments, func(e manifestEntry) bool { return e.Number == c.number })
	return x.manifest.Segments[i].Deletions
}

// saveDeleted writes the deletions of a segment unless they are in a file.
func (x *Index) saveDeleted(e *manifestEntry, m *manifest, deleted *Bitmap) error {
	if deleted == nil || e.Deletions > 0 {
		return nil
	}
	e.Deletions = m.Generation
	return x.writeFile(filepath.Join(x.dir, deletedName(e.Number, e.Deletions)), encodeDeleted(deleted, e.Docs))
}

// syncParts makes the bytes of a segment's files durable. After an error they may
// be lost, though the system shows them still, and trying again would not tell:
// such a segment is written anew.
func (x *Index) syncParts(m member) error {
	if m.synced {
		return nil
	}
	for p := range parts {
		if err := x.disk.Sync(x.partPath(m.number, p)); err != nil {
			x.mu.Lock()
			m.lossy = true
			x.mu.Unlock()
			return err
		}
	}
	m.synced = true
	return nil
}

// saveMerge lets a merged segment take the place of those it was made of in the
// last commit, if they are all in it. commit is held.
func (x *Index) saveMerge(from []member, out member) error {
	for _, f := range from {
		if saved, ok := x.saved[f.number]; !ok || !subset(f.Deleted, saved) {
			return nil
		}
	}
	m, saved := x.startManifest(), maps.Clone(x.saved)
	replaced := map[uint64]bool{}
	for _, f := range from {
		replaced[f.number] = true
		delete(saved, f.number)
	}
	for _, e := range x.manifest.Segments {
		if !replaced[e.Number] {
			m.Segments = append(m.Segments, e)
		}
	}
	if out.stored != nil {
		e := manifestEntry{Number: out.number, Docs: out.Len()}
		saved[out.number] = x.carrySaved(from, out)
		err := errors.Join(x.syncParts(out), x.saveDeleted(&e, &m, saved[out.number]))
		if err != nil {
			return fmt.Errorf("commit of a merge: %w", err)
		}
		m.Segments = append(m.Segments, e)
	}
	if err := x.writeManifest(m, saved); err != nil {
		return fmt.Errorf("commit of a merge: %w", err)
	}
	return nil
}

// carrySaved returns those documents of a merged segment that the last commit has
// as deleted: the bitmap of the member itself if it is the same, so that the next commit need
// not write it.
func (x *Index) carrySaved(from []member, out member) *Bitmap {
	docs := carry(from, x.saved)
	if len(docs) == 0 {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, m := range x.members {
		if m.number == out.number && m.Deleted.Count() == len(docs) {
			return m.Deleted // what is saved is never deleted less later
		}
	}
	b := NewBitmap(out.Len())
	for _, doc := range docs {
		b.Add(doc)
	}
	return b
}

// subset reports whether all of a is in b.
func subset(a, b *Bitmap) bool {
	if a == b || a.Count() == 0 {
		return true
	}
	if a.Count() > b.Count() {
		return false
	}
	for i, w := range a.words {
		if w&^b.words[i] != 0 {
			return false
		}
	}
	return true
}

// Reset makes the index empty, durably.
func (x *Index) Reset() error {
	x.commit.Lock()
	defer x.commit.Unlock()
	x.flushing.Lock()
	defer x.flushing.Unlock()
	x.mu.Lock()
	err := x.usable()
	x.mu.Unlock()
	if err != nil {
		return fmt.Errorf("index: reset: %w", err)
	}
	m := x.startManifest()
	m.Note = nil
	if err := x.writeManifest(m, map[uint64]*Bitmap{}); err != nil {
		return fmt.Errorf("index: reset: %w", err)
	}
	x.mu.Lock()
	x.epoch++
	x.members = nil
	x.publish()
	x.mu.Unlock()
	x.sweep()
	return nil
}
