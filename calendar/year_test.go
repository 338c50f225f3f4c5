package calendar_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/ingest"
	"broadsheet/internal/need"
	"broadsheet/sqlite"
)

// A year of arXiv, with its holidays, a leap day, both changes of the clocks and three
// days on which it cannot be reached, is followed by instances in five time zones:
// each announced paper stands in exactly one edition, that of its listing; no weekend
// has one; and each empty day has the reason that is true of it at the moment.
func TestYear(t *testing.T) {
	need.Long(t)
	for _, tt := range []struct {
		name     string
		year     int
		holidays string
		outage   []broadsheet.Date
	}{
		{"2028, leap, with predicted holidays, arXiv out when the clocks change", 2028,
			"2028-01-17 2028-06-19 2028-07-04 2028-09-04 2028-11-23 2028-12-25 2028-12-26 2028-12-28",
			[]broadsheet.Date{"2028-03-13", "2028-03-14", "2028-03-15"}},
		{"2026, with the published holidays, arXiv out over one of them", 2026,
			"2026-01-01 2026-01-19 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25 2026-12-29 2026-12-31",
			[]broadsheet.Date{"2026-11-25", "2026-11-26", "2026-11-30"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			y := newYear(t, tt.year, strings.Fields(tt.holidays), tt.outage)
			y.run()
			y.checkPapers()
			y.checkWithdrawn()
		})
	}
}

// quiet is the day of a listing without a paper that is new.
const quiet = "-05-10"

// A year is an instance at work, observed from several zones.
type year struct {
	*testing.T
	arXiv   *simulated
	outage  []broadsheet.Date
	db      *sqlite.DB
	covered []broadsheet.Coverage
	zones   []*time.Location
	healed  bool
	totals  map[broadsheet.Period]int // of editions, since the last import
}

func newYear(t *testing.T, number int, holidays []string, outage []broadsheet.Date) *year {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "papers.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	day := broadsheet.Date(time.Date(number, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")) + quiet
	y := &year{T: t, totals: map[broadsheet.Period]int{}, outage: outage, db: db, arXiv: simulate(t, number, holidays, day, outage[0].AddDays(-7), outage[2])}
	for _, name := range []string{"Pacific/Honolulu", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Pacific/Kiritimati"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		y.zones = append(y.zones, zone)
	}
	return y
}

// run lets the year pass: harvests at night and in the morning, and readers who look
// at today's edition all day long.
func (y *year) run() {
	type event struct {
		at time.Time
		do func(time.Time)
	}
	var events []event
	for _, l := range y.arXiv.listings {
		oai, feed := calendar.ReadyAt(l.day)
		events = append(events, event{oai.Add(5 * time.Minute), func(time.Time) { y.night(l) }},
			event{feed.Add(5 * time.Minute), func(now time.Time) { y.morning(l, now) }})
	}
	first, last := y.arXiv.listings[1].at, y.arXiv.listings[len(y.arXiv.listings)-1].at
	for _, zone := range y.zones {
		for at := first.In(zone); at.Before(last); at = at.AddDate(0, 0, 1) {
			for _, minutes := range []int{1, 5*60 + 30, 9*60 + 30, 15*60 + 30, 23*60 + 59} {
				if look := time.Date(at.Year(), at.Month(), at.Day(), 0, minutes, 0, 0, zone); look.After(first) {
					events = append(events, event{look, func(now time.Time) { y.read(broadsheet.DateOf(now), now) }})
				}
			}
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range events {
		e.do(e.at)
	}
	if !y.healed {
		y.Error("nothing was found missing after the outage")
	}
}

func (y *year) night(l *listing) {
	if !slices.Contains(y.outage, l.day) {
		y.put(oai(l))
	}
}

func (y *year) morning(l *listing, now time.Time) {
	if slices.Contains(y.outage, l.day) {
		return
	}
	y.put(l.feed(y.arXiv.zone))
	y.cover(l, now)
	missing := calendar.Missing(y.covered, y.covered[0].Day, now)
	if len(missing) == 0 {
		return
	}
	if diff := cmp.Diff(y.outage, missing); diff != "" {
		y.Fatalf("missing on %s (-want +got):\n%s", l.day, diff)
	}
	y.healed = true
	var missed []*listing
	for _, m := range y.arXiv.listings {
		if slices.Contains(missing, m.day) {
			missed = append(missed, m)
		}
	}
	y.put(oai(missed...))
	for _, m := range missed {
		y.cover(m, now)
	}
}

// put imports an answer as the program does.
func (y *year) put(answer string) {
	f, err := ingest.Open(y.Context(), "-", ingest.Options{Stdin: strings.NewReader(answer)})
	if err != nil {
		y.Fatal(err)
	}
	defer f.Close()
	im := ingest.Importer{Store: y.db, Rejected: func(b *broadsheet.BadRecord) { y.Errorf("rejected: %v", b) }}
	if err := im.Import(y.Context(), f, new(ingest.Summary)); err != nil {
		y.Fatal(err)
	}
	y.totals = map[broadsheet.Period]int{}
}

func (y *year) cover(l *listing, now time.Time) {
	y.covered = append(y.covered, broadsheet.Coverage{Source: broadsheet.SourceArXiv, Day: l.day, Papers: l.fresh(true), At: now})
	slices.SortFunc(y.covered, func(a, b broadsheet.Coverage) int { return strings.Compare(string(a.Day), string(b.Day)) })
}

// fresh returns how many papers are in no listing before this one, with or without
// those that were held: of them the night's records do not tell that they are of today.
func (l *listing) fresh(held bool) (n int) {
	for _, i := range l.items {
		if i.listing == l.day && (held || !i.held) {
			n++
		}
	}
	return n
}

// total returns how many papers an edition has.
func (y *year) total(p broadsheet.Period) int {
	n, known := y.totals[p]
	if !known {
		n = y.edition(p, 1).Total
		y.totals[p] = n
	}
	return n
}

func (y *year) edition(p broadsheet.Period, limit int) broadsheet.Edition {
	ed, err := y.db.Edition(y.Context(), broadsheet.EditionQuery{Period: p, Limit: limit})
	if err != nil {
		y.Fatal(err)
	}
	return ed
}

// read looks at the edition of a day and holds an empty one to its reason.
func (y *year) read(day broadsheet.Date, now time.Time) {
	p := broadsheet.PeriodOf(broadsheet.Day, day.Time())
	papers, reason := y.total(p), calendar.Why(p, now, y.covered)
	at := slices.IndexFunc(y.arXiv.listings, func(l *listing) bool { return l.day == day })
	want, clock := "", now.Format("2006-01-02 15:04 MST")
	switch weekday := day.Time().Weekday(); {
	case weekday == time.Saturday || weekday == time.Sunday:
		want = "arXiv announces nothing on " + weekday.String() + "s."
	case at < 0:
		want = "nothing for this day because of"
	default:
		l := y.arXiv.listings[at]
		want = y.whyListing(l, now)
	}
	switch {
	case want == "" && papers == 0:
		y.Errorf("at %s the edition of %s is empty, and nothing explains it: %s", clock, day, reason)
	case want != "" && papers > 0:
		y.Errorf("at %s the edition of %s has %d papers, though %q", clock, day, papers, want)
	case want != "" && !strings.Contains(reason, want):
		y.Errorf("at %s the edition of %s is empty because %q, want %q", clock, day, reason, want)
	}
}

// whyListing returns what is true of a day that has a listing, or "" when its papers
// are to be read.
func (y *year) whyListing(l *listing, now time.Time) string {
	oai, feed := calendar.ReadyAt(l.day)
	out := slices.Contains(y.outage, l.day) && !y.healed
	switch {
	case now.Before(l.at):
		return "arXiv announces the papers of this day at " + l.at.In(now.Location()).Format("15:04")
	case now.Before(oai):
		return "gives them out from " + oai.In(now.Location()).Format("15:04")
	case now.Before(oai.Add(5 * time.Minute)), out && now.Before(feed.Add(3*time.Hour)), l.fresh(false) == 0 && now.Before(feed.Add(5*time.Minute)):
		return "they are being gathered"
	case out:
		return "were missed because arXiv could not be reached"
	case l.fresh(true) == 0:
		return "arXiv announced nothing for this day that is gathered here."
	}
	return ""
}

// checkPapers reads the whole year at its end.
func (y *year) checkPapers() {
	stands := map[broadsheet.ID][]broadsheet.Date{}
	first, end := y.arXiv.listings[0].day, y.arXiv.listings[len(y.arXiv.listings)-1]
	late := end.at.Add(24 * time.Hour)
	for day := first; day <= end.day; day = day.AddDays(1) {
		p := broadsheet.PeriodOf(broadsheet.Day, day.Time())
		ed := y.edition(p, 0)
		for _, r := range ed.Papers {
			stands[r.ID] = append(stands[r.ID], day)
		}
		if w := day.Time().Weekday(); ed.Total > 0 && (w == time.Saturday || w == time.Sunday) {
			y.Errorf("%s, a %s, has an edition", day, w)
		}
		for _, zone := range y.zones {
			y.read(day, late.In(zone))
		}
	}
	for _, p := range y.arXiv.papers {
		if diff := cmp.Diff([]broadsheet.Date{p.listing}, stands[broadsheet.ID(p.id)]); diff != "" {
			y.Errorf("%s, submitted %s, stands in editions (-want +got):\n%s", p.id, p.versions[0], diff)
		}
		delete(stands, broadsheet.ID(p.id))
	}
	if len(stands) > 0 {
		y.Errorf("%d papers stand in editions of the year that were announced before: %v", len(stands), stands)
	}
	months := 0
	for p := broadsheet.PeriodOf(broadsheet.Month, first.Time()); p.First <= end.day; p = broadsheet.PeriodOf(broadsheet.Month, p.Last.AddDays(1).Time()) {
		months += y.total(p)
	}
	if len(y.arXiv.papers) < 1900 || months != len(y.arXiv.papers) {
		y.Errorf("the months have %d papers, want %d", months, len(y.arXiv.papers))
	}
}

// checkWithdrawn holds the marks to what the latest versions say.
func (y *year) checkWithdrawn() {
	marked := 0
	for _, p := range y.arXiv.papers {
		r, err := y.db.Paper(y.Context(), broadsheet.ID(p.id))
		if err != nil {
			y.Fatal(err)
		}
		if want := map[bool]string{true: broadsheet.StatusWithdrawn}[p.withdrawn]; r.Status != want || len(r.Versions) != len(p.versions) {
			y.Errorf("%s has the status %q and %d versions, want %q and %d", p.id, r.Status, len(r.Versions), want, len(p.versions))
		}
		if p.withdrawn {
			marked++
		}
	}
	if marked == 0 {
		y.Error("no paper was withdrawn")
	}
}
