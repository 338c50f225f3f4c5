package index

import (
	"math"
	"sync/atomic"
)

// A View is a segment with the documents that were deleted from it.
type View struct {
	*Segment
	Deleted *Bitmap // nil when there are none

	sums [2]lengthSum // of Text and of Author
}

func newView(s *Segment, deleted *Bitmap) View {
	return View{Segment: s, Deleted: deleted, sums: [2]lengthSum{
		sumLengths(s.norms[lengthColumn], &s.set.Lengths, deleted),
		sumLengths(s.norms[authorsColumn], &DefaultLengths, deleted),
	}}
}

// live returns the number of documents that are not deleted.
func (v *View) live() int { return v.Len() - v.Deleted.Count() }

// without returns the view without some more documents.
func (v View) without(docs []uint32) View {
	if v.Deleted == nil {
		v.Deleted = NewBitmap(v.Len())
	} else {
		v.Deleted = v.Deleted.Clone()
	}
	for _, doc := range docs {
		if v.Deleted.Add(doc) {
			v.sums[0].remove(v.norms[lengthColumn][doc], &v.set.Lengths)
			v.sums[1].remove(v.norms[authorsColumn][doc], &DefaultLengths)
		}
	}
	return v
}

// A Snapshot is the index at one instant. It does not change, whatever is written
// meanwhile; Release it, as it keeps old files open.
type Snapshot struct {
	Views []View // largest first
	Docs  int    // without the deleted ones

	set     *Settings
	sums    [2]lengthSum // of Text and of Author
	scorers [2]*Scorer
	refs    atomic.Int64
	free    func() // called at the last Release
}

func newSnapshot(set *Settings, views []View, free func()) *Snapshot {
	s := &Snapshot{Views: views, set: set, free: free}
	for _, v := range views {
		s.Docs += v.live()
		s.sums[0], s.sums[1] = s.sums[0].plus(v.sums[0]), s.sums[1].plus(v.sums[1])
	}
	s.scorers[0] = set.Ranking.NewScorer(&set.Lengths, s.sums[0].mean())
	s.scorers[1] = set.Ranking.NewScorer(&DefaultLengths, s.sums[1].mean())
	s.refs.Store(1)
	return s
}

// acquire adds a reference, unless the last one is gone.
func (s *Snapshot) acquire() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// Release gives the snapshot back.
func (s *Snapshot) Release() {
	if s.refs.Add(-1) == 0 && s.free != nil {
		s.free()
	}
}

// Scorer returns the scorer of a field, with the mean length over the snapshot.
func (s *Snapshot) Scorer(f Field) *Scorer { return s.scorers[slot(f)] }

func slot(f Field) int {
	if f == Author {
		return 1
	}
	return 0
}

// DF returns in how many documents a term stands, deleted ones included.
func (s *Snapshot) DF(f Field, term string) (df int) {
	var key []byte
	for _, v := range s.Views {
		if at, ok := v.lookup(f, term, &key); ok {
			df += v.frequency(at)
		}
	}
	return df
}

// Drift tells how impacts stored in a segment relate to those by the snapshot's
// mean length: a stored impact times high, rounded up, is not below the impact
// now; times low, rounded down, it is not above.
//
// With K = k1·(1-b+b·length/mean), a mean that grows by a factor r divides K by at
// most r, so tf/(tf+K) grows by at most r; and the same the other way.
func (s *Snapshot) Drift(v View, f Field) Drift {
	r := s.scorers[slot(f)].mean / max(v.mean[slot(f)], 1)
	return Drift{low: min(1, r), high: max(1, r)}
}

// Drift is the change of impacts by a change of the mean length.
type Drift struct{ low, high float64 }

// Upper returns a bound that the impact now does not exceed.
func (d Drift) Upper(stored uint32) uint32 {
	if d.high == 1 {
		return stored
	}
	return uint32(min(1<<scoreBits-1, math.Ceil(float64(stored+1)*d.high)))
}

// Lower returns a bound that the impact now is not below.
func (d Drift) Lower(stored uint32) uint32 {
	if d.low == 1 {
		return stored
	}
	return uint32(max(0, float64(stored)*d.low-1))
}
