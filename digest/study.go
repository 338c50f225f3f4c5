package digest

import "broadsheet"

// A Study is what a paper says, read once for many readers: to read costs more than to
// compare.
type Study struct {
	paper              *broadsheet.Paper
	profile            []weighted
	place              map[string]int32 // in the profile, of each word
	title              []string         // its words
	spaced, spacedBoth string           // the title, and it with the abstract, as phrases are looked for
}

// Study reads a paper for desks whose interests have this usage.
func (u *Usage) Study(p *broadsheet.Paper) *Study {
	s := &Study{paper: p, profile: u.profile(p), title: tokens(p.Title), spaced: spaced(p.Title)}
	s.place = make(map[string]int32, len(s.profile))
	for i, w := range s.profile {
		s.place[w.word] = int32(i)
	}
	s.spacedBoth = s.spaced + spaced(p.Abstract)
	return s
}

// ID returns the paper's id.
func (s *Study) ID() broadsheet.ID { return s.paper.ID }

// newFeatures is about how many features a paper has that none before it had.
const newFeatures = 8

// Choose chooses once among papers that are all there: greedily, which is worth at
// least 1 − 1/e of the best choice (Nemhauser, Wolsey and Fisher, 1978), where a
// Chooser, whose choice can be kept up, promises 1/2 − Epsilon. Where fewer than K add
// anything, the most relevant of the rest follow.
func Choose(o Options, list []Candidate) []Pick {
	c := New(o)
	c.features.number = make(map[featureKey]int32, newFeatures*len(list))
	worth := make([]*item, 0, len(list))
	for _, cand := range list {
		if c.items[cand.ID] != nil {
			continue
		}
		it := c.newItem(cand)
		c.items[it.id] = it
		if it.value >= minValue {
			worth = append(worth, it)
		}
	}
	chosen := greedy(c, worth)
	for _, it := range c.rest(chosen) {
		chosen.add(it)
	}
	return chosen.picks
}
