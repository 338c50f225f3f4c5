package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"strconv"
	"time"

	"broadsheet"
)

var errNotMailbox = errors.New("smtp: not a mailbox")

// A conn is one conversation with the server, greeted and logged in.
type conn struct {
	options Options
	wire    *wire
	client  *smtp.Client
	offers  offers
	sent    int
	broken  bool // in a state that is not known; it can only be closed
	used    time.Time
}

// offers are the extensions of the server that are of use.
type offers struct {
	pipelining, eightBit, utf8, hasSize bool
	size                                int64 // 0 where it does not say
}

// connect dials, and talks until mail can be sent.
func connect(ctx context.Context, o Options) (*conn, error) {
	raw, err := o.Dial(ctx, "tcp", o.Server.Addr())
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: raw}
	defer w.during(ctx, o.Timeout)()
	cn, err := greet(w, o)
	if err != nil {
		w.Close()
		return nil, err
	}
	return cn, nil
}

// greet takes a fresh connection to where mail can be sent.
func greet(w *wire, o Options) (*conn, error) {
	var talk net.Conn = w
	if o.Server.Security == Implicit {
		talk = tls.Client(w, o.tls())
	}
	client, err := smtp.NewClient(talk, o.Server.Host)
	if err != nil {
		return nil, err
	}
	if err := client.Hello(o.Hello); err != nil {
		return nil, err
	}
	if o.Server.Security == StartTLS {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return nil, broadsheet.Errorf(broadsheet.Unavailable, "The mail server %s offers no STARTTLS, and mail is not sent in the clear.", o.Server.Addr())
		}
		w.refill()
		if err := client.StartTLS(o.tls()); err != nil {
			return nil, fmt.Errorf("smtp: STARTTLS with %s: %w", o.Server.Addr(), err)
		}
	}
	if err := login(client, o); err != nil {
		return nil, err
	}
	return &conn{options: o, wire: w, client: client, offers: readOffers(client)}, nil
}

// tls returns the configuration for the server's name.
func (o Options) tls() *tls.Config {
	c := &tls.Config{}
	if o.TLS != nil {
		c = o.TLS.Clone()
	}
	if c.ServerName == "" {
		c.ServerName = o.Server.Host
	}
	c.MinVersion = max(c.MinVersion, tls.VersionTLS12)
	return c
}

func readOffers(client *smtp.Client) offers {
	has := func(name string) bool { ok, _ := client.Extension(name); return ok }
	o := offers{pipelining: has("PIPELINING"), eightBit: has("8BITMIME"), utf8: has("SMTPUTF8")}
	var size string
	o.hasSize, size = client.Extension("SIZE")
	o.size, _ = strconv.ParseInt(size, 10, 64)
	return o
}

// quit ends the conversation politely, and soon.
func (cn *conn) quit() {
	if cn.broken {
		cn.wire.Close()
		return
	}
	cn.wire.SetDeadline(time.Now().Add(2 * time.Second))
	cn.wire.refill()
	if cn.client.Quit() != nil {
		cn.wire.Close()
	}
}

// abandon closes a connection that the server has probably left already.
func (cn *conn) abandon() { cn.wire.Close() }
