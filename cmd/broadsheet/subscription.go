package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/delivery"
)

var subscriptionCommand = command{
	name: "subscription", args: "list | add | remove ID | pause ID | resume ID | failed | again ID", short: "keep who is sent digests, by mail and on channels", json: true,
	help: `
add subscribes somebody for whom you vouch: nothing is asked by mail. Digests go to an
address, or to a channel: webhook:URL, slack:URL, discord:URL, "telegram:TOKEN CHAT" or
"matrix:HOMESERVER TOKEN ROOM". What follows a channel's name is a secret, and is not
shown again; with "-" in its place it is read from standard input, which keeps it out of
the list of processes. A webhook without a secret is given one.

failed lists the messages that could not be handed over, and why; again sends one again.
Stop the server before you change anything.

    broadsheet subscription add --to ada@example.org --rhythm daily --time 07:00 --zone Europe/Berlin
    broadsheet subscription add --to slack:- --view 'query:early exit' --rhythm at-once < slack-url.txt
    broadsheet subscription list
    broadsheet subscription pause --until 2026-09-01 3
    broadsheet subscription remove 3
    broadsheet subscription failed
    broadsheet subscription again 17`,
	prepare: func(fs *flag.FlagSet) func(context.Context, *Main, []string) error {
		var wish wishFlags
		wish.register(fs)
		to := fs.String("to", "", "whom to add: a mail `address`, or a channel")
		until := fs.String("until", "", "the `day` till which pause lasts (default for good)")
		limit := fs.Int("limit", 100, "at most this `many` messages that failed")
		return func(ctx context.Context, m *Main, args []string) error {
			verb, id := verbAndNumber(args)
			switch {
			case verb == "list" && len(args) == 1:
				return m.listSubscriptions(ctx)
			case verb == "failed" && len(args) == 1 && *limit > 0:
				return m.listFailed(ctx, *limit)
			case verb == "add" && len(args) == 1 && *to != "":
				return m.addSubscription(ctx, *to, &wish)
			case verb == "again" && id > 0:
				return m.sendAgain(ctx, id)
			case id > 0 && (verb == "remove" || verb == "pause" || verb == "resume"):
				return m.changeSubscription(ctx, verb, id, *until)
			}
			return usagef("say list, add --to ADDRESS, remove ID, pause ID, resume ID, failed or again ID")
		}
	},
}

// verbAndNumber reads what stands behind the flags; 0 where there is no number.
func verbAndNumber(args []string) (verb string, id int64) {
	if len(args) > 0 {
		verb = args[0]
	}
	if len(args) == 2 {
		id, _ = strconv.ParseInt(args[1], 10, 64)
	}
	return verb, id
}

// subscriptionResult is the JSON of a subscription. It has no secret of a channel,
// except once where one was made.
type subscriptionResult struct {
	ID     int64                        `json:"id"`
	To     string                       `json:"to"`
	State  broadsheet.SubscriptionState `json:"state"`
	View   string                       `json:"view"`
	Rhythm broadsheet.Rhythm            `json:"rhythm"`
	Time   string                       `json:"time"`
	Zone   string                       `json:"zone"`
	Size   int                          `json:"size"`
	Lang   string                       `json:"lang"`
	Next   time.Time                    `json:"next,omitzero"`
	Secret string                       `json:"secret,omitempty"`
}

func resultOf(s *broadsheet.Subscription) subscriptionResult {
	return subscriptionResult{ID: s.ID, To: delivery.Public(s.Reader), State: s.State, View: s.View.String(), Rhythm: s.Rhythm,
		Time: s.Clock(), Zone: s.Zone, Size: s.Size, Lang: s.Lang, Next: s.Next}
}

func (m *Main) printSubscription(r subscriptionResult) error {
	if m.json {
		return m.printJSON(r)
	}
	m.printSubscriptionLine(&r)
	if r.Secret != "" {
		fmt.Fprintf(m.Stdout, "Its receiver knows our requests by this secret, which is not shown again: %s\n", r.Secret)
	}
	return nil
}

func (m *Main) printSubscriptionLine(r *subscriptionResult) {
	next := ""
	if !r.Next.IsZero() {
		next = ", next " + r.Next.UTC().Format("2006-01-02 15:04Z")
	}
	fmt.Fprintf(m.Stdout, "%4d  %-12s  %s  %s, %s at %s (%s), %d papers%s\n", r.ID, r.State, broadsheet.Printable(r.To, 200),
		broadsheet.Printable(r.View, 200), r.Rhythm, r.Time, r.Zone, r.Size, next)
}

// office returns where readers subscribe and leave.
func (m *Main) office(l *library) *delivery.Office {
	return &delivery.Office{Subscriptions: l.store, Outbox: l.store, Latest: latestListing, Now: m.Now}
}

func (m *Main) addSubscription(ctx context.Context, to string, wish *wishFlags) error {
	to, err := m.target(to)
	if err != nil {
		return err
	}
	reader, err := delivery.ParseReader(to)
	if err != nil {
		return err
	}
	s, err := wish.subscription(reader, m.cfg.Location().String())
	if err != nil {
		return err
	}
	l, err := m.openForWriting(ctx, m.cfg.Data, "subscription")
	if err != nil {
		return err
	}
	defer l.Close()
	if s, err = m.office(l).Add(ctx, s); err != nil {
		return err
	}
	res := resultOf(&s)
	if i := strings.LastIndex(reader.Address, "whsec_"); reader.Channel == broadsheet.ByWebhook && !strings.Contains(to, "whsec_") && i >= 0 {
		res.Secret = reader.Address[i:]
	}
	return m.printSubscription(res)
}

// maxTarget bounds what is read of standard input: tokens have some hundred bytes.
const maxTarget = 4 << 10

// target returns whom to add, with what stands on standard input in place of "-".
func (m *Main) target(to string) (string, error) {
	before, ok := strings.CutSuffix(to, ":-")
	if !ok {
		return to, nil
	}
	line, err := bufio.NewReader(io.LimitReader(m.Stdin, maxTarget)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	return before + ":" + strings.TrimSpace(line), nil
}

func (m *Main) listSubscriptions(ctx context.Context) error {
	l, err := m.openForReading(ctx, m.cfg.Data, false)
	if err != nil {
		return err
	}
	defer l.Close()
	const batch = 500
	all, after := []subscriptionResult{}, int64(0)
	for {
		list, err := l.store.Subscribers(ctx, after, batch)
		if err != nil {
			return err
		}
		for i := range list {
			all, after = append(all, resultOf(&list[i])), list[i].ID
		}
		if len(list) < batch {
			break
		}
	}
	if m.json {
		return m.printJSON(all)
	}
	for i := range all {
		m.printSubscriptionLine(&all[i])
	}
	if len(all) == 0 {
		fmt.Fprintln(m.Stdout, "Nobody is subscribed. broadsheet subscription add makes a beginning.")
	}
	return nil
}

func (m *Main) changeSubscription(ctx context.Context, verb string, id int64, until string) error {
	var day broadsheet.Date
	if until != "" {
		var err error
		if day, err = broadsheet.ParseDate(until); err != nil || !day.IsDay() {
			return usagef("--until %s: write a day like 2026-03-11", quoted(until))
		}
	}
	l, err := m.openForWriting(ctx, m.cfg.Data, "subscription")
	if err != nil {
		return err
	}
	defer l.Close()
	var s broadsheet.Subscription
	switch o := m.office(l); verb {
	case "remove":
		s, err = o.Unsubscribe(ctx, id)
	case "pause":
		s, err = o.Pause(ctx, id, day)
	default:
		s, err = o.Resume(ctx, id)
	}
	if err != nil {
		return err
	}
	return m.printSubscription(resultOf(&s))
}

// failedResult is the JSON of a message that could not be handed over.
type failedResult struct {
	ID           int64                        `json:"id"`
	Subscription int64                        `json:"subscription"`
	To           string                       `json:"to"`
	Reader       broadsheet.SubscriptionState `json:"state"`
	Kind         broadsheet.DeliveryKind      `json:"kind"`
	Attempts     int                          `json:"attempts"`
	At           time.Time                    `json:"at"`
	Reason       string                       `json:"reason"`
}

func (m *Main) listFailed(ctx context.Context, limit int) error {
	l, err := m.openForReading(ctx, m.cfg.Data, false)
	if err != nil {
		return err
	}
	defer l.Close()
	list, err := l.store.Deliveries(ctx, broadsheet.Dead, limit)
	if err != nil {
		return err
	}
	all := []failedResult{}
	for _, d := range list {
		all = append(all, failedResult{d.ID, d.Subscription.ID, delivery.Public(d.Subscription.Reader), d.Subscription.State, d.Kind, d.Attempts, d.Done, d.Error})
	}
	if m.json {
		return m.printJSON(all)
	}
	for _, f := range all {
		fmt.Fprintf(m.Stdout, "%4d  %s  %s (%s), %s, after %d attempts: %s\n", f.ID, f.At.UTC().Format("2006-01-02 15:04Z"),
			broadsheet.Printable(f.To, 200), f.Reader, f.Kind, f.Attempts, broadsheet.Printable(f.Reason, 500))
	}
	if len(all) == 0 {
		fmt.Fprintln(m.Stdout, "No message has failed.")
	}
	return nil
}

func (m *Main) sendAgain(ctx context.Context, id int64) error {
	l, err := m.openForWriting(ctx, m.cfg.Data, "subscription")
	if err != nil {
		return err
	}
	defer l.Close()
	if err := l.store.SendAgain(ctx, id, m.Now()); err != nil {
		return err
	}
	if m.json {
		return m.printJSON(struct {
			ID int64 `json:"id"`
		}{id})
	}
	_, err = fmt.Fprintf(m.Stdout, "Message %d waits again: the server hands it over when it runs. If its reader has left meanwhile, it is dropped.\n", id)
	return err
}
