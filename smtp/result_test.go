package smtp_test

import (
	"testing"

	"broadsheet/internal/smtptest"
	"broadsheet/smtp"
)

func TestOnlyABadAddressGivesAReaderUp(t *testing.T) {
	for _, c := range []struct {
		name   string
		stage  smtptest.Stage
		action smtptest.Action
		want   bool
	}{
		{"no such user", smtptest.Rcpt, smtptest.Action{Code: 550, Text: "5.1.1 no such user"}, true},
		{"no such user, without a status", smtptest.Rcpt, smtptest.Action{Code: 550, Text: "No such user here"}, true},
		{"a server that does not relay", smtptest.Rcpt, smtptest.Action{Code: 554, Text: "5.7.1 Relay access denied"}, false},
		{"a server that does not relay, without a status", smtptest.Rcpt, smtptest.Action{Code: 550, Text: "relay not permitted"}, false},
		{"greylisting", smtptest.Rcpt, smtptest.Action{Code: 451, Text: "4.7.1 later"}, false},
		{"a sender that is refused", smtptest.Mail, smtptest.Action{Code: 550, Text: "5.1.8 bad sender"}, false},
		{"a text that is refused", smtptest.Dot, smtptest.Action{Code: 554, Text: "5.6.0 spam"}, false},
	} {
		s := smtptest.Start(t, smtptest.Options{Script: once(c.stage, c.action)})
		if r := open(t, s, smtp.Options{}).Send(t.Context(), message("bob@example.org")); r.BadAddress() != c.want || r.Outcome == smtp.Delivered {
			t.Errorf("%s: bad address %v, want %v: %v", c.name, r.BadAddress(), c.want, r)
		}
	}
}
