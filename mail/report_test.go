package mail_test

import (
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/mail"

	"github.com/google/go-cmp/cmp"
)

// dsn is a delivery status notification in the form of RFC 3464, our own text.
func dsn(recipient string) string {
	return crlf(`Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounce+tok123@papers.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="B/1"

This is a MIME-encapsulated message.

--B/1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

The kettle could not be delivered.

--B/1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Fri, 27 Nov 2026 06:00:01 +0000

` + recipient + `

--B/1
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: "Broadsheet" <papers@papers.example.org>
To: "Ada" <ada@example.org>
Message-ID: <abc@papers.example.org>
Subject: Daily Papers

Hello.
--B/1--
`)
}

// arf is a complaint in the form of RFC 5965, our own text.
const arf = `From: <feedback@mx.example.org>
To: <abuse@papers.example.org>
Subject: FW: Daily Papers
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an abuse report.

--part
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Kettle/1.0
Version: 1
Original-Mail-From: <bounce+tok123@papers.example.org>
Original-Rcpt-To: <ada@example.org>
Source-IP: 192.0.2.1

--part
Content-Type: message/rfc822
Content-Disposition: inline

From: <papers@papers.example.org>
To: <ada@example.org>
Message-ID: <abc@papers.example.org>

Hello.
--part--
`

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func TestParseReport(t *testing.T) {
	known := func(r mail.Report) mail.Report {
		r.Token, r.MessageID = "tok123", "<abc@papers.example.org>"
		return r
	}
	for _, c := range []struct {
		name, in string
		want     mail.Report
	}{
		{"an address that is not there", dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such\n    user"),
			known(mail.Report{Kind: mail.HardBounce, Recipient: "ada@example.org", Status: "5.1.1", Diagnostic: "550 5.1.1 no such user"})},
		{"the original address of one that is forwarded", dsn("Original-Recipient: rfc822;ada+2Bpapers@example.org\nFinal-Recipient: rfc822; x@other.example\nAction: failed\nStatus: 5.7.1 (refused)"),
			known(mail.Report{Kind: mail.HardBounce, Recipient: "ada+papers@example.org", Status: "5.7.1"})},
		{"a host that did not answer for days", dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 4.4.1"),
			known(mail.Report{Kind: mail.SoftBounce, Recipient: "ada@example.org", Status: "4.4.1"})},
		{"a mailbox that is full", dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.2.2"),
			known(mail.Report{Kind: mail.SoftBounce, Recipient: "ada@example.org", Status: "5.2.2"})},
		{"a delay", dsn("Final-Recipient: rfc822; ada@example.org\nAction: delayed\nStatus: 4.2.0"),
			known(mail.Report{Kind: mail.SoftBounce, Recipient: "ada@example.org", Status: "4.2.0"})},
		{"a success", dsn("Final-Recipient: rfc822; ada@example.org\nAction: delivered\nStatus: 2.1.5"),
			known(mail.Report{Kind: mail.Unknown, Recipient: "ada@example.org", Status: "2.1.5"})},
		{"the second of two recipients failed", dsn("Final-Recipient: rfc822; bob@example.org\nAction: delivered\nStatus: 2.1.5\n\nFinal-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.1.1"),
			known(mail.Report{Kind: mail.HardBounce, Recipient: "ada@example.org", Status: "5.1.1"})},
		{"a failure without a status", dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed"),
			known(mail.Report{Kind: mail.HardBounce, Recipient: "ada@example.org"})},
		{"a diagnosis made to deceive", dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.x\nDiagnostic-Code: smtp; \u202e\x1b[31m" + strings.Repeat("x", 1000)),
			known(mail.Report{Kind: mail.HardBounce, Recipient: "ada@example.org", Diagnostic: "[31m" + strings.Repeat("x", 393) + "…"})},
		{"a complaint", crlf(arf), known(mail.Report{Kind: mail.Complaint, Recipient: "ada@example.org", Diagnostic: "abuse"})},
		{"the opposite of a complaint", crlf(strings.Replace(arf, "abuse\n", "not-spam\n", 1)),
			mail.Report{Kind: mail.Unknown, Recipient: "ada@example.org", MessageID: "<abc@papers.example.org>"}},
		{"a bounce in prose", "From: postmaster@example.org\r\nTo: Bounces <bounce+tok123@papers.example.org>\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program.\r\n",
			mail.Report{Kind: mail.Unknown, Token: "tok123"}},
		{"an answer from a holiday", "From: ada@example.org\r\nTo: papers@papers.example.org\r\nDelivered-To: bounce+tok123@papers.example.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n",
			mail.Report{Kind: mail.Unknown, Token: "tok123"}},
		{"a report without its end", dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.1.1")[:790],
			mail.Report{Kind: mail.HardBounce, Token: "tok123", Recipient: "ada@example.org", Status: "5.1.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := mail.ParseReport([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseReportOfNoMessage(t *testing.T) {
	for _, in := range []string{"", "\x00\x01", "no header\r\n\r\nat all"} {
		if r, err := mail.ParseReport([]byte(in)); broadsheet.KindOf(err) != broadsheet.Invalid {
			t.Errorf("%q: %v, %v", in, r, err)
		}
	}
}

func TestVERP(t *testing.T) {
	address, err := mail.VERP("bounce@papers.example.org", "tok-123")
	if err != nil || address != "bounce+tok-123@papers.example.org" {
		t.Fatal(address, err)
	}
	for _, c := range []struct{ name, address, want string }{
		{"its own address", address, "tok-123"},
		{"in other letters", "Bounce+TOK-123@Papers.Example.org", "tok-123"},
		{"without a token", "bounce@papers.example.org", ""},
		{"an empty token", "bounce+@papers.example.org", ""},
		{"another mailbox", "other+tok-123@papers.example.org", ""},
		{"another host", "bounce+tok-123@example.org", ""},
		{"a token that is none", "bounce+tok/123@papers.example.org", ""},
	} {
		if got, ok := mail.ParseVERP("bounce@papers.example.org", c.address); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v, want %q", c.name, got, ok, c.want)
		}
	}
	for _, c := range [][2]string{{"bounce", "a"}, {"bounce+x@example.org", "a"}, {"bounce@example.org", ""}, {"bounce@example.org", "A"}, {"bounce@example.org", "a\r\nb"}, {"bounce@example.org", strings.Repeat("a", 60)}} {
		if got, err := mail.VERP(c[0], c[1]); err == nil {
			t.Errorf("VERP(%q, %q) = %q, want an error", c[0], c[1], got)
		}
	}
}

func FuzzParseReport(f *testing.F) {
	f.Add([]byte(dsn("Final-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.1.1")))
	f.Add([]byte(crlf(arf)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := mail.ParseReport(raw)
		if err != nil {
			return
		}
		if strings.ContainsAny(r.Recipient+r.MessageID+r.Diagnostic+r.Status+r.Token, "\r\n\x00\u202e") || len(r.Diagnostic) > 500 || len(r.Recipient) > 600 {
			t.Errorf("%q is not safe to show", r)
		}
		if r.Token != "" {
			if address, err := mail.VERP("b@example.org", r.Token); err == nil {
				if back, ok := mail.ParseVERP("b@example.org", address); !ok || back != r.Token {
					t.Errorf("the token %q is read back as %q", r.Token, back)
				}
			}
		}
	})
}
