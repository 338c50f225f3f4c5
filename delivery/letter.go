package delivery

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"broadsheet"
	"broadsheet/mail"
)

// Letter returns a digest with what its message shows of the papers. Papers that
// are gone are left out.
func Letter(ctx context.Context, store broadsheet.PaperStore, s *broadsheet.Subscription, d *broadsheet.Digest, baseURL string) (mail.Digest, error) {
	m := letter(s, d, baseURL)
	var err error
	m.Items, err = new(items).of(ctx, store, d.Picks, baseURL, time.Time{})
	return m, err
}

// letter returns a digest without its papers.
func letter(s *broadsheet.Subscription, d *broadsheet.Digest, baseURL string) mail.Digest {
	m := mail.Digest{Title: s.View.Title(), Date: d.Through, URL: baseURL + page(s, d), Lang: s.Lang, Zone: s.Location(), More: d.Others}
	if s.View.Kind == broadsheet.ViewEdition && d.First < d.Through && s.Rhythm != broadsheet.Monthly {
		m.Notes = append(m.Notes, fmt.Sprintf("From %s to %s.", d.First.Short(), d.Through.Short()))
	}
	if s.View.Kind == broadsheet.ViewEdition && s.Rhythm == broadsheet.Monthly {
		m.Date = d.Through[:len("2006-01")]
	}
	return m
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

// item returns what a message shows of a paper, without the reason why it is there.
func item(r *broadsheet.Record, baseURL string) mail.Item {
	summary, _ := r.Summary()
	return mail.Item{ID: string(r.ID), Title: r.Title, URL: baseURL + r.ID.Path(), Authors: r.AuthorNames(), Summary: cmp.Or(summary, r.Abstract),
		Upvotes: r.Upvotes(), Comments: r.CommentCount(), CodeURL: r.Link(broadsheet.LinkCode)}
}
