package fetch

import (
	"broadsheet/internal/sourcetest"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

func TestSpread(t *testing.T) {
	for _, tt := range []struct {
		name, limit, policy string
		want                time.Duration
	}{
		{"nothing is said", "", "", 0},
		{"plenty", `"api";r=489;t=120`, `"fixed window";"api";q=500;w=300`, 0},
		{"a fifth is left", `"api";r=100;t=200`, `"fixed window";"api";q=500;w=300`, 2 * time.Second},
		{"the last one", `"api";r=1;t=120`, `"fixed window";"api";q=500;w=300`, 2 * time.Minute},
		{"none", `"api";r=0;t=120`, "", 2 * time.Minute},
		{"few, of how many is not said", `"api"; r=10 ; t=50`, "", 5 * time.Second},
		{"the tighter of two counts", `"api";r=400;t=100, "search";r=2;t=30`, "", 15 * time.Second},
		{"a window of years", `"api";r=0;t=999999999`, "", time.Hour},
		{"nonsense", `"api";r=-1;t=x`, `;q=0`, 0},
		{"a number that is too long", `"api";r=0;t=99999999999999999999`, "", time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			h.Set("RateLimit", tt.limit)
			h.Set("RateLimit-Policy", tt.policy)
			if got := spread(h); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// A service that allows ten requests in five minutes, and says so, never has to
// refuse one.
func TestLimitIsKept(t *testing.T) {
	const quota, window = 10, 5 * time.Minute
	start := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	c := sourcetest.At(start)
	used := map[int64]int{}
	s, at := service(t, c, func(w http.ResponseWriter, _ *http.Request) {
		gone := c.Now().Sub(start)
		n := int64(gone / window)
		used[n]++
		if used[n] > quota {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		reset := (time.Duration(n+1)*window - gone + time.Second - 1) / time.Second
		w.Header().Set("RateLimit", fmt.Sprintf(`"api";r=%d;t=%d`, quota-used[n], reset))
		w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"fixed window";"api";q=%d;w=%d`, quota, window/time.Second))
		io.WriteString(w, "hello")
	})
	client := New(Options{Interval: time.Second, Now: c.Now, Sleep: c.Sleep})
	for range 50 {
		if text, err := get(t, client, Request{URL: s.URL}); err != nil || text != "hello" {
			t.Fatalf("got %q, %v", text, err)
		}
	}
	if n := len(at()); n != 50 {
		t.Errorf("%d requests, want 50: some were refused", n)
	}
}

func TestBusyTellsInItsAnswer(t *testing.T) {
	start := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name     string
		first    http.HandlerFunc
		at, most time.Duration // when it is asked again
	}{
		{"in the body", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTooManyRequests)
			io.WriteString(w, "2m")
		}, 2 * time.Minute, 3 * time.Minute},
		{"in the header of limits", status(429, "RateLimit", `"api";r=0;t=60`), time.Minute, 2 * time.Minute},
		{"nowhere", status(429), 10 * time.Minute, 11 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sourcetest.At(start)
			s, at := service(t, c, tt.first, status(200))
			busy := func(body []byte) (time.Time, bool) {
				d, err := time.ParseDuration(string(body))
				return c.Now().Add(d), err == nil
			}
			client := New(Options{Interval: time.Second, Now: c.Now, Sleep: c.Sleep, Busy: busy})
			if text, err := get(t, client, Request{URL: s.URL}); err != nil || text != "hello" {
				t.Fatalf("got %q, %v", text, err)
			}
			if d := at()[1].Sub(at()[0]); d < tt.at || d > tt.most {
				t.Errorf("asked again after %v, want %v", d, tt.at)
			}
		})
	}
}
