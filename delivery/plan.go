// Package delivery brings papers to their readers: it plans for each subscription
// what is due and when, chooses the papers of a digest, and hands over what stands
// in the outbox. What it has planned and handed over stands in the store, so that
// it may be killed at any instant: no reader then misses a digest, and what repeats
// is what was on its way.
package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"broadsheet"
)

const (
	// planBatch subscriptions are stored in one transaction.
	planBatch = 500

	// A digest waits for papers that are out and have not been gathered yet,
	// patience long at most, and looks every lookAgain.
	patience  = 3 * time.Hour
	lookAgain = 5 * time.Minute
)

// A Planner plans digests.
type Planner struct {
	Subscriptions broadsheet.SubscriptionStore
	Outbox        broadsheet.OutboxStore
	Views         Views
	Log           *slog.Logger

	// Latest returns the newest day whose edition is out at a time.
	Latest func(at time.Time) broadsheet.Date

	// Missing returns the first of some days whose papers are out but not here yet,
	// or ""; nil for never.
	Missing func(ctx context.Context, first, through broadsheet.Date) (broadsheet.Date, error)

	chosen chosen
	kept   shelf
}

// Plan plans all that is due at a time and returns how many digests that made.
func (p *Planner) Plan(ctx context.Context, now time.Time) (digests int, err error) {
	defer p.chosen.forget()
	for {
		due, err := p.Subscriptions.Due(ctx, now, planBatch)
		if err != nil || len(due) == 0 {
			return digests, err
		}
		due = oneEach(due)
		list := make([]broadsheet.Planned, len(due))
		for i := range due {
			if list[i], err = p.plan(ctx, &due[i], now); err != nil {
				return digests, err
			}
		}
		n, err := p.Outbox.PutPlanned(ctx, list, now)
		if err != nil {
			return digests, err
		}
		digests += n
	}
}

// oneEach returns the first subscription of each reader: what it picks the reader has
// seen when the next is planned.
func oneEach(due []broadsheet.Subscription) []broadsheet.Subscription {
	taken := make(map[int64]bool, len(due))
	return slices.DeleteFunc(due, func(s broadsheet.Subscription) bool {
		was := taken[s.Reader.ID]
		taken[s.Reader.ID] = true
		return was
	})
}

// plan decides what is due of one subscription.
func (p *Planner) plan(ctx context.Context, s *broadsheet.Subscription, now time.Time) (broadsheet.Planned, error) {
	due := broadsheet.Planned{Subscription: s.ID, Due: s.Next, Through: s.Through, Domain: domain(s.Reader)}
	s.State = broadsheet.Active // one that was paused till now
	due.Next = Next(s, now)
	first, through := window(s, now, p.Latest(now))
	if missing, err := p.missing(ctx, first, through); err != nil {
		return due, err
	} else if missing != "" {
		through = missing.AddDays(-1)
		if first > through && lately(s, now) {
			due.Next = now.Add(lookAgain)
		}
	}
	if s.View.Kind == broadsheet.ViewEdition && first > through {
		return due, nil
	}
	through = max(through, s.Through)
	d, err := p.compose(ctx, s, first, through)
	if err != nil {
		return due, err
	}
	due.Digest, due.Through = d, through
	return due, nil
}

// lately reports whether a subscription was due by its rhythm within patience.
func lately(s *broadsheet.Subscription, now time.Time) bool {
	return !schedule(s)(now.Add(-patience)).After(now)
}

func (p *Planner) missing(ctx context.Context, first, through broadsheet.Date) (broadsheet.Date, error) {
	if p.Missing == nil || first > through {
		return "", nil
	}
	return p.Missing(ctx, first, through)
}

// compose chooses the papers of a digest, or returns none where there is nothing
// new for the reader.
func (p *Planner) compose(ctx context.Context, s *broadsheet.Subscription, first, through broadsheet.Date) (*broadsheet.Digest, error) {
	papers, err := p.chosen.papers(ctx, &p.Views, s.View, first, through)
	if err != nil || len(papers.ids) == 0 {
		return nil, err
	}
	unseen, err := p.Subscriptions.Unseen(ctx, s.Reader.ID, papers.ids)
	if err != nil || len(unseen) == 0 {
		return nil, err
	}
	interests, err := p.interests(ctx, s)
	if err != nil {
		return nil, err
	}
	picks := p.pick(s, papers, unseen, interests)
	return &broadsheet.Digest{Subscription: s.ID, Slot: s.Next, First: min(first, through), Through: through,
		Picks: picks, Others: len(unseen) - len(picks)}, nil
}

// pick chooses of an edition, which many readers have, once for all of them; of
// other views, which change little from one look to the next, by keeping each
// reader's choice up.
func (p *Planner) pick(s *broadsheet.Subscription, papers *batchOfPapers, unseen []broadsheet.ID, in interests) []broadsheet.Pick {
	if s.View.Kind == broadsheet.ViewEdition {
		return p.chosen.pick(papers, unseen, in, s.Size)
	}
	key := fmt.Sprintf("%d %d %s %s", s.ID, s.Size, s.View, in.key)
	k := p.kept.at(key, broadsheet.DateOf(s.Next), func() *kept { return newKept(papers.usage, in, s.Size) })
	k.update(papers, unseen)
	return k.choose()
}

// domain returns where a reader's messages go, by which they are throttled.
func domain(r broadsheet.Reader) string {
	if at := strings.LastIndexByte(r.Key, '@'); r.Channel == broadsheet.ByMail && at >= 0 {
		return r.Key[at+1:]
	}
	return string(r.Channel)
}
