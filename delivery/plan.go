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
		list, err := p.planAll(ctx, due, now)
		if err != nil {
			return digests, err
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

// A wish is a subscription that is due while its digest is made.
type wish struct {
	*broadsheet.Subscription
	planned        *broadsheet.Planned
	first, through broadsheet.Date
	papers         *batchOfPapers // nil: there is nothing to send
}

// planAll decides what is due of some subscriptions of different readers. What
// readers have seen and wish for is asked once for all of them.
func (p *Planner) planAll(ctx context.Context, due []broadsheet.Subscription, now time.Time) ([]broadsheet.Planned, error) {
	list := make([]broadsheet.Planned, len(due))
	byPapers := map[*batchOfPapers][]wish{}
	readers := make([]int64, len(due))
	for i := range due {
		w := wish{Subscription: &due[i], planned: &list[i]}
		readers[i] = due[i].Reader.ID
		if err := p.plan(ctx, &w, now); err != nil {
			return nil, err
		}
		if w.papers != nil && len(w.papers.ids) > 0 {
			byPapers[w.papers] = append(byPapers[w.papers], w)
		}
	}
	views, err := p.Subscriptions.Wishes(ctx, readers)
	if err != nil {
		return nil, err
	}
	for papers, wishes := range byPapers {
		if err := p.compose(ctx, papers, wishes, views); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// plan decides which days a digest covers, and when the next is due.
func (p *Planner) plan(ctx context.Context, w *wish, now time.Time) (err error) {
	s := w.Subscription
	*w.planned = broadsheet.Planned{Subscription: s.ID, Due: s.Next, Through: s.Through, Domain: domain(s.Reader)}
	s.State = broadsheet.Active // one that was paused till now
	w.planned.Next = Next(s, now)
	w.first, w.through = window(s, now, p.Latest(now))
	if missing, err := p.missing(ctx, w.first, w.through); err != nil {
		return err
	} else if missing != "" {
		w.through = missing.AddDays(-1)
		if w.first > w.through && lately(s, now) {
			w.planned.Next = now.Add(lookAgain)
		}
	}
	if s.View.Kind == broadsheet.ViewEdition && w.first > w.through {
		return nil
	}
	w.through = max(w.through, s.Through)
	w.planned.Through = w.through
	w.papers, err = p.chosen.papers(ctx, &p.Views, s.View, w.first, w.through)
	return err
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

// compose chooses the papers of the digests that some readers are due of the same
// papers. Who has seen them all gets none.
func (p *Planner) compose(ctx context.Context, papers *batchOfPapers, wishes []wish, views map[int64][]broadsheet.View) error {
	readers := make([]int64, len(wishes))
	for i, w := range wishes {
		readers[i] = w.Reader.ID
	}
	seen, err := p.Subscriptions.Seen(ctx, readers, papers.ids)
	if err != nil {
		return err
	}
	for _, w := range wishes {
		unseen := papers.ids
		if had := seen[w.Reader.ID]; len(had) > 0 {
			unseen = slices.DeleteFunc(slices.Clone(unseen), func(id broadsheet.ID) bool { return slices.Contains(had, id) })
		}
		if len(unseen) == 0 {
			continue
		}
		picks := p.pick(w.Subscription, papers, unseen, interestsOf(views[w.Reader.ID]))
		w.planned.Digest = &broadsheet.Digest{Subscription: w.ID, Slot: w.Next, First: min(w.first, w.through), Through: w.through,
			Picks: picks, Others: len(unseen) - len(picks)}
	}
	return nil
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
