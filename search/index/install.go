package index

import (
	"context"
	"fmt"
)

// largeBatch is the part of the memory budget from which on a batch is written to
// files at once: in memory, it would soon make the others go there.
const largeBatch = 4

// Install makes the documents of b searchable. They replace older ones with the
// same ids, and documents with the ids in deleted vanish, if there are any, unless
// b has them. b, which may be nil, is of no more use.
//
// After an error nothing has changed.
func (x *Index) Install(b *Builder, deleted []string) error {
	m, err := x.memberOf(b)
	if err == nil {
		if err = x.apply(m, deleted); err != nil {
			x.discard(m)
		}
	}
	if err != nil {
		return fmt.Errorf("index: install: %w", err)
	}
	x.compact()
	x.mergeSoon()
	return nil
}

// memberOf makes a segment of the documents. It has none if there are none.
func (x *Index) memberOf(b *Builder) (member, error) {
	x.mu.Lock()
	err := x.usable()
	x.mu.Unlock()
	if err != nil || b == nil || b.Len() == 0 {
		return member{}, err
	}
	if b.Size() > x.budget/largeBatch {
		return x.fileSegment(b.WriteTo)
	}
	m, err := x.memorySegment(b.WriteTo)
	if err == nil && x.inMemory()+m.Bytes() > x.budget {
		if _, err = x.flush(); err != nil {
			err = fmt.Errorf("memory is full: %w", err)
		}
	}
	if err != nil {
		x.discard(m)
	}
	return m, err
}

// inMemory returns the bytes of the segments in memory.
func (x *Index) inMemory() (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, m := range x.members {
		if m.inMemory() {
			n += m.Bytes()
		}
	}
	return n
}

// apply makes a segment a member, and deletes what it replaces.
func (x *Index) apply(m member, deleted []string) error {
	w := newWanted(m.Segment, deleted)
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.usable(); err != nil {
		return err
	}
	changed := m.stored != nil
	for i, old := range x.members {
		if docs := w.in(old); len(docs) > 0 {
			if v := old.without(docs); v.live() < old.live() {
				x.members[i].View, changed = v, true
			}
		}
	}
	if m.stored != nil {
		x.members = append(x.members, m)
		delete(x.writing, m.number)
	}
	if changed {
		x.publish()
	}
	return nil
}

// flush takes the state of the index at one instant, and returns it as segments of
// files: those in memory are merged into one, which also takes their place among
// the members.
func (x *Index) flush() (cut []member, err error) {
	x.flushing.Lock()
	defer x.flushing.Unlock()
	x.mu.Lock()
	err = x.usable()
	var memory []member
	for _, m := range x.members {
		if m.inMemory() || m.lossy {
			memory = append(memory, m)
		} else {
			cut = append(cut, m)
		}
	}
	epoch := x.epoch
	x.mu.Unlock()
	if err != nil || len(memory) == 0 {
		return cut, err
	}
	out, err := x.fileSegment(x.mergeOf(context.Background(), memory))
	if err != nil {
		return nil, err
	}
	if !x.replace(epoch, memory, out) {
		return nil, ErrClosed
	}
	return append(cut, out), nil
}

// compact merges segments in memory while many are of one size. If that is being
// done, or they go to files, there is no need to.
func (x *Index) compact() {
	if !x.flushing.TryLock() {
		return
	}
	defer x.flushing.Unlock()
	for {
		x.mu.Lock()
		from, epoch := pickTier(x.only(member.inMemory), memoryFloor), x.epoch
		x.mu.Unlock()
		if len(from) == 0 {
			return
		}
		out, err := x.memorySegment(x.mergeOf(context.Background(), from))
		if err != nil {
			x.log.Error("index: merge in memory", "err", err)
			return
		}
		x.replace(epoch, from, out)
	}
}

// only returns some of the members. mu is held.
func (x *Index) only(keep func(member) bool) (list []member) {
	for _, m := range x.members {
		if keep(m) {
			list = append(list, m)
		}
	}
	return list
}
