package broadsheet

import (
	"context"
	"time"
)

// A Digest is what was composed for a subscription at one of its times. It is
// kept as the papers that were picked; the message is made of them when it is
// handed over.
type Digest struct {
	ID           int64     `json:"id"`
	Subscription int64     `json:"subscription"`
	Slot         time.Time `json:"slot"`    // when it was due
	First        Date      `json:"first"`   // first and last day that it covers
	Through      Date      `json:"through"` //
	Picks        []Pick    `json:"picks"`
	Others       int       `json:"others,omitempty"` // papers that were not picked
}

// A Pick is a paper of a digest, and why it is there.
type Pick struct {
	Paper  ID     `json:"paper"`
	Reason string `json:"reason,omitempty"`
}

// A Planned is what became due of a subscription: its digest, or none where there
// is nothing to send, and when it is due next.
type Planned struct {
	Subscription int64
	Due          time.Time // its Next when it was read: if that has changed meanwhile, nothing is stored
	Digest       *Digest
	Domain       string // where the message goes
	Next         time.Time
	Through      Date
}

// A DeliveryKind says what is delivered.
type DeliveryKind string

// The kinds of deliveries.
const (
	DeliverDigest  DeliveryKind = "digest"
	DeliverConfirm DeliveryKind = "confirm" // the question whether a reader wants it
)

// A DeliveryState is how far a delivery is.
type DeliveryState string

// The states of a delivery.
const (
	Waiting   DeliveryState = "waiting"   // for its time, or for a worker
	Delivered DeliveryState = "delivered" // handed over
	Dead      DeliveryState = "dead"      // refused for good, or tried too often
	Dropped   DeliveryState = "dropped"   // not wanted any more
)

// A Delivery is a row of the outbox: one message to hand over.
type Delivery struct {
	ID           int64
	Kind         DeliveryKind
	Subscription Subscription
	Digest       Digest // of a digest
	State        DeliveryState
	Attempts     int // before this one
	Next         time.Time
	Error        string // why the latest attempt failed
	Created      time.Time
	Done         time.Time // delivered, dead or dropped
}

// An Attempt is how one attempt to hand a delivery over went.
type Attempt struct {
	Delivery int64
	State    DeliveryState // Waiting: again at Next
	Next     time.Time
	Error    string
	At       time.Time
	Untried  bool // nothing was handed over: it does not count
}

// An OutboxStore keeps what is to be handed over. A delivery is written in the
// transaction that stores its digest, leased by whoever hands it over, and leased
// again where a lease ended without an outcome: so nothing is missed, and what
// repeats is what was on its way when a process died.
type OutboxStore interface {
	// PutPlanned stores digests with their deliveries and the papers that their
	// readers have now been sent, and moves the subscriptions on, in one
	// transaction. It leaves out a subscription that has changed since it was read.
	PutPlanned(ctx context.Context, list []Planned, now time.Time) (stored int, err error)

	// AskToConfirm puts the question to confirm a subscription into the outbox.
	// Unavailable if that was done within the hour, or three times within a day.
	AskToConfirm(ctx context.Context, subscription int64, domain string, now time.Time) error

	// LeaseDeliveries gives at most limit waiting deliveries that are due to a holder.
	LeaseDeliveries(ctx context.Context, holder string, now, until time.Time, limit int) ([]Delivery, error)

	// Wanted reports whether a delivery is still to be handed over by a holder: its
	// subscription may have ended since it was leased.
	Wanted(ctx context.Context, delivery int64, holder string) (bool, error)

	// FinishDeliveries notes how attempts went, in one transaction.
	FinishDeliveries(ctx context.Context, holder string, list []Attempt) error

	// ReleaseDeliveries ends the leases of a holder, or of all for "".
	ReleaseDeliveries(ctx context.Context, holder string) error

	// Deliveries returns the latest deliveries in a state.
	Deliveries(ctx context.Context, state DeliveryState, limit int) ([]Delivery, error)

	// CountDeliveries counts deliveries by state.
	CountDeliveries(ctx context.Context) (map[DeliveryState]int, error)

	// SendAgain makes a dead delivery wait again, with no attempts. NotFound if
	// there is no dead one of that number.
	SendAgain(ctx context.Context, delivery int64, now time.Time) error
}
