package delivery

import (
	"context"

	"broadsheet"
)

// Preview returns the digest that a new reader of a view would be sent on a day, who
// follows other views as well. It stores nothing. NotFound where there is nothing to
// send.
func Preview(ctx context.Context, v *Views, s *broadsheet.Subscription, follows []broadsheet.View, day broadsheet.Date) (*broadsheet.Digest, error) {
	d := &broadsheet.Digest{First: day, Through: day}
	switch s.Rhythm {
	case broadsheet.Weekly:
		d.First = day.AddDays(-6)
	case broadsheet.Monthly:
		d.First = day[:len("2006-01")] + "-01"
	}
	var c chosen
	papers, err := c.papers(ctx, v, s.View, d.First, d.Through)
	if err != nil {
		return nil, err
	}
	if len(papers.ids) == 0 {
		return nil, broadsheet.Errorf(broadsheet.NotFound, "%s: there is nothing new from %s to %s, so that no digest would be sent.", s.View.Title(), d.First, d.Through)
	}
	d.Picks = choose(papers, papers.ids, interestsOf(append(follows, s.View)), s.Size)
	d.Others = len(papers.ids) - len(d.Picks)
	return d, nil
}
