package web

import (
	"context"
	"strings"
	"time"

	"broadsheet"
)

const (
	// similarShown is how many similar papers a paper's page shows: three rows of two.
	similarShown = 6

	// similarBudget is how long a page waits for them. They take some 20 ms of one
	// core among 400,000 papers; a page without them is better than none.
	similarBudget = 500 * time.Millisecond
)

// A relative is a paper that is like the one in hand, with the reason.
type relative struct {
	URL     string
	Title   string
	Authors []string
	More    int
	Date    dated
	reason
}

// A reason says why two papers are alike.
type reason struct {
	Why         string
	This, Other string // the sentences that match best; both or none
}

func newReason(r broadsheet.Reason) reason {
	out := reason{Why: r.String()}
	if r.Asked != nil && r.Found != nil {
		out.This, out.Other = sentence(r.Asked.Text), sentence(r.Found.Text)
	}
	return out
}

// maxSentence bounds the bytes of a sentence that is shown; few have half of it.
const maxSentence = 600

// sentence returns a sentence on one line.
func sentence(s string) string { return clip(strings.Join(strings.Fields(s), " "), maxSentence) }

// relatives returns the papers that are like one. What goes wrong with them is logged:
// the page is not about them.
func (s *site) relatives(ctx context.Context, r *broadsheet.Record) []relative {
	if s.Alike == nil || r.Status == broadsheet.StatusDeleted {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, similarBudget)
	defer cancel()
	papers, reasons, err := s.alike(ctx, r.Paper, similarShown)
	if err != nil {
		if ctx.Err() == nil || context.Cause(ctx) == context.DeadlineExceeded {
			s.Log.WarnContext(ctx, "a page goes without similar papers", "paper", r.ID, "err", err)
		}
		return nil
	}
	list := make([]relative, len(papers))
	for i := range papers {
		st := newStory(&papers[i], i+1)
		list[i] = relative{URL: st.URL, Title: title(&papers[i]), Authors: st.Authors, More: st.More, Date: st.Date, reason: newReason(reasons[i])}
	}
	return list
}

// alike returns the papers that are like one, best first, and why each is.
func (s *site) alike(ctx context.Context, p broadsheet.Paper, limit int) ([]broadsheet.Record, []broadsheet.Reason, error) {
	hits, err := s.Alike.Similar(ctx, p, limit)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]broadsheet.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	papers, err := s.Papers.Papers(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	reasons, err := s.Alike.Compare(ctx, p, papers)
	return papers, reasons, err
}
