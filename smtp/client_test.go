package smtp_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/smtptest"
	"broadsheet/smtp"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// open returns a client of a server, as the server wants it.
func open(t testing.TB, s *smtptest.Server, o smtp.Options) *smtp.Client {
	t.Helper()
	o.Server.Host, o.Server.Port = "127.0.0.1", s.Port
	if s.Pool == nil {
		o.Server.Security = smtp.Plaintext
	} else if o.TLS == nil {
		o.Server.Host = s.Host
		o.TLS = &tls.Config{RootCAs: s.Pool}
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	c := smtp.Open(o)
	t.Cleanup(func() { c.Close() })
	return c
}

func message(to string) smtp.Message {
	return smtp.Message{From: "bounce+1@papers.example.org", To: to,
		Data: []byte("From: papers@papers.example.org\r\nTo: " + to + "\r\nMessage-ID: <" + strings.ReplaceAll(to, "@", ".") + "@papers.example.org>\r\n\r\nHello.\r\n.\r\n..dots\r\n")}
}

// want compares the parts of a result that a queue acts on.
func want(t *testing.T, want, got smtp.Result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(smtp.Result{}, "Err", "Line")); diff != "" {
		t.Errorf("result (-want +got):\n%s\n%v", diff, got)
	}
}

func TestAServerThatTakesAMessageGetsItWhole(t *testing.T) {
	for _, c := range []struct {
		name    string
		server  smtptest.Options
		options smtp.Options
	}{
		{"in the clear", smtptest.Options{}, smtp.Options{}},
		{"without pipelining", smtptest.Options{NoPipelining: true}, smtp.Options{}},
		{"with STARTTLS", smtptest.Options{TLS: true}, smtp.Options{}},
		{"with TLS from the start", smtptest.Options{Implicit: true}, smtp.Options{Server: smtp.Server{Security: smtp.Implicit}}},
		{"with a login", smtptest.Options{TLS: true, User: "ada", Pass: "secret"}, smtp.Options{Server: smtp.Server{User: "ada"}, Password: "secret"}},
		{"with the old login", smtptest.Options{TLS: true, User: "ada", Pass: "secret", Login: true}, smtp.Options{Server: smtp.Server{User: "ada"}, Password: "secret"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.server.Keep = true
			s := smtptest.Start(t, c.server)
			m := message("bob@example.org")
			want(t, smtp.Result{Outcome: smtp.Delivered, Stage: smtp.AtDot, Code: 250, Status: "2.0.0"}, open(t, s, c.options).Send(t.Context(), m))
			got := s.Received()
			if len(got) != 1 || !bytes.Equal(got[0].Data, m.Data) || got[0].From != m.From || got[0].To != m.To || !got[0].Answered {
				t.Errorf("the server took %v", got)
			}
			if !c.server.TLS && !c.server.Implicit && (s.Pipelined() > 0) == c.server.NoPipelining {
				t.Errorf("%d times commands came in one piece", s.Pipelined())
			}
		})
	}
}

// once misbehaves the first time that a stage is reached.
func once(stage smtptest.Stage, a smtptest.Action) func(smtptest.Moment) smtptest.Action {
	return func(m smtptest.Moment) smtptest.Action {
		if m.Stage == stage && m.Times == 1 {
			return a
		}
		return smtptest.Action{}
	}
}

func TestWhatTheServerSaysBecomesAResult(t *testing.T) {
	temporary, permanent, uncertain := smtp.Temporary, smtp.Permanent, smtp.Uncertain
	for _, c := range []struct {
		name   string
		stage  smtptest.Stage
		action smtptest.Action
		want   smtp.Result
		taken  int // after the same message was sent again
	}{
		{"a server that is full", smtptest.Connect, smtptest.Action{Code: 421, Text: "4.3.2 later"}, smtp.Result{Outcome: temporary, Stage: smtp.AtConnect, Code: 421, Status: "4.3.2", Server: true}, 1},
		{"a server that wants none of us", smtptest.Connect, smtptest.Action{Code: 554, Text: "no"}, smtp.Result{Outcome: temporary, Stage: smtp.AtConnect, Code: 554, Server: true}, 1},
		{"a line that breaks at once", smtptest.Connect, smtptest.Action{Drop: true}, smtp.Result{Outcome: temporary, Stage: smtp.AtConnect, Server: true}, 1},
		{"a sender that is refused", smtptest.Mail, smtptest.Action{Code: 550, Text: "5.7.1 not you"}, smtp.Result{Outcome: permanent, Stage: smtp.AtMail, Code: 550, Status: "5.7.1"}, 1},
		{"greylisting", smtptest.Rcpt, smtptest.Action{Code: 451, Text: "4.7.1 try again"}, smtp.Result{Outcome: temporary, Stage: smtp.AtRcpt, Code: 451, Status: "4.7.1"}, 1},
		{"a recipient that is not there", smtptest.Rcpt, smtptest.Action{Code: 550, Text: "5.1.1 no such user"}, smtp.Result{Outcome: permanent, Stage: smtp.AtRcpt, Code: 550, Status: "5.1.1"}, 1},
		{"a server that goes away amid", smtptest.Rcpt, smtptest.Action{Code: 421, Text: "4.4.2 bye"}, smtp.Result{Outcome: temporary, Stage: smtp.AtRcpt, Code: 421, Status: "4.4.2", Server: true}, 1},
		{"a text that is refused", smtptest.Dot, smtptest.Action{Code: 554, Text: "5.6.0 spam"}, smtp.Result{Outcome: permanent, Stage: smtp.AtDot, Code: 554, Status: "5.6.0"}, 1},
		{"a disk that is full", smtptest.Dot, smtptest.Action{Code: 452, Text: "4.3.1 full"}, smtp.Result{Outcome: temporary, Stage: smtp.AtDot, Code: 452, Status: "4.3.1"}, 1},
		{"a line that breaks at the recipient", smtptest.Rcpt, smtptest.Action{Drop: true}, smtp.Result{Outcome: temporary, Stage: smtp.AtRcpt}, 1},
		{"a line that breaks after the dot", smtptest.Dot, smtptest.Action{Drop: true}, smtp.Result{Outcome: uncertain, Stage: smtp.AtDot}, 2},
	} {
		for _, pipelining := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, pipelining %v", c.name, pipelining), func(t *testing.T) {
				s := smtptest.Start(t, smtptest.Options{NoPipelining: !pipelining, Script: once(c.stage, c.action)})
				client := open(t, s, smtp.Options{})
				m := message("bob@example.org")
				want(t, c.want, client.Send(t.Context(), m))
				want(t, smtp.Result{Outcome: smtp.Delivered, Stage: smtp.AtDot, Code: 250, Status: "2.0.0"}, client.Send(t.Context(), m))
				if got := len(s.Received()); got != c.taken {
					t.Errorf("the server took the message %d times, want %d", got, c.taken)
				}
			})
		}
	}
}

func TestALineThatBreaksWithinTheTextDeliversNothing(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Script: once(smtptest.Data, smtptest.Action{Drop: true})})
	m := message("bob@example.org")
	m.Data = append(m.Data, bytes.Repeat([]byte("tea\r\n"), 8<<20/5)...) // more than the sockets hold
	r := open(t, s, smtp.Options{}).Send(t.Context(), m)
	want(t, smtp.Result{Outcome: smtp.Temporary, Stage: smtp.AtData}, r)
	if len(s.Received()) != 0 {
		t.Error("the server took it")
	}
}

func TestAServerThatStallsIsLeft(t *testing.T) {
	for stage, expect := range map[smtptest.Stage]smtp.Result{
		smtptest.Connect: {Outcome: smtp.Temporary, Stage: smtp.AtConnect, Server: true},
		smtptest.Rcpt:    {Outcome: smtp.Temporary, Stage: smtp.AtRcpt},
		smtptest.Dot:     {Outcome: smtp.Uncertain, Stage: smtp.AtDot},
	} {
		t.Run(string(stage)+", by its time", func(t *testing.T) {
			s := smtptest.Start(t, smtptest.Options{Script: once(stage, smtptest.Action{Stall: true})})
			want(t, expect, open(t, s, smtp.Options{Timeout: 300 * time.Millisecond, DotTimeout: 300 * time.Millisecond}).Send(t.Context(), message("bob@example.org")))
		})
		t.Run(string(stage)+", by its context", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := smtptest.Start(t, smtptest.Options{Script: func(m smtptest.Moment) smtptest.Action {
				if m.Stage == stage {
					time.AfterFunc(50*time.Millisecond, cancel)
					return smtptest.Action{Stall: true}
				}
				return smtptest.Action{}
			}})
			want(t, expect, open(t, s, smtp.Options{}).Send(ctx, message("bob@example.org")))
		})
	}
}

func TestMailIsNotSentInTheClearUnlessAllowed(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	c := smtp.Open(smtp.Options{Server: smtp.Server{Host: "127.0.0.1", Port: s.Port}})
	r := c.Send(t.Context(), message("bob@example.org"))
	want(t, smtp.Result{Outcome: smtp.Temporary, Stage: smtp.AtConnect, Server: true}, r)
	if !strings.Contains(r.Err.Error(), "STARTTLS") {
		t.Error(r.Err)
	}
}

func TestACertificateThatDoesNotFitIsRefused(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{TLS: true})
	for name, config := range map[string]*tls.Config{
		"a wrong name":           {RootCAs: s.Pool, ServerName: "other.example.org"},
		"an unknown authority":   {ServerName: s.Host},
		"nothing but an address": {RootCAs: s.Pool},
	} {
		r := open(t, s, smtp.Options{TLS: config}).Send(t.Context(), message("bob@example.org"))
		if r.Outcome != smtp.Temporary || !r.Server || r.Stage != smtp.AtConnect || !strings.Contains(fmt.Sprint(r.Err), "certificate") {
			t.Errorf("%s: %v", name, r)
		}
	}
	if len(s.Received()) != 0 {
		t.Error("the server took a message")
	}
}

func TestAWrongPasswordIsNoFaultOfTheReader(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{TLS: true, User: "ada", Pass: "secret"})
	for _, o := range []smtp.Options{{Server: smtp.Server{User: "ada"}, Password: "wrong"}, {}} {
		r := open(t, s, o).Send(t.Context(), message("bob@example.org"))
		if r.Outcome != smtp.Temporary || !r.Server || strings.Contains(r.String(), "wrong") {
			t.Error(r)
		}
	}
}

func TestOneConnectionCarriesManyMessages(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Script: func(m smtptest.Moment) smtptest.Action {
		if m.Stage == smtptest.Rcpt && strings.HasPrefix(m.To, "no") {
			return smtptest.Action{Code: 550, Text: "5.1.1 no"}
		}
		return smtptest.Action{}
	}})
	c := open(t, s, smtp.Options{PerConn: 10})
	for i := range 25 {
		who, outcome := "yes", smtp.Delivered
		if i%3 == 0 {
			who, outcome = "no", smtp.Permanent
		}
		if r := c.Send(t.Context(), message(fmt.Sprintf("%s%d@example.org", who, i))); r.Outcome != outcome {
			t.Errorf("message %d: %v", i, r)
		}
	}
	if s.Conns() != 3 || len(s.Received()) != 16 {
		t.Errorf("%d messages over %d connections, want 16 over 3", len(s.Received()), s.Conns())
	}
}

func TestAConnectionThatTheServerLeftIsReplaced(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Script: func(m smtptest.Moment) smtptest.Action {
		return smtptest.Action{Drop: m.Stage == smtptest.Mail && m.Times == 2}
	}})
	c := open(t, s, smtp.Options{})
	for range 3 {
		if r := c.Send(t.Context(), message("bob@example.org")); r.Outcome != smtp.Delivered {
			t.Error(r)
		}
	}
	if s.Conns() != 2 {
		t.Errorf("%d connections, want 2", s.Conns())
	}
}

func TestSeveralConnectionsAtOnce(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{TLS: true})
	c := open(t, s, smtp.Options{Conns: 3})
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			if r := c.Send(t.Context(), message(fmt.Sprintf("bob%d@example.org", i))); r.Outcome != smtp.Delivered {
				t.Error(r)
			}
		})
	}
	all.Wait()
	if got := s.ByRecipient(); len(got) != 60 || s.Conns() > 3 {
		t.Errorf("%d recipients over %d connections", len(got), s.Conns())
	}
}

func TestWhatTheServerCannotTakeIsNotSent(t *testing.T) {
	utf8 := message("δοκιμή@example.org")
	s := smtptest.Start(t, smtptest.Options{MaxSize: 1000})
	big := message("bob@example.org")
	big.Data = append(big.Data, bytes.Repeat([]byte("x"), 1000)...)
	c := open(t, s, smtp.Options{})
	want(t, smtp.Result{Outcome: smtp.Permanent, Stage: smtp.AtMail}, c.Send(t.Context(), big))
	want(t, smtp.Result{Outcome: smtp.Permanent, Stage: smtp.AtRcpt}, c.Send(t.Context(), utf8))
	for _, to := range []string{"", "bob", "bob@example.org>\r\nRCPT TO:<eve@example.org", "bob>@example.org", "bob@exa mple.org", "bob@-"} {
		if r := c.Send(t.Context(), message(to)); r.Outcome != smtp.Permanent || r.Stage != smtp.AtRcpt {
			t.Errorf("%q: %v", to, r)
		}
	}
	if got := s.Received(); len(got) != 0 {
		t.Errorf("the server took %v", got)
	}
}

func TestAnAddressInAnotherScript(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{UTF8: true})
	c := open(t, s, smtp.Options{})
	for to, wire := range map[string]string{"δοκιμή@bücher.example": "δοκιμή@xn--bcher-kva.example", "ada@BÜCHER.example": "ada@xn--bcher-kva.example", `"a b"@example.org`: "a b@example.org"} {
		m := message("x@example.org")
		m.To = to
		if r := c.Send(t.Context(), m); r.Outcome != smtp.Delivered {
			t.Errorf("%q: %v", to, r)
		}
		if got := s.ByRecipient(); len(got[wire]) != 1 {
			t.Errorf("%q arrived as %v", to, got)
		}
	}
}

func TestADomainGetsNoMoreThanItsLimit(t *testing.T) {
	release := make(chan struct{})
	reached := make(chan struct{}, 10)
	s := smtptest.Start(t, smtptest.Options{Script: func(m smtptest.Moment) smtptest.Action {
		if m.Stage == smtptest.Rcpt && strings.HasSuffix(m.To, "@slow.example") {
			reached <- struct{}{}
			<-release
		}
		return smtptest.Action{}
	}})
	c := open(t, s, smtp.Options{Limits: map[string]smtp.Limit{"slow.example": {Concurrent: 1}, "rare.example": {PerMinute: 1}}})
	first := make(chan smtp.Result)
	go func() { first <- c.Send(t.Context(), message("a@slow.example")) }()
	<-reached
	if r := c.Send(t.Context(), message("b@Slow.example")); r.Outcome != smtp.Deferred || r.After <= 0 {
		t.Errorf("the second at once: %v", r)
	}
	if r := c.Send(t.Context(), message("a@example.org")); r.Outcome != smtp.Delivered {
		t.Errorf("another domain: %v", r)
	}
	close(release)
	if r := <-first; r.Outcome != smtp.Delivered {
		t.Errorf("the first: %v", r)
	}
	if r := c.Send(t.Context(), message("a@rare.example")); r.Outcome != smtp.Delivered {
		t.Errorf("the first of its minute: %v", r)
	}
	if r := c.Send(t.Context(), message("b@rare.example")); r.Outcome != smtp.Deferred || r.After < 50*time.Second {
		t.Errorf("the second of its minute: %v", r)
	}
}

func TestABadServerCannotHoldOrFlood(t *testing.T) {
	long := strings.Repeat("x\u202e\x1b[31m", 1000)
	s := smtptest.Start(t, smtptest.Options{Script: once(smtptest.Rcpt, smtptest.Action{Code: 550, Text: long})})
	r := open(t, s, smtp.Options{}).Send(t.Context(), message("bob@example.org"))
	if r.Outcome != smtp.Permanent || len(r.Line) > 10*400 || strings.ContainsAny(r.Line, "\u202e\x1b") {
		t.Errorf("%d bytes: %.100q", len(r.Line), r.Line)
	}
	flood := smtptest.Start(t, smtptest.Options{Script: once(smtptest.Connect, smtptest.Action{Code: 220, Text: strings.Repeat("x", 1<<20)})})
	want(t, smtp.Result{Outcome: smtp.Temporary, Stage: smtp.AtConnect, Server: true}, open(t, flood, smtp.Options{}).Send(t.Context(), message("bob@example.org")))
}

func TestBareLineEndsCannotSmuggle(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Keep: true})
	m := message("bob@example.org")
	m.Data = append(m.Data, "a\n.\nMAIL FROM:<eve@example.org>\r.\rb\n.\r\n"...)
	if r := open(t, s, smtp.Options{}).Send(t.Context(), m); r.Outcome != smtp.Delivered {
		t.Fatal(r)
	}
	got := s.Received()
	if len(got) != 1 || !bytes.HasSuffix(got[0].Data, []byte("a\r\n.\r\nMAIL FROM:<eve@example.org>.b\r\n.\r\n")) {
		t.Errorf("the server took %d messages: %q", len(got), got[0].Data)
	}
}

func TestParseURL(t *testing.T) {
	for _, c := range []struct {
		in   string
		want smtp.Server // zero where it cannot be read
	}{
		{"smtp://mail.example.org", smtp.Server{Host: "mail.example.org", Port: 587}},
		{"smtp://ada%40example.org@mail.example.org:2525", smtp.Server{Host: "mail.example.org", Port: 2525, User: "ada@example.org"}},
		{"smtps://ada@mail.example.org", smtp.Server{Host: "mail.example.org", Port: 465, User: "ada", Security: smtp.Implicit}},
		{"smtp://localhost:25?tls=none", smtp.Server{Host: "localhost", Port: 25, Security: smtp.Plaintext}},
		{"smtp://[::1]:25?tls=none", smtp.Server{Host: "::1", Port: 25, Security: smtp.Plaintext}},
		{"smtp://ada:secret@mail.example.org", smtp.Server{}},
		{"smtps://mail.example.org?tls=none", smtp.Server{}},
		{"smtp://mail.example.org?starttls=no", smtp.Server{}},
		{"smtp://mail.example.org:99999", smtp.Server{}},
		{"http://mail.example.org", smtp.Server{}},
		{"mail.example.org", smtp.Server{}},
		{"", smtp.Server{}},
		{"smtp://%zz", smtp.Server{}},
		{"smtp://:25", smtp.Server{}},
	} {
		got, err := smtp.ParseURL(c.in)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != (c.want == smtp.Server{}) {
			t.Errorf("ParseURL(%q), error %v (-want +got):\n%s", c.in, err, diff)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error has the password: %v", err)
		}
	}
}

func BenchmarkSend(b *testing.B) {
	for _, size := range []int{2 << 10, 50 << 10} {
		b.Run(fmt.Sprintf("%d kB", size>>10), func(b *testing.B) {
			s := smtptest.Start(b, smtptest.Options{})
			c := open(b, s, smtp.Options{Conns: 4, PerConn: 1000})
			m := message("bob@example.org")
			m.Data = append(m.Data, bytes.Repeat([]byte(strings.Repeat("x", 74)+"\r\n"), size/76)...)
			b.SetBytes(int64(len(m.Data)))
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if r := c.Send(b.Context(), m); r.Outcome != smtp.Delivered {
						b.Error(r)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
