// Package fetch asks the services that papers come from, as they ask to be asked:
// a least time between two requests, a bound on how many are open at once, a user
// agent that names us, conditional requests, patience with a service that is slow
// or busy, and no trust in what it answers. Every source has one [Client], which
// all of its requests go through.
package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/publicsuffix"

	"broadsheet"
)

// UserAgent names the program to the services where nothing else is said.
const UserAgent = "Broadsheet/1"

// Agent names the program and whom to write to about it, an address on the web or
// of mail: services ask for that, and treat those better who say so.
func Agent(contact string) string {
	if contact == "" {
		return UserAgent
	}
	return UserAgent + " (" + contact + ")"
}

// Defaults of Options.
const (
	firstByte = 3 * time.Minute  // arXiv may take 90 s to begin an answer
	stall     = time.Minute      // no service that lives is silent for longer in the midst of one
	whole     = 30 * time.Minute // what drips for longer never ends
	maxBytes  = 64 << 20         // the largest pages of OAI-PMH have some 5 MB
	tries     = 6                // with backoff, ten minutes of trouble
	backoff   = 5 * time.Second  // before the second try; doubled for each after it
	tooMany   = 10 * time.Minute
	maxWait   = 30 * time.Minute // a service that asks for more is left alone till the next run
)

// maxHops bounds redirects. Services move once; a loop moves for ever.
const maxHops = 5

// Options say how a service wants to be asked. The zero value is polite to most.
type Options struct {
	Interval time.Duration // least time from an answer to the next request
	Parallel int           // requests that may be open at once; 0 means 1
	Agent    string        // see Agent; "" means UserAgent
	Secret   string        // a key, struck out of what errors quote

	FirstByte time.Duration // wait for the beginning of an answer
	Stall     time.Duration // wait for more of an answer
	Whole     time.Duration // wait for all of an answer
	MaxBytes  int64         // of one answer, unpacked
	Tries     int           // of one request
	Backoff   time.Duration // before the second try
	TooMany   time.Duration // wait after a 429 that does not say how long
	MaxWait   time.Duration // the longest wait that a service may ask for

	// Busy reads from the body of a 429 when the service may be asked again, where
	// it says so there; may be nil.
	Busy func(body []byte) (time.Time, bool)

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Log   *slog.Logger
}

// A Client asks one service. It is safe for concurrent use.
type Client struct {
	o    Options
	http *http.Client
	pace pace
}

// New returns a client. Its first request waits, too, so that a process which is
// started again and again keeps the pace.
func New(o Options) *Client {
	setDefault(&o.Parallel, 1)
	setDefault(&o.Agent, UserAgent)
	setDefault(&o.FirstByte, firstByte)
	setDefault(&o.Stall, stall)
	setDefault(&o.Whole, whole)
	setDefault(&o.MaxBytes, maxBytes)
	setDefault(&o.Tries, tries)
	setDefault(&o.Backoff, backoff)
	setDefault(&o.TooMany, tooMany)
	setDefault(&o.MaxWait, maxWait)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = o.FirstByte
	t.MaxConnsPerHost, t.MaxIdleConnsPerHost = o.Parallel, o.Parallel
	// Where a kept connection turns out to be closed, net/http asks again by itself and
	// at once. A service that wants seconds between requests gets a new one for each.
	t.DisableKeepAlives = o.Interval >= time.Second
	c := &Client{o: o, pace: newPace(o.Parallel, o.Now())}
	// Each hop is a request of its own and keeps the pace.
	noRedirects := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.http = &http.Client{Transport: t, CheckRedirect: noRedirects}
	return c
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Sleep lets a time pass, or less where ctx ends before.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A Request is what to ask.
type Request struct {
	Method string // "" means GET
	URL    string
	Header http.Header // keys belong here rather than in the address
	Body   []byte

	// What an earlier answer said of itself, for a conditional request.
	ETag, LastModified string
}

// A StatusError is an answer that asking again would not change.
type StatusError struct {
	Host   string
	Status int
	Header http.Header // of the answer
	Text   string      // the beginning of the answer, made printable
	Body   []byte      // the first 16 KiB of the answer, as it came
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answered %d %s: %s", e.Host, e.Status, http.StatusText(e.Status), e.Text)
}

// Do asks, and asks again where that may help: after errors of the network, and
// after 429 and 5xx as long as the service wants to be left alone for. For so long
// nothing else is asked of it, either, whoever shares the client. It returns
// a 2xx or 304 answer, whose body the caller must close: until then it counts as
// open. Other statuses are a [StatusError]; a service that stays out of reach is a
// [broadsheet.Error] of kind Unavailable.
func (c *Client) Do(ctx context.Context, r Request) (*Answer, error) {
	var last error
	for try := range c.o.Tries {
		a, wait, err := c.follow(ctx, r, try)
		switch {
		case err == nil:
			return a, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case wait < 0:
			return nil, err
		case wait > c.o.MaxWait:
			return nil, c.leaveAlone(r.URL, wait, err)
		}
		last = err
		if try+1 < c.o.Tries {
			c.o.Log.Info("asking again later", "host", host(r.URL), "in", wait.Round(time.Millisecond), "err", err)
			if err := c.o.Sleep(ctx, wait); err != nil {
				return nil, err
			}
		}
	}
	return nil, unavailable(r.URL, fmt.Sprintf("cannot be reached after %d tries", c.o.Tries), last)
}

// leaveAlone is the error for a service that wants to be left alone for longer
// than anybody should wait.
func (c *Client) leaveAlone(address string, wait time.Duration, err error) error {
	return unavailable(address, fmt.Sprintf("asks to be left alone for %v", wait.Round(time.Second)), err)
}

// unavailable says to whoever asked for the harvest which service failed and how.
func unavailable(address, what string, err error) error {
	return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
		Text: fmt.Sprintf("%s %s (%v). What came before is kept; the next run goes on from there.", host(address), what, err)}
}

// host names a service in messages; the rest of an address may hold a key.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "the service"
	}
	return u.Host
}

// follow asks once, and goes where the answer leads. A wait below 0 means that
// asking again is useless.
func (c *Client) follow(ctx context.Context, r Request, try int) (*Answer, time.Duration, error) {
	for range maxHops {
		a, err := c.ask(ctx, r)
		if err != nil {
			if busy, ok := errors.AsType[*busyError](err); ok {
				return nil, busy.wait, err
			}
			if _, bad := errors.AsType[*url.Error](err); !bad {
				return nil, -1, err // not of the network: the request cannot be made
			}
			return nil, c.patience(try), fmt.Errorf("%s: %w", host(r.URL), withoutAddress(err))
		}
		switch s := a.Status; {
		case s < 300 || s == http.StatusNotModified:
			return a, 0, nil
		case s == http.StatusTooManyRequests || s >= 500:
			err := a.fail(host(r.URL), c.o.Secret)
			wait := c.wait(a, err, try)
			if a.Status == http.StatusTooManyRequests || a.Header.Get("Retry-After") != "" {
				c.pace.hold(c.o.Now().Add(wait))
			}
			return nil, wait, err
		case s >= 400 || a.Header.Get("Location") == "":
			return nil, -1, a.fail(host(r.URL), c.o.Secret)
		}
		a.Body.Close()
		if r.URL, err = redirect(r, a); err != nil {
			return nil, -1, err
		}
	}
	return nil, -1, unavailable(r.URL, "redirects without end", errors.New("more than 5 redirects"))
}

// withoutAddress drops the address that net/http puts into its errors.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// redirect returns where an answer leads. Only a host of the same site is
// followed, and never from https to http: what a service answers must not make us
// ask a machine inside the operator's network.
func redirect(r Request, a *Answer) (string, error) {
	from, err := url.Parse(r.URL)
	if err != nil {
		return "", fmt.Errorf("fetch: %w", err)
	}
	to, err := from.Parse(a.Header.Get("Location"))
	if err != nil {
		return "", unavailable(r.URL, "redirects to what is not an address", errors.New("bad Location"))
	}
	if r.Method != "" && r.Method != http.MethodGet {
		return "", unavailable(r.URL, "redirects what was sent to it", fmt.Errorf("status %d", a.Status))
	}
	web := to.Scheme == "https" || to.Scheme == "http" && from.Scheme == "http"
	if !web || !sameSite(from, to) {
		return "", unavailable(r.URL, "redirects to another site", fmt.Errorf("to %s", broadsheet.Printable(to.Host, 80)))
	}
	return to.String(), nil
}

func sameSite(a, b *url.URL) bool {
	if a.Host == b.Host {
		return true
	}
	x, err1 := publicsuffix.EffectiveTLDPlusOne(a.Hostname())
	y, err2 := publicsuffix.EffectiveTLDPlusOne(b.Hostname())
	return err1 == nil && err2 == nil && x == y && a.Port() == b.Port()
}

// patience is the wait before another try, with jitter so that many instances do
// not come back at once.
func (c *Client) patience(try int) time.Duration {
	d := c.o.Backoff << min(try, 10)
	return d/2 + rand.N(d/2+1)
}

// wait is how long a busy service is left alone.
func (c *Client) wait(a *Answer, err *StatusError, try int) time.Duration {
	if d, ok := retryAfter(a.Header.Get("Retry-After"), c.o.Now()); ok {
		return max(d, c.o.Interval)
	}
	if a.Status != http.StatusTooManyRequests {
		return c.patience(try)
	}
	if c.o.Busy != nil {
		if until, ok := c.o.Busy(err.Body); ok {
			return max(until.Sub(c.o.Now()), 0) + c.patience(0)
		}
	}
	if d := spread(a.Header); d > 0 {
		return d + c.patience(0)
	}
	return c.o.TooMany + c.patience(try)
}

// ask makes one request at its time.
func (c *Client) ask(ctx context.Context, r Request) (*Answer, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := c.pace.acquire(ctx, c.o); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	res, err := c.http.Do(req.WithContext(ctx))
	c.pace.answered(c.o)
	if err == nil {
		c.pace.hold(c.o.Now().Add(spread(res.Header)))
	}
	if err != nil {
		cancel(nil)
		c.pace.release()
		return nil, err
	}
	body := newBody(ctx, res.Body, c.o, host(r.URL), cancel)
	body.closed = c.pace.release
	return &Answer{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	setDefault(&r.Method, http.MethodGet)
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", withoutAddress(err))
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", c.o.Agent)
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	return req, nil
}
