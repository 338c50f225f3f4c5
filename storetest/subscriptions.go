package storetest

import (
	"fmt"
	"testing"
	"time"

	"broadsheet"
)

// moment is a minute of a morning.
func moment(minutes int) time.Time { return time.Date(2026, 3, 4, 7, minutes, 0, 0, time.UTC) }

// wish returns an active subscription of somebody for a view.
func wish(who, view string) broadsheet.Subscription {
	v, _ := broadsheet.ParseView(view)
	s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: who + "@example.org", Key: who + "@example.org"}, v)
	s.State, s.Created, s.Confirmed, s.Next = broadsheet.Active, moment(0), moment(1), moment(10)
	return s
}

func subscribe(t *testing.T, s Store, sub broadsheet.Subscription) broadsheet.Subscription {
	t.Helper()
	stored, _, err := s.Subscribe(t.Context(), sub)
	ok(t, err)
	return stored
}

func subscriptions(t *testing.T, open func(*testing.T) Store) {
	t.Run("one is kept as it is", func(t *testing.T) {
		s := open(t)
		want := wish("ada", "query:early exit")
		want.Zone, want.Rhythm, want.Minute, want.Lang, want.Through = "Asia/Tokyo", broadsheet.Weekly, 61, "ja", "2026-03-01"
		got := subscribe(t, s, want)
		want.ID, want.Reader.ID = got.ID, got.Reader.ID
		equal(t, "stored", got, want)
		read, err := s.Subscription(t.Context(), got.ID)
		ok(t, err)
		equal(t, "read", read, want)
	})
	t.Run("a reader has one for a view", func(t *testing.T) {
		s := open(t)
		first := subscribe(t, s, wish("ada", "edition"))
		again := wish("ada", "edition")
		again.Size, again.Reader.Address = 3, "Ada@example.org"
		stored, isNew, err := s.Subscribe(t.Context(), again)
		ok(t, err)
		equal(t, "the second", []any{stored, isNew}, []any{first, false})
		other := subscribe(t, s, wish("ada", "trending"))
		equal(t, "the reader", other.Reader, first.Reader)
		list, err := s.SubscriptionsOf(t.Context(), first.Reader.ID)
		ok(t, err)
		equal(t, "all", list, []broadsheet.Subscription{first, other})
	})
	t.Run("a reader has so many at most", func(t *testing.T) {
		s := open(t)
		for i := range broadsheet.MaxSubscriptions {
			subscribe(t, s, wish("ada", fmt.Sprintf("query:q%d", i)))
		}
		_, _, err := s.Subscribe(t.Context(), wish("ada", "edition"))
		equal(t, "one more", broadsheet.KindOf(err), broadsheet.Conflict)
	})
	t.Run("what is wrong is refused", func(t *testing.T) {
		s := open(t)
		bad := wish("ada", "edition")
		bad.Zone = "Nowhere/Land"
		_, _, err := s.Subscribe(t.Context(), bad)
		equal(t, "zone", broadsheet.KindOf(err), broadsheet.Invalid)
		sub := subscribe(t, s, wish("ada", "edition"))
		_, err = s.UpdateSubscription(t.Context(), sub.ID, func(s *broadsheet.Subscription) error { s.Size = 0; return nil })
		equal(t, "size", broadsheet.KindOf(err), broadsheet.Invalid)
		_, err = s.Subscription(t.Context(), sub.ID+1)
		equal(t, "none", broadsheet.KindOf(err), broadsheet.NotFound)
	})
	t.Run("those that are due come in order", func(t *testing.T) {
		s := open(t)
		due := func(minute int) (out []string) {
			list, err := s.Due(t.Context(), moment(minute), 10)
			ok(t, err)
			for _, s := range list {
				out = append(out, s.Reader.Key)
			}
			return out
		}
		for i, who := range []string{"ada", "ben", "cy", "dee", "eve"} {
			sub := wish(who, "edition")
			sub.Next = moment(20 - i)
			switch who {
			case "dee":
				sub.State = broadsheet.Pending
			case "eve":
				sub.State = broadsheet.Paused
			}
			subscribe(t, s, sub)
		}
		equal(t, "before", due(15), nil)
		equal(t, "then", due(19), []string{"eve@example.org", "cy@example.org", "ben@example.org"})
	})
	t.Run("who has seen a paper has seen what it became part of", func(t *testing.T) {
		s := open(t)
		local := Paper(broadsheet.LocalID(broadsheet.TitleKey("Nine Sleepy Owls")), "Nine Sleepy Owls")
		put(t, s, local, Paper("2503.00002", "Other"))
		sub := subscribe(t, s, wish("ada", "edition"))
		plan(t, s, sub, local.ID)
		put(t, s, Paper("2503.00001", "Nine Sleepy Owls"))
		got, err := s.Seen(t.Context(), []int64{sub.Reader.ID, sub.Reader.ID + 1}, []broadsheet.ID{"2503.00002", "2503.00001"})
		ok(t, err)
		equal(t, "seen", got, map[int64][]broadsheet.ID{sub.Reader.ID: {"2503.00001"}})
		got, err = s.Seen(t.Context(), []int64{sub.Reader.ID}, []broadsheet.ID{local.ID})
		ok(t, err)
		equal(t, "seen under its former id", got, map[int64][]broadsheet.ID{sub.Reader.ID: {local.ID}})
	})
	t.Run("what readers wish for", func(t *testing.T) {
		s := open(t)
		a, b := subscribe(t, s, wish("ada", "edition")), subscribe(t, s, wish("ben", "author:Ada Example"))
		over := wish("ada", "query:owls")
		over.State = broadsheet.Unsubscribed
		subscribe(t, s, over)
		got, err := s.Wishes(t.Context(), []int64{a.Reader.ID, b.Reader.ID, 99})
		ok(t, err)
		equal(t, "wishes", got, map[int64][]broadsheet.View{a.Reader.ID: {a.View}, b.Reader.ID: {b.View}})
	})
}

// plan stores a digest of papers that is due of a subscription.
func plan(t *testing.T, s Store, sub broadsheet.Subscription, papers ...broadsheet.ID) {
	t.Helper()
	d := &broadsheet.Digest{Subscription: sub.ID, Slot: sub.Next, First: "2026-03-04", Through: "2026-03-04", Others: 7}
	for _, id := range papers {
		d.Picks = append(d.Picks, broadsheet.Pick{Paper: id, Reason: "new"})
	}
	n, err := s.PutPlanned(t.Context(), []broadsheet.Planned{{Subscription: sub.ID, Due: sub.Next, Digest: d, Domain: "example.org",
		Next: sub.Next.Add(24 * time.Hour), Through: "2026-03-04"}}, moment(11))
	ok(t, err)
	equal(t, "stored digests", n, 1)
}
