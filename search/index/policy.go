package index

import (
	"cmp"
	"slices"
)

// Segments are merged by tiers: all those whose size is within one factor of
// mergeFactor make a tier, and when there are mergeFactor of them, they become one,
// of the next tier. So a document is written once for each tier, O(log n) times, and
// there are at most mergeFactor-1 segments of a tier to search.
//
// A factor of 8 keeps an index of a million papers (300 MB) below 30 segments, 15 on
// average, and writes each paper three times.
const (
	mergeFactor = 8

	// Segments below the floor are one tier: a commit a second leaves many of a few
	// papers, and it takes longer to look into each of them than to write them again.
	fileFloor   = 1 << 20 // some 3,000 papers
	memoryFloor = 64 << 10
)

// A segment with more than this part of its documents deleted is written anew.
const maxDeleted = 1.0 / 3

// tierOf returns the tier of a size in bytes, 0 for those below the floor.
func tierOf(size, floor int) (tier int) {
	for size >= floor {
		size /= mergeFactor
		tier++
	}
	return tier
}

// liveBytes returns the size of a segment without its deleted documents.
func liveBytes(m member) int {
	return int(float64(m.Bytes()) * float64(m.live()) / float64(max(1, m.Len())))
}

// pickTier returns the segments of the lowest tier that is full; none if there is no such tier.
func pickTier(members []member, floor int) []member {
	tiers := map[int][]member{}
	for _, m := range members {
		t := tierOf(liveBytes(m), floor)
		tiers[t] = append(tiers[t], m)
	}
	least := -1
	for t, list := range tiers {
		if len(list) >= mergeFactor && (least < 0 || t < least) {
			least = t
		}
	}
	return tiers[least]
}

// pickMerge returns the segments of files to be merged next: a full tier, or else
// the segment with the largest part deleted, if that is too much.
func pickMerge(members []member) []member {
	if tier := pickTier(members, fileFloor); tier != nil {
		return tier
	}
	if len(members) == 0 {
		return nil
	}
	deleted := func(m member) float64 { return float64(m.Deleted.Count()) / float64(max(1, m.Len())) }
	worst := slices.MaxFunc(members, func(a, b member) int { return cmp.Compare(deleted(a), deleted(b)) })
	if deleted(worst) > maxDeleted {
		return []member{worst}
	}
	return nil
}
