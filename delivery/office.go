package delivery

import (
	"context"
	"time"

	"broadsheet"
	"broadsheet/mail"
)

// An Office is where readers subscribe and leave.
type Office struct {
	Subscriptions broadsheet.SubscriptionStore
	Outbox        broadsheet.OutboxStore
	Latest        func(at time.Time) broadsheet.Date // see Planner
	Now           func() time.Time
}

var _ broadsheet.SubscriptionDesk = (*Office)(nil)

// Mailbox returns the reader at a mail address, as somebody typed it.
func Mailbox(address string) (broadsheet.Reader, error) {
	a, err := mail.ParseAddress(address)
	if err != nil {
		return broadsheet.Reader{}, err
	}
	a.Name = "" // the address is checked by a mail, and a name by nobody
	return broadsheet.Reader{Channel: broadsheet.ByMail, Address: a.String(), Key: a.Key()}, nil
}

// Ask implements broadsheet.SubscriptionDesk.
func (o *Office) Ask(ctx context.Context, address string, s broadsheet.Subscription) (err error) {
	if s.Reader, err = Mailbox(address); err != nil {
		return err
	}
	err = o.ask(ctx, s)
	if kind := broadsheet.KindOf(err); err != nil && (kind == broadsheet.Unavailable || kind == broadsheet.Conflict) {
		return nil // it was asked lately, or has all that it may: whose address it is must not show
	}
	return err
}

func (o *Office) ask(ctx context.Context, s broadsheet.Subscription) error {
	now := o.Now()
	s.State, s.Created = broadsheet.Pending, now
	stored, isNew, err := o.Subscriptions.Subscribe(ctx, s)
	if err != nil {
		return err
	}
	if !isNew {
		if stored.State == broadsheet.Active || stored.State == broadsheet.Paused {
			return nil // which must look like the rest
		}
		// What is asked for now holds once it is confirmed.
		stored, err = o.Subscriptions.UpdateSubscription(ctx, stored.ID, func(old *broadsheet.Subscription) error {
			settle(old, &s)
			old.State = broadsheet.Pending
			return nil
		})
		if err != nil {
			return err
		}
	}
	return o.Outbox.AskToConfirm(ctx, stored.ID, domain(stored.Reader), now)
}

// settle takes over what a reader may choose.
func settle(s, to *broadsheet.Subscription) {
	s.Rhythm, s.Minute, s.Zone, s.Size, s.Lang = to.Rhythm, to.Minute, to.Zone, to.Size, to.Lang
}

// Add subscribes a reader whom an operator vouches for, without a question.
func (o *Office) Add(ctx context.Context, s broadsheet.Subscription) (broadsheet.Subscription, error) {
	s.State, s.Created = broadsheet.Pending, o.Now()
	stored, _, err := o.Subscriptions.Subscribe(ctx, s)
	if err != nil {
		return s, err
	}
	return o.change(ctx, stored.ID, func(old *broadsheet.Subscription) {
		settle(old, &s)
		o.activate(old)
	})
}

// Confirm implements broadsheet.SubscriptionDesk.
func (o *Office) Confirm(ctx context.Context, id int64) (broadsheet.Subscription, error) {
	return o.change(ctx, id, func(s *broadsheet.Subscription) {
		if s.State == broadsheet.Pending {
			o.activate(s)
		}
	})
}

func (o *Office) activate(s *broadsheet.Subscription) {
	now := o.Now()
	if s.Confirmed.IsZero() {
		s.Confirmed = now
	}
	Activate(s, now, o.Latest(now))
}

// Subscription implements broadsheet.SubscriptionDesk.
func (o *Office) Subscription(ctx context.Context, id int64) (broadsheet.Subscription, error) {
	return o.Subscriptions.Subscription(ctx, id)
}

// Of implements broadsheet.SubscriptionDesk.
func (o *Office) Of(ctx context.Context, reader int64) ([]broadsheet.Subscription, error) {
	return o.Subscriptions.SubscriptionsOf(ctx, reader)
}

// Unsubscribe implements broadsheet.SubscriptionDesk. What was stopped because it came
// back or was unwanted stays so: it must not be brought back by leaving and returning.
func (o *Office) Unsubscribe(ctx context.Context, id int64) (broadsheet.Subscription, error) {
	return o.change(ctx, id, func(s *broadsheet.Subscription) {
		if s.State == broadsheet.Bounced || s.State == broadsheet.Complained {
			return
		}
		s.State, s.PausedUntil, s.Next = broadsheet.Unsubscribed, "", time.Time{}
	})
}

// Resume implements broadsheet.SubscriptionDesk. A subscription that was never
// confirmed, or whose address takes nothing, needs the button in a mail.
func (o *Office) Resume(ctx context.Context, id int64) (broadsheet.Subscription, error) {
	return o.change(ctx, id, func(s *broadsheet.Subscription) {
		if !s.Confirmed.IsZero() && (s.State == broadsheet.Unsubscribed || s.State == broadsheet.Paused) {
			o.activate(s)
		}
	})
}

// Pause implements broadsheet.SubscriptionDesk.
func (o *Office) Pause(ctx context.Context, id int64, until broadsheet.Date) (broadsheet.Subscription, error) {
	return o.change(ctx, id, func(s *broadsheet.Subscription) {
		if s.State == broadsheet.Active || s.State == broadsheet.Paused {
			Pause(s, o.Now(), until)
		}
	})
}

// Change implements broadsheet.SubscriptionDesk.
func (o *Office) Change(ctx context.Context, id int64, to broadsheet.Subscription) (broadsheet.Subscription, error) {
	return o.change(ctx, id, func(s *broadsheet.Subscription) {
		settle(s, &to)
		if !s.Next.IsZero() { // by the new clock
			s.Next = Next(s, o.Now())
		}
	})
}

func (o *Office) change(ctx context.Context, id int64, how func(*broadsheet.Subscription)) (broadsheet.Subscription, error) {
	return o.Subscriptions.UpdateSubscription(ctx, id, func(s *broadsheet.Subscription) error {
		how(s)
		return nil
	})
}
