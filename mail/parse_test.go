package mail_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"broadsheet/mail"
)

// A parsed is a message as a mail program sees it.
type parsed struct {
	header     netmail.Header
	text, html string
}

func (p parsed) subject(t testing.TB) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(p.header.Get("Subject"))
	if err != nil {
		t.Error(err)
	}
	return s
}

// parse reads a message with the standard library, and holds it to the rules on
// lines (RFC 5322, section 2.1.1; RFC 2045, section 6.7).
func parse(t testing.TB, raw []byte) parsed {
	t.Helper()
	for i, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") {
			t.Fatalf("line %d of the message is no line: %.80q", i+1, line)
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("the message cannot be read: %v", err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q (%v)", m.Header.Get("Content-Type"), err)
	}
	p := parsed{header: m.Header}
	parts := multipart.NewReader(m.Body, params["boundary"])
	p.text = body(t, parts, "text/plain")
	p.html = body(t, parts, "text/html")
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Fatalf("there is a third part, or no end: %v", err)
	}
	return p
}

func body(t testing.TB, parts *multipart.Reader, kind string) string {
	t.Helper()
	part, err := parts.NextRawPart()
	if err != nil || !strings.HasPrefix(part.Header.Get("Content-Type"), kind) || len(part.Header) != 2 {
		t.Fatalf("%s: %v", kind, err)
	}
	data, err := io.ReadAll(quotedprintable.NewReader(part))
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// compose renders a digest and addresses it.
func compose(t testing.TB, d mail.Digest, e mail.Envelope) parsed {
	t.Helper()
	c, err := mail.Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := c.Message(e)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, raw)
}

func envelope() mail.Envelope {
	return mail.Envelope{
		From:           mail.Address{Name: "Broadsheet", Local: "papers", Domain: "papers.example.org"},
		To:             mail.Address{Name: "Ada Lovelace", Local: "ada+papers", Domain: "example.org"},
		ReplyTo:        mail.Address{Local: "editor", Domain: "papers.example.org"},
		MessageID:      mail.MessageID("papers.example.org", "digest-1", "reader-1"),
		Date:           time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC),
		ListID:         "daily.papers.example.org",
		UnsubscribeURL: "https://papers.example.org/u/abcdefghijklmnopqrstuvwxyz012345",
		ManageURL:      "https://papers.example.org/s/abcdefghijklmnopqrstuvwxyz012345",
		FeedbackID:     "daily:papers.example.org",
	}
}

func digest(n int) mail.Digest {
	d := mail.Digest{Name: "Broadsheet", Title: "Daily Papers", Date: "2026-11-27", URL: "https://papers.example.org/papers/date/2026-11-27", Lang: "en"}
	for i := range n {
		d.Items = append(d.Items, mail.Item{
			ID: fmt.Sprintf("2599.%05d", i+1), URL: fmt.Sprintf("https://papers.example.org/papers/2599.%05d", i+1),
			Title:   fmt.Sprintf("Early Exit for Kettles: Boiling Water in $O(n\\log n)$ Steps, Part %d", i+1),
			Authors: []string{"Ada Tester", "Bo Beispiel", "Chloé Exemple", "田中 例子", "Eve Sample", "Fay Specimen"},
			Summary: strings.Repeat("We show that a kettle with $\\theta \\in \\mathbb{R}^d$ parameters need not boil to the end; stopping early loses less than $10^{-3}$ of the tea. ", 8),
			Reason:  "Like two papers that you kept", Upvotes: 12 + i, Comments: i % 3, CodeURL: "https://github.com/example/kettle",
		})
	}
	return d
}
