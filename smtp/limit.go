package smtp

import (
	"sync"
	"time"
)

// A Limit is what one domain of recipients may get. Large providers refuse mail
// from a host that sends too much at once.
type Limit struct {
	PerMinute  int // messages, evenly spaced; no limit where 0
	Concurrent int // at the same time; no limit where 0
}

// A limiter keeps to the limits.
type limiter struct {
	limits map[string]Limit

	mu      sync.Mutex
	domains map[string]*domain
}

type domain struct {
	next  time.Time // when there is room again
	going int
}

// maxDomains is when domains at rest are forgotten.
const maxDomains = 10_000

// busy is how long to stay away from a domain that has all it can take at once.
const busy = time.Second

// take asks for room. It returns how long to wait for it, and reserves it where
// that is no longer than patience: then done must follow.
func (l *limiter) take(name string, patience time.Duration) (after time.Duration, ok bool) {
	limit, named := l.limits[name]
	if !named {
		limit = l.limits[""]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	d, now := l.domain(name), time.Now()
	if limit.Concurrent > 0 && d.going >= limit.Concurrent {
		return busy, false
	}
	if limit.PerMinute > 0 {
		if after = d.next.Sub(now); after > patience {
			return after, false
		}
		d.next = later(d.next, now).Add(time.Minute / time.Duration(limit.PerMinute))
	}
	d.going++
	return max(after, 0), true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// done gives back what take reserved.
func (l *limiter) done(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := l.domains[name]; d != nil {
		d.going--
	}
}

func (l *limiter) domain(name string) *domain {
	if d := l.domains[name]; d != nil {
		return d
	}
	if l.domains == nil {
		l.domains = map[string]*domain{}
	}
	if len(l.domains) >= maxDomains {
		l.forget(time.Now())
	}
	d := &domain{}
	l.domains[name] = d
	return d
}

func (l *limiter) forget(now time.Time) {
	for name, d := range l.domains {
		if d.going == 0 && !d.next.After(now) {
			delete(l.domains, name)
		}
	}
}
