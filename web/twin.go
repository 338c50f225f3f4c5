package web

import (
	"context"

	"broadsheet"
)

// A twin is a paper that is probably the same as the one in hand.
type twin struct {
	link
	Why string // a clause
}

// maxTwins bounds how many are shown: series of reports may have dozens.
const maxTwins = 5

// twins returns the papers that are probably the same as one. What goes wrong is logged.
func (s *site) twins(ctx context.Context, id broadsheet.ID) (list []twin) {
	if s.Alike == nil {
		return nil
	}
	found, err := s.Alike.Duplicates(ctx, id)
	if err == nil && len(found) > 0 {
		found = found[:min(len(found), maxTwins)]
		list, err = s.linkTwins(ctx, found)
	}
	if err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "a page goes without near-duplicates", "paper", id, "err", err)
	}
	return list
}

func (s *site) linkTwins(ctx context.Context, found []broadsheet.Duplicate) (list []twin, err error) {
	for _, d := range found {
		papers, err := s.Papers.Papers(ctx, []broadsheet.ID{d.ID})
		if err != nil {
			return nil, err
		}
		for i := range papers {
			list = append(list, twin{link{Text: title(&papers[i]) + " (" + string(papers[i].ID) + ")", URL: papers[i].ID.Path()}, d.Reason})
		}
	}
	return list, nil
}

// markTwins marks the papers of a list that are probably the same as one before them.
func (s *site) markTwins(ctx context.Context, stories []story, papers []broadsheet.Record) {
	if s.Alike == nil {
		return
	}
	place := map[broadsheet.ID]int{}
	for i := range papers {
		found, err := s.Alike.Duplicates(ctx, papers[i].ID)
		if err != nil {
			s.Log.WarnContext(ctx, "a list goes without near-duplicates", "err", err)
			return
		}
		for _, d := range found {
			if at, ok := place[d.ID]; ok && stories[i].Twin == 0 {
				stories[i].Twin = at
			}
		}
		place[papers[i].ID] = stories[i].Place
	}
}
