package fetch

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A pace lets requests through: so many open at once, and each a time after the
// last one was answered. Counting from answers, not from requests, keeps the
// distance where it matters, at the service, however long the way to it is.
type pace struct {
	open chan struct{}
	mu   sync.Mutex
	next sync.Mutex // held by whoever waits for its turn
	last time.Time
	held time.Time // the service wants to be left alone until then
}

// A busyError says that the service is to be left alone for longer than a request
// may wait.
type busyError struct{ wait time.Duration }

func (e *busyError) Error() string { return "an earlier answer asked for that" }

func newPace(parallel int, now time.Time) pace {
	return pace{open: make(chan struct{}, parallel), last: now}
}

// acquire waits for a turn.
func (p *pace) acquire(ctx context.Context, o Options) error {
	select {
	case p.open <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := p.wait(ctx, o); err != nil {
		p.release()
		return err
	}
	return nil
}

func (p *pace) wait(ctx context.Context, o Options) error {
	p.next.Lock()
	defer p.next.Unlock()
	p.mu.Lock()
	now := o.Now()
	d := max(p.last.Add(o.Interval).Sub(now), p.held.Sub(now))
	p.mu.Unlock()
	if d > o.MaxWait {
		return &busyError{d}
	}
	if d > 0 {
		if err := o.Sleep(ctx, d); err != nil {
			return err
		}
	}
	p.answered(o) // where several may be open, they begin apart
	return ctx.Err()
}

func (p *pace) answered(o Options) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = o.Now()
}

// hold lets no request through before a time.
func (p *pace) hold(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.held) {
		p.held = until
	}
}

func (p *pace) release() { <-p.open }

// RetryAfter returns for how long an answer asks to be left alone, if it does.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	return retryAfter(h.Get("Retry-After"), now)
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110, section
// 10.2.3).
func retryAfter(s string, now time.Time) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(at.Sub(now), 0), true
	}
	return 0, false
}
