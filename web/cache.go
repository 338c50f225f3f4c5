package web

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet"
	"broadsheet/internal/answer"
)

// A cache keeps rendered editions, the pages that everybody reads, until a
// paper changes or the day does. To know that nothing has changed costs one look
// at the end of the change log.
type cache struct {
	mu      sync.Mutex
	entries map[editionKey]*cached
}

// maxCached bounds the cache: a page of fifty papers has some 100 kB.
const maxCached = 128

// An editionKey names a page of an edition by what was understood of the
// request, so that parameters nobody knows make no new entries.
type editionKey struct {
	period broadsheet.Period
	order  broadsheet.Order
	page   int
	front  bool // the front page, which falls back to an earlier edition
	trends bool // what moved in the days up to the period's last, by trending

	explain bool // with the terms of each score
}

type cached struct {
	mu   sync.Mutex // held while rendering, so that a crowd renders once
	last atomic.Pointer[rendered]
}

// A rendered page shows the papers as of a change and the day it was.
type rendered struct {
	*answer.Answer
	change  int64
	indexed int64 // up to where it was known which papers fit which topics
	today   broadsheet.Date
	until   time.Time // zero: as long as nothing changes
}

// reasonAge is how long a page may say why there are no papers: the reason follows
// the clock and what was gathered, of which the log of changes tells nothing.
const reasonAge = time.Minute

func (c *cache) entry(k editionKey) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[k]
	if e == nil {
		if len(c.entries) >= maxCached || c.entries == nil {
			// Starting anew is as good as any rule for what to drop: the pages
			// that are read come back with their next reader.
			c.entries = make(map[editionKey]*cached)
		}
		e = new(cached)
		c.entries[k] = e
	}
	return e
}

// editionPage returns the page of k as it is now, rendering it where the cache
// has none. An error is not kept.
func (s *site) editionPage(ctx context.Context, k editionKey) (*answer.Answer, error) {
	e, today := s.editions.entry(k), s.today()
	if a, err := s.current(ctx, e, today); a != nil || err != nil {
		return a, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if a, err := s.current(ctx, e, today); a != nil || err != nil {
		return a, err
	}
	// The change number is read before the edition: a change in between makes the
	// page newer than its number, and it is rendered once more than needed.
	stats, err := s.Papers.Stats(ctx)
	if err != nil {
		return nil, err
	}
	indexed, err := s.Search.Indexed(ctx)
	if err != nil {
		indexed = stats.LastChange // the edition does not need the index
	}
	a, reasoned, err := s.renderEdition(ctx, k, today)
	if err != nil {
		return nil, err
	}
	r := &rendered{Answer: a, change: stats.LastChange, indexed: indexed, today: today}
	if reasoned {
		r.until = s.Now().Add(reasonAge)
	}
	e.last.Store(r)
	return a, nil
}

// current returns what the entry holds if that is still true, else nil.
func (s *site) current(ctx context.Context, e *cached, today broadsheet.Date) (*answer.Answer, error) {
	last := e.last.Load()
	if last == nil || last.today != today || !last.until.IsZero() && s.Now().After(last.until) {
		return nil, nil
	}
	changes, err := s.Papers.Changes(ctx, last.change, 1)
	if err != nil || len(changes) > 0 {
		return nil, err
	}
	if last.indexed < last.change { // topics of its papers may be known by now
		if indexed, err := s.Search.Indexed(ctx); err == nil && indexed > last.indexed {
			return nil, nil
		}
	}
	return last.Answer, nil
}
