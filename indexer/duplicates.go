package indexer

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/search"
	"broadsheet/search/analysis"
	"broadsheet/search/neardup"
)

const (
	// nearBits is how many bits of 256 the codes of two papers differ in at most, to be
	// compared by their words: an angle of about 17 degrees between what they mean. See
	// doc/search.md for how many pairs there are at each distance.
	nearBits = 24

	// sureBits is up to how many bits titles do not matter. Farther apart, authors write
	// much the same abstract for several papers: of 17 such pairs 5 were one paper, of
	// 22 at up to 12 bits all but one that had its abstract from another paper.
	sureBits = 12

	// alikeTitles is how alike the titles of those have to be.
	alikeTitles = 0.5

	// duplicatesStep is how many papers are looked at between two looks at the clock.
	duplicatesStep = 1000

	// duplicatesSave is how much work a crash may undo.
	duplicatesSave = 10 * time.Second

	// duplicatesPeriod is how often a server looks for near-duplicates of papers that
	// have changed: each time costs a look at all vectors.
	duplicatesPeriod = 10 * time.Minute

	// maxNearPapers bounds the papers that one is compared with: there are series of a
	// hundred that say nearly the same, and libraries of nothing else.
	maxNearPapers = 10

	// maxPairs bounds the list, which is read as a whole: in a library where all papers
	// say the same, it is of no use anyhow. It has some 25 MB then.
	maxPairs = 200_000
)

// FindDuplicates brings what is known of near-duplicates up to the index: which papers
// are probably one under two ids, or versions of one. Which could be is told by the codes
// of their vectors, which are by their words; see package neardup. Nothing is merged or
// hidden. It goes on where it was cut off, and takes some 150 µs a paper that has
// changed, and some 1 µs for each of the others. progress, which may be nil, hears how many of
// those that have changed are looked at.
func (x *Index) FindDuplicates(ctx context.Context, store broadsheet.PaperStore, progress func(done, total int64)) error {
	if x.readOnly {
		return errReadOnly
	}
	x.duplicating.Lock()
	defer x.duplicating.Unlock()
	if err := x.findDuplicates(ctx, store, progress); err != nil {
		return fmt.Errorf("indexer: near-duplicates: %w", explain(err))
	}
	return nil
}

// duplicatesAreDue reports whether the index has seen changes that near-duplicates were
// not looked for in.
func (x *Index) duplicatesAreDue() bool { return x.pairs().Change != x.seen.Load() }

// watchDuplicates is FindDuplicates beside the server's other work. What fails is tried
// again in a while.
func (x *Index) watchDuplicates(ctx context.Context, store broadsheet.PaperStore) {
	if err := x.FindDuplicates(ctx, store, nil); err != nil && ctx.Err() == nil {
		x.log.Error("near-duplicates cannot be looked for", "err", err)
	}
}

func (x *Index) findDuplicates(ctx context.Context, store broadsheet.PaperStore, progress func(done, total int64)) (err error) {
	defer search.Recover(&err)
	to := x.seen.Load() // before the vectors: they have all changes up to it
	v := x.vectors()
	defer v.Close()
	known := x.pairs()
	if known.Change == to && known.Model == v.Fingerprint() {
		return nil
	}
	if known.Model != v.Fingerprint() || known.Change > to || known.Bits != nearBits {
		known = &pairList{Model: v.Fingerprint(), Bits: nearBits}
	}
	if v.Dims() < 256 {
		return x.savePairs(known.with(nil, nil, to))
	}
	changed, err := changedAfter(ctx, store, known.Change, to)
	if err != nil {
		return err
	}
	s := &sweep{x: x, store: store, vectors: v, changed: changed, known: known.with(changed, nil, known.Change)}
	return s.run(ctx, to, progress)
}

// changedAfter returns the papers of changes up to one, by the last change of each.
func changedAfter(ctx context.Context, store broadsheet.PaperStore, after, to int64) (map[broadsheet.ID]int64, error) {
	changed := map[broadsheet.ID]int64{}
	for after < to {
		changes, err := store.Changes(ctx, after, bulkBatch)
		if err != nil {
			return nil, err
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if after = c.Seq; c.Seq <= to {
				changed[c.Paper] = c.Seq
			}
		}
	}
	return changed, nil
}

// A sweep looks for the near-duplicates of papers that have changed.
type sweep struct {
	x       *Index
	store   broadsheet.PaperStore
	vectors *search.Vectors
	changed map[broadsheet.ID]int64
	known   *pairList

	index neardup.Index
	found []pair // to be compared by their words
}

// run looks at the papers in the order of their changes, so that what was looked at can
// be told by a number.
func (s *sweep) run(ctx context.Context, to int64, progress func(done, total int64)) error {
	if err := s.index.Fill(s.codes()); err != nil {
		return err
	}
	order := slices.SortedFunc(maps.Keys(s.changed), func(a, b broadsheet.ID) int {
		return cmp.Compare(s.changed[a], s.changed[b])
	})
	saved := time.Now()
	for i, id := range order {
		s.look(id)
		if i%duplicatesStep < duplicatesStep-1 {
			continue
		}
		if err := s.compare(ctx); err != nil {
			return err
		}
		if progress != nil {
			progress(int64(i+1), int64(len(order)))
		}
		if time.Since(saved) > duplicatesSave {
			// Papers that follow may be in changes before this one, too; that their
			// pairs are looked for again does no harm.
			if err := s.x.savePairs(s.known.with(nil, nil, s.changed[id])); err != nil {
				return err
			}
			saved = time.Now()
		}
	}
	if err := s.compare(ctx); err != nil {
		return err
	}
	return s.x.savePairs(s.known.with(nil, nil, to))
}

// codes yields the codes of all papers, of longer ones the first 256 bits.
func (s *sweep) codes() iter.Seq2[uint32, neardup.Code] {
	return func(yield func(uint32, neardup.Code) bool) {
		for n, b := range s.vectors.Codes() {
			var c neardup.Code
			for i := range c {
				c[i] = binary.LittleEndian.Uint64(b[8*i:])
			}
			if !yield(uint32(n), c) {
				return
			}
		}
	}
}

// look finds the papers that could be the same as one. Of two that have both changed,
// the later one finds the other.
func (s *sweep) look(id broadsheet.ID) {
	n, ok := s.vectors.Find(string(id))
	if !ok {
		return
	}
	code, ok := s.index.Code(uint32(n))
	if !ok {
		return
	}
	for _, h := range s.index.Nearest(code, nearBits, maxNearPapers+1) { // and itself
		if int(h.ID) == n {
			continue
		}
		other := broadsheet.ID(s.vectors.ID(int(h.ID)))
		if at, ok := s.changed[other]; !ok || at < s.changed[id] {
			s.found = append(s.found, pair{A: id, B: other, Distance: h.Distance})
		}
	}
}

// compare keeps of the pairs that were found those that are the same by their words.
func (s *sweep) compare(ctx context.Context) error {
	if err := ctx.Err(); err != nil || len(s.found) == 0 {
		return err
	}
	var ids []broadsheet.ID
	for _, p := range s.found {
		ids = append(ids, p.A, p.B)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	papers, err := s.store.Papers(ctx, ids)
	if err != nil {
		return err
	}
	texts := map[broadsheet.ID]*broadsheet.Record{}
	for i := range papers {
		texts[papers[i].ID] = &papers[i]
	}
	var same []pair
	for _, p := range s.found {
		a, b := texts[p.A], texts[p.B]
		if a == nil || b == nil { // gone meanwhile; a change says so
			continue
		}
		ok, why := neardup.Same(a.Title, a.Abstract, b.Title, b.Abstract)
		if p.Reason = why; ok && couldBeOne(a, b, p.Distance) {
			same = append(same, p)
		}
	}
	s.found = s.found[:0]
	same = same[:min(len(same), max(0, maxPairs-len(s.known.Pairs)))]
	s.known = s.known.with(nil, same, s.known.Change)
	return nil
}

// couldBeOne reports whether nothing but the abstracts speaks against it: sources give
// some papers the abstract of another, and authors write series.
func couldBeOne(a, b *broadsheet.Record, distance int) bool {
	if distance > sureBits && neardup.Titles(a.Title, b.Title) <= alikeTitles {
		return false
	}
	return len(a.Authors) == 0 || len(b.Authors) == 0 || shareAuthor(a, b)
}

// shareAuthor reports whether two papers have an author of the same last name.
func shareAuthor(a, b *broadsheet.Record) bool {
	names := map[string]bool{}
	for _, p := range a.Authors {
		names[lastName(p.Name)] = true
	}
	return slices.ContainsFunc(b.Authors, func(p broadsheet.Author) bool { return names[lastName(p.Name)] })
}

// lastName returns the last word of a name, as names are compared.
func lastName(name string) string {
	if i := strings.LastIndexByte(strings.TrimSpace(name), ' '); i >= 0 {
		name = name[i+1:]
	}
	return analysis.Fold(name)
}
