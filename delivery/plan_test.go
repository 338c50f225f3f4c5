package delivery

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

// newest is a Searcher that finds some papers, whatever is asked.
type newest struct {
	broadsheet.Searcher
	ids []broadsheet.ID
}

func (n newest) Search(context.Context, broadsheet.Query) (broadsheet.Hits, error) {
	var h broadsheet.Hits
	for _, id := range n.ids {
		h.Hits = append(h.Hits, broadsheet.Hit{ID: id})
	}
	return h, nil
}

// A reader whose subscriptions are due at the same minute is sent a paper by one of
// them only.
func TestAPaperGoesToAReaderOnce(t *testing.T) {
	store := openStore(t)
	ids := putDay(t, store, "2026-03-03", 8)
	p := newPlanner(store)
	p.Latest = func(time.Time) broadsheet.Date { return "2026-03-03" }
	p.Views.Search = newest{ids: ids[:6]}
	for _, view := range []string{"edition", "query:subject", "query:number"} {
		s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: "ada@example.org", Key: "ada@example.org"}, broadsheet.View{})
		s.View, _ = broadsheet.ParseView(view)
		s.State, s.Next, s.Through, s.Size = broadsheet.Active, start, "2026-03-02", 4
		if _, _, err := store.Subscribe(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := p.Plan(t.Context(), start); err != nil || n < 2 {
		t.Fatalf("%d digests, %v", n, err)
	}
	list, err := store.LeaseDeliveries(t.Context(), "test", start, start.Add(time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[broadsheet.ID]bool{}
	for _, d := range list {
		if len(d.Digest.Picks) > 4 {
			t.Errorf("%s has %d papers", d.Subscription.View, len(d.Digest.Picks))
		}
		for _, pick := range d.Digest.Picks {
			if seen[pick.Paper] {
				t.Errorf("%s is sent twice", pick.Paper)
			}
			seen[pick.Paper] = true
		}
	}
	if len(seen) < 6 {
		t.Errorf("%d papers were sent, want 6 or more", len(seen))
	}
}

// A digest waits a while for a listing that is out and not here, and then goes
// without it; when it has come, the next digest brings it.
func TestADigestWaitsForWhatIsMissing(t *testing.T) {
	store := openStore(t)
	putDay(t, store, "2026-03-03", 2)
	missing := broadsheet.Date("2026-03-04")
	p := newPlanner(store)
	p.Latest = func(at time.Time) broadsheet.Date { return broadsheet.DateOf(at) }
	p.Missing = func(_ context.Context, first, through broadsheet.Date) (broadsheet.Date, error) {
		if missing != "" && first <= missing && missing <= through {
			return missing, nil
		}
		return "", nil
	}
	s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: "ada@example.org", Key: "ada@example.org"}, broadsheet.View{Kind: broadsheet.ViewEdition})
	s.State, s.Through, s.Minute = broadsheet.Active, "2026-03-03", 5*60
	s.Next = start // Wednesday 4 March, 05:00
	stored, _, err := store.Subscribe(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	next := func() time.Time {
		t.Helper()
		s, err := store.Subscription(t.Context(), stored.ID)
		if err != nil {
			t.Fatal(err)
		}
		return s.Next
	}
	made := 0
	for now := start; now.Before(start.Add(20 * time.Hour)); now = next() {
		n, err := p.Plan(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		made += n
	}
	if got := next(); made != 0 || !got.Equal(start.Add(24*time.Hour)) {
		t.Errorf("%d digests, next at %v; want none, and the next on the day after", made, got)
	}
	missing = ""
	putDay(t, store, "2026-03-04", 2)
	putDay(t, store, "2026-03-05", 2)
	if n, err := p.Plan(t.Context(), start.Add(24*time.Hour)); err != nil || n != 1 {
		t.Fatalf("%d digests, %v", n, err)
	}
	list, err := store.LeaseDeliveries(t.Context(), "test", start.Add(25*time.Hour), start.Add(26*time.Hour), 10)
	if err != nil || len(list) != 1 || len(list[0].Digest.Picks) != 4 || list[0].Digest.First != "2026-03-04" {
		t.Errorf("got %+v, %v", list, err)
	}
}

// Papers that people put into an edition after its digest was sent, and voted on,
// come with the next one, beside the new edition; those that were sent do not.
func TestLatePapersWithVotesFollow(t *testing.T) {
	store := openStore(t)
	p := newPlanner(store)
	day := broadsheet.Date("2026-03-03")
	p.Latest = func(time.Time) broadsheet.Date { return day }
	sent := putDay(t, store, "2026-03-03", 2)
	s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: "ada@example.org", Key: "ada@example.org"}, broadsheet.View{Kind: broadsheet.ViewEdition})
	s.State, s.Next, s.Through = broadsheet.Active, start, "2026-03-02"
	stored, _, err := store.Subscribe(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.Plan(t.Context(), start); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	late := func(id broadsheet.ID, upvotes int) broadsheet.Record {
		return broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: "Late " + string(id), Published: "2026-03-03", Sources: []broadsheet.Source{{Name: "jsonl"}}},
			Entries: []broadsheet.Entry{{Date: "2026-03-03", Place: 9}}, Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: upvotes}}}
	}
	if _, err := store.Put(t.Context(), []broadsheet.Record{late("local:voted", 7), late("local:unnoticed", 0)}); err != nil {
		t.Fatal(err)
	}
	fresh := putDay(t, store, "2026-03-04", 2)
	day = "2026-03-04"
	if stored, err = store.Subscription(t.Context(), stored.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Plan(t.Context(), stored.Next); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	list, err := store.LeaseDeliveries(t.Context(), "test", stored.Next, stored.Next.Add(time.Hour), 10)
	if err != nil || len(list) != 2 {
		t.Fatal(len(list), err)
	}
	got := map[broadsheet.ID]bool{}
	for _, pick := range list[1].Digest.Picks {
		got[pick.Paper] = true
	}
	want := map[broadsheet.ID]bool{fresh[0]: true, fresh[1]: true, "local:voted": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the second digest, after %v (-want +got):\n%s", sent, diff)
	}
}
