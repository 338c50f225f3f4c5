package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/channel"
	"broadsheet/delivery"
	"broadsheet/internal/token"
	"broadsheet/mail"
	"broadsheet/smtp"
)

// Mailing is how mail leaves here, as this process was told. Without a server
// nothing is sent, and the pages offer nothing.
type Mailing struct {
	Server       smtp.Server
	Password     string
	From         mail.Address
	Bounces      string // mailbox; "" means that of From
	DKIMKey      []byte
	DKIMSelector string
	Limits       map[string]smtp.Limit
}

func (m *Mailing) on() bool { return m.Server.Host != "" }

var mailSettings = []setting{
	{
		name: "smtp-url", env: "BROADSHEET_SMTP_URL", initial: fixed(""),
		help: "the mail server that takes digests, as a `URL`: smtp://user@host:587, smtps://user@host, or smtp://localhost:25?tls=none",
		set: func(c *Config, v string) (err error) {
			c.Mail.Server = smtp.Server{}
			if v != "" {
				c.Mail.Server, err = smtp.ParseURL(v)
			}
			return plainError(err)
		},
	},
	{
		name: "smtp-password-file", env: "BROADSHEET_SMTP_PASSWORD_FILE", initial: fixed(""),
		help: "a `file` with the password for that server",
		set:  func(c *Config, v string) (err error) { c.Mail.Password, err = readKey(v); return err },
	},
	{
		name: "smtp-password", env: "BROADSHEET_SMTP_PASSWORD", initial: fixed(""), secret: true,
		help: "the `password` itself",
		set: func(c *Config, v string) error {
			c.Mail.Password = cmp.Or(v, c.Mail.Password)
			return nil
		},
	},
	{
		name: "mail-from", env: "BROADSHEET_MAIL_FROM", initial: fixed(""),
		help: "the `address` that digests come from, such as \"Daily Papers <papers@example.org>\"",
		set: func(c *Config, v string) (err error) {
			c.Mail.From = mail.Address{}
			if v != "" {
				c.Mail.From, err = mail.ParseAddress(v)
			}
			return plainError(err)
		},
	},
	{
		name: "mail-bounces", env: "BROADSHEET_MAIL_BOUNCES", initial: fixed(""),
		help: "the `mailbox` that takes what comes back, without a plus; that of mail-from if there is none",
		set: func(c *Config, v string) error {
			c.Mail.Bounces = v
			if v == "" {
				return nil
			}
			_, err := mail.VERP(v, "a")
			return plainError(err)
		},
	},
	{
		name: "mail-limits", env: "BROADSHEET_MAIL_LIMITS", initial: fixed(""),
		help: "how many messages a minute some domains take, as a `list` such as gmail.com=60,*=600",
		set:  func(c *Config, v string) (err error) { c.Mail.Limits, err = parseLimits(v); return err },
	},
	{
		name: "dkim-key-file", env: "BROADSHEET_DKIM_KEY_FILE", initial: fixed(""),
		help: "a `file` with the private key by which messages are signed (DKIM), in PEM; not signed without it",
		set: func(c *Config, v string) (err error) {
			c.Mail.DKIMKey = nil
			if v != "" {
				c.Mail.DKIMKey, err = os.ReadFile(v)
			}
			return err
		},
	},
	{
		name: "dkim-selector", env: "BROADSHEET_DKIM_SELECTOR", initial: fixed("broadsheet"),
		help: "the `name` under which its public key stands in the DNS, before ._domainkey",
		set:  func(c *Config, v string) error { c.Mail.DKIMSelector = v; return nil },
	},
}

// mailFlags are the names of those that are flags, too.
var mailFlags = []string{"smtp-url", "smtp-password-file", "mail-from", "mail-bounces", "mail-limits", "dkim-key-file", "dkim-selector"}

func parseLimits(s string) (map[string]smtp.Limit, error) {
	var limits map[string]smtp.Limit
	for _, part := range splitList(s) {
		domain, number, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || domain == "" {
			return nil, fmt.Errorf("%s is no limit: write it like gmail.com=60, and *=600 for all others", quoted(part))
		}
		if domain == "*" {
			domain = ""
		}
		if limits == nil {
			limits = map[string]smtp.Limit{}
		}
		limits[strings.ToLower(domain)] = smtp.Limit{PerMinute: n}
	}
	return limits, nil
}

// check returns what is missing for mail to be sent.
func (m *Mailing) check(baseURL string) error {
	switch {
	case !m.on():
		return nil
	case m.From == (mail.Address{}):
		return invalid("smtp-url", errors.New("mail-from is needed with it, the address that digests come from"))
	case baseURL == "":
		return invalid("smtp-url", errors.New("base-url is needed with it: mails lead to the pages by it"))
	case m.DKIMKey != nil:
		if _, err := m.signer(); err != nil {
			return invalid("dkim-key-file", plainError(err))
		}
	}
	return nil
}

func (m *Mailing) signer() (*smtp.Signer, error) {
	if m.DKIMKey == nil {
		return nil, nil
	}
	return smtp.NewSigner(m.From.Domain, m.DKIMSelector, m.DKIMKey)
}

// A mailroom is all that brings papers to readers.
type mailroom struct {
	tokens  *token.Maker
	office  *delivery.Office
	planner *delivery.Planner
	sender  *delivery.Sender
	post    *delivery.Post // nil: no mail is sent
	client  *smtp.Client
}

// How often a server looks for digests that are due, and for messages to hand over.
const (
	planEvery = 20 * time.Second // a minute is what readers choose by
	sendEvery = 5 * time.Second
)

// newMailroom opens the mailroom of a library.
func (m *Main) newMailroom(l *library) (*mailroom, error) {
	secret, err := token.Secret(l.dir.Secret())
	if err != nil {
		return nil, err
	}
	tokens, err := token.New(secret)
	if err != nil {
		return nil, err
	}
	r := &mailroom{tokens: tokens}
	r.office = &delivery.Office{Subscriptions: l.store, Outbox: l.store, Latest: latestListing, Now: m.Now}
	r.planner = &delivery.Planner{Subscriptions: l.store, Outbox: l.store, Log: m.log, Latest: latestListing,
		Views: delivery.Views{Papers: l.store, Editions: l.desk, Search: l.index, Topics: l.classifier(), Trending: m.trending(l)}}
	if len(m.cfg.Sources.Names) > 0 && m.cfg.Sources.Names[0] == "arxiv" {
		r.planner.Missing = l.missingListing
	}
	if m.cfg.Mail.on() {
		if r.post, r.client, err = m.newPost(l, tokens); err != nil {
			return nil, err
		}
	}
	talk := &delivery.Talk{Sender: channel.NewSender(channel.SenderOptions{}), Papers: l.store, Subscriptions: l.store,
		BaseURL: m.cfg.BaseURL, Now: m.Now, Log: m.log}
	r.sender = &delivery.Sender{Outbox: l.store, Holder: fmt.Sprintf("process %d", os.Getpid()), Now: m.Now, Log: m.log,
		Carriers: delivery.Carriers(r.post, talk)}
	return r, nil
}

// trending returns what moves now, best first.
func (m *Main) trending(l *library) func(context.Context, int) ([]broadsheet.Record, error) {
	return func(ctx context.Context, limit int) ([]broadsheet.Record, error) {
		today := broadsheet.DateOf(m.Now().In(m.cfg.Location()))
		e, err := l.desk.Trending(ctx, broadsheet.TrendQuery{Until: today, Limit: limit})
		return e.Papers, err
	}
}

// newPost returns what carries messages by mail.
func (m *Main) newPost(l *library, tokens *token.Maker) (*delivery.Post, *smtp.Client, error) {
	c := m.cfg.Mail
	signer, err := c.signer()
	if err != nil {
		return nil, nil, err
	}
	client := smtp.Open(smtp.Options{Server: c.Server, Password: c.Password, Hello: c.From.Domain, DKIM: signer, Limits: c.Limits})
	return &delivery.Post{Client: client, Papers: l.store, Subscriptions: l.store, Tokens: tokens, Log: m.log,
		From: c.From, ReturnPath: c.Bounces, BaseURL: m.cfg.BaseURL, Name: c.From.Name, Host: c.From.Domain}, client, nil
}

// latestListing is the newest day of which arXiv's feed is out at a time.
func latestListing(at time.Time) broadsheet.Date {
	return calendar.ListingDay(at.Add(-calendar.FeedDelay))
}

// waitDays is how long digests wait for a listing that was missed: harvests heal a
// gap within a night or two, or not at all.
const waitDays = 3

// missingListing returns the first of some days whose listing is out and not here.
// Before the first complete day nobody gathered, and nothing is missing.
func (l *library) missingListing(ctx context.Context, first, through broadsheet.Date) (broadsheet.Date, error) {
	covered, err := l.store.Covered(ctx, broadsheet.SourceArXiv, "", through)
	if err != nil || len(covered) == 0 {
		return "", err
	}
	has := make(map[broadsheet.Date]bool, len(covered))
	for _, c := range covered {
		has[c.Day] = true
	}
	for day := max(first, covered[0].Day, through.AddDays(-waitDays)); day <= through; day = day.AddDays(1) {
		if calendar.IsListingDay(day) && !has[day] {
			return day, nil
		}
	}
	return "", nil
}

// work plans and hands over until ctx is done.
func (r *mailroom) work(ctx context.Context, m *Main) error {
	if r.client != nil {
		defer r.client.Close()
	}
	sent := make(chan error, 1)
	go func() { sent <- r.sender.Work(ctx, sendEvery) }()
	tick := time.NewTicker(planEvery)
	defer tick.Stop()
	for {
		n, err := r.planner.Plan(ctx, m.Now())
		switch {
		case err != nil && ctx.Err() == nil:
			m.log.Error("digests cannot be planned", "err", err)
		case n > 0:
			m.log.Info("digests planned", "digests", n)
		}
		select {
		case <-ctx.Done():
			return <-sent
		case <-tick.C:
		}
	}
}
