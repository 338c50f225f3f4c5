package hfpapers_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/hfpapers"
	"broadsheet/internal/fetch"
	"broadsheet/internal/sourcetest"
)

// A hub answers for the days it has as the service does. hook, where it is set, may
// answer instead, and says whether it has.
type hub struct {
	*httptest.Server
	mu    sync.Mutex
	days  map[string]int // papers of each day
	links bool           // send Link headers
	asked []string       // "2026-01-05 p0"
	hook  func(w http.ResponseWriter, day string, page, times int) bool
}

func newHub(t *testing.T, days map[string]int) *hub {
	h := &hub{days: days, links: true}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := r.URL.Query()
	day := q.Get("date")
	page, err1 := strconv.Atoi(q.Get("p"))
	limit, err2 := strconv.Atoi(q.Get("limit"))
	if r.URL.Path != "/api/daily_papers" || err1 != nil || err2 != nil || limit > 100 {
		http.Error(w, `{"error":"bad request"}`, http.StatusBadRequest)
		return
	}
	what := fmt.Sprintf("%s p%d", day, page)
	times := 1
	for _, a := range h.asked {
		if a == what {
			times++
		}
	}
	h.asked = append(h.asked, what)
	if h.hook != nil && h.hook(w, day, page, times) {
		return
	}
	from, to := min(page*limit, h.days[day]), min((page+1)*limit, h.days[day])
	if h.links && to < h.days[day] {
		w.Header().Set("Link", fmt.Sprintf(`<%s/api/daily_papers?date=%s&limit=%d&p=%d>; rel="next"`, h.URL, day, limit, page+1))
	}
	io.WriteString(w, listOf(day, from, to))
}

func listOf(day string, from, to int) string {
	items := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		items = append(items, itemOf(day, i))
	}
	return "[" + strings.Join(items, ",") + "]"
}

func itemOf(day string, i int) string {
	return fmt.Sprintf(`{"paper":{"id":"made:%s-%d","title":"Paper %d","submittedOnDailyAt":"%sT01:02:03.000Z","upvotes":%d},
		"numComments":1,"submittedBy":{"name":"dot","fullname":"Dot Curator"}}`, day, i+1, i+1, day, i)
}

// harvester returns one of the hub whose clock stands at noon of a day.
func (h *hub) harvester(day string) (*hfpapers.Harvester, *sourcetest.Clock) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	c := sourcetest.At(at.Add(12 * time.Hour))
	client := fetch.New(fetch.Options{Interval: time.Second, MaxBytes: 8 << 20, Now: c.Now, Sleep: c.Sleep})
	return &hfpapers.Harvester{Base: h.URL, Client: client, Now: c.Now}, c
}

// A tray is what a harvest has brought.
type tray struct {
	got      map[string]int // "2026-01-05/3 made:…" to how often
	rejected []string
	complete []broadsheet.Date
	cursor   string
	pages    int
}

// bring harvests from the tray's cursor for at most so many pages, 0 for all.
func (b *tray) bring(t *testing.T, h *hfpapers.Harvester, pages int) error {
	t.Helper()
	if b.got == nil {
		b.got = map[string]int{}
	}
	n := 0
	for page, err := range h.Harvest(t.Context(), b.cursor) {
		if err != nil {
			return err
		}
		for _, r := range page.Records {
			if err := r.Validate(); err != nil {
				t.Errorf("%s: %v", r.ID, err)
			}
			for _, e := range r.Entries {
				b.got[fmt.Sprintf("%s/%d %s", e.Date, e.Place, r.ID)]++
			}
		}
		for _, bad := range page.Rejected {
			b.rejected = append(b.rejected, strings.ReplaceAll(bad.Error(), h.Base[len("http://"):], "host"))
		}
		if page.Cursor == "" || len(page.Cursor) > 4<<10 || page.Label == "" {
			t.Errorf("page %q has the cursor %q", page.Label, page.Cursor)
		}
		b.cursor, b.complete = page.Cursor, append(b.complete, page.Complete...)
		b.pages++
		if n++; n == pages {
			return nil
		}
	}
	return nil
}

// whole returns what a harvest of all papers of the hub's days brings.
func (h *hub) whole() map[string]int {
	want := map[string]int{}
	for day, n := range h.days {
		for i := range n {
			want[fmt.Sprintf("%s/%d made:%s-%d", day, i+1, day, i+1)] = 1
		}
	}
	return want
}

var someDays = map[string]int{"2026-01-05": 3, "2026-01-06": 250, "2026-01-07": 100, "2026-01-08": 1, "2026-01-09": 0}

// wholeRun is how many pages a run over someDays has.
const wholeRun = 8

func TestHarvestBringsEveryDay(t *testing.T) {
	for _, links := range []bool{true, false} {
		h := newHub(t, someDays)
		h.links = links
		from, _ := h.harvester("2026-01-09")
		from.Since = "2026-01-05"
		var b tray
		if err := b.bring(t, from, 0); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h.whole(), b.got); diff != "" || b.rejected != nil {
			t.Errorf("rejected %q, papers (-want +got):\n%s", b.rejected, diff)
		}
		want := []string{"2026-01-09 p0", "2026-01-08 p0", "2026-01-07 p0", "2026-01-07 p1", // a full page may have another behind it
			"2026-01-06 p0", "2026-01-06 p1", "2026-01-06 p2", "2026-01-05 p0"}
		if diff := cmp.Diff(want, h.asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]broadsheet.Date{"2026-01-08", "2026-01-07", "2026-01-06", "2026-01-05"}, b.complete); diff != "" {
			t.Errorf("complete (-want +got):\n%s", diff)
		}
	}
}

// Wherever a run is stopped, the next goes on there, and nothing is missing or
// asked for twice.
func TestHarvestGoesOnWhereItWasStopped(t *testing.T) {
	for every := 1; every <= wholeRun; every++ {
		h := newHub(t, someDays)
		from, c := h.harvester("2026-01-09")
		from.Since = "2026-01-05"
		var b tray
		for b.pages < wholeRun {
			before := b.pages
			if err := b.bring(t, from, every); err != nil || b.pages == before {
				t.Fatalf("stuck after %d pages: %v", b.pages, err)
			}
		}
		if c.Now().Hour() != 12 {
			t.Fatalf("the clock went to %v: it would plan anew", c.Now())
		}
		if diff := cmp.Diff(h.whole(), b.got); diff != "" {
			t.Errorf("stopped after every %d pages (-want +got):\n%s", every, diff)
		}
		if len(h.asked) != wholeRun {
			t.Errorf("stopped after every %d pages: asked %q", every, h.asked)
		}
	}
}

// A page that was asked for and not stored is asked for again.
func TestHarvestRepeatsWhatWasNotStored(t *testing.T) {
	h := newHub(t, someDays)
	from, _ := h.harvester("2026-01-09")
	from.Since = "2026-01-05"
	for stop := 1; stop <= wholeRun; stop++ {
		var b, lost tray
		if stop > 1 {
			if err := b.bring(t, from, stop-1); err != nil {
				t.Fatal(err)
			}
		}
		lost.cursor = b.cursor
		if err := lost.bring(t, from, 1); err != nil { // killed before its cursor is saved
			t.Fatal(err)
		}
		if err := b.bring(t, from, 0); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h.whole(), b.got); diff != "" {
			t.Errorf("killed in page %d (-want +got):\n%s", stop, diff)
		}
	}
}

// Days are asked for again when they come to certain ages, also where a run was
// late for them.
func TestHarvestComesBack(t *testing.T) {
	for _, tt := range []struct {
		name, first, then, want string
		since                   broadsheet.Date // of the second run
	}{
		{"an hour later", "2026-03-20", "2026-03-20", "20 19", ""},
		{"the next day", "2026-03-20", "2026-03-21", "21 20 19 18 16 14 07 19", ""},
		{"after four days away", "2026-03-20", "2026-03-24", "24 23 22 21 20 19 18 17 16 15 14 10 09 08 07 22 21 20 19", ""},
		{"an earlier beginning", "2026-03-20", "2026-03-20", "20 19 31 30", "2025-12-30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHub(t, nil)
			from, _ := h.harvester(tt.first)
			from.Since = "2026-01-01"
			var b tray
			if err := b.bring(t, from, 0); err != nil {
				t.Fatal(err)
			}
			h.asked = nil
			from, _ = h.harvester(tt.then)
			from.Since = "2026-01-01"
			if tt.since != "" {
				from.Since = tt.since
			}
			if err := b.bring(t, from, 0); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range h.asked {
				got = append(got, a[8:10])
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("days (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHarvestBeginsAnewWhereACursorIsNoCursor(t *testing.T) {
	for _, cursor := range []string{"x", "{", `{"began":"2026-01-05T00:00:00Z"}`, `{"todo":[{"first":"2026-01-09","last":"2026-01-05"}]}`,
		`{"todo":[{"first":"2026-99-09","last":"9"}]}`, `{"page":-1}`, `{"page":99999999}`} {
		h := newHub(t, someDays)
		from, _ := h.harvester("2026-01-09")
		from.Since = "2026-01-05"
		b := tray{cursor: cursor}
		if err := b.bring(t, from, 0); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h.whole(), b.got); diff != "" {
			t.Errorf("cursor %q (-want +got):\n%s", cursor, diff)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(`{"began":"2026-01-05T00:00:00Z","since":"2026-01-01","todo":[{"first":"2026-01-01","last":"2026-01-05"}],"page":2}`)
	f.Add(`{"began":"0001-01-01T00:00:00Z","missed":[{"first":"0001-01-01","last":"9999-12-31"}]}`)
	f.Fuzz(func(t *testing.T, cursor string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "[]") }))
		defer s.Close()
		c := sourcetest.At(time.Date(2026, 1, 9, 12, 0, 0, 0, time.UTC))
		h := &hfpapers.Harvester{Base: s.URL, Client: fetch.New(fetch.Options{Now: c.Now, Sleep: c.Sleep}), Now: c.Now}
		n := 0
		for page, err := range h.Harvest(t.Context(), cursor) {
			if err != nil || !json.Valid([]byte(page.Cursor)) || len(page.Cursor) > 4<<10 || page.Cursor == cursor {
				t.Fatalf("page %q, %v", page.Cursor, err)
			}
			if cursor = page.Cursor; n > 50 {
				break
			}
			n++
		}
	})
}
