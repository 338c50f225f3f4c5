package storetest

import (
	"testing"
	"time"

	"broadsheet"
)

func outbox(t *testing.T, open func(*testing.T) Store) {
	fill := func(t *testing.T) (Store, broadsheet.Subscription) {
		s := open(t)
		put(t, s, Paper("2503.00001", "One Paper"), Paper("2503.00002", "Another Paper"))
		return s, subscribe(t, s, wish("ada", "edition"))
	}
	lease := func(t *testing.T, s Store, holder string, from, until int) []broadsheet.Delivery {
		t.Helper()
		list, err := s.LeaseDeliveries(t.Context(), holder, moment(from), moment(until), 10)
		ok(t, err)
		return list
	}
	wanted := func(t *testing.T, s Store, d broadsheet.Delivery, holder string) bool {
		t.Helper()
		is, err := s.Wanted(t.Context(), d.ID, holder)
		ok(t, err)
		return is
	}

	t.Run("a digest, its delivery, its papers and the next time are stored at once", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		got := lease(t, s, "me", 12, 14)
		sub.Next, sub.Through = sub.Next.Add(24*time.Hour), "2026-03-04"
		want := []broadsheet.Delivery{{ID: got[0].ID, Kind: broadsheet.DeliverDigest, Subscription: sub, State: broadsheet.Waiting, Next: moment(11), Created: moment(11),
			Digest: broadsheet.Digest{ID: got[0].Digest.ID, Subscription: sub.ID, Slot: moment(10), First: "2026-03-04", Through: "2026-03-04", Others: 7,
				Picks: []broadsheet.Pick{{Paper: "2503.00001", Reason: "new"}}}}}
		equal(t, "delivery", got, want)
		seen, err := s.Seen(t.Context(), []int64{sub.Reader.ID}, []broadsheet.ID{"2503.00001", "2503.00002"})
		ok(t, err)
		equal(t, "seen", seen, map[int64][]broadsheet.ID{sub.Reader.ID: {"2503.00001"}})
	})
	t.Run("the same slot is stored once, and a subscription that has changed not at all", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		stale := broadsheet.Planned{Subscription: sub.ID, Due: sub.Next, Digest: &broadsheet.Digest{Slot: sub.Next}, Next: moment(59)}
		n, err := s.PutPlanned(t.Context(), []broadsheet.Planned{stale}, moment(11))
		ok(t, err)
		equal(t, "stored", n, 0)
		_, err = s.UpdateSubscription(t.Context(), sub.ID, func(s *broadsheet.Subscription) error { s.Next = sub.Next; return nil })
		ok(t, err)
		n, err = s.PutPlanned(t.Context(), []broadsheet.Planned{stale}, moment(11))
		ok(t, err)
		equal(t, "stored for a slot of before", n, 0)
		_, err = s.UpdateSubscription(t.Context(), sub.ID, func(s *broadsheet.Subscription) error {
			s.Next, s.State = moment(30), broadsheet.Unsubscribed
			return nil
		})
		ok(t, err)
		stale.Due = moment(30)
		n, err = s.PutPlanned(t.Context(), []broadsheet.Planned{stale}, moment(31))
		ok(t, err)
		equal(t, "stored for one that has ended", n, 0)
		equal(t, "deliveries", len(lease(t, s, "me", 40, 45)), 1)
	})
	t.Run("a lease keeps others out until it ends", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		mine := lease(t, s, "me", 12, 14)
		equal(t, "others", len(lease(t, s, "you", 13, 15)), 0)
		equal(t, "wanted", wanted(t, s, mine[0], "me"), true)
		equal(t, "when it ended", len(lease(t, s, "you", 14, 16)), 1)
		equal(t, "wanted by who lost it", wanted(t, s, mine[0], "me"), false)
		ok(t, s.FinishDeliveries(t.Context(), "me", []broadsheet.Attempt{{Delivery: mine[0].ID, State: broadsheet.Delivered, At: moment(15)}}))
		equal(t, "wanted by who has it", wanted(t, s, mine[0], "you"), true)
		ok(t, s.ReleaseDeliveries(t.Context(), ""))
		equal(t, "released", len(lease(t, s, "me", 15, 17)), 1)
	})
	t.Run("attempts are counted, and the dead can be sent again", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		d := lease(t, s, "me", 12, 14)[0]
		ok(t, s.FinishDeliveries(t.Context(), "me", []broadsheet.Attempt{{Delivery: d.ID, State: broadsheet.Waiting, Next: moment(20), Error: "greylisted", At: moment(13)}}))
		equal(t, "before its time", len(lease(t, s, "me", 19, 21)), 0)
		d = lease(t, s, "me", 20, 22)[0]
		equal(t, "attempts", []any{d.Attempts, d.Error}, []any{1, "greylisted"})
		ok(t, s.FinishDeliveries(t.Context(), "me", []broadsheet.Attempt{{Delivery: d.ID, State: broadsheet.Dead, Error: "no such user", At: moment(21)}}))
		dead, err := s.Deliveries(t.Context(), broadsheet.Dead, 5)
		ok(t, err)
		equal(t, "dead", []any{len(dead), dead[0].Error, dead[0].Done}, []any{1, "no such user", moment(21)})
		counts, err := s.CountDeliveries(t.Context())
		ok(t, err)
		equal(t, "counts", counts, map[broadsheet.DeliveryState]int{broadsheet.Dead: 1})
		ok(t, s.SendAgain(t.Context(), d.ID, moment(30)))
		equal(t, "twice", broadsheet.KindOf(s.SendAgain(t.Context(), d.ID, moment(30))), broadsheet.NotFound)
		equal(t, "again", lease(t, s, "me", 30, 32)[0].Attempts, 0)
	})
	t.Run("who has ended is not sent what was leased", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		d := lease(t, s, "me", 12, 14)[0]
		_, err := s.UpdateSubscription(t.Context(), sub.ID, func(s *broadsheet.Subscription) error { s.State = broadsheet.Unsubscribed; return nil })
		ok(t, err)
		equal(t, "wanted", wanted(t, s, d, "me"), false)
	})
	t.Run("who cannot be reached is sent nothing more", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		ok(t, s.Suppress(t.Context(), sub.Reader.ID, broadsheet.Bounced))
		equal(t, "deliveries", len(lease(t, s, "me", 12, 14)), 0)
		sub, err := s.Subscription(t.Context(), sub.ID)
		ok(t, err)
		equal(t, "state", sub.State, broadsheet.Bounced)
	})
	t.Run("what was dropped on its way is noted as what became of it", func(t *testing.T) {
		s, sub := fill(t)
		plan(t, s, sub, "2503.00001")
		d := lease(t, s, "me", 12, 14)[0]
		ok(t, s.Suppress(t.Context(), sub.Reader.ID, broadsheet.Bounced))
		ok(t, s.FinishDeliveries(t.Context(), "me", []broadsheet.Attempt{{Delivery: d.ID, State: broadsheet.Waiting, Next: moment(13), At: moment(12)}}))
		equal(t, "deliveries, once it was to be tried again", len(lease(t, s, "me", 13, 14)), 0)
		ok(t, s.FinishDeliveries(t.Context(), "me", []broadsheet.Attempt{{Delivery: d.ID, State: broadsheet.Dead, Error: "550 no such user", At: moment(13)}}))
		dead, err := s.Deliveries(t.Context(), broadsheet.Dead, 10)
		ok(t, err)
		equal(t, "failed", []any{len(dead), dead[0].Error}, []any{1, "550 no such user"})
	})
	t.Run("the question to confirm waits once", func(t *testing.T) {
		s := open(t)
		sub := wish("ada", "edition")
		sub.State = broadsheet.Pending
		sub = subscribe(t, s, sub)
		ok(t, s.AskToConfirm(t.Context(), sub.ID, "example.org", moment(1)))
		equal(t, "asked at once again", broadsheet.KindOf(s.AskToConfirm(t.Context(), sub.ID, "example.org", moment(2))), broadsheet.Unavailable)
		list := lease(t, s, "me", 3, 5)
		equal(t, "questions", []any{len(list), list[0].Kind, wanted(t, s, list[0], "me")}, []any{1, broadsheet.DeliverConfirm, true})
		day := moment(1).Add(23 * time.Hour)
		ok(t, s.AskToConfirm(t.Context(), sub.ID, "example.org", day.Add(-4*time.Hour)))
		ok(t, s.AskToConfirm(t.Context(), sub.ID, "example.org", day.Add(-2*time.Hour)))
		equal(t, "a fourth time on a day", broadsheet.KindOf(s.AskToConfirm(t.Context(), sub.ID, "example.org", day)), broadsheet.Unavailable)
		ok(t, s.AskToConfirm(t.Context(), sub.ID, "example.org", day.Add(2*time.Hour)))
		_, err := s.UpdateSubscription(t.Context(), sub.ID, func(s *broadsheet.Subscription) error { s.State = broadsheet.Active; return nil })
		ok(t, err)
		equal(t, "once confirmed", wanted(t, s, list[0], "me"), false)
	})
}
