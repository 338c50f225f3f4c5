package arxiv_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/arxiv/arxivtest"
	"broadsheet/ingest"
	"broadsheet/internal/fetch"
	"broadsheet/internal/need"
)

// morning is when the feed of the 25th has been made: 00:10 in New York.
var morning = time.Date(2026, 9, 25, 4, 10, 0, 0, time.UTC)

func announcedOn(papers []arxivtest.Paper, day string) []arxivtest.Paper {
	for i := range papers {
		papers[i].Announced, papers[i].Deleted = day, false
		papers[i].Versions = papers[i].Versions[:1]
	}
	return papers
}

func TestAnnouncements(t *testing.T) {
	papers := announcedOn(arxivtest.Invent(50, "2026-09-24", "2026-09-24"), "2026-09-25")
	for _, tt := range []struct {
		name     string
		feedSize int // of the server; the harvester knows only the real bound
		sets     []string
		faults   []arxivtest.Fault
		requests []string
	}{
		{"all of arXiv in one request", 0, nil, nil,
			[]string{"/rss/astro-ph+cond-mat+cs+econ+eess+gr-qc+hep-ex+hep-lat+hep-ph+hep-th+math+math-ph+nlin+nucl-ex+nucl-th+physics+q-bio+q-fin+quant-ph+stat"}},
		{"what is harvested", 0, []string{"cs", "hep-th", "math.NA"}, nil, []string{"/rss/cs+hep-th+math.NA"}},
		{"cut off, then a web page", 0, []string{"cs"}, []arxivtest.Fault{arxivtest.Truncated(), arxivtest.Page()}, []string{"/rss/cs", "/rss/cs", "/rss/cs"}},
		{"busy", 0, []string{"cs"}, []arxivtest.Fault{arxivtest.Busy("60"), arxivtest.TooMany()}, []string{"/rss/cs", "/rss/cs", "/rss/cs"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, papers, arxivtest.Options{FeedSize: tt.feedSize, Fault: func(n int, _ *http.Request) arxivtest.Fault {
				if n < len(tt.faults) {
					return tt.faults[n]
				}
				return nil
			}}, arxiv.Options{Sets: tt.sets})
			w.clock.Set(morning)
			w.harvest(w.arxiv.Announcements())
			w.keepsPace()
			var got []string
			for _, r := range w.server.Log() {
				got = append(got, r.Target)
			}
			if diff := cmp.Diff(tt.requests, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]broadsheet.Date{"2026-09-25"}, w.days); diff != "" {
				t.Errorf("complete (-want +got):\n%s", diff)
			}
			var want []string
			for _, p := range papers {
				if tt.sets == nil || slices.ContainsFunc(p.Categories, func(c string) bool {
					return slices.Contains(tt.sets, c) || slices.Contains(tt.sets, strings.Split(c, ".")[0])
				}) {
					want = append(want, p.ID+" "+p.Title)
				}
			}
			var have []string
			for rec, err := range w.db.All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				have = append(have, string(rec.ID)+" "+rec.Title)
			}
			slices.Sort(want)
			slices.Sort(have)
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("papers (-want +got):\n%s", diff)
			}
		})
	}
}

// Nothing is sent twice, and nothing is taken for more than it is.
func TestAnnouncementsAgain(t *testing.T) {
	papers := announcedOn(arxivtest.Invent(20, "2026-09-24", "2026-09-24"), "2026-09-25")
	w := newWorld(t, papers, arxivtest.Options{}, arxiv.Options{Sets: []string{"cs", "math"}})
	w.clock.Set(morning)
	w.harvest(w.arxiv.Announcements())
	added := w.sum.Added
	w.harvest(w.arxiv.Announcements())
	if log := w.server.Log(); len(log) != 2 || log[0].ETag != "" || log[1].ETag == "" {
		t.Errorf("the second request is not conditional: %+v", log)
	}
	if w.sum.Read() != added || len(w.days) != 1 {
		t.Errorf("%+v, days %v", w.sum, w.days)
	}
	// Saturday's feed is empty and says so for Saturday.
	w.clock.Sleep(t.Context(), 24*time.Hour)
	w.harvest(w.arxiv.Announcements())
	if diff := cmp.Diff([]broadsheet.Date{"2026-09-25", "2026-09-26"}, w.days); diff != "" {
		t.Errorf("complete (-want +got):\n%s", diff)
	}
	// Other sets have another feed.
	w.arxiv = w.service(arxiv.Options{Sets: []string{"cs"}})
	w.harvest(w.arxiv.Announcements())
	if log := w.server.Log(); log[3].ETag != "" || log[3].Target != "/rss/cs" {
		t.Errorf("%+v", log[3])
	}
}

// A feed has 2,000 items at most. One that is full is asked for by halves.
func TestAnnouncementsFull(t *testing.T) {
	need.Long(t)
	papers := announcedOn(arxivtest.Invent(4500, "2026-09-24", "2026-09-24"), "2026-09-25")
	for i := range papers {
		papers[i].Categories = []string{[]string{"cs.AI", "hep-th", "math.NA", "stat.ML"}[i%4]}
	}
	w := newWorld(t, papers, arxivtest.Options{}, arxiv.Options{Sets: []string{"cs", "math", "hep-th", "stat"}})
	w.clock.Set(morning)
	w.harvest(w.arxiv.Announcements())
	w.holdsIDs(papers)
	if diff := cmp.Diff([]broadsheet.Date{"2026-09-25"}, w.days); diff != "" {
		t.Errorf("complete (-want +got):\n%s", diff)
	}
	var got []string
	for _, r := range w.server.Log() {
		got = append(got, r.Target)
	}
	want := []string{"/rss/cs+hep-th+math+stat", "/rss/cs+hep-th", "/rss/cs", "/rss/hep-th", "/rss/math+stat", "/rss/math", "/rss/stat"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	// One archive that is full cannot be halved: it is taken, and the day is not complete.
	w = newWorld(t, papers, arxivtest.Options{}, arxiv.Options{Sets: []string{"cs"}})
	w.server.Change(func(all []arxivtest.Paper) []arxivtest.Paper {
		for i := range all {
			all[i].Categories = []string{"cs.AI"}
		}
		return all
	})
	w.clock.Set(morning)
	w.harvest(w.arxiv.Announcements())
	if w.sum.Added != 2000 || w.days != nil {
		t.Errorf("%+v, complete: %v", w.sum, w.days)
	}
}

// holdsIDs checks that just these papers are stored.
func (w *world) holdsIDs(papers []arxivtest.Paper) {
	w.tb.Helper()
	want := map[broadsheet.ID]bool{}
	for _, p := range papers {
		want[broadsheet.ID(p.ID)] = true
	}
	n := 0
	for rec, err := range w.db.All(w.tb.Context()) {
		if err != nil {
			w.tb.Fatal(err)
		}
		if n++; !want[rec.ID] {
			w.tb.Errorf("%s is stored", rec.ID)
		}
	}
	if n != len(want) {
		w.tb.Errorf("%d papers, want %d", n, len(want))
	}
}

func TestAnnouncementsRefused(t *testing.T) {
	w := newWorld(t, nil, arxivtest.Options{Fault: func(_ int, r *http.Request) arxivtest.Fault {
		return func(rw http.ResponseWriter, r *http.Request, good http.HandlerFunc) {
			r.URL.Path = "/rss/teapots"
			good(rw, r)
		}
	}}, arxiv.Options{Sets: []string{"cs"}})
	err := w.run(w.arxiv.Announcements())
	if broadsheet.KindOf(err) != broadsheet.Invalid || !strings.Contains(broadsheet.TextFor(err), "Bad archive 'teapots'") {
		t.Errorf("got %v", err)
	}
}

func TestLookup(t *testing.T) {
	papers := arxivtest.Invent(250, "2026-09-01", "2026-09-24")
	for i := range papers {
		papers[i].Deleted = false
	}
	var all []broadsheet.ID
	for _, p := range papers {
		all = append(all, broadsheet.ID(p.ID))
	}
	for _, tt := range []struct {
		name     string
		ids      []broadsheet.ID
		found    int
		requests int
	}{
		{"one", all[:1], 1, 1},
		{"as many as fit into a request", all[:100], 100, 1},
		{"more", all, 250, 3},
		{"one that arXiv does not know", append([]broadsheet.ID{"2609.89999"}, all[:3]...), 3, 1},
		{"one that arXiv does not take for an id", []broadsheet.ID{all[0], "2609.00000", all[1], all[2]}, 3, 5},
		{"none of arXiv's", []broadsheet.ID{"doi:10.1000/182"}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, papers, arxivtest.Options{}, arxiv.Options{})
			got, err := w.arxiv.Lookup(t.Context(), tt.ids)
			if err != nil || len(got) != tt.found || len(w.server.Log()) != tt.requests {
				t.Errorf("%d papers in %d requests, %v; want %d in %d", len(got), len(w.server.Log()), err, tt.found, tt.requests)
			}
			for i, rec := range got {
				j := slices.Index(tt.ids, rec.ID)
				if rec.Title == "" || rec.Published == "" || j < 0 || i > 0 && j < slices.Index(tt.ids, got[i-1].ID) {
					t.Errorf("%+v is paper %d", rec, i)
				}
			}
			w.keepsPace()
		})
	}
}

// Three seconds by the clock on the wall.
func TestPaceInTime(t *testing.T) {
	need.Long(t)
	papers := arxivtest.Invent(20, "2026-09-01", "2026-09-24")
	server := arxivtest.New(papers, arxivtest.Options{PageSize: 10})
	defer server.Close()
	s, err := arxiv.NewService(arxiv.Options{OAI: server.OAI(), RSS: server.RSS(), API: server.API(), Forms: []string{arxiv.FormRaw},
		Since: broadsheet.DateOf(time.Now()).AddDays(-1), Client: fetch.New(arxiv.Pace("Broadsheet/1"))})
	if err != nil {
		t.Fatal(err)
	}
	db := openStore(t, t.TempDir()+"/broadsheet.db")
	h := ingest.Harvesting{Store: db}
	done := make(chan error, 3) // all at once
	go func() { done <- h.Run(t.Context(), s.Changes(), "", &ingest.Summary{}) }()
	go func() { done <- h.Run(t.Context(), s.Announcements(), "", &ingest.Summary{}) }()
	go func() {
		_, err := s.Lookup(t.Context(), []broadsheet.ID{"2609.90001"})
		done <- err
	}()
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	log := server.Log()
	if len(log) != 3 || server.MostOpen() != 1 {
		t.Errorf("%d requests, %d at once", len(log), server.MostOpen())
	}
	for i := 1; i < len(log); i++ {
		if gap := log[i].At.Sub(log[i-1].At); gap < 3*time.Second {
			t.Errorf("%s came %v after the request before it", log[i].Target, gap)
		}
	}
}
