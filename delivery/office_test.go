package delivery

import (
	"testing"
	"time"

	"broadsheet"
)

func TestOffice(t *testing.T) {
	for _, tt := range []struct {
		name  string
		do    func(t *testing.T, o *Office, id int64)
		state broadsheet.SubscriptionState
		next  string // local time of the next digest; "" for none
	}{
		{"nothing", func(*testing.T, *Office, int64) {}, broadsheet.Pending, ""},
		{"confirmed", func(t *testing.T, o *Office, id int64) { do(t)(o.Confirm(t.Context(), id)) }, broadsheet.Active, "2026-03-04 07:00"},
		{"confirmed twice", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			do(t)(o.Confirm(t.Context(), id))
		}, broadsheet.Active, "2026-03-04 07:00"},
		{"resumed without being confirmed", func(t *testing.T, o *Office, id int64) { do(t)(o.Resume(t.Context(), id)) }, broadsheet.Pending, ""},
		{"ended", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			do(t)(o.Unsubscribe(t.Context(), id))
		}, broadsheet.Unsubscribed, ""},
		{"ended, and confirmed by the old mail", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			do(t)(o.Unsubscribe(t.Context(), id))
			do(t)(o.Confirm(t.Context(), id))
		}, broadsheet.Unsubscribed, ""},
		{"ended, and taken back", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			do(t)(o.Unsubscribe(t.Context(), id))
			do(t)(o.Resume(t.Context(), id))
		}, broadsheet.Active, "2026-03-04 07:00"},
		{"paused till Saturday", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			do(t)(o.Pause(t.Context(), id, "2026-03-07"))
		}, broadsheet.Paused, "2026-03-09 07:00"},
		{"paused for good", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			do(t)(o.Pause(t.Context(), id, ""))
		}, broadsheet.Paused, ""},
		{"another clock", func(t *testing.T, o *Office, id int64) {
			do(t)(o.Confirm(t.Context(), id))
			to := broadsheet.NewSubscription(broadsheet.Reader{}, broadsheet.View{})
			to.Zone, to.Minute, to.Rhythm = "Asia/Tokyo", 8*60+30, broadsheet.Weekly
			do(t)(o.Change(t.Context(), id, to))
		}, broadsheet.Active, "2026-03-09 08:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store := openStore(t)
			o := &Office{Subscriptions: store, Outbox: store, Latest: latest, Now: func() time.Time { return start }}
			s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: "ada@example.org", Key: "ada@example.org"}, broadsheet.View{Kind: broadsheet.ViewEdition})
			if err := o.Ask(t.Context(), "ada@example.org", s); err != nil {
				t.Fatal(err)
			}
			list, err := store.Subscribers(t.Context(), 0, 10)
			if err != nil || len(list) != 1 {
				t.Fatalf("got %v, %v", list, err)
			}
			tt.do(t, o, list[0].ID)
			got, err := o.Subscription(t.Context(), list[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			next := ""
			if !got.Next.IsZero() {
				next = got.Next.In(got.Location()).Format("2006-01-02 15:04")
			}
			if got.State != tt.state || next != tt.next {
				t.Errorf("%s, next %q; want %s, next %q", got.State, next, tt.state, tt.next)
			}
		})
	}
}

func do(t *testing.T) func(broadsheet.Subscription, error) {
	return func(_ broadsheet.Subscription, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Who ends a subscription and asks again is asked to confirm again, with what is
// wanted now; who has it is not bothered.
func TestAskAgain(t *testing.T) {
	store := openStore(t)
	now := start
	o := &Office{Subscriptions: store, Outbox: store, Latest: latest, Now: func() time.Time { return now }}
	s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: "ada@example.org", Key: "ada@example.org"}, broadsheet.View{Kind: broadsheet.ViewEdition})
	questions := func() int {
		list, err := store.LeaseDeliveries(t.Context(), "test", now, now, 10)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, d := range list {
			if err := store.FinishDeliveries(t.Context(), "test", []broadsheet.Attempt{{Delivery: d.ID, State: broadsheet.Delivered, At: now}}); err != nil {
				t.Fatal(err)
			}
			n++
		}
		return n
	}
	ask := func() {
		t.Helper()
		if err := o.Ask(t.Context(), "ada@example.org", s); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	if questions() != 1 {
		t.Error("not asked")
	}
	ask() // at once: the address is not to be flooded
	if questions() != 0 {
		t.Error("asked again at once")
	}
	list, _ := store.Subscribers(t.Context(), 0, 1)
	do(t)(o.Confirm(t.Context(), list[0].ID))
	now = now.Add(2 * time.Hour)
	ask()
	if questions() != 0 {
		t.Error("who has it is asked")
	}
	do(t)(o.Unsubscribe(t.Context(), list[0].ID))
	s.Rhythm = broadsheet.Weekly
	ask()
	if questions() != 1 {
		t.Error("who left is not asked")
	}
	if got, _ := o.Subscription(t.Context(), list[0].ID); got.State != broadsheet.Pending || got.Rhythm != broadsheet.Weekly {
		t.Errorf("got %+v", got)
	}
}
