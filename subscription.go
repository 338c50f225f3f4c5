package broadsheet

import (
	"context"
	"fmt"
	"time"
)

// A Rhythm is how often a subscription is delivered.
type Rhythm string

// The rhythms.
const (
	Daily   Rhythm = "daily"   // Monday to Friday
	Weekly  Rhythm = "weekly"  // on Mondays, the week before
	Monthly Rhythm = "monthly" // on the first of a month, the month before
	AtOnce  Rhythm = "at-once" // soon after a paper is there
)

// A SubscriptionState says whether a subscription is delivered.
type SubscriptionState string

// The states. Only an active subscription is delivered.
const (
	Pending      SubscriptionState = "pending"      // not confirmed yet
	Active       SubscriptionState = "active"       //
	Paused       SubscriptionState = "paused"       // by the reader; it becomes active when Next comes, if that is set
	Unsubscribed SubscriptionState = "unsubscribed" // by the reader
	Bounced      SubscriptionState = "bounced"      // the address takes nothing
	Complained   SubscriptionState = "complained"   // the reader called it spam
)

// A Channel is a way on which digests travel.
type Channel string

// The channels.
const (
	ByMail     Channel = "mail"
	ByWebhook  Channel = "webhook"
	BySlack    Channel = "slack"
	ByDiscord  Channel = "discord"
	ByTelegram Channel = "telegram"
	ByMatrix   Channel = "matrix"
)

// A Reader is somebody, or something, that digests go to. A paper goes to a
// reader once, whatever the number of subscriptions.
type Reader struct {
	ID      int64
	Channel Channel
	Address string // of mail as it was given, or where a channel leads; may hold a secret
	Key     string // what makes it this one: an address in its normal form
}

// A Subscription is a reader's wish for a view at a rhythm.
type Subscription struct {
	ID     int64
	Reader Reader
	View   View
	Rhythm Rhythm
	Minute int    // of the local day, 0 to 1439
	Zone   string // as in the IANA database
	Size   int    // most papers of a digest
	Lang   string // of dates and of what we say ourselves, such as "en"
	State  SubscriptionState

	PausedUntil Date // first day on which a paused one is delivered again; "" for no end
	Created     time.Time
	Confirmed   time.Time // when its reader pressed the button; zero before
	Next        time.Time // when the next digest is due; zero for never
	Through     Date      // last day of editions that a digest has covered
}

// Bounds of subscriptions.
const (
	MaxDigestSize       = 50
	DefaultDigestSize   = 10
	MaxSubscriptions    = 20 // of one reader
	ConfirmWithin       = 72 * time.Hour
	defaultDigestMinute = 7 * 60
)

// NewSubscription returns a subscription with what most readers want.
func NewSubscription(r Reader, v View) Subscription {
	return Subscription{Reader: r, View: v, Rhythm: Daily, Minute: defaultDigestMinute, Zone: "UTC", Size: DefaultDigestSize, Lang: "en", State: Pending}
}

// Location returns the zone in which a subscription's days begin.
func (s *Subscription) Location() *time.Location {
	if loc, err := time.LoadLocation(s.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// Validate says what is wrong with a subscription.
func (s *Subscription) Validate() error {
	_, badView := ParseView(s.View.String())
	_, badZone := time.LoadLocation(s.Zone)
	switch {
	case badView != nil:
		return badView
	case s.Rhythm != Daily && s.Rhythm != Weekly && s.Rhythm != Monthly && s.Rhythm != AtOnce:
		return Errorf(Invalid, "\"%s\" is no rhythm: choose daily, weekly, monthly or at-once.", Printable(string(s.Rhythm), 20))
	case s.Minute < 0 || s.Minute >= 24*60:
		return Errorf(Invalid, "That is no time of day: write it like 07:30.")
	case s.Zone == "" || s.Zone == "Local" || badZone != nil:
		return Errorf(Invalid, "\"%s\" is not a time zone: write it like Europe/Berlin or UTC.", Printable(s.Zone, 40))
	case s.Size < 1 || s.Size > MaxDigestSize:
		return Errorf(Invalid, "A digest has 1 to %d papers, not %d.", MaxDigestSize, s.Size)
	case len(s.Lang) > 20:
		return Errorf(Invalid, "\"%s\" is not a language: write it like en or de.", Printable(s.Lang, 20))
	}
	return nil
}

// Clock returns the local time of delivery as it is written: "07:30".
func (s *Subscription) Clock() string { return fmt.Sprintf("%02d:%02d", s.Minute/60, s.Minute%60) }

// ParseMinute reads a time of day like 07:30 as the minute of the day.
func ParseMinute(text string) (int, error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, Errorf(Invalid, "\"%s\" is no time of day: write it like 07:30.", Printable(text, 20))
	}
	return t.Hour()*60 + t.Minute(), nil
}

// A SubscriptionStore keeps readers and what they wish for.
type SubscriptionStore interface {
	// Subscribe keeps a subscription of a reader, whom it makes known by his key. A
	// reader has one for a view: one that is there is returned as it is. Conflict
	// if the reader has MaxSubscriptions.
	Subscribe(ctx context.Context, s Subscription) (stored Subscription, isNew bool, err error)

	// Subscription returns one. NotFound otherwise.
	Subscription(ctx context.Context, id int64) (Subscription, error)

	// SubscriptionsOf returns those of a reader, and Subscribers all, by ID.
	SubscriptionsOf(ctx context.Context, reader int64) ([]Subscription, error)
	Subscribers(ctx context.Context, after int64, limit int) ([]Subscription, error)

	// UpdateSubscription reads a subscription, lets change change it, and stores
	// all but its ID and reader, in one transaction.
	UpdateSubscription(ctx context.Context, id int64, change func(*Subscription) error) (Subscription, error)

	// Suppress ends all subscriptions of a reader, with the state that says why,
	// and drops what has not been delivered.
	Suppress(ctx context.Context, reader int64, why SubscriptionState) error

	// Due returns active and paused subscriptions whose Next has come, the first first.
	Due(ctx context.Context, now time.Time, limit int) ([]Subscription, error)

	// Seen returns which of the papers each of some readers was ever sent. Who was
	// sent none of them is not in it.
	Seen(ctx context.Context, readers []int64, papers []ID) (map[int64][]ID, error)

	// Wishes returns the views of the active and paused subscriptions of some readers.
	Wishes(ctx context.Context, readers []int64) (map[int64][]View, error)
}

// A SubscriptionDesk is where readers subscribe and leave. What it is told was
// checked before: that a link was ours, and whose.
type SubscriptionDesk interface {
	// Ask subscribes an address, which is asked by mail to confirm it. Invalid where
	// that or the subscription is wrong; else nothing tells whether it was known.
	Ask(ctx context.Context, address string, s Subscription) error

	// Confirm makes a pending subscription active; one that is active stays so.
	Confirm(ctx context.Context, id int64) (Subscription, error)

	// Subscription returns one, and Of those of a reader. NotFound if there is none.
	Subscription(ctx context.Context, id int64) (Subscription, error)
	Of(ctx context.Context, reader int64) ([]Subscription, error)

	// Unsubscribe ends one at once. Resume makes one that was ended or paused by
	// its reader active again.
	Unsubscribe(ctx context.Context, id int64) (Subscription, error)
	Resume(ctx context.Context, id int64) (Subscription, error)

	// Pause stops one till a day, or for good with "".
	Pause(ctx context.Context, id int64, until Date) (Subscription, error)

	// Change gives one another rhythm, time, zone, size and language.
	Change(ctx context.Context, id int64, to Subscription) (Subscription, error)
}
