package index

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// sized returns a member that takes so many bytes.
func sized(number uint64, bytes, docs, deleted int) member {
	s := &Segment{set: &testSettings, docs: docs}
	s.data[postingsPart] = make([]byte, bytes)
	m := member{View{Segment: s}, &stored{number: number, unmap: func() {}}}
	if deleted > 0 {
		m.Deleted = NewBitmap(docs)
		for doc := range deleted {
			m.Deleted.Add(uint32(doc))
		}
	}
	return m
}

// TestMergeCost lets an index grow: what is written by merges must be some times
// what is there, as often as there are tiers, and the segments must stay few.
func TestMergeCost(t *testing.T) {
	const floor = 100
	for _, batch := range []int{2, 33, 300} {
		rng := rand.New(rand.NewPCG(uint64(batch), 1))
		var list []member
		written, total, most := 0, 0, 0
		for n := range uint64(2000) {
			size := batch/2 + rng.IntN(batch+1)
			total += size
			list = append(list, sized(n, size, 1, 0))
			for from := pickTier(list, floor); from != nil; from = pickTier(list, floor) {
				sum := 0
				for _, m := range from {
					sum += m.Bytes()
				}
				written += sum
				list = append(without(list, from), sized(n, sum, 1, 0))
			}
			most = max(most, len(list))
		}
		tiers := tierOf(total, floor)
		below := 1 + floor/batch/(mergeFactor-1) // times that a document is written below the floor
		if limit := total * (tiers + below); written > limit {
			t.Errorf("batches of %d: %d bytes were written %d times, want at most %d", batch, total, written/total, limit/total)
		}
		if limit := (tiers + 1) * (mergeFactor - 1); most > limit {
			t.Errorf("batches of %d: %d segments, want at most %d", batch, most, limit)
		}
	}
}

func without(list, from []member) (rest []member) {
	gone := map[*stored]bool{}
	for _, m := range from {
		gone[m.stored] = true
	}
	for _, m := range list {
		if !gone[m.stored] {
			rest = append(rest, m)
		}
	}
	return rest
}

func TestPickMerge(t *testing.T) {
	var tier []member
	for n := range uint64(mergeFactor) {
		tier = append(tier, sized(n+1, 1000, 100, 0))
	}
	others := []member{sized(20, fileFloor, 100, 0), sized(21, 2*fileFloor, 100, 20)}
	for name, c := range map[string]struct {
		members []member
		want    int
	}{
		"nothing":                {nil, 0},
		"a few":                  {tier[1:], 0},
		"a few, and larger ones": {slices.Concat(tier[1:], others), 0},
		"a tier":                 {slices.Concat(others, tier), mergeFactor},
		"live bytes are counted": {append(tier[1:], sized(30, fileFloor, 100, 30)), mergeFactor},
		"few deleted":            {[]member{sized(1, 1000, 99, 33)}, 0},
		"many deleted":           {append(others, sized(1, 1000, 99, 34)), 1},
		"all deleted":            {[]member{sized(1, 1000, 99, 99)}, 1},
		"a tier before deleted":  {append(tier, sized(30, fileFloor, 99, 50), sized(31, 4*fileFloor, 99, 50)), mergeFactor + 1},
	} {
		if got := pickMerge(c.members); len(got) != c.want {
			t.Errorf("%s: %d segments are merged, want %d", name, len(got), c.want)
		}
	}
}
