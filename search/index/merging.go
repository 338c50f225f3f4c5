package index

import (
	"context"
	"fmt"
	"io"
	"math/bits"
	"time"
)

// mergePause is how long no merge is tried in the background after one failed: a
// disk that is full stays so for a while.
const mergePause = time.Minute

// A mergeJob is a merge of segments of files.
type mergeJob struct {
	from     []member // with the documents that are left out as Deleted
	epoch    int
	snapshot *Snapshot // keeps the segments open
}

// mergeSoon starts merging in the background if there is something to merge. It
// goes on until nothing is left to merge, and no goroutine waits for more: the next
// change starts another.
func (x *Index) mergeSoon() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.noMerge || x.merging || x.closed || time.Now().Before(x.mergeAt) {
		return
	}
	job := x.nextMerge()
	if job == nil {
		return
	}
	ctx, cancel := context.WithCancel(x.closing)
	x.merging, x.stopMerge = true, cancel
	go func() {
		defer cancel()
		for job != nil {
			err := x.merge(ctx, job, func(int64) {})
			job = x.afterMerge(ctx, err)
		}
	}()
}

// nextMerge returns what is to be merged in the background. mu is held.
//
// Of segments that are all in the last commit, those documents are left out that the
// commit has as deleted, so that the merged segment can be part of it. Others are
// merged as they stand now. Never are the two mixed: a document deleted since the
// commit, and what replaced it, would come to be in one segment, with one id.
func (x *Index) nextMerge() *mergeJob {
	now := map[uint64]*Bitmap{}
	list := x.only(func(m member) bool { return !m.inMemory() && !m.damaged })
	for i, m := range list {
		now[m.number] = m.Deleted
		if saved, ok := x.saved[m.number]; ok {
			list[i].Deleted = saved
		}
	}
	from := pickMerge(list)
	if from == nil {
		return nil
	}
	if !x.allSaved(from) {
		for i, m := range from {
			from[i].Deleted = now[m.number]
		}
	}
	return &mergeJob{from, x.epoch, x.Snapshot()}
}

// afterMerge notes how a merge in the background ended, and returns the next one.
func (x *Index) afterMerge(ctx context.Context, err error) (next *mergeJob) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if ctx.Err() == nil {
		if x.mergeErr = err; err != nil {
			x.mergeAt = time.Now().Add(mergePause)
			x.log.Error("index: merge in the background", "dir", x.dir, "err", err)
		} else if next = x.nextMerge(); next != nil {
			return next
		}
	}
	x.merging = false
	x.merged.Broadcast()
	return nil
}

// MergeAll makes one segment of all that is installed when it starts, and leaves
// out deleted documents. Searches are then as fast as can be. The merged segment is
// part of the last commit if nothing has changed since; else the next commit makes it
// durable. From time to time progress, which may be nil, is told how many of a total
// of bytes are written, by estimate.
func (x *Index) MergeAll(ctx context.Context, progress func(done, total int64)) error {
	if err := x.startMergeAll(); err != nil {
		return fmt.Errorf("index: merge: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(x.closing, cancel)()
	err := x.mergeAll(ctx, progress)
	x.mu.Lock()
	x.merging = false
	x.merged.Broadcast()
	x.mu.Unlock()
	x.mergeSoon()
	if err != nil {
		return fmt.Errorf("index: merge: %w", err)
	}
	return nil
}

// startMergeAll ends a merge in the background, whose work would be for nothing, and
// takes its place.
func (x *Index) startMergeAll() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.merging && !x.closed {
		x.stopMerge()
		x.merged.Wait()
	}
	if err := x.usable(); err != nil {
		return err
	}
	x.merging, x.stopMerge = true, func() {}
	return nil
}

func (x *Index) mergeAll(ctx context.Context, progress func(done, total int64)) error {
	if _, err := x.flush(); err != nil {
		return err
	}
	x.mu.Lock()
	job := &mergeJob{x.only(func(m member) bool { return !m.inMemory() }), x.epoch, x.Snapshot()}
	x.mu.Unlock()
	total := int64(0)
	for _, m := range job.from {
		total += int64(liveBytes(m))
	}
	if n := len(job.from); n == 0 || n == 1 && job.from[0].Deleted.Count() == 0 {
		job.snapshot.Release()
		return nil
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	done, told := int64(0), int64(0)
	err := x.merge(ctx, job, func(n int64) {
		if done += n; done-told >= progressStep {
			told = done
			progress(min(done, total), total)
		}
	})
	if err == nil {
		progress(total, total)
	}
	return err
}

// progressStep is after how many bytes progress is told.
const progressStep = 1 << 20

// merge merges segments of files, after it made sure that they are not damaged, as
// the damage would not be seen any more in the merged segment.
func (x *Index) merge(ctx context.Context, job *mergeJob, wrote func(n int64)) error {
	defer job.snapshot.Release()
	for _, m := range job.from {
		if err := m.check(); err != nil {
			x.mu.Lock()
			m.damaged = true
			x.mu.Unlock()
			return fmt.Errorf("segment %06d: %w", m.number, err)
		}
	}
	out, err := x.mergeToFiles(ctx, job.from, wrote)
	if err != nil {
		return err
	}
	x.commit.Lock()
	defer x.commit.Unlock()
	if !x.replace(job.epoch, job.from, out) {
		return nil
	}
	err = x.saveMerge(job.from, out)
	x.sweep()
	return err
}

// mergeToFiles merges segments into files, which become durable with those that
// they stand for. It returns the zero member when no document is left.
func (x *Index) mergeToFiles(ctx context.Context, from []member, wrote func(n int64)) (member, error) {
	live := 0
	for _, m := range from {
		live += m.live()
	}
	if live == 0 {
		return member{}, nil
	}
	write := x.mergeOf(ctx, from)
	out, err := x.fileSegment(func(w [parts]io.Writer) error {
		for p := range w {
			w[p] = countingWriter{w[p], wrote}
		}
		return write(w)
	})
	if err != nil {
		return out, err
	}
	x.mu.Lock()
	durable := x.allSaved(from)
	x.mu.Unlock()
	if durable {
		if err = x.syncParts(out); err != nil {
			x.discard(out)
		}
	}
	return out, err
}

type countingWriter struct {
	io.Writer
	wrote func(n int64)
}

func (w countingWriter) Write(p []byte) (int, error) {
	w.wrote(int64(len(p)))
	return w.Writer.Write(p)
}

// replace puts one segment in the place of others, from whose documents it was made
// but for those in their Deleted. What was deleted since is deleted from it too. It
// reports false, and discards the segment, when the others are gone by a Reset.
func (x *Index) replace(epoch int, from []member, out member) bool {
	x.mu.Lock()
	void := x.epoch != epoch || x.closed
	if !void {
		x.swap(from, out)
	}
	x.mu.Unlock()
	if void {
		x.discard(out)
	}
	return !void
}

// swap does what replace says. mu is held.
func (x *Index) swap(from []member, out member) {
	replaced := map[uint64]bool{}
	for _, m := range from {
		replaced[m.number] = true
	}
	now := map[uint64]*Bitmap{}
	rest := x.only(func(m member) bool {
		now[m.number] = m.Deleted
		return !replaced[m.number]
	})
	if out.stored != nil {
		if docs := carry(from, now); len(docs) > 0 {
			out.View = out.without(docs)
		}
		rest = append(rest, out)
		delete(x.writing, out.number)
	}
	x.members = rest
	x.publish()
}

// carry returns those documents of a merged segment that were deleted from the
// segments it was made of after it was begun. A segment that is gone since has lost
// all of its documents.
func carry(from []member, now map[uint64]*Bitmap) (docs []uint32) {
	next := uint32(0)
	for _, m := range from {
		later, here := now[m.number]
		for i := range (m.Len() + 63) / 64 {
			live := ^uint64(0)
			if last := m.Len() - 64*i; last < 64 {
				live = 1<<last - 1
			}
			if m.Deleted != nil {
				live &^= m.Deleted.words[i]
			}
			gone := live
			switch {
			case here && later == nil:
				gone = 0
			case here:
				gone &= later.words[i]
			}
			for ; gone != 0; gone &= gone - 1 {
				before := live & (gone&-gone - 1)
				docs = append(docs, next+uint32(bits.OnesCount64(before)))
			}
			next += uint32(bits.OnesCount64(live))
		}
	}
	return docs
}

// allSaved reports whether all the members are in the last commit. mu is held.
func (x *Index) allSaved(members []member) bool {
	for _, m := range members {
		if _, ok := x.saved[m.number]; !ok {
			return false
		}
	}
	return true
}
