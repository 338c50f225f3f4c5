package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/sqlite"
)

// carrierFunc is a Carrier that is a function.
type carrierFunc func(*broadsheet.Delivery) Outcome

func (f carrierFunc) Carry(_ context.Context, d *broadsheet.Delivery) Outcome { return f(d) }

var start = time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)

// subscribers makes n readers of editions, all due at start.
func subscribers(t testing.TB, store *sqlite.DB, n int) (list []broadsheet.Subscription) {
	t.Helper()
	for i := range n {
		who := fmt.Sprintf("reader%d@example.org", i)
		s := broadsheet.NewSubscription(broadsheet.Reader{Channel: broadsheet.ByMail, Address: who, Key: who}, broadsheet.View{Kind: broadsheet.ViewEdition})
		s.State, s.Next, s.Through = broadsheet.Active, start, "2026-03-02"
		stored, _, err := store.Subscribe(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, stored)
	}
	return list
}

// planned returns a store with a digest waiting for each of n readers.
func planned(t testing.TB, n int) (*sqlite.DB, []broadsheet.Subscription) {
	t.Helper()
	store := openStore(t)
	putDay(t, store, "2026-03-03", 3)
	list := subscribers(t, store, n)
	p := newPlanner(store)
	p.Latest = func(time.Time) broadsheet.Date { return "2026-03-03" }
	if made, err := p.Plan(t.Context(), start); err != nil || made != n {
		t.Fatalf("planned %d, %v; want %d", made, err, n)
	}
	return store, list
}

// A desk is a sender with a clock of its own.
func newSender(store *sqlite.DB, now *time.Time, carry func(*broadsheet.Delivery) Outcome) *Sender {
	return &Sender{Outbox: store, Holder: "test", Now: func() time.Time { return *now }, Log: slog.New(slog.DiscardHandler),
		Carriers: map[broadsheet.Channel]Carrier{broadsheet.ByMail: carrierFunc(carry)}}
}

func drain(t *testing.T, s *Sender) int {
	t.Helper()
	n, err := s.Drain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDrainDeliversEachOnce(t *testing.T) {
	store, _ := planned(t, 500)
	var mu sync.Mutex
	got := map[string]int{}
	now := start
	s := newSender(store, &now, func(d *broadsheet.Delivery) Outcome {
		mu.Lock()
		defer mu.Unlock()
		got[d.Subscription.Reader.Key]++
		if len(d.Digest.Picks) != 3 {
			t.Errorf("%d papers", len(d.Digest.Picks))
		}
		return Outcome{State: broadsheet.Delivered}
	})
	if n := drain(t, s) + drain(t, s); n != 500 || len(got) != 500 {
		t.Errorf("%d delivered to %d readers, want 500 to 500", n, len(got))
	}
	for who, n := range got {
		if n != 1 {
			t.Errorf("%s has %d", who, n)
		}
	}
}

func TestRetries(t *testing.T) {
	for _, tt := range []struct {
		name     string
		outcomes []Outcome // of the attempts; the last repeats
		attempts int
		state    broadsheet.DeliveryState
		within   time.Duration
	}{
		{"a greylist lets it through the second time", []Outcome{{State: broadsheet.Waiting, Text: "451 later"}, {State: broadsheet.Delivered}}, 2, broadsheet.Delivered, 5 * time.Minute},
		{"a refusal is final", []Outcome{{State: broadsheet.Dead, Text: "550 no such user"}}, 1, broadsheet.Dead, 0},
		{"trouble without end ends", []Outcome{{State: broadsheet.Waiting, Text: "421 busy"}}, 18, broadsheet.Dead, 60 * time.Hour},
		{"who asks for an hour gets it", []Outcome{{State: broadsheet.Waiting, After: time.Hour}, {State: broadsheet.Delivered}}, 2, broadsheet.Delivered, 62 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store, _ := planned(t, 1)
			now, attempts := start, 0
			s := newSender(store, &now, func(*broadsheet.Delivery) Outcome {
				attempts++
				return tt.outcomes[min(attempts, len(tt.outcomes))-1]
			})
			for {
				drain(t, s)
				waiting, err := store.Deliveries(t.Context(), broadsheet.Waiting, 1)
				if err != nil {
					t.Fatal(err)
				}
				if len(waiting) == 0 {
					break
				}
				now = waiting[0].Next
			}
			if counts, _ := store.CountDeliveries(t.Context()); counts[tt.state] != 1 {
				t.Errorf("afterwards %v", counts)
			}
			if attempts < tt.attempts-3 || attempts > tt.attempts+3 || tt.attempts < 5 && attempts != tt.attempts {
				t.Errorf("%d attempts, want about %d", attempts, tt.attempts)
			}
			if took := now.Sub(start); took > tt.within {
				t.Errorf("took %v", took)
			}
		})
	}
}

// Who ends a subscription gets nothing more, not even what a worker has leased.
func TestUnsubscribeStopsWhatIsLeased(t *testing.T) {
	store, list := planned(t, 50)
	now, sent := start, 0
	var mu sync.Mutex
	s := newSender(store, &now, nil)
	s.Workers = 1
	s.Carriers[broadsheet.ByMail] = carrierFunc(func(d *broadsheet.Delivery) Outcome {
		mu.Lock()
		defer mu.Unlock()
		if sent++; sent == 1 { // all others are leased
			for _, sub := range list {
				if sub.ID != d.Subscription.ID {
					_, err := store.UpdateSubscription(t.Context(), sub.ID, func(s *broadsheet.Subscription) error {
						s.State = broadsheet.Unsubscribed
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			}
		}
		return Outcome{State: broadsheet.Delivered}
	})
	if n := drain(t, s); n != 1 || sent != 1 {
		t.Errorf("%d delivered, %d tried; want 1", n, sent)
	}
	if counts, _ := store.CountDeliveries(t.Context()); counts[broadsheet.Dropped] != 49 {
		t.Errorf("afterwards %v", counts)
	}
}

// What is on its way when the server stops is finished and noted, and the rest is
// free for the next start at once.
func TestStop(t *testing.T) {
	store, _ := planned(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	now, sent := start, 0
	var mu sync.Mutex
	s := newSender(store, &now, func(*broadsheet.Delivery) Outcome {
		mu.Lock()
		defer mu.Unlock()
		if sent++; sent == 10 {
			cancel()
		}
		return Outcome{State: broadsheet.Delivered}
	})
	n, err := s.Drain(ctx)
	if err != nil || n != sent || sent >= 100 {
		t.Errorf("%d noted, %d sent, %v", n, sent, err)
	}
	if more := drain(t, s); n+more != 100 {
		t.Errorf("%d, then %d; want 100 in all", n, more)
	}
}

func TestChannelThatIsNotSetUp(t *testing.T) {
	store, _ := planned(t, 1)
	now := start
	s := newSender(store, &now, nil)
	s.Carriers = nil
	drain(t, s)
	list, err := store.Deliveries(t.Context(), broadsheet.Waiting, 1)
	if err != nil || len(list) != 1 || list[0].Error == "" {
		t.Errorf("got %+v, %v", list, err)
	}
}
