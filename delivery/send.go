package delivery

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"broadsheet"
)

// An Outcome is how an attempt to hand a message over went.
type Outcome struct {
	State broadsheet.DeliveryState // Delivered; Waiting: it may work later; Dead: it never will
	Text  string                   // what the other side said
	After time.Duration            // how long it asks to be left alone; 0 where it does not say

	Untried bool // Waiting without an attempt: there was no room at this moment
}

// A Carrier hands messages over on one channel. It is called by many at once.
type Carrier interface {
	Carry(ctx context.Context, d *broadsheet.Delivery) Outcome
}

const (
	// DefaultWorkers hand over at once: enough to fill the waits for the other
	// side and the disk, few enough that what may repeat after a crash is little.
	DefaultWorkers = 16

	leaseBatch = 200 // a few seconds of work
	leaseTime  = 15 * time.Minute
	leaseSpare = 6 * time.Minute // left of a lease for an attempt to begin: one takes 5 at most

	// A message is tried for two days, as mail servers do (RFC 5321, section
	// 4.5.4.1, says four to five; a daily paper is stale by then).
	giveUpAfter = 48 * time.Hour
	firstRetry  = time.Minute
	longestWait = 4 * time.Hour

	finishWithin = 20 * time.Second // what is on its way when the server stops
	maxText      = 300
)

// A Sender hands over what waits in the outbox.
type Sender struct {
	Outbox   broadsheet.OutboxStore
	Carriers map[broadsheet.Channel]Carrier
	Holder   string // names this process
	Workers  int    // 0: DefaultWorkers
	Now      func() time.Time
	Log      *slog.Logger
}

// Work hands over until ctx is done, looking every period for more.
func (s *Sender) Work(ctx context.Context, period time.Duration) error {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		if _, err := s.Drain(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the outbox cannot be worked on", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Drain hands over all that is due now and returns how many were delivered. A
// worker begins its next message when the store has the outcome of its last: so
// at most Workers messages are on their way without a record.
func (s *Sender) Drain(ctx context.Context) (delivered int, err error) {
	workers := s.Workers
	if workers <= 0 {
		workers = DefaultWorkers
	}
	// What is on its way when ctx ends is finished, for a while.
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(finishWithin, cancel) })()

	r := &record{outbox: s.Outbox, holder: s.Holder, in: make(chan outcome)}
	queue := make(chan broadsheet.Delivery, leaseBatch)
	var recording, carrying sync.WaitGroup
	recording.Go(func() { r.run(late) })
	for range workers {
		carrying.Go(func() {
			for d := range queue {
				if ctx.Err() == nil && r.failed() == nil {
					r.note(s.carry(late, &d))
				}
			}
		})
	}
	err = s.fill(ctx, queue, r)
	close(queue)
	carrying.Wait()
	close(r.in)
	recording.Wait()
	if ctx.Err() != nil { // others, or the next start, need not wait for the leases
		err = s.Outbox.ReleaseDeliveries(context.WithoutCancel(ctx), s.Holder)
	}
	if r.err != nil {
		err = r.err
	}
	return r.delivered, err
}

// fill leases what is due and queues it, until nothing is.
func (s *Sender) fill(ctx context.Context, queue chan<- broadsheet.Delivery, r *record) error {
	for ctx.Err() == nil && r.failed() == nil {
		now := s.Now()
		list, err := s.Outbox.LeaseDeliveries(ctx, s.Holder, now, now.Add(leaseTime), leaseBatch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, d := range list {
			select {
			case queue <- d:
			case <-ctx.Done():
				return nil
			}
		}
	}
	return nil
}

// carry makes one attempt and says what to note of it; nothing where the lease is
// not ours any more, or too short for an attempt.
func (s *Sender) carry(ctx context.Context, d *broadsheet.Delivery) broadsheet.Attempt {
	a := broadsheet.Attempt{Delivery: d.ID, At: s.Now()}
	wanted, err := s.Outbox.Wanted(ctx, d.ID, s.Holder)
	switch {
	case err != nil:
		return s.later(a, d, Outcome{Text: err.Error()})
	case !wanted:
		a.State = broadsheet.Dropped
		return a
	}
	carrier := s.Carriers[d.Subscription.Reader.Channel]
	if carrier == nil {
		return s.later(a, d, Outcome{Text: "nothing is set up here to send by " + string(d.Subscription.Reader.Channel), After: longestWait})
	}
	out := carrier.Carry(ctx, d)
	a.At, a.State, a.Error = s.Now(), out.State, broadsheet.Printable(out.Text, maxText)
	if out.State == broadsheet.Waiting {
		return s.later(a, d, out)
	}
	if out.State == broadsheet.Dead {
		s.Log.Warn("a message was refused", "delivery", d.ID, "channel", d.Subscription.Reader.Channel, "said", a.Error)
	} else {
		a.Error = ""
	}
	return a
}

// later puts an attempt off, or gives the message up.
func (s *Sender) later(a broadsheet.Attempt, d *broadsheet.Delivery, out Outcome) broadsheet.Attempt {
	a.State, a.Error = broadsheet.Waiting, broadsheet.Printable(out.Text, maxText)
	if a.At.Sub(d.Created) > giveUpAfter {
		a.State = broadsheet.Dead
		s.Log.Warn("a message is given up", "delivery", d.ID, "attempts", d.Attempts+1, "said", a.Error)
		return a
	}
	if out.Untried {
		a.Untried, a.Next = true, a.At.Add(out.After)
		return a
	}
	wait := firstRetry
	for range min(d.Attempts, 10) {
		wait = min(wait*3, longestWait)
	}
	a.Next = a.At.Add(max(out.After, wait-wait/8+rand.N(wait/4)))
	return a
}

// A record writes outcomes down, as many at once as have come meanwhile: a commit
// waits for the disk, and one for many is as dear as one for one.
type record struct {
	outbox broadsheet.OutboxStore
	holder string
	in     chan outcome

	mu        sync.Mutex
	delivered int
	err       error
}

type outcome struct {
	broadsheet.Attempt
	kept chan struct{}
}

// note returns when an attempt is written down.
func (r *record) note(a broadsheet.Attempt) {
	o := outcome{a, make(chan struct{})}
	r.in <- o
	<-o.kept
}

func (r *record) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *record) run(ctx context.Context) {
	for first := range r.in {
		list := []outcome{first}
	more:
		for {
			select {
			case o, ok := <-r.in:
				if !ok {
					break more
				}
				list = append(list, o)
			default:
				break more
			}
		}
		r.write(ctx, list)
	}
}

func (r *record) write(ctx context.Context, list []outcome) {
	attempts := make([]broadsheet.Attempt, len(list))
	n := 0
	for i, o := range list {
		attempts[i] = o.Attempt
		if o.State == broadsheet.Delivered {
			n++
		}
	}
	err := r.outbox.FinishDeliveries(ctx, r.holder, attempts)
	r.mu.Lock()
	if err != nil {
		r.err = err
	} else {
		r.delivered += n
	}
	r.mu.Unlock()
	for _, o := range list {
		close(o.kept)
	}
}
