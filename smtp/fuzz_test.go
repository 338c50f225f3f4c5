package smtp_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"broadsheet/smtp"
)

// FuzzAnswers lets a server say anything. A message is only delivered if its text
// was read to the end and a 2xx stood somewhere in what was said.
func FuzzAnswers(f *testing.F) {
	f.Add("220 hi\r\n250-me\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go\r\n250 2.0.0 taken\r\n")
	f.Add("220 hi\r\n250 me\r\n250 ok\r\n550 5.1.1 no\r\n250 reset\r\n")
	f.Add("220 hi\r\n250-me\r\n250-SIZE 10\r\n250 SMTPUTF8\r\n")
	f.Add("220 hi\r\n250-me\r\n250 PIPELINING\r\n354 go\r\n354 go\r\n354 go\r\n250 what\r\n")
	f.Add("421 no\r\n")
	f.Add("220-\r\n220-\r\n")
	f.Fuzz(func(t *testing.T, said string) {
		heard := make(chan []byte, 1)
		c := smtp.Open(smtp.Options{Server: smtp.Server{Host: "localhost", Port: 25, Security: smtp.Plaintext}, Timeout: time.Minute, Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				go func() { io.WriteString(theirs, said); theirs.Close() }()
				data, _ := io.ReadAll(theirs)
				heard <- data
			}()
			return ours, nil
		}})
		r := c.Send(t.Context(), message("bob@example.org"))
		c.Close()
		got := <-heard
		if r.Outcome == smtp.Delivered && (r.Code/100 != 2 || !bytes.Contains(got, []byte("\r\n.\r\n")) || !strings.Contains(said, "2")) {
			t.Errorf("%v, but the server got %q and said %q", r, got, said)
		}
		if r.Outcome != smtp.Delivered && r.Outcome != smtp.Uncertain && r.Stage == smtp.AtConnect && bytes.Contains(got, []byte("MAIL")) {
			t.Errorf("%v, but mail was begun: %q", r, got)
		}
		if strings.ContainsAny(r.Line, "\r\n\x00\x1b") || len(r.Line) > 10*400 {
			t.Errorf("the line %q is not safe to show", r.Line)
		}
	})
}

func FuzzParseURL(f *testing.F) {
	f.Add("smtp://ada:secret@mail.example.org:587?tls=none")
	f.Add("smtps://[::1]:465/")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := smtp.ParseURL(s)
		if err != nil {
			return
		}
		if got.Host == "" || got.Port < 1 || got.Port > 65535 {
			t.Errorf("ParseURL(%q) = %+v", s, got)
		}
		if _, _, err := net.SplitHostPort(got.Addr()); err != nil {
			t.Errorf("ParseURL(%q) has the address %q: %v", s, got.Addr(), err)
		}
	})
}
