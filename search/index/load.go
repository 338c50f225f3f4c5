package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// load makes what a manifest says the state of the index. Segments that it has open
// already are used again.
func (x *Index) load(m manifest) error {
	open := map[uint64]member{}
	if m.Origin == x.manifest.Origin {
		for _, o := range x.members {
			open[o.number] = o
		}
	}
	var members []member
	saved := map[uint64]*Bitmap{}
	for _, e := range m.Segments {
		o, ok := open[e.Number]
		var err error
		if !ok {
			o, err = x.openMember(e.Number)
		}
		if err == nil {
			members = append(members, o)
			err = x.setDeleted(&members[len(members)-1], e)
		}
		if err != nil {
			for _, f := range members {
				if f.refs.Load() == 0 {
					f.free()
				}
			}
			return err
		}
		saved[e.Number] = members[len(members)-1].Deleted
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.members, x.next, x.manifest, x.saved, x.attempt = members, m.Next, m, saved, m.Generation
	x.publish()
	return nil
}

// setDeleted makes a member what its entry says.
func (x *Index) setDeleted(o *member, e manifestEntry) error {
	if o.Len() != e.Docs {
		return fmt.Errorf("segment %06d: %w: it has %d documents, the manifest says %d", e.Number, ErrDamaged, o.Len(), e.Docs)
	}
	if o.refs.Load() > 0 && slices.Contains(x.manifest.Segments, e) {
		return nil // as it was
	}
	deleted, err := readDeleted(x.dir, e)
	if err != nil {
		return err
	}
	o.synced = true
	if deleted != nil {
		o.View = newView(o.Segment, deleted)
	}
	return nil
}

// OpenReadOnly opens the last commit of an index beside its writer, which may be
// another process. [Index.Refresh] goes on to later ones.
func OpenReadOnly(dir string, set Settings) (*Index, error) {
	x := newIndex(dir, set, Options{})
	x.readOnly = true
	if err := x.reload(); err != nil {
		x.abandon()
		return nil, x.explain(err)
	}
	return x, nil
}

// Refresh makes an index that was opened for reading only show the last commit, and
// reports whether there is a new one. When there is none it costs a look at one file's date.
func (x *Index) Refresh() (changed bool, err error) {
	x.commit.Lock()
	defer x.commit.Unlock()
	x.mu.Lock()
	closed := x.closed
	x.mu.Unlock()
	switch {
	case closed:
		return false, fmt.Errorf("index: refresh: %w", ErrClosed)
	case !x.readOnly:
		return false, nil // who writes sees everything
	}
	if now, err := stampOf(x.dir); err == nil && now.same(x.seen) {
		return false, nil
	}
	before := x.manifest
	if err := x.reload(); err != nil {
		return false, x.explain(err)
	}
	return !x.manifest.same(before), nil
}

// reloads is how often the files of a manifest may have vanished, as a later one
// has come, before that is taken for damage. A commit takes longer than to open files.
const reloads = 10

// reload loads the last commit.
func (x *Index) reload() error {
	for try := 0; ; try++ {
		seen, err := stampOf(x.dir)
		var m manifest
		if err == nil {
			m, err = readManifest(x.dir, &x.set)
		}
		if err == nil && !m.same(x.manifest) {
			err = x.load(m)
		}
		if err == nil {
			x.seen = seen
		}
		if !errors.Is(err, os.ErrNotExist) || try == reloads {
			return err
		}
		if again, e := readManifest(x.dir, &x.set); e != nil || again.same(m) {
			return err
		}
	}
}

// A stamp tells one manifest file from another without reading it.
type stamp struct {
	info os.FileInfo
	at   time.Time // when it was looked at
}

func stampOf(dir string) (stamp, error) {
	info, err := os.Stat(filepath.Join(dir, manifestName))
	return stamp{info, time.Now()}, err
}

// stampAge is how old a file must have been at the first look for an equal date to
// prove that it is the same: dates of file systems are as coarse as two seconds.
const stampAge = 3 * time.Second

func (s stamp) same(before stamp) bool {
	return before.info != nil && os.SameFile(s.info, before.info) && s.info.Size() == before.info.Size() &&
		s.info.ModTime().Equal(before.info.ModTime()) && before.at.Sub(before.info.ModTime()) > stampAge
}
