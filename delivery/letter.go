package delivery

import (
	"cmp"
	"context"
	"fmt"

	"broadsheet"
	"broadsheet/mail"
)

// Letter returns a digest with what its message shows of the papers. Papers that
// are gone are left out.
func Letter(ctx context.Context, store broadsheet.PaperStore, s *broadsheet.Subscription, d *broadsheet.Digest, baseURL string) (mail.Digest, error) {
	m := mail.Digest{Title: s.View.Title(), Date: d.Through, URL: baseURL + page(s, d), Lang: s.Lang, Zone: s.Location(), More: d.Others}
	if s.View.Kind == broadsheet.ViewEdition && d.First < d.Through && s.Rhythm != broadsheet.Monthly {
		m.Notes = append(m.Notes, fmt.Sprintf("From %s to %s.", d.First.Short(), d.Through.Short()))
	}
	if s.View.Kind == broadsheet.ViewEdition && s.Rhythm == broadsheet.Monthly {
		m.Date = d.Through[:len("2006-01")]
	}
	ids := make([]broadsheet.ID, len(d.Picks))
	reason := make(map[broadsheet.ID]string, len(d.Picks))
	for i, p := range d.Picks {
		ids[i] = p.Paper
		reason[p.Paper] = p.Reason
	}
	papers, err := store.Papers(ctx, ids)
	if err != nil {
		return m, err
	}
	for i := range papers {
		m.Items = append(m.Items, item(&papers[i], reason, baseURL))
	}
	return m, nil
}

// page returns the address at which the papers of a digest stand.
func page(s *broadsheet.Subscription, d *broadsheet.Digest) string {
	if s.View.Kind != broadsheet.ViewEdition {
		return s.View.Path()
	}
	kind := broadsheet.Day
	switch s.Rhythm {
	case broadsheet.Weekly:
		kind = broadsheet.Week
	case broadsheet.Monthly:
		kind = broadsheet.Month
	}
	return broadsheet.PeriodOf(kind, d.Through.Time()).Path()
}

func item(r *broadsheet.Record, reason map[broadsheet.ID]string, baseURL string) mail.Item {
	summary, _ := r.Summary()
	it := mail.Item{ID: string(r.ID), Title: r.Title, URL: baseURL + r.ID.Path(), Authors: r.AuthorNames(), Summary: cmp.Or(summary, r.Abstract),
		Reason: reason[r.ID], Upvotes: r.Upvotes(), Comments: r.CommentCount(), CodeURL: r.Link(broadsheet.LinkCode)}
	for _, a := range r.Aliases { // it was picked under another id
		if it.Reason == "" {
			it.Reason = reason[a]
		}
	}
	return it
}
