package smtp

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"
)

// Options are what a Client can be told. The zero value of each is a good one, but
// for Server.
type Options struct {
	Server   Server
	Password string // of Server.User
	Hello    string // the name of this machine in EHLO; "localhost" where empty

	TLS  *tls.Config // for a private authority; the system's authorities where nil
	DKIM *Signer     // signs each message; none where nil

	Conns      int           // connections at once; 4 where 0
	PerConn    int           // messages on one of them; 100 where 0, at which large providers close
	Timeout    time.Duration // of each command; 5 minutes where 0 (RFC 5321, section 4.5.3.2)
	DotTimeout time.Duration // for the answer to a whole message; 10 minutes where 0, as there
	Idle       time.Duration // after which a connection is not used again; 20 seconds where 0

	Limits map[string]Limit // by the recipient's domain; "" is that of all others
	Wait   time.Duration    // how long Send may wait for a limit before it defers; 1 second where 0

	Dial func(ctx context.Context, network, addr string) (net.Conn, error) // net.Dialer's where nil
}

func (o Options) withDefaults() Options {
	o.Hello = defaulted(o.Hello, "localhost")
	o.Conns = defaulted(o.Conns, 4)
	o.PerConn = defaulted(o.PerConn, 100)
	o.Timeout = defaulted(o.Timeout, 5*time.Minute)
	o.DotTimeout = defaulted(o.DotTimeout, 10*time.Minute)
	o.Idle = defaulted(o.Idle, 20*time.Second)
	o.Wait = defaulted(o.Wait, time.Second)
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: min(o.Timeout, 30*time.Second)}).DialContext
	}
	return o
}

func defaulted[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// A Client hands messages to one server. Its methods may be called at the same time.
type Client struct {
	options Options
	limiter limiter
	slots   chan struct{} // one for each connection in use

	mu     sync.Mutex
	idle   []*conn // the one used last is at the end
	closed bool
}

// Open returns a Client. It connects when there is something to send.
func Open(o Options) *Client {
	o = o.withDefaults()
	return &Client{options: o, limiter: limiter{limits: o.Limits}, slots: make(chan struct{}, o.Conns)}
}

// A Message is what is sent to one recipient.
type Message struct {
	From string // mailbox that gets the bounces; "" for none
	To   string // mailbox
	Data []byte // with its header, its lines ending in CR LF; it is not changed
}

// Send hands over one message and says what became of it. It waits for a free
// connection, and for the limit of the recipient's domain where that is soon. When
// ctx ends after the message was sent, the result is Uncertain.
func (c *Client) Send(ctx context.Context, m Message) Result {
	m, domain, problem := prepared(m)
	if problem.Err != nil {
		return problem
	}
	after, ok := c.limiter.take(domain, c.options.Wait)
	if !ok {
		return Result{Outcome: Deferred, Stage: AtConnect, After: after}
	}
	defer c.limiter.done(domain)
	if err := sleep(ctx, after); err != nil {
		return broken(AtConnect, err)
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return broken(AtConnect, ctx.Err())
	}
	if c.options.DKIM != nil {
		var err error
		if m.Data, err = c.options.DKIM.Sign(m.Data); err != nil {
			return unreachable(err)
		}
	}
	return c.send(ctx, m)
}

// send uses a connection that is open, or a new one. A server may close what was
// idle at any time: a message of which it has taken nothing is sent again at once.
func (c *Client) send(ctx context.Context, m Message) Result {
	for cn := c.takeIdle(); cn != nil; cn = c.takeIdle() {
		r := cn.deliver(ctx, m)
		c.putBack(cn)
		if stale := r.Outcome == Temporary && r.Stage == AtMail && (r.Err != nil || r.Code == 421); !stale || ctx.Err() != nil {
			return r
		}
	}
	cn, err := connect(ctx, c.options)
	if err != nil {
		return unreachable(err)
	}
	r := cn.deliver(ctx, m)
	c.putBack(cn)
	return r
}

// takeIdle returns a connection that may still be open, or nil.
func (c *Client) takeIdle() *conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.idle) > 0 {
		cn := c.idle[len(c.idle)-1]
		c.idle = c.idle[:len(c.idle)-1]
		if time.Since(cn.used) < c.options.Idle {
			return cn
		}
		cn.abandon()
	}
	return nil
}

// putBack keeps a connection for the next message, or ends it.
func (c *Client) putBack(cn *conn) {
	cn.broken = cn.broken || cn.wire.late
	if !cn.broken && cn.sent < c.options.PerConn {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.closed {
			cn.used = time.Now()
			c.idle = append(c.idle, cn)
			return
		}
	}
	cn.quit()
}

// Close ends the connections that are not in use; the others end with their message.
func (c *Client) Close() error {
	c.mu.Lock()
	idle := c.idle
	c.idle, c.closed = nil, true
	c.mu.Unlock()
	for _, cn := range idle {
		cn.quit()
	}
	return nil
}

// prepared returns m with its addresses as they go over the wire, and the
// recipient's domain.
func prepared(m Message) (_ Message, domain string, problem Result) {
	var err error
	if m.From, err = wireAddress(m.From); m.From != "" && err != nil {
		return m, "", unsendable(AtMail, "The sender's address cannot be used.")
	}
	if m.To, err = wireAddress(m.To); err != nil {
		return m, "", unsendable(AtRcpt, "The recipient's address cannot be used.")
	}
	return m, strings.ToLower(m.To[strings.LastIndexByte(m.To, '@')+1:]), Result{}
}

// wireAddress returns a mailbox as it can stand between angle brackets: nothing in
// it ends the command, and its domain is in ASCII (RFC 5891).
func wireAddress(s string) (string, error) {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || len(s) > 320 || strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0 {
		return s, errNotMailbox
	}
	local, domain := s[:at], s[at+1:]
	if !strings.HasPrefix(local, `"`) && strings.ContainsAny(local, `<>" `) {
		return s, errNotMailbox
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" {
		return s, errNotMailbox
	}
	return local + "@" + ascii, nil
}

// sleep waits, unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
