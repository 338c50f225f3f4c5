package delivery

import (
	"math"

	"broadsheet"
	"broadsheet/digest"
)

// A kept choice is one that is kept up from one digest to the next, where most of
// what is new in a view was so a quarter of an hour ago.
type kept struct {
	desk    *digest.Desk
	chooser *digest.Chooser
	has     map[broadsheet.ID]float64 // the papers to choose from, with their relevance
	day     broadsheet.Date           // on which it began
}

func newKept(usage *digest.Usage, in interests, size int) *kept {
	wishes := in.Interests
	wishes.Usage = usage
	desk := digest.NewDesk(wishes)
	return &kept{desk: desk, chooser: digest.New(digest.Options{K: size, Weight: desk.Weight}), has: map[broadsheet.ID]float64{}}
}

// moved is by how much of itself a relevance must change to matter: half of what
// lies between the first place and the second.
const moved = 0.2

// update makes the papers to choose from the unseen ones of a batch.
func (k *kept) update(b *batchOfPapers, unseen []broadsheet.ID) {
	rest := make(map[broadsheet.ID]bool, len(unseen))
	for _, id := range unseen {
		rest[id] = true
	}
	var gone []broadsheet.ID
	for id := range k.has {
		if !rest[id] {
			gone = append(gone, id)
			delete(k.has, id)
		}
	}
	k.chooser.Delete(gone...)
	for place, r := range b.records {
		worth := standing(place)
		if had, ok := k.has[r.ID]; !rest[r.ID] || ok && math.Abs(had-worth) <= moved*had {
			continue
		}
		cand := k.desk.Candidate(r)
		cand.Relevance += worth
		k.chooser.Insert(cand)
		k.has[r.ID] = worth
	}
}

func (k *kept) choose() []broadsheet.Pick {
	return picksOf(k.chooser.Choose())
}

func picksOf(list []digest.Pick) (picks []broadsheet.Pick) {
	for _, p := range list {
		picks = append(picks, broadsheet.Pick{Paper: p.ID, Reason: p.Reason})
	}
	return picks
}

// maxKept bounds the memory of choices that are kept up, some 200 kB each.
const maxKept = 200

// A shelf keeps choices by subscription.
type shelf map[string]*kept

// at returns the choice that is kept for a key. It begins anew every day, as how
// common words are changes.
func (s *shelf) at(key string, day broadsheet.Date, begin func() *kept) *kept {
	if k := (*s)[key]; k != nil && k.day == day {
		return k
	}
	if *s == nil || len(*s) >= maxKept {
		*s = shelf{}
	}
	k := begin()
	k.day = day
	(*s)[key] = k
	return k
}
