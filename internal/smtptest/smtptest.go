// Package smtptest is a mail server that misbehaves as a test asks, and remembers
// what it took. It lives in the test's process, so that a sender in a process of
// its own can be killed.
package smtptest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// A Stage is a moment at which a server can misbehave.
type Stage string

// The moments of a conversation.
const (
	Connect Stage = "connect" // before the greeting
	Mail    Stage = "mail"
	Rcpt    Stage = "rcpt"
	Data    Stage = "data" // while the text arrives, before its dot
	Dot     Stage = "dot"  // after the dot
)

// A Moment is what a script is asked about.
type Moment struct {
	Stage     Stage
	From, To  string
	MessageID string // at Dot
	Times     int    // how often this stage was reached for this recipient, 1 at first; at Connect: the connection's number
}

// An Action is how the server answers. The zero Action is as it should be.
type Action struct {
	Code  int    // refuse, such as 451 or 550; at Data, which has no answer, as at Dot
	Text  string // of the refusal, such as "5.1.1 no such user"
	Stall bool   // say nothing until the client goes or the server is closed
	Drop  bool   // close the connection; at Dot, after the message was taken
}

// Options say how a server is.
type Options struct {
	Script       func(Moment) Action // nil accepts everything
	TLS          bool                // offer STARTTLS
	Implicit     bool                // TLS from the first byte
	User, Pass   string              // want a login, where TLS is or AllowPlain
	Login        bool                // offer only AUTH LOGIN
	NoPipelining bool
	UTF8         bool  // offer SMTPUTF8
	MaxSize      int64 // of a message
	Keep         bool  // the texts of messages, not just their count
}

// A Received is a message that the server took.
type Received struct {
	From, To, MessageID string
	Data                []byte // with Options.Keep
	Answered            bool   // the client was told
}

// A Server is a mail server on loopback.
type Server struct {
	Host string // to be named in TLS: localhost
	Port int
	Pool *x509.CertPool // its authority, for clients with TLS

	options  Options
	server   *smtp.Server
	stop     chan struct{}
	mu       sync.Mutex
	received []Received
	times    map[Moment]int
	conns    int
	pipeline int
}

// Start starts a server that ends with the test.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Host: "localhost", Port: l.Addr().(*net.TCPAddr).Port, options: o, stop: make(chan struct{}), times: map[Moment]int{}}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain, s.server.AllowInsecureAuth = s.Host, true
	s.server.EnableSMTPUTF8, s.server.MaxMessageBytes = o.UTF8, o.MaxSize
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	s.server.ReadTimeout = time.Minute
	var listener net.Listener = &scripted{l, s}
	if o.TLS || o.Implicit {
		config, pool := certificate(tb, s.Host)
		s.Pool = pool
		if o.TLS {
			s.server.TLSConfig = config
		} else {
			listener = tls.NewListener(listener, config)
		}
	}
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(listener) }()
	tb.Cleanup(func() {
		close(s.stop)
		s.server.Close()
		<-served
	})
	return s
}

// Addr returns the server's address.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// Received returns what the server took so far, in order.
func (s *Server) Received() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.received...)
}

// Counts returns how often each Message-ID was taken.
func (s *Server) Counts() map[string]int {
	counts := map[string]int{}
	for _, r := range s.Received() {
		counts[r.MessageID]++
	}
	return counts
}

// ByRecipient returns the Message-IDs that each recipient got, in order.
func (s *Server) ByRecipient() map[string][]string {
	got := map[string][]string{}
	for _, r := range s.Received() {
		got[r.To] = append(got[r.To], r.MessageID)
	}
	return got
}

// Conns returns how many connections there were.
func (s *Server) Conns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// Pipelined returns how often several commands came in one piece.
func (s *Server) Pipelined() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pipeline
}

// ask has the script decide, and counts.
func (s *Server) ask(m Moment) Action {
	if s.options.Script == nil {
		return Action{}
	}
	s.mu.Lock()
	key := Moment{Stage: m.Stage, To: m.To}
	s.times[key]++
	m.Times = s.times[key]
	s.mu.Unlock()
	return s.options.Script(m)
}

// take records a message.
func (s *Server) take(r Received) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, r)
	return len(s.received) - 1
}

func (s *Server) answered(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received[i].Answered = true
}

// messageID reads the Message-ID of a message.
func messageID(data []byte) string {
	m, err := mail.ReadMessage(strings.NewReader(string(data)))
	if err != nil {
		return ""
	}
	return m.Header.Get("Message-ID")
}
