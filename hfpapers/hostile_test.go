package hfpapers_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/hfpapers"
)

// What a service may do wrong for its papers of 6 January, and what a harvest of
// four days then has: the days that came whole, what was refused, and how it ended.
func TestHarvestOfAServiceThatFails(t *testing.T) {
	const bad = "2026-01-06"
	days := map[string]int{"2026-01-05": 3, bad: 5, "2026-01-07": 2, "2026-01-08": 1}
	truncated := listOf(bad, 0, 5)
	truncated = truncated[:len(truncated)-40]
	for _, tt := range []struct {
		name     string
		hook     func(w http.ResponseWriter, day string, page, times int) bool
		days     string // that came whole
		asked    int
		rejected string // parts of it
		err      string
		waited   time.Duration // at least
	}{
		{"busy, and says how long", func(w http.ResponseWriter, day string, _, times int) bool {
			if day == bad && times <= 2 {
				w.Header().Set("Retry-After", "300")
				w.WriteHeader(http.StatusTooManyRequests)
				return true
			}
			return false
		}, "05 06 07 08", 6, "", "", 10 * time.Minute},
		{"busy, and does not say how long", func(w http.ResponseWriter, day string, _, times int) bool {
			if day == bad && times == 1 {
				w.WriteHeader(http.StatusTooManyRequests)
				return true
			}
			return false
		}, "05 06 07 08", 5, "", "", 10 * time.Minute},
		{"busy for good", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				w.WriteHeader(http.StatusTooManyRequests)
			}
			return day == bad
		}, "07 08", 8, "", "cannot be reached after 6 tries", time.Minute},
		{"down for one day", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				w.WriteHeader(http.StatusBadGateway)
			}
			return day == bad
		}, "05 07 08", 9, "2026-01-06: host answered 502 Bad Gateway: ; the next run", "", time.Minute},
		{"cut once", func(w http.ResponseWriter, day string, _, times int) bool {
			if day == bad && times == 1 {
				io.WriteString(w, truncated)
				return true
			}
			return false
		}, "05 06 07 08", 5, "", "", 0},
		{"cut whenever it is asked", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				io.WriteString(w, truncated)
			}
			return day == bad
		}, "05 07 08", 6, "2026-01-06: hfpapers: after record 4 (last good one: made:2026-01-06-4): unexpected EOF; the next run asks for this day again", "", 0},
		{"the connection breaks", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				w.Header().Set("Content-Length", "100000")
				io.WriteString(w, truncated)
			}
			return day == bad
		}, "05 07 08", 6, "broke off", "", 0},
		{"items that are no objects", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				io.WriteString(w, `[null,1,"x",[],`+listOf(bad, 0, 5)[1:])
			}
			return day == bad
		}, "05 07 08", 4, "record 3: it is of type string, expected an object", "", 0},
		{"an error in an answer 200", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				io.WriteString(w, `{"error":"no"}`)
			}
			return day == bad
		}, "05 07 08", 4, `it is an error and not a paper: "no"`, "", 0},
		{"no JSON", func(w http.ResponseWriter, day string, _, _ int) bool {
			if day == bad {
				io.WriteString(w, "<html>")
			}
			return day == bad
		}, "05 07 08", 6, "The JSON breaks", "", 0},
		{"the same page again and again", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				w.Header().Set("Link", `<https://elsewhere.example/x>; rel="next"`)
				io.WriteString(w, listOf(bad, 0, 5))
			}
			return day == bad
		}, "05 06 07 08", 5, "", "", 0},
		{"pages without end", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				w.Header().Set("Link", `<x>; rel="next"`)
				io.WriteString(w, listOf(bad, page*5, page*5+5))
			}
			return day == bad
		}, "05 06 07 08", 53, "the day has more than 50 pages", "", 0},
		{"papers without end", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				io.WriteString(w, listOf(bad, 0, 6000))
			}
			return day == bad
		}, "05 06 07 08", 4, "more than 5000 papers", "", 0},
		{"a paper without end", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				fmt.Fprintf(w, `[{"paper":{"title":"%s`, strings.Repeat("x", 5<<20))
			}
			return day == bad
		}, "05 07 08", 6, "Found a paper of more than 4 MiB", "", 0},
		{"zeros without end", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				io.WriteString(w, "["+strings.Repeat(" ", 9<<20))
			}
			return day == bad
		}, "05 07 08", 6, "more than 4 MiB", "", 0},
		{"the papers of another day", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				io.WriteString(w, listOf("2025-12-24", 0, 3))
			}
			return day == bad
		}, "05 07 08", 4, "it was submitted on 2025-12-24, and the papers of 2026-01-06 were asked for", "", 0},
		{"it has nothing of that day", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == bad {
				w.WriteHeader(http.StatusNotFound)
			}
			return day == bad
		}, "05 07 08", 4, "404 Not Found", "", 0},
		{"today has not begun there", func(w http.ResponseWriter, day string, page, _ int) bool {
			if day == "2026-01-08" {
				w.WriteHeader(http.StatusBadRequest)
			}
			return day == "2026-01-08"
		}, "05 06 07", 4, "", "", 0},
		{"it is not there at all", func(w http.ResponseWriter, day string, page, _ int) bool {
			w.WriteHeader(http.StatusNotFound)
			return true
		}, "", 4, "404 Not Found", "cannot be read for 3 days in a row", 0},
		{"it wants a key", func(w http.ResponseWriter, day string, page, _ int) bool {
			w.WriteHeader(http.StatusForbidden)
			return true
		}, "", 1, "", "does not let us read", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHub(t, days)
			h.hook = tt.hook
			from, c := h.harvester("2026-01-08")
			from.Since = "2026-01-05"
			start := c.Now()
			var b tray
			err := b.bring(t, from, 0)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("ended with %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.days, wholeDays(h, b)); diff != "" {
				t.Errorf("whole days (-want +got):\n%s", diff)
			}
			if got := strings.Join(b.rejected, "\n"); !strings.Contains(got, tt.rejected) || tt.rejected == "" && got != "" {
				t.Errorf("rejected %q, want %q", got, tt.rejected)
			}
			if len(h.asked) != tt.asked {
				t.Errorf("%d requests, want %d: %q", len(h.asked), tt.asked, h.asked)
			}
			if got := c.Now().Sub(start); got < tt.waited {
				t.Errorf("waited %v, want %v", got, tt.waited)
			}
			// Whatever it was, when it is over the next run has everything.
			h.hook = nil
			c.Sleep(t.Context(), 2*time.Hour)
			if err := b.bring(t, from, 0); err != nil {
				t.Fatal(err)
			}
			if got := wholeDays(h, b); tt.rejected == "" || strings.Contains(tt.rejected, "next run") || tt.err != "" {
				if got != "05 06 07 08" {
					t.Errorf("after the next run, these days are whole: %s", got)
				}
			}
		})
	}
}

func wholeDays(h *hub, b tray) string {
	var whole []string
	for _, day := range []string{"2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"} {
		ok := true
		for i := range h.days[day] {
			ok = ok && b.got[fmt.Sprintf("%s/%d made:%s-%d", day, i+1, day, i+1)] > 0
		}
		if ok {
			whole = append(whole, day[8:])
		}
	}
	return strings.Join(whole, " ")
}

// A link to another host is a sign that there is more, and no way to go.
func TestHarvestFollowsNoLink(t *testing.T) {
	visited := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer elsewhere.Close()
	h := newHub(t, map[string]int{"2026-01-08": 150})
	h.hook = func(w http.ResponseWriter, day string, page, _ int) bool {
		w.Header().Set("Link", fmt.Sprintf(`<%s/api/daily_papers>; rel="next"`, elsewhere.URL))
		return false
	}
	h.links = false
	from, _ := h.harvester("2026-01-08")
	from.Since = "2026-01-08"
	var b tray
	if err := b.bring(t, from, 0); err != nil || visited {
		t.Errorf("visited %v, error %v", visited, err)
	}
	if diff := cmp.Diff([]string{"2026-01-08 p0", "2026-01-08 p1", "2026-01-08 p2", "2026-01-07 p0"}[:len(h.asked)], h.asked); diff != "" || len(b.got) != 150 {
		t.Errorf("%d papers; asked (-want +got):\n%s", len(b.got), diff)
	}
}

func TestNewInstance(t *testing.T) {
	for _, tt := range []struct{ base, name, err string }{
		{"https://Papers.Example.org", "papers.example.org", ""},
		{"http://localhost:8081/", "localhost:8081", ""},
		{"papers.example.org", "", "is not the address of a Broadsheet"},
		{"file:///etc/passwd", "", "is not the address of a Broadsheet"},
		{"https://user:secret@papers.example.org", "", "is not the address of a Broadsheet"},
		{"https://papers.example.org/api?x=1", "", "is not the address of a Broadsheet"},
	} {
		h, broken := hfpapers.NewInstance(tt.base, nil)
		if tt.err == "" && (broken != nil || h.Name() != tt.name) || tt.err != "" && (broken == nil || !strings.Contains(broken.Error(), tt.err)) {
			t.Errorf("%s: %v, want %q %q", tt.base, broken, tt.name, tt.err)
		}
		if broken != nil && broadsheet.KindOf(broken) != broadsheet.Invalid {
			t.Errorf("%s: kind %v", tt.base, broadsheet.KindOf(broken))
		}
	}
}
