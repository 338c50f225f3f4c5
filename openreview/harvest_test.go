package openreview_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/internal/fetch"
	"broadsheet/internal/need"
	"broadsheet/internal/sourcetest"
	"broadsheet/openreview"
)

// A server has venues with so many notes, each changed an hour after the one
// before, and answers those who are logged in.
type server struct {
	*httptest.Server
	venues map[string]int
	asked  []string
	logins int
	hook   func(w http.ResponseWriter, asked string, times int) bool
	unsort bool
}

const (
	one = "Kettle.example/2599/Conference"
	two = "Kettle.example/2599/Workshop/-/Submission"
)

func newServer(t *testing.T, venues map[string]int) *server {
	s := &server{venues: venues}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/login" {
		body, _ := io.ReadAll(r.Body)
		if s.logins++; string(body) != `{"id":"ada@kettle.example","password":"secret"}` {
			http.Error(w, string(body), http.StatusForbidden)
			return
		}
		io.WriteString(w, `{"token":"made-up"}`)
		return
	}
	if r.Header.Get("Authorization") != "Bearer made-up" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	q := r.URL.Query()
	venue := q.Get("content.venueid") + q.Get("invitation")
	offset, _ := strconv.Atoi(q.Get("offset"))
	asked := fmt.Sprint(venue[len("Kettle.example/2599/"):], " ", offset)
	times := 1
	for _, a := range s.asked {
		if a == asked {
			times++
		}
	}
	s.asked = append(s.asked, asked)
	if s.hook != nil && s.hook(w, asked, times) {
		return
	}
	n := s.venues[venue]
	var notes []string
	for i := offset; i < min(offset+1000, n); i++ {
		k := n - i // the latest change first
		if s.unsort {
			k = i + 1
		}
		notes = append(notes, noteOf(venue, k))
	}
	fmt.Fprintf(w, `{"notes":[%s],"count":%d}`, strings.Join(notes, ","), n)
}

func noteOf(venue string, k int) string {
	return fmt.Sprintf(`{"id":"%c%d","tmdate":%d,"content":{"title":{"value":"T"}}}`, venue[len("Kettle.example/2599/")], k, 1767571200000+3600_000*k)
}

func (s *server) harvester() (*openreview.Harvester, *sourcetest.Clock) {
	c := sourcetest.At(time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC))
	client := fetch.New(fetch.Options{Interval: openreview.Interval, Now: c.Now, Sleep: c.Sleep, Busy: openreview.Busy})
	return &openreview.Harvester{Base: s.URL, Client: client, Venues: []string{one, two}, User: "ada@kettle.example", Password: "secret"}, c
}

// bring harvests at most so many pages, 0 for all, and counts what came.
func bring(t *testing.T, h *openreview.Harvester, cursor *string, got map[broadsheet.ID]int, pages int) (rejected []string, err error) {
	t.Helper()
	n := 0
	for page, err := range h.Harvest(t.Context(), *cursor) {
		if err != nil {
			return rejected, err
		}
		for _, r := range page.Records {
			got[r.ID]++
		}
		for _, b := range page.Rejected {
			rejected = append(rejected, b.Error())
		}
		if page.Cursor == "" || len(page.Cursor) > 4<<10 || page.Label == "" {
			t.Errorf("page %q, cursor %q", page.Label, page.Cursor)
		}
		*cursor = page.Cursor
		if n++; n == pages {
			break
		}
	}
	return rejected, nil
}

var wholeRun = []string{"Conference 0", "Conference 1000", "Conference 2000", "Workshop/-/Submission 0"}

func TestHarvest(t *testing.T) {
	for every := range len(wholeRun) + 1 { // stopped after every so many pages; 0: never
		s := newServer(t, map[string]int{one: 2500, two: 3})
		h, _ := s.harvester()
		got, cursor := map[broadsheet.ID]int{}, ""
		for len(s.asked) < len(wholeRun) {
			if rejected, err := bring(t, h, &cursor, got, every); err != nil || rejected != nil {
				t.Fatal(rejected, err)
			}
		}
		if diff := cmp.Diff(wholeRun, s.asked); diff != "" || len(got) != 2503 {
			t.Errorf("stopped after every %d pages: %d papers, asked (-want +got):\n%s", every, len(got), diff)
		}
		for id, n := range got {
			if n != 1 {
				t.Errorf("%s came %d times", id, n)
			}
		}
	}
}

// The next run asks for what has changed, and for all where the order that was
// asked for is not kept.
func TestHarvestGoesOn(t *testing.T) {
	for _, unsort := range []bool{false, true} {
		s := newServer(t, map[string]int{one: 2500, two: 3})
		s.unsort = unsort
		h, _ := s.harvester()
		got, cursor := map[broadsheet.ID]int{}, ""
		if _, err := bring(t, h, &cursor, got, 0); err != nil {
			t.Fatal(err)
		}
		s.asked, s.venues[one] = nil, 2600
		if _, err := bring(t, h, &cursor, got, 0); err != nil {
			t.Fatal(err)
		}
		want := []string{"Conference 0", "Workshop/-/Submission 0"}
		if unsort {
			want = wholeRun
		}
		if diff := cmp.Diff(want, s.asked); diff != "" || len(got) != 2603 || s.logins != 2 {
			t.Errorf("%d papers, %d logins, asked (-want +got):\n%s", len(got), s.logins, diff)
		}
	}
}

// A cursor stays below its bound with as many venues as there may be, whatever
// they are called.
func TestHarvestOfManyVenues(t *testing.T) {
	s := newServer(t, map[string]int{})
	h, _ := s.harvester()
	h.Venues = nil
	for i := range 40 {
		h.Venues = append(h.Venues, fmt.Sprintf("Kettle.example/2599/%s%d", strings.Repeat("v", 500), i))
	}
	cursor := ""
	if _, err := bring(t, h, &cursor, map[broadsheet.ID]int{}, 0); err != nil || len(s.asked) != 30 {
		t.Errorf("%d requests, error %v; want 30", len(s.asked), err)
	}
	h.Venues = nil
	if _, err := bring(t, h, &cursor, nil, 0); err != nil {
		t.Error(err)
	}
}

func TestHarvestOfAServerThatFails(t *testing.T) {
	cut := func(w http.ResponseWriter) { io.WriteString(w, `{"notes":[{"id":"x"`) }
	for _, tt := range []struct {
		name     string
		hook     func(w http.ResponseWriter, asked string, times int) bool
		papers   int
		asked    int
		rejected string
		err      string
		waited   time.Duration // at least
	}{
		{"busy, and says in its answer until when", func(w http.ResponseWriter, asked string, times int) bool {
			if asked == "Conference 1000" && times == 1 {
				w.WriteHeader(http.StatusTooManyRequests)
				io.WriteString(w, `{"name":"RateLimitError","message":"Too many requests","status":429,"details":{"limit":60,"remaining":0,"resetTime":"2026-01-05T12:20:00.000Z"}}`)
				return true
			}
			return false
		}, 2503, 5, "", "", 20 * time.Minute},
		{"busy until tomorrow", func(w http.ResponseWriter, asked string, times int) bool {
			w.WriteHeader(http.StatusTooManyRequests)
			io.WriteString(w, `{"details":{"resetTime":1767700000000}}`)
			return true
		}, 0, 1, "", "asks to be left alone for", 0},
		{"cut once", func(w http.ResponseWriter, asked string, times int) bool {
			if asked == "Conference 1000" && times == 1 {
				cut(w)
				return true
			}
			return false
		}, 2503, 5, "", "", 0},
		{"cut always", func(w http.ResponseWriter, asked string, times int) bool {
			if asked == "Conference 1000" {
				cut(w)
			}
			return asked == "Conference 1000"
		}, 1000, 4, "", "cannot be read: openreview: after note 0: unexpected EOF", 0},
		{"the same page again and again", func(w http.ResponseWriter, asked string, times int) bool {
			if strings.HasPrefix(asked, "Conference") {
				fmt.Fprintf(w, `{"notes":[%s],"count":999999}`, noteOf(one, 1))
				return true
			}
			return false
		}, 4, 3, "", "", 0},
		{"pages without end", func(w http.ResponseWriter, asked string, times int) bool {
			if number, ok := strings.CutPrefix(asked, "Conference "); ok {
				from, _ := strconv.Atoi(number)
				var notes []string
				for i := range 1000 {
					notes = append(notes, noteOf(one, from+i))
				}
				fmt.Fprintf(w, `{"notes":[%s]}`, strings.Join(notes, ","))
				return true
			}
			return false
		}, 100_003, 101, "more than 100000 notes", "", 0},
		{"an answer without end", func(w http.ResponseWriter, asked string, times int) bool {
			fmt.Fprintf(w, `{"notes":[%s{"id":"x"}]}`, strings.Repeat(`{"id":"x","forum":"y"},`, 3000))
			return true
		}, 0, 3, "", "more than 2000 notes", 0},
		{"nothing is shown to us", func(w http.ResponseWriter, asked string, times int) bool {
			w.WriteHeader(http.StatusForbidden)
			return true
		}, 0, 1, "", "An account may help", 0},
		{"a note that is none", func(w http.ResponseWriter, asked string, times int) bool {
			if asked == "Workshop/-/Submission 0" {
				io.WriteString(w, `{"notes":[7,{"id":"ok","content":{"title":"T"}}],"count":2}`)
				return true
			}
			return false
		}, 2501, 4, "it is of type number", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.papers > 10_000 {
				need.Long(t)
			}
			s := newServer(t, map[string]int{one: 2500, two: 3})
			s.hook = tt.hook
			h, c := s.harvester()
			start := c.Now()
			got, cursor := map[broadsheet.ID]int{}, ""
			rejected, err := bring(t, h, &cursor, got, 0)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("ended with %v, want %q", err, tt.err)
			}
			if len(got) != tt.papers || len(s.asked) != tt.asked || !strings.Contains(strings.Join(rejected, " "), tt.rejected) || tt.rejected == "" && rejected != nil {
				t.Errorf("%d papers in %d requests, rejected %q; want %d in %d, %q", len(got), len(s.asked), rejected, tt.papers, tt.asked, tt.rejected)
			}
			if d := c.Now().Sub(start); d < tt.waited {
				t.Errorf("waited %v, want %v", d, tt.waited)
			}
			if tt.err == "" {
				return
			}
			s.hook = nil
			if _, err := bring(t, h, &cursor, got, 0); err == nil && len(got) != 2503 {
				t.Errorf("%d papers after the next run, want 2503", len(got))
			}
		})
	}
}

func TestLogin(t *testing.T) {
	s := newServer(t, map[string]int{one: 1})
	h, _ := s.harvester()
	h.Password = "wrong-secret"
	cursor := ""
	_, err := bring(t, h, &cursor, map[broadsheet.ID]int{}, 0)
	if err == nil || broadsheet.KindOf(err) != broadsheet.Invalid || strings.Contains(err.Error(), "secret") {
		t.Errorf("a wrong password: %v", err)
	}
	h.User = ""
	if _, err := bring(t, h, &cursor, map[broadsheet.ID]int{}, 0); err == nil || s.logins != 1 {
		t.Errorf("%d logins, error %v", s.logins, err)
	}
}

func TestBusy(t *testing.T) {
	want := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	for body, ok := range map[string]bool{
		`{"details":{"resetTime":"2026-01-05T12:00:00.000Z"}}`: true, `{"details":{"resetTime":1767614400000}}`: true,
		`{"details":{"resetTime":"soon"}}`: false, `{"details":{}}`: false, `{}`: false, `busy`: false, `{"details":{"resetTime":1e300}}`: false,
	} {
		if got, told := openreview.Busy([]byte(body)); told != ok || ok && !got.Equal(want) {
			t.Errorf("%s: %v, %v", body, got, told)
		}
	}
}
