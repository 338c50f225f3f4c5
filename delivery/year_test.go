package delivery

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/internal/need"
	"broadsheet/sqlite"
)

func openStore(t testing.TB) *sqlite.DB {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// latest is the newest listing whose feed is out.
func latest(at time.Time) broadsheet.Date {
	return calendar.ListingDay(at.Add(-calendar.FeedDelay))
}

func newPlanner(store *sqlite.DB) *Planner {
	return &Planner{Subscriptions: store, Outbox: store, Log: slog.New(slog.DiscardHandler), Latest: latest,
		Views: Views{Papers: store, Editions: store}}
}

// putDay puts papers into the edition of a day.
func putDay(t testing.TB, store *sqlite.DB, day broadsheet.Date, papers int) (ids []broadsheet.ID) {
	t.Helper()
	var list []broadsheet.Record
	for i := range papers {
		id := broadsheet.ID(fmt.Sprintf("local:%s-%d", day, i))
		ids = append(ids, id)
		list = append(list, broadsheet.Record{
			Paper: broadsheet.Paper{ID: id, Title: fmt.Sprintf("Paper %d of %s", i, day), Abstract: fmt.Sprintf("A study of subject number %d.", i),
				Published: day, Sources: []broadsheet.Source{{Name: "jsonl"}}},
			Entries: []broadsheet.Entry{{Date: day, Place: i + 1}},
		})
	}
	for i := range list {
		if err := list[i].Validate(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Put(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	return ids
}

// A reader is a subscription of the simulated year, with when it was paused.
type reader struct {
	broadsheet.Subscription
	pausedOn, pausedUntil broadsheet.Date
}

// owed works out, day by day, which digests a reader is owed in a year: the local
// minute at which each is due, and the editions in it.
func (r *reader) owed(begin, end time.Time, hasEdition map[broadsheet.Date]bool) (out []string) {
	zone := r.Location()
	through := latest(begin)
	for day := broadsheet.DateOf(begin.In(zone)); day <= broadsheet.DateOf(end.In(zone)); day = day.AddDays(1) {
		y, m, d := day.Time().Date()
		slot := time.Date(y, m, d, r.Minute/60, r.Minute%60, 0, 0, zone)
		wd := slot.Weekday()
		on := map[broadsheet.Rhythm]bool{
			broadsheet.Daily: wd >= time.Monday && wd <= time.Friday, broadsheet.Weekly: wd == time.Monday, broadsheet.Monthly: d == 1,
		}[r.Rhythm]
		if r.pausedOn != "" && day >= r.pausedOn && day < r.pausedUntil {
			through = max(through, r.pausedUntil.AddDays(-1))
			continue
		}
		if !on || !slot.After(begin) || slot.After(end) {
			continue
		}
		last := latest(slot)
		switch r.Rhythm {
		case broadsheet.Weekly:
			last = min(last, day.AddDays(-1))
		case broadsheet.Monthly:
			last = min(last, day.AddDays(-1))
		}
		var editions []broadsheet.Date
		for e := through.AddDays(1); e <= last; e = e.AddDays(1) {
			if hasEdition[e] {
				editions = append(editions, e)
			}
		}
		through = max(through, last)
		if len(editions) > 0 {
			out = append(out, fmt.Sprintf("%s %s", slot.Format("2006-01-02 15:04"), editions))
		}
	}
	return out
}

// A year of digests: five time zones with their changes of clocks, workdays,
// holidays of arXiv, pauses. Each subscriber gets exactly the editions owed, at
// the local minute asked for.
func TestYear(t *testing.T) {
	need.Long(t)
	store := openStore(t)
	begin, end := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	hasEdition := map[broadsheet.Date]bool{}
	dayOf := map[broadsheet.ID]broadsheet.Date{}
	for day := broadsheet.DateOf(begin); day <= broadsheet.DateOf(end); day = day.AddDays(1) {
		if calendar.IsListingDay(day) {
			hasEdition[day] = true
			for _, id := range putDay(t, store, day, 1) {
				dayOf[id] = day
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var readers []*reader
	for _, zone := range []string{"Pacific/Honolulu", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland"} {
		for i, rhythm := range []broadsheet.Rhythm{broadsheet.Daily, broadsheet.Daily, broadsheet.Daily, broadsheet.Weekly, broadsheet.Monthly} {
			who := fmt.Sprintf("%s-%d@example.org", filepath.Base(zone), i)
			s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: who, Key: who}, broadsheet.View{Kind: broadsheet.ViewEdition})
			// Clocks change at 1, 2 or 3: some are asked for within that hour.
			s.Zone, s.Rhythm, s.Minute, s.Size = zone, rhythm, []int{150, 7 * 60, rng.IntN(1440), rng.IntN(1440), 90}[i], broadsheet.MaxDigestSize
			Activate(&s, begin, latest(begin))
			stored, _, err := store.Subscribe(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			r := &reader{Subscription: stored}
			if i == 2 {
				r.pausedOn = broadsheet.Date("2026-02-01").AddDays(rng.IntN(100))
				r.pausedUntil = r.pausedOn.AddDays(1 + rng.IntN(60))
			}
			readers = append(readers, r)
		}
	}
	p := newPlanner(store)
	for now := begin; !now.After(end); {
		next := end.Add(time.Minute)
		for _, r := range readers {
			s, err := store.Subscription(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if s.Next.IsZero() || s.Next.Before(now) {
				t.Fatalf("%s is due at %v, and it is %v", s.Reader.Key, s.Next, now)
			}
			if r.pausedOn != "" { // at the local midnight of that day
				y, m, d := r.pausedOn.Time().Date()
				at := time.Date(y, m, d, 0, 0, 0, 0, r.Location())
				if s.State == broadsheet.Active && s.PausedUntil == "" && at.Before(s.Next) && !at.Before(now) {
					if s, err = store.UpdateSubscription(t.Context(), r.ID, func(s *broadsheet.Subscription) error {
						Pause(s, at, r.pausedUntil)
						return nil
					}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if s.Next.Before(next) {
				next = s.Next
			}
		}
		if now = next; now.After(end) {
			break
		}
		if _, err := p.Plan(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	list, err := store.LeaseDeliveries(t.Context(), "test", end, end.Add(time.Hour), 1e6)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64][]string{}
	for _, d := range list {
		var editions []broadsheet.Date
		for _, p := range d.Digest.Picks {
			editions = append(editions, dayOf[p.Paper])
		}
		slices.Sort(editions)
		got[d.Subscription.ID] = append(got[d.Subscription.ID], fmt.Sprintf("%s %s", d.Digest.Slot.In(d.Subscription.Location()).Format("2006-01-02 15:04"), editions))
	}
	for _, r := range readers {
		if diff := cmp.Diff(r.owed(begin, end, hasEdition), got[r.ID]); diff != "" {
			t.Errorf("%s, %s at %s (-owed +got):\n%s", r.Reader.Key, r.Rhythm, r.Clock(), diff)
		}
	}
	t.Logf("%d readers, %d digests", len(readers), len(list))
}
