package smtptest

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A session is one conversation.
type session struct {
	server   *Server
	conn     *smtp.Conn
	from, to string
	known    bool // logged in
}

// authSession is a session of a server that wants a login.
type authSession struct{ *session }

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	plain := &session{server: s, conn: c, known: s.options.User == ""}
	if s.options.User != "" {
		return authSession{plain}, nil
	}
	return plain, nil
}

// AuthMechanisms returns what the server offers.
func (s authSession) AuthMechanisms() []string {
	if s.server.options.Login {
		return []string{"LOGIN"}
	}
	return []string{"PLAIN", "LOGIN"}
}

// Auth checks a login.
func (s authSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != s.server.options.User || password != s.server.options.Pass {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}
	if mechanism == "PLAIN" {
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	}
	return &loginServer{check: check}, nil
}

// loginServer is the server's side of LOGIN, which go-sasl has no more.
type loginServer struct {
	check func(user, password string) error
	user  *string
}

// Next asks for the name and then for the password.
func (l *loginServer) Next(answer []byte) (question []byte, done bool, err error) {
	switch {
	case answer == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(answer)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(answer))
}

// Reset forgets the message that was begun.
func (s *session) Reset() { s.from, s.to = "", "" }

// Logout ends the conversation.
func (s *session) Logout() error { return nil }

// Mail begins a message.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "log in first"}
	}
	s.from = from
	return s.act(s.server.ask(Moment{Stage: Mail, From: from}))
}

// Rcpt names its recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.act(s.server.ask(Moment{Stage: Rcpt, From: s.from, To: to}))
}

// Data takes its text.
func (s *session) Data(r io.Reader) error {
	before := s.server.ask(Moment{Stage: Data, From: s.from, To: s.to})
	if before.Stall || before.Drop {
		io.CopyN(io.Discard, r, 100)
		return s.act(before)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if before.Code != 0 {
		return s.act(before)
	}
	got := Received{From: s.from, To: s.to, MessageID: messageID(data)}
	if s.server.options.Keep {
		got.Data = bytes.Clone(data)
	}
	after := s.server.ask(Moment{Stage: Dot, From: s.from, To: s.to, MessageID: got.MessageID})
	if after.Code != 0 {
		return s.act(after)
	}
	i := s.server.take(got)
	if err := s.act(after); err != nil {
		return err
	}
	s.server.answered(i)
	return nil
}

var errGone = errors.New("smtptest: the connection was dropped")

// act does what the script said.
func (s *session) act(a Action) error {
	switch {
	case a.Stall:
		<-s.server.stop
		return errGone
	case a.Drop:
		s.conn.Conn().Close()
		return errGone
	case a.Code != 0:
		return refusal(a)
	}
	return nil
}

// refusal returns the answer that a script asks for, its enhanced status code apart
// as go-smtp wants it.
func refusal(a Action) error {
	e := &smtp.SMTPError{Code: a.Code, EnhancedCode: smtp.NoEnhancedCode, Message: a.Text}
	status, text, ok := strings.Cut(a.Text, " ")
	parts := strings.Split(status, ".")
	if ok && len(parts) == 3 {
		e.Message = text
		for i, p := range parts {
			e.EnhancedCode[i], _ = strconv.Atoi(p)
		}
	}
	return e
}
