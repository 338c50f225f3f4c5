package smtp

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestLimiterSpacesMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter{limits: map[string]Limit{"": {PerMinute: 60}, "free.example": {}}}
		for i := range 3 { // one a second, and two may wait
			after, ok := l.take("example.org", 2*time.Second)
			if want := time.Duration(i) * time.Second; !ok || after != want {
				t.Errorf("message %d: %v %v, want %v", i, after, ok, want)
			}
		}
		if after, ok := l.take("example.org", 2*time.Second); ok || after != 3*time.Second {
			t.Errorf("the fourth: %v %v, want to be told 3s", after, ok)
		}
		time.Sleep(3 * time.Second)
		if after, ok := l.take("example.org", 0); !ok || after != 0 {
			t.Errorf("later: %v %v", after, ok)
		}
		for range 1000 {
			if after, ok := l.take("free.example", 0); !ok || after != 0 {
				t.Fatalf("a domain without a limit waits %v", after)
			}
		}
	})
}

func TestLimiterForgetsDomainsAtRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limiter{limits: map[string]Limit{"": {PerMinute: 6000}}}
		l.take("busy.example", 0)
		for i := range 3 * maxDomains {
			name := string(rune('a'+i%26)) + time.Duration(i).String()
			if _, ok := l.take(name, 0); ok {
				l.done(name)
			}
			time.Sleep(time.Millisecond)
		}
		if n := len(l.domains); n > maxDomains || l.domains["busy.example"] == nil {
			t.Errorf("%d domains are remembered, the busy one %v", n, l.domains["busy.example"])
		}
	})
}
