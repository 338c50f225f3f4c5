package arxiv

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"broadsheet"
)

// A place is where a harvest stands, as a cursor keeps it.
type place struct {
	Version int      `json:"v"`
	Tracks  []*track `json:"tracks"`
}

// placeVersion changes when a place means something else. A cursor of another
// version begins the harvest again, which costs time and nothing else.
const placeVersion = 1

// A track is how far some sets have been harvested. There is one; sets that were
// added to a harvest later have one of their own until they have caught up.
type track struct {
	Sets  []string        `json:"sets,omitempty"`  // none: all of arXiv
	First broadsheet.Date `json:"first,omitempty"` // the first day of announcement that is not known to be complete; "": the beginning
	Next  broadsheet.Date `json:"next,omitempty"`  // the next datestamp to ask for; "": the beginning
	Open  *window         `json:"open,omitempty"`

	caught bool // in this run
}

// A window is a range of datestamps that is being harvested: its lists one after
// the other, one for each set and form.
type window struct {
	From  broadsheet.Date `json:"from,omitempty"`  // "": the beginning
	Until broadsheet.Date `json:"until,omitempty"` // "": the present
	Began time.Time       `json:"began,omitzero"`  // the earliest time of an answer
	List  int             `json:"list,omitempty"`  // lists that are done
	listPlace
}

// A listPlace is a place in a list.
type listPlace struct {
	Token string `json:"token,omitempty"`
	Page  int    `json:"page,omitempty"` // pages that are done
	Got   int    `json:"got,omitempty"`  // records in them
	Size  int    `json:"size,omitempty"` // of the list, as far as the service tells
	Again bool   `json:"again,omitempty"`
}

// readPlace reads a cursor, for a harvest of these sets that began with a day. A
// cursor that cannot be read is an error, since beginning again takes a day.
func readPlace(cursor string, sets []string, since broadsheet.Date) (*place, error) {
	fresh := &place{Version: placeVersion, Tracks: []*track{{Sets: sets, First: since, Next: since}}}
	if cursor == "" {
		return fresh, nil
	}
	p := &place{}
	if err := json.Unmarshal([]byte(cursor), p); err != nil {
		return nil, fmt.Errorf("arxiv: read cursor: %w", err)
	}
	p.Tracks = slices.DeleteFunc(p.Tracks, func(t *track) bool { return t == nil })
	if p.Version != placeVersion || len(p.Tracks) == 0 {
		return fresh, nil
	}
	for _, t := range p.Tracks {
		if t.Open != nil && (t.Open.List < 0 || t.Open.Page < 0) {
			return nil, fmt.Errorf("arxiv: read cursor: a list or page below 0")
		}
	}
	p.adopt(sets, since)
	return p, nil
}

// adopt makes p a place in the harvest of these sets, whatever it was one in: what
// is no longer wanted goes, and what is new begins at the beginning.
func (p *place) adopt(sets []string, since broadsheet.Date) {
	if len(sets) == 0 {
		if !slices.ContainsFunc(p.Tracks, func(t *track) bool { return len(t.Sets) == 0 }) {
			p.Tracks = []*track{{First: since, Next: since}}
		}
		return
	}
	var added []string
	for _, set := range sets {
		if !slices.ContainsFunc(p.Tracks, func(t *track) bool { return len(t.Sets) == 0 || holds(t.Sets, set) }) {
			added = append(added, set)
		}
	}
	for _, t := range p.Tracks {
		var kept []string
		for _, set := range sets {
			if len(t.Sets) == 0 || holds(t.Sets, set) {
				kept = append(kept, set)
			}
		}
		if !slices.Equal(kept, t.Sets) {
			t.Sets, t.Open = kept, nil // its lists are other ones now
		}
	}
	p.Tracks = slices.DeleteFunc(p.Tracks, func(t *track) bool { return len(t.Sets) == 0 })
	if len(added) > 0 {
		p.Tracks = append(p.Tracks, &track{Sets: added, First: since, Next: since})
	}
}

// join makes one track of those that have caught up.
func (p *place) join() {
	first := p.Tracks[0]
	for _, t := range p.Tracks[1:] {
		first.Sets = append(first.Sets, t.Sets...)
		first.Next = min(first.Next, t.Next)
		first.First = min(first.First, t.First)
	}
	slices.Sort(first.Sets)
	p.Tracks = p.Tracks[:1]
}

func (p *place) String() string {
	b, err := json.Marshal(p)
	if err != nil { // it has only strings, numbers and times
		return ""
	}
	return string(b)
}
