package indexer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"broadsheet"
)

// pairsName is the file of near-duplicates in the directory of the index. It is derived:
// without it they are looked for again.
const pairsName = "duplicates.json"

// A pairList is what is known of near-duplicates. It does not change.
type pairList struct {
	Change int64  `json:"change"` // the last one that was looked at
	Model  string `json:"model"`  // whose codes were compared
	Bits   int    `json:"bits"`   // at most so many differed
	Pairs  []pair `json:"pairs"`

	of map[broadsheet.ID][]int // pairs by paper

	// The file that it was read from, for who reads beside the one that writes.
	written time.Time
	size    int64
}

// A pair of papers is probably one.
type pair struct {
	A        broadsheet.ID `json:"a"`
	B        broadsheet.ID `json:"b"`
	Distance int           `json:"distance"`
	Reason   string        `json:"reason"`
}

// with returns a list without the pairs of some papers, with others, as of a change.
func (l *pairList) with(gone map[broadsheet.ID]int64, more []pair, change int64) *pairList {
	out := &pairList{Change: change, Model: l.Model, Bits: l.Bits, Pairs: make([]pair, 0, len(l.Pairs)+len(more))}
	for _, p := range l.Pairs {
		_, a := gone[p.A]
		_, b := gone[p.B]
		if !a && !b {
			out.Pairs = append(out.Pairs, p)
		}
	}
	out.Pairs = append(out.Pairs, more...)
	return out
}

// byPaper indexes the pairs.
func (l *pairList) byPaper() {
	l.of = map[broadsheet.ID][]int{}
	for i, p := range l.Pairs {
		l.of[p.A] = append(l.of[p.A], i)
		l.of[p.B] = append(l.of[p.B], i)
	}
}

// pairs returns what is known, as of the last save. What cannot be read is as good as
// nothing.
func (x *Index) pairs() *pairList {
	path := filepath.Join(x.dir, pairsName)
	last := x.duplicates.Load()
	info, err := os.Stat(path)
	if err == nil && last != nil && last.written.Equal(info.ModTime()) && last.size == info.Size() {
		return last
	}
	l := new(pairList)
	if err == nil {
		l.written, l.size = info.ModTime(), info.Size()
		var b []byte
		if b, err = os.ReadFile(path); err == nil {
			err = json.Unmarshal(b, l)
		}
	}
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			x.log.Warn("the list of near-duplicates cannot be read and is made anew", "err", err)
		}
		l.Change, l.Pairs = 0, nil
	}
	l.byPaper()
	x.duplicates.Store(l)
	return l
}

// savePairs makes a list durable, in place of the one before.
func (x *Index) savePairs(l *pairList) error {
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	path := filepath.Join(x.dir, pairsName)
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	x.pairs()
	return nil
}

// Duplicates implements broadsheet.Comparer.
func (x *Index) Duplicates(_ context.Context, id broadsheet.ID) ([]broadsheet.Duplicate, error) {
	l := x.pairs()
	var out []broadsheet.Duplicate
	for _, i := range l.of[id] {
		p := l.Pairs[i]
		other := p.A
		if other == id {
			other = p.B
		}
		out = append(out, broadsheet.Duplicate{ID: other, Distance: p.Distance, Reason: p.Reason})
	}
	slices.SortStableFunc(out, func(a, b broadsheet.Duplicate) int { return a.Distance - b.Distance })
	return out, nil
}

// DuplicatePairs returns all pairs of papers that are probably one, the nearest first,
// and the number of the change up to which they were looked for.
func (x *Index) DuplicatePairs() (pairs []broadsheet.DuplicatePair, change int64) {
	l := x.pairs()
	for _, p := range l.Pairs {
		pairs = append(pairs, broadsheet.DuplicatePair{First: p.A, Duplicate: broadsheet.Duplicate{ID: p.B, Distance: p.Distance, Reason: p.Reason}})
	}
	slices.SortStableFunc(pairs, func(a, b broadsheet.DuplicatePair) int {
		return cmp.Or(a.Distance-b.Distance, cmp.Compare(a.First, b.First))
	})
	return pairs, l.Change
}
