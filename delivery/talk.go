package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/channel"
	"broadsheet/mail"
)

// A Talk carries digests to where people talk, and to webhooks: all channels but
// mail. Readers there are subscribed by an operator, see ParseReader.
type Talk struct {
	Sender interface { // a *channel.Sender
		Send(context.Context, channel.Request) error
	}
	Papers        broadsheet.PaperStore
	Subscriptions broadsheet.SubscriptionStore
	BaseURL       string // where the pages are
	Telegram      string // where its bots' interface is; "" for Telegram's own
	Now           func() time.Time
	Log           *slog.Logger
}

var _ Carrier = (*Talk)(nil)

// Carriers returns the carriers of all channels: mail, which may be nil, and talk.
func Carriers(post *Post, talk *Talk) map[broadsheet.Channel]Carrier {
	all := map[broadsheet.Channel]Carrier{}
	if post != nil {
		all[broadsheet.ByMail] = post
	}
	if talk != nil {
		for kind := range forms {
			all[kind] = talk
		}
	}
	return all
}

// Carry implements Carrier.
func (t *Talk) Carry(ctx context.Context, d *broadsheet.Delivery) Outcome {
	r, err := t.request(ctx, d)
	if err == nil {
		err = t.Sender.Send(ctx, r)
	}
	if err == nil {
		return Outcome{State: broadsheet.Delivered}
	}
	out := Outcome{State: broadsheet.Waiting, Text: err.Error()}
	var said *channel.Error
	switch kind := broadsheet.KindOf(err); {
	case errors.As(err, &said) && said.Temporary:
		out.After = said.RetryAfter
	case errors.As(err, &said):
		out.State = broadsheet.Dead
		if isGone(d.Subscription.Reader.Channel, said.Status) {
			t.stop(ctx, d.Subscription.Reader.ID)
		}
	case kind == broadsheet.Invalid || kind == broadsheet.NotFound:
		out.State, out.Text = broadsheet.Dead, broadsheet.TextFor(err)
	}
	return out
}

// isGone reports whether a status says that nobody is there any more. Slack and
// Discord answer so once a webhook was removed, Telegram 403 once the bot was thrown
// out; at a Matrix homeserver 404 may be said of a path that it does not serve today.
func isGone(kind broadsheet.Channel, status int) bool {
	switch status {
	case http.StatusGone:
		return true
	case http.StatusNotFound:
		return kind != broadsheet.ByMatrix
	case http.StatusForbidden:
		return kind == broadsheet.ByTelegram
	}
	return false
}

func (t *Talk) stop(ctx context.Context, reader int64) {
	if err := t.Subscriptions.Suppress(ctx, reader, broadsheet.Bounced); err != nil {
		t.Log.ErrorContext(ctx, "a channel that is gone is not struck off", "reader", reader, "err", err)
	}
}

func (t *Talk) request(ctx context.Context, d *broadsheet.Delivery) (r channel.Request, err error) {
	if d.Kind != broadsheet.DeliverDigest {
		return r, broadsheet.Errorf(broadsheet.Invalid, "Only digests are sent by %s.", d.Subscription.Reader.Channel)
	}
	c, err := channelOf(&d.Subscription.Reader, t.Telegram)
	if err != nil {
		return r, err
	}
	m, err := Letter(ctx, t.Papers, &d.Subscription, &d.Digest, t.BaseURL)
	if err != nil {
		return r, err
	}
	return c.Render(spoken(&m, d.Digest.ID), t.Now())
}

// spoken returns a digest as channels take it. Its key is the same at each attempt.
func spoken(m *mail.Digest, id int64) channel.Digest {
	notes := m.Notes
	if m.More > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d papers.", len(m.Items), len(m.Items)+m.More))
	}
	out := channel.Digest{Key: fmt.Sprintf("digest %d", id), Title: m.Title, Preheader: strings.Join(notes, " "), URL: m.URL, Date: m.Date}
	for _, it := range m.Items {
		out.Items = append(out.Items, channel.Item{ID: broadsheet.ID(it.ID), Title: it.Title, URL: it.URL, Authors: it.Authors, Summary: it.Summary,
			Reason: it.Reason, Upvotes: it.Upvotes, Comments: it.Comments, Code: it.CodeURL})
	}
	return out
}
