package digest

import (
	"cmp"
	"slices"
)

// A share is a feature of one paper, by number.
type share struct {
	feature int32
	covers  float64 // 0..1
	worth   float64 // weight · covers: what it adds where nothing is covered
}

type featureKey struct {
	kind Kind
	name string
}

// features numbers the features of the papers that are there, densely, so that
// what is covered can be looked up in slices.
type features struct {
	weigh  func(Kind, string) float64
	number map[featureKey]int32
	known  []known // by number
	free   []int32 // numbers no paper has any more
}

type known struct {
	key    featureKey
	weight float64
	papers int // that have it
}

// take returns the features of a candidate by number, each once.
func (fs *features) take(list []Feature) []share {
	list = list[:min(len(list), maxFeatures)]
	shares := make([]share, 0, len(list))
	for _, f := range list {
		if !(f.Share >= minShare) { // also what is not a number
			continue
		}
		n := fs.intern(featureKey{f.Kind, f.Name})
		if slices.ContainsFunc(shares, func(s share) bool { return s.feature == n }) {
			continue
		}
		fs.known[n].papers++
		covers := min(f.Share, 1)
		shares = append(shares, share{n, covers, covers * fs.known[n].weight})
	}
	slices.SortFunc(shares, func(a, b share) int { // a sum that is compared is soonest high enough
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.feature, b.feature))
	})
	return shares
}

// intern returns the number of a feature. Whoever takes it counts its papers.
func (fs *features) intern(key featureKey) int32 {
	n, ok := fs.number[key]
	if !ok {
		if last := len(fs.free) - 1; last >= 0 {
			n, fs.free = fs.free[last], fs.free[:last]
		} else {
			n = int32(len(fs.known))
			fs.known = append(fs.known, known{})
		}
		fs.known[n] = known{key: key, weight: fs.weight(key)}
		fs.number[key] = n
	}
	return n
}

func (fs *features) weight(key featureKey) float64 {
	if fs.weigh == nil {
		return 1
	}
	return bounded(fs.weigh(key.kind, key.name))
}

// release is called for each paper that goes.
func (fs *features) release(shares []share) {
	for _, s := range shares {
		k := &fs.known[s.feature]
		if k.papers--; k.papers == 0 {
			delete(fs.number, k.key)
			fs.free = append(fs.free, s.feature)
		}
	}
}

// bounded makes a value that sums can be made of out of any number.
func bounded(x float64) float64 {
	if !(x >= minValue) { // also what is not a number
		return 0
	}
	return min(x, maxValue)
}
