package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"broadsheet"
	"broadsheet/internal/token"
	"broadsheet/mail"
	"broadsheet/smtp"
)

// A Post carries digests by mail.
type Post struct {
	Client interface { // a *smtp.Client
		Send(context.Context, smtp.Message) smtp.Result
	}
	Papers        broadsheet.PaperStore
	Subscriptions broadsheet.SubscriptionStore
	Tokens        *token.Maker
	Log           *slog.Logger

	From       mail.Address
	ReturnPath string // the mailbox that takes bounces; "" for that of From
	BaseURL    string // where the pages are
	Name       string // of the newspaper; "" for Broadsheet
	Host       string // of Message-IDs and lists: the domain of From, usually

	items    items
	press    mail.Press
	composed composed
}

var _ Carrier = (*Post)(nil)

// Carry implements Carrier.
func (p *Post) Carry(ctx context.Context, d *broadsheet.Delivery) Outcome {
	m, err := p.message(ctx, d)
	if err != nil {
		if kind := broadsheet.KindOf(err); kind == broadsheet.Invalid || kind == broadsheet.NotFound {
			return Outcome{State: broadsheet.Dead, Text: broadsheet.TextFor(err)}
		}
		return Outcome{State: broadsheet.Waiting, Text: err.Error()}
	}
	r := p.Client.Send(ctx, m)
	out := Outcome{State: broadsheet.Waiting, Text: r.String(), After: r.After, Untried: r.Outcome == smtp.Deferred}
	switch {
	case r.Outcome == smtp.Delivered:
		out.State = broadsheet.Delivered
	case r.Outcome == smtp.Permanent && !r.Server:
		out.State = broadsheet.Dead
		if r.BadAddress() {
			p.stop(ctx, d.Subscription.Reader.ID, broadsheet.Bounced)
		}
	}
	return out
}

// stop ends what is sent to a reader.
func (p *Post) stop(ctx context.Context, reader int64, why broadsheet.SubscriptionState) {
	if err := p.Subscriptions.Suppress(ctx, reader, why); err != nil {
		p.Log.ErrorContext(ctx, "a reader who cannot be reached is not struck off", "reader", reader, "err", err)
	}
}

// message returns what to send, the same bytes at each attempt.
func (p *Post) message(ctx context.Context, d *broadsheet.Delivery) (m smtp.Message, err error) {
	to, err := mail.ParseAddress(d.Subscription.Reader.Address)
	if err != nil {
		return m, err
	}
	c, err := p.compose(ctx, d)
	if err != nil {
		return m, err
	}
	bounce := p.ReturnPath
	if bounce == "" {
		bounce = p.From.Mailbox()
	}
	if bounce, err = mail.VERP(bounce, p.Tokens.Make(token.Bounce, d.Subscription.Reader.ID, time.Time{})); err != nil {
		return m, err
	}
	m = smtp.Message{From: bounce, To: to.Mailbox()}
	m.Data, err = c.Message(p.envelope(d, to, bounce))
	return m, err
}

func (p *Post) envelope(d *broadsheet.Delivery, to mail.Address, bounce string) mail.Envelope {
	e := mail.Envelope{From: p.From, To: to, ReturnPath: bounce, Date: d.Created,
		MessageID: mail.MessageID(p.Host, string(d.Kind), strconv.FormatInt(d.ID, 10), strconv.FormatInt(d.Created.UnixMilli(), 10))}
	if d.Kind == broadsheet.DeliverDigest {
		s := &d.Subscription
		e.Date = d.Digest.Slot
		e.ListID = string(s.View.Kind) + "." + p.Host
		e.FeedbackID = string(s.View.Kind) + ":" + string(s.Rhythm) + ":" + p.Host
		e.UnsubscribeURL = p.BaseURL + "/unsubscribe/" + p.Tokens.Make(token.Unsubscribe, s.ID, time.Time{})
		e.ManageURL = p.BaseURL + "/subscriptions/" + p.Tokens.Make(token.Manage, s.Reader.ID, time.Time{})
	}
	return e
}

// compose renders what a delivery says. Readers who get the same share it.
func (p *Post) compose(ctx context.Context, d *broadsheet.Delivery) (*mail.Composed, error) {
	s := &d.Subscription
	if d.Kind == broadsheet.DeliverConfirm {
		link := p.BaseURL + "/subscribe/" + p.Tokens.Make(token.Confirm, s.ID, d.Created.Add(broadsheet.ConfirmWithin))
		return mail.Confirm(s.Lang, p.Name, s.View.Title(), link).Compose()
	}
	picks, err := json.Marshal(d.Digest.Picks)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%s\x00%s\x00%d\x00%s", s.View, s.Rhythm, s.Lang, s.Zone, d.Digest.First, d.Digest.Through, d.Digest.Others, picks))
	return p.composed.get(key, func() (*mail.Composed, error) {
		m := letter(s, &d.Digest, p.BaseURL)
		m.Name = p.Name
		var err error
		if m.Items, err = p.items.of(ctx, p.Papers, d.Digest.Picks, p.BaseURL, time.Now()); err != nil {
			return nil, err
		}
		return p.press.Compose(m)
	})
}

// A composed remembers what was rendered last.
type composed struct {
	mu   sync.Mutex
	list map[[sha256.Size]byte]*mail.Composed
}

// maxComposed bounds memory: 100 kB each at most.
const maxComposed = 100

func (c *composed) get(key [sha256.Size]byte, make func() (*mail.Composed, error)) (*mail.Composed, error) {
	c.mu.Lock()
	m := c.list[key]
	c.mu.Unlock()
	if m != nil {
		return m, nil
	}
	m, err := make()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil || len(c.list) >= maxComposed {
		c.list = map[[sha256.Size]byte]*mail.Composed{}
	}
	c.list[key] = m
	return m, nil
}

// Report takes what came back to the bounce address: an address that does not work
// and a reader who complains get nothing more. It says what was done.
func (p *Post) Report(ctx context.Context, raw []byte, now time.Time) (string, error) {
	r, err := mail.ParseReport(raw)
	if err != nil {
		return "", err
	}
	reader, err := p.Tokens.Read(token.Bounce, r.Token, now)
	if err != nil { // only the token proves that we sent what came back
		return "", broadsheet.Errorf(broadsheet.NotFound, "This is not about a message of ours.")
	}
	switch r.Kind {
	case mail.HardBounce:
		return "stopped: the address does not work", p.Subscriptions.Suppress(ctx, reader, broadsheet.Bounced)
	case mail.Complaint:
		return "stopped: the reader complained", p.Subscriptions.Suppress(ctx, reader, broadsheet.Complained)
	case mail.SoftBounce:
		return "noted: it does not work now", nil
	}
	return "nothing to do", nil
}
