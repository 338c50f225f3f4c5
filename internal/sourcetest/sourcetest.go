// Package sourcetest has what tests of sources share: a clock that does not keep them
// waiting, and what a reader of records has yielded.
package sourcetest

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"broadsheet"
)

// A Clock stands still but for those who sleep by it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a clock that shows a time.
func At(now time.Time) *Clock { return &Clock{now: now} }

// Set makes the clock show a time.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Now is time.Now by this clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// Collect returns the records, the reasons of the refusals, and what ended the
// sequence.
func Collect(seq iter.Seq2[broadsheet.Record, error]) (recs []broadsheet.Record, bad []string, end error) {
	for rec, err := range seq {
		b, isBad := errors.AsType[*broadsheet.BadRecord](err)
		switch {
		case isBad:
			bad = append(bad, b.Error())
		case err != nil:
			end = err
		default:
			recs = append(recs, rec)
		}
	}
	return recs, bad, end
}
