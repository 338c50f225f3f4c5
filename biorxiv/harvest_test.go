package biorxiv_test

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
	"broadsheet/biorxiv"
	"broadsheet/internal/fetch"
	"broadsheet/internal/sourcetest"
)

// A server has so many versions on each day, and gives thirty a page.
type server struct {
	*httptest.Server
	days  map[broadsheet.Date]int
	asked []string
	hook  func(w http.ResponseWriter, asked string, times int) bool
}

func newServer(t *testing.T, days map[broadsheet.Date]int) *server {
	s := &server{days: days}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/") // "", details, server, from, to, offset, json
	if len(parts) != 7 || parts[1] != "details" || parts[6] != "json" {
		http.NotFound(w, r)
		return
	}
	asked := strings.Join(parts[2:6], " ")
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
	var offset int
	fmt.Sscan(parts[5], &offset)
	var items []string
	for d := broadsheet.Date(parts[3]); d <= broadsheet.Date(parts[4]); d = d.AddDays(1) {
		for i := range s.days[d] {
			items = append(items, fmt.Sprintf(`{"doi":"10.1101/%s.%d","title":"T","date":"%s","version":"1","server":"%s"}`, d, i, d, parts[2]))
		}
	}
	if len(items) == 0 {
		io.WriteString(w, `{"messages":[{"status":"no posts found"}],"collection":[]}`)
		return
	}
	page := items[min(offset, len(items)):min(offset+30, len(items))]
	fmt.Fprintf(w, `{"messages":[{"status":"ok","cursor":%d,"count":%d,"total":"%d"}],"collection":[%s]}`, offset, len(page), len(items), strings.Join(page, ","))
}

func (s *server) harvester(today string) *biorxiv.Harvester {
	c := sourcetest.At(day(today).Add(12 * time.Hour))
	client := fetch.New(fetch.Options{Interval: time.Second, Now: c.Now, Sleep: c.Sleep})
	return &biorxiv.Harvester{Base: s.URL, Client: client, Since: "2026-01-01", Now: c.Now}
}

// bring harvests at most so many pages, 0 for all, and counts what came.
func bring(t *testing.T, h *biorxiv.Harvester, cursor *string, got map[string]int, pages int) (rejected []string, err error) {
	t.Helper()
	n := 0
	for page, err := range h.Harvest(t.Context(), *cursor) {
		if err != nil {
			return rejected, err
		}
		for _, r := range page.Records {
			if err := r.Validate(); err != nil {
				t.Error(err)
			}
			got[string(r.ID)]++
		}
		for _, b := range page.Rejected {
			rejected = append(rejected, b.Error())
		}
		if page.Cursor == "" || page.Label == "" || len(page.Cursor) > 4<<10 {
			t.Errorf("page %+v", page)
		}
		*cursor = page.Cursor
		if n++; n == pages {
			break
		}
	}
	return rejected, nil
}

func (s *server) whole() map[string]int {
	want := map[string]int{}
	for d, n := range s.days {
		for i := range n {
			want[fmt.Sprintf("doi:10.1101/%s.%d", d, i)] = 1
		}
	}
	return want
}

var someDays = map[broadsheet.Date]int{"2026-01-01": 70, "2026-01-02": 31, "2026-01-05": 60, "2026-01-07": 1}

// wholeRun is how many pages a run over someDays has that ends on 7 January.
const wholeRun = 4 + 1 + 2 + 1

func TestHarvest(t *testing.T) {
	for every := range wholeRun + 1 { // stopped after every so many pages; 0: never
		s := newServer(t, someDays)
		h := s.harvester("2026-01-07")
		got, cursor := map[string]int{}, ""
		for n := 0; n < wholeRun; n += max(every, 1) {
			if rejected, err := bring(t, h, &cursor, got, every); err != nil || rejected != nil {
				t.Fatal(rejected, err)
			}
			if every == 0 {
				break
			}
		}
		if diff := cmp.Diff(s.whole(), got); diff != "" {
			t.Errorf("stopped after every %d pages (-want +got):\n%s", every, diff)
		}
		if diff := cmp.Diff([]string{"biorxiv 2026-01-01 2026-01-02 0", "biorxiv 2026-01-01 2026-01-02 30", "biorxiv 2026-01-01 2026-01-02 60",
			"biorxiv 2026-01-01 2026-01-02 90", "biorxiv 2026-01-03 2026-01-04 0", "biorxiv 2026-01-05 2026-01-06 0",
			"biorxiv 2026-01-05 2026-01-06 30", "biorxiv 2026-01-07 2026-01-07 0"}, s.asked); diff != "" {
			t.Errorf("stopped after every %d pages: asked (-want +got):\n%s", every, diff)
		}
	}
}

// The next run goes back a few days, and one that was stopped on an earlier day
// ends on the present one.
func TestHarvestGoesOn(t *testing.T) {
	s := newServer(t, someDays)
	got, cursor := map[string]int{}, ""
	if _, err := bring(t, s.harvester("2026-01-07"), &cursor, got, 0); err != nil {
		t.Fatal(err)
	}
	s.asked, s.days["2026-01-05"] = nil, 61 // one came late
	if _, err := bring(t, s.harvester("2026-01-08"), &cursor, got, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := bring(t, s.harvester("2026-01-10"), &cursor, got, 0); err != nil {
		t.Fatal(err)
	}
	s.days["2026-01-05"] = 60
	if got["doi:10.1101/2026-01-05.60"] != 1 {
		t.Error("what came late is missing")
	}
	want := []string{"03 2026-01-04 0", "05 2026-01-06 0", "05 2026-01-06 30", "05 2026-01-06 60", "07 2026-01-08 0", "09 2026-01-10 0"}
	for i, a := range s.asked {
		s.asked[i] = strings.TrimPrefix(a, "biorxiv 2026-01-")
	}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestHarvestOfMedrxiv(t *testing.T) {
	s := newServer(t, map[broadsheet.Date]int{"2026-01-07": 1})
	h := s.harvester("2026-01-07")
	h.Server, h.Since = biorxiv.Med, "2026-01-07"
	got, cursor := map[string]int{}, "no cursor"
	if _, err := bring(t, h, &cursor, got, 0); err != nil || h.Name() != "medrxiv" {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"medrxiv 2026-01-07 2026-01-07 0"}, s.asked); diff != "" || len(got) != 1 {
		t.Errorf("%v, asked (-want +got):\n%s", got, diff)
	}
}

func TestHarvestOfAServerThatFails(t *testing.T) {
	const bad = "biorxiv 2026-01-01 2026-01-02 30"
	for _, tt := range []struct {
		name     string
		hook     func(w http.ResponseWriter, asked string, times int) bool
		papers   int
		asked    int
		rejected string
		err      string
	}{
		{"busy once", func(w http.ResponseWriter, asked string, times int) bool {
			if asked == bad && times == 1 {
				w.Header().Set("Retry-After", "60")
				w.WriteHeader(http.StatusTooManyRequests)
				return true
			}
			return false
		}, 162, 9, "", ""},
		{"cut once", func(w http.ResponseWriter, asked string, times int) bool {
			if asked == bad && times == 1 {
				io.WriteString(w, `{"messages":[{"status":"ok"}],"collection":[{"doi":`)
				return true
			}
			return false
		}, 162, 9, "", ""},
		{"cut always", func(w http.ResponseWriter, asked string, _ int) bool {
			if asked == bad {
				io.WriteString(w, `{"messages":[{"status":"ok"}],"collection":[{"doi":`)
			}
			return asked == bad
		}, 30, 4, "", "for 2026-01-01 cannot be read: biorxiv: after record 0: unexpected EOF"},
		{"it says that it has failed", func(w http.ResponseWriter, asked string, _ int) bool {
			if asked == bad {
				io.WriteString(w, `{"messages":[{"status":"Error: database"}],"collection":[]}`)
			}
			return asked == bad
		}, 30, 4, "", `the service says "Error: database"`},
		{"one item is none", func(w http.ResponseWriter, asked string, _ int) bool {
			if asked == "biorxiv 2026-01-07 2026-01-07 0" {
				io.WriteString(w, `{"messages":[{"status":"ok","count":2,"total":2}],"collection":[7,{"doi":"10.1101/2026-01-07.0","title":"T","date":"2026-01-07"}]}`)
				return true
			}
			return false
		}, 162, 8, "it is of type number, expected an object", ""},
		{"the same page again", func(w http.ResponseWriter, asked string, _ int) bool {
			if strings.HasPrefix(asked, "biorxiv 2026-01-01") {
				io.WriteString(w, `{"messages":[{"status":"ok","count":1,"total":200}],"collection":[{"doi":"10.1101/2026-01-01.0","title":"T","date":"2026-01-01"}]}`)
				return true
			}
			return false
		}, 1, 2, "", "gives the same page of 2026-01-01 again"},
		{"pages without end", func(w http.ResponseWriter, asked string, _ int) bool {
			if strings.HasPrefix(asked, "biorxiv 2026-01-01") {
				fmt.Fprintf(w, `{"messages":[{"status":"ok","count":1,"total":999999999}],"collection":[{"doi":"10.1101/made.%s","title":"T","date":"2026-01-01"}]}`,
					asked[strings.LastIndex(asked, " ")+1:])
				return true
			}
			return false
		}, 200 + 61, 200 + 4, "more than 200 pages", ""},
		{"a count of nothing", func(w http.ResponseWriter, asked string, _ int) bool {
			if strings.HasPrefix(asked, "biorxiv 2026-01-01") {
				io.WriteString(w, `{"messages":[{"status":"ok","count":-5,"total":"200"}],"collection":[{"doi":"10.1101/2026-01-01.0","title":"T","date":"2026-01-01"}]}`)
				return true
			}
			return false
		}, 62, 5, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, someDays)
			s.hook = tt.hook
			h := s.harvester("2026-01-07")
			got, cursor := map[string]int{}, ""
			rejected, err := bring(t, h, &cursor, got, 0)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err) || broadsheet.KindOf(err) != broadsheet.Unavailable) {
				t.Errorf("ended with %v, want %q", err, tt.err)
			}
			if len(got) != tt.papers || len(s.asked) != tt.asked || !strings.Contains(strings.Join(rejected, " "), tt.rejected) || tt.rejected == "" && rejected != nil {
				t.Errorf("%d papers in %d requests, rejected %q; want %d in %d, %q", len(got), len(s.asked), rejected, tt.papers, tt.asked, tt.rejected)
			}
			if tt.err == "" {
				return
			}
			s.hook = nil
			if _, err := bring(t, h, &cursor, got, 0); err != nil {
				t.Fatal(err)
			}
			for id := range s.whole() {
				if got[id] == 0 {
					t.Errorf("%s is missing after the next run", id)
				}
			}
		})
	}
}
