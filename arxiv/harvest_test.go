package arxiv_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/arxiv"
	"broadsheet/arxiv/arxivtest"
)

func TestHarvest(t *testing.T) {
	papers := arxivtest.Invent(600, "2005-09-16", "2026-09-24")
	for i := range papers[:40] { // a day with more than a page
		papers[i].Changed = "2007-05-23"
	}
	for _, tt := range []struct {
		name    string
		server  arxivtest.Options
		options arxiv.Options
		sets    []string // categories to expect
	}{
		{"all of arXiv", arxivtest.Options{PageSize: 4, Sizes: true}, arxiv.Options{}, nil},
		{"pages without sizes", arxivtest.Options{PageSize: 3}, arxiv.Options{Forms: []string{arxiv.FormRaw}}, nil},
		{"pages that go on by day", arxivtest.Options{PageSize: 4, Sizes: true, ByDay: true}, arxiv.Options{Since: "2005-09-16"}, nil},
		{"some sets", arxivtest.Options{PageSize: 3}, arxiv.Options{Sets: []string{"cs.AI", "hep-th"}}, []string{"cs.AI", "hep-th"}},
		{"a set twice and one inside another", arxivtest.Options{}, arxiv.Options{Sets: []string{"cs", "cs:cs:AI", "cs.LG"}}, []string{"cs.AI", "cs.LG"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, papers, tt.server, tt.options)
			w.harvest(w.arxiv.Changes())
			w.holds(papers, tt.sets...)
			w.keepsPace()
			if w.bad != nil {
				t.Errorf("rejected %q", w.bad)
			}
			if first, last := w.days[0], w.days[len(w.days)-1]; first != "2005-09-16" || last != "2026-09-25" {
				t.Errorf("complete from %s to %s", first, last)
			}
		})
	}
}

// A paper has its versions and dates from the one form and its authors'
// affiliations from the other.
func TestHarvestBothForms(t *testing.T) {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	w := newWorld(t, []arxivtest.Paper{{ID: "2608.99001", Title: "T", Abstract: "A.", Categories: []string{"cs.AI"}, Changed: "2026-09-02",
		Authors: []arxivtest.Author{{Forenames: "Ada", Keyname: "Smith", Affiliation: "Kettle Institute"}}, Versions: []time.Time{at, at.AddDate(0, 1, -2)}}},
		arxivtest.Options{Sizes: true}, arxiv.Options{Since: "2026-08-01"})
	w.harvest(w.arxiv.Changes())
	// Two lists of August, which are empty, and two of what follows.
	if diff := cmp.Diff([]int{0, 0, 2, 2}, w.totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	rec, err := w.db.Paper(t.Context(), "2608.99001")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(names("Ada Smith/Kettle Institute"), rec.Authors); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	if rec.Published != "2026-08-03" || rec.Updated != "2026-09-01" || len(rec.Versions) != 2 {
		t.Errorf("published %s, updated %s, versions %v", rec.Published, rec.Updated, rec.Versions)
	}
}

// The requests of a first harvest, and of one on the next day.
func TestHarvestByWindows(t *testing.T) {
	papers := arxivtest.Invent(40, "2026-07-01", "2026-09-24")
	w := newWorld(t, papers, arxivtest.Options{}, arxiv.Options{Since: "2026-07-20", Forms: []string{arxiv.FormRaw}})
	w.harvest(w.arxiv.Changes())
	w.clock.Sleep(t.Context(), 24*time.Hour)
	w.server.Change(func(all []arxivtest.Paper) []arxivtest.Paper {
		all[0].Title, all[0].Changed = "A new title", "2026-09-26"
		for i := range all {
			if !all[i].Deleted && all[i].Changed >= "2026-07-20" && i > 0 {
				all[i].Deleted, all[i].Changed = true, "2026-09-26"
				break
			}
		}
		return all
	})
	before := w.sum
	w.harvest(w.arxiv.Changes())
	var got []string
	for _, r := range w.server.Log() {
		got = append(got, r.Target)
	}
	const ask = "/oai?from=%s&metadataPrefix=arXivRaw%s&verb=ListRecords"
	want := []string{fmt.Sprintf(ask, "2026-07-20", "&until=2026-07-31"), fmt.Sprintf(ask, "2026-08-01", "&until=2026-08-31"),
		fmt.Sprintf(ask, "2026-09-01", ""), fmt.Sprintf(ask, "2026-09-23", "")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if w.labels[0] != "changes from 2026-07-20 to 2026-07-31, arXivRaw, page 1" {
		t.Errorf("label %q", w.labels[0])
	}
	if changed := w.sum.Updated - before.Updated; changed != 2 && w.sum.Added == before.Added {
		t.Errorf("%+v, then %+v", before, w.sum)
	}
	if rec, err := w.db.Paper(t.Context(), broadsheet.ID(papers[0].ID)); err != nil || rec.Title != "A new title" {
		t.Errorf("%v, %v", rec, err)
	}
	want = []string{"2026-09-25", "2026-09-26"}
	got = nil
	for _, d := range w.days[len(w.days)-2:] {
		got = append(got, string(d))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("days of the second run (-want +got):\n%s", diff)
	}
}

// A set that was added later is harvested from the beginning, and the others are
// not harvested again.
func TestHarvestAddedSet(t *testing.T) {
	papers := arxivtest.Invent(300, "2026-01-01", "2026-09-24")
	w := newWorld(t, papers, arxivtest.Options{PageSize: 20}, arxiv.Options{Since: "2026-01-01", Sets: []string{"cs.AI"}})
	w.harvest(w.arxiv.Changes())
	w.holds(papers, "cs.AI")
	n := len(w.server.Log())

	w.arxiv = w.service(arxiv.Options{Since: "2026-01-01", Sets: []string{"cs.AI", "hep-th"}})
	w.harvest(w.arxiv.Changes())
	w.holds(papers, "cs.AI", "hep-th")
	for _, r := range w.server.Log()[n:] {
		if u, err := url.Parse(r.Target); err != nil || u.Query().Get("set") == "cs:cs:AI" && u.Query().Get("from") < "2026-09-01" {
			t.Errorf("asked again: %s", r.Target)
		}
	}
	n = len(w.server.Log())
	w.harvest(w.arxiv.Changes())
	if got := len(w.server.Log()) - n; got != 4 { // two sets in two forms
		t.Errorf("%d requests when both sets have caught up, want 4", got)
	}
}

// What moves out of a list while it is read makes the next page pass over a record.
func TestHarvestMovingList(t *testing.T) {
	papers := arxivtest.Invent(30, "2026-03-01", "2026-03-20")
	for i := range papers {
		papers[i].Deleted = false
	}
	moved := slices.Clone(papers)
	slices.SortStableFunc(moved, func(a, b arxivtest.Paper) int { return strings.Compare(a.Changed+a.ID, b.Changed+b.ID) })
	var w *world
	w = newWorld(t, papers, arxivtest.Options{PageSize: 10, Sizes: true, Fault: func(n int, r *http.Request) arxivtest.Fault {
		if strings.Contains(r.URL.RawQuery, "resumptionToken") {
			w.server.Change(func(all []arxivtest.Paper) []arxivtest.Paper {
				for i := range all {
					if all[i].ID == moved[3].ID {
						all[i].Changed = "2026-09-20"
					}
				}
				return all
			})
		}
		return nil
	}}, arxiv.Options{Since: "2026-03-01", Forms: []string{arxiv.FormRaw}})
	w.harvest(w.arxiv.Changes())
	w.holds(papers)
}

func TestHarvestTokensDieAtMidnight(t *testing.T) {
	papers := arxivtest.Invent(200, "2026-09-01", "2026-09-24")
	w := newWorld(t, papers, arxivtest.Options{PageSize: 5}, arxiv.Options{Since: "2026-09-01", Forms: []string{arxiv.FormRaw}})
	w.clock.Set(time.Date(2026, 9, 25, 23, 59, 0, 0, time.UTC)) // some 20 pages before midnight
	w.harvest(w.arxiv.Changes())
	w.holds(papers)
	first := 0
	for _, r := range w.server.Log() {
		if !strings.Contains(r.Target, "resumptionToken") {
			first++
		}
	}
	if first != 2 {
		t.Errorf("the list was begun %d times, want 2", first)
	}
}

// A list that never ends in the right way ends the run, within bounds, and does not
// end the next one.
func TestHarvestGivesUp(t *testing.T) {
	for name, fault := range map[string]func(*arxivtest.Server) arxivtest.Fault{
		"tokens are dead at once": func(s *arxivtest.Server) arxivtest.Fault { return s.DeadToken() },
		"a token leads to itself": func(*arxivtest.Server) arxivtest.Fault { return arxivtest.SameToken() },
		"every answer is cut off": func(*arxivtest.Server) arxivtest.Fault { return arxivtest.Truncated() },
		"every answer is empty":   func(*arxivtest.Server) arxivtest.Fault { return arxivtest.Empty() },
	} {
		t.Run(name, func(t *testing.T) {
			papers := arxivtest.Invent(200, "2026-09-01", "2026-09-24")
			broken := true
			var w *world
			w = newWorld(t, papers, arxivtest.Options{PageSize: 5, Fault: func(_ int, r *http.Request) arxivtest.Fault {
				if broken && strings.Contains(r.URL.RawQuery, "resumptionToken") {
					return fault(w.server)
				}
				return nil
			}}, arxiv.Options{Since: "2026-09-01"})
			err := w.run(w.arxiv.Changes())
			if broadsheet.KindOf(err) != broadsheet.Unavailable {
				t.Errorf("got %v, want an error of kind Unavailable", err)
			}
			if n := len(w.server.Log()); n > 100 {
				t.Errorf("%d requests", n)
			}
			broken = false
			w.harvest(w.arxiv.Changes())
			w.holds(papers)
		})
	}
}

// One sentence for each way in which arXiv may say no.
func TestHarvestRefused(t *testing.T) {
	for _, tt := range []struct {
		name string
		code int
		body string
		kind broadsheet.Kind
		text string
	}{
		{"blocked", 403, "go away", broadsheet.Unavailable, "arXiv refuses to answer"},
		{"the address is wrong", 404, "not found", broadsheet.Unavailable, "404 Not Found"},
		{"an error of the protocol", 200, `<OAI-PMH><error code="badArgument">set</error></OAI-PMH>`, broadsheet.Invalid, "check its verb, dates and set"},
		{"an error of the protocol under a status of its own", 422, `<OAI-PMH><error code="badArgument">set</error></OAI-PMH>`, broadsheet.Invalid, "check its verb, dates and set"},
		{"a token is dead that was not sent", 200, `<OAI-PMH><error code="badResumptionToken">x</error></OAI-PMH>`, broadsheet.Unavailable, "the answer to another request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, nil, arxivtest.Options{Fault: func(int, *http.Request) arxivtest.Fault {
				return func(rw http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
					rw.WriteHeader(tt.code)
					io.WriteString(rw, tt.body)
				}
			}}, arxiv.Options{})
			err := w.run(w.arxiv.Changes())
			if broadsheet.KindOf(err) != tt.kind || !strings.Contains(broadsheet.TextFor(err), tt.text) {
				t.Errorf("got %v, want %q", err, tt.text)
			}
		})
	}
}

func TestHarvestCursors(t *testing.T) {
	w := newWorld(t, nil, arxivtest.Options{}, arxiv.Options{})
	for _, cursor := range []string{"x", `{"v":1,"tracks":[{"open":{"list":-1}}]}`, `[]`} {
		for _, err := range w.arxiv.Changes().Harvest(t.Context(), cursor) {
			if err == nil {
				t.Errorf("%s is taken for a cursor", cursor)
			}
			break
		}
	}
	// As many sets as may be, of the longest names, in a cursor of at most 4 KiB.
	var sets []string
	for i := range 80 {
		sets = append(sets, fmt.Sprintf("physics:cond-mat:%s%c%c", "mes-hall", 'a'+i/26, 'a'+i%26))
	}
	w = newWorld(t, nil, arxivtest.Options{}, arxiv.Options{Sets: sets, Since: "2026-09-01"})
	w.harvest(w.arxiv.Changes())
	if n := len(w.cursor["arxiv"]); n == 0 || n > 4096-1200 { // a token needs room, too
		t.Errorf("a cursor of %d bytes", n)
	}
	if _, err := arxiv.NewService(arxiv.Options{Sets: append(sets, "cs.AI")}); broadsheet.KindOf(err) != broadsheet.Invalid {
		t.Errorf("one more: %v", err)
	}
}

func TestOptions(t *testing.T) {
	for name, o := range map[string]arxiv.Options{
		"a set that there is none of": {Sets: []string{"tea"}},
		"a set that is a query":       {Sets: []string{"cs:cs:AI&verb=Identify"}},
		"a class without an archive":  {Sets: []string{".AI"}},
		"a form that is not read":     {Forms: []string{"oai_dc"}},
		"a month to begin with":       {Since: "2026-09"},
	} {
		if _, err := arxiv.NewService(o); broadsheet.KindOf(err) != broadsheet.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
