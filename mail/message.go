package mail

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"strings"
	"time"
)

// zone writes a time in the readers' zone.
type zone struct{ *time.Location }

func (z zone) format(t time.Time) string {
	if z.Location == nil {
		return t.UTC().Format(time.RFC1123Z)
	}
	return t.In(z.Location).Format(time.RFC1123Z)
}

// Message returns the message for one reader (RFC 5322, RFC 2046), with lines that
// end in CR LF. The same envelope gives the same bytes.
func (c *Composed) Message(e Envelope) ([]byte, error) { return c.Append(nil, e) }

// Append appends what Message returns to dst, for callers that reuse memory.
func (c *Composed) Append(dst []byte, e Envelope) ([]byte, error) {
	if err := e.check(); err != nil {
		return dst, err
	}
	f := footer{words: c.words, Leave: webURL(e.UnsubscribeURL), Manage: webURL(e.ManageURL)}
	leave, err := encodedPage("leave", f)
	if err != nil {
		return dst, err
	}
	if dst == nil {
		dst = make([]byte, 0, len(c.html)+len(c.htmlEnd)+len(c.text)+len(leave)+2500)
	}
	mark := boundary(e.MessageID)
	dst = c.appendHeader(dst, e, mark)
	dst = appendPart(dst, mark, "text/plain; charset=utf-8", c.text, encoded([]byte(f.text())))
	dst = appendPart(dst, mark, "text/html; charset=utf-8", c.html, leave, c.htmlEnd)
	return append(dst, "--"+mark+"--\r\n"...), nil
}

// boundary returns what separates the parts of a message. Quoted-printable text
// cannot hold it: there, = is never followed by _.
func boundary(messageID string) string {
	sum := sha256.Sum256([]byte(messageID))
	return "=_" + hex.EncodeToString(sum[:16])
}

func appendPart(dst []byte, mark, kind string, pieces ...[]byte) []byte {
	dst = append(dst, "--"+mark+"\r\nContent-Type: "+kind+"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"...)
	for _, p := range pieces {
		dst = append(dst, p...)
	}
	return append(dst, "\r\n"...)
}

// appendHeader writes the header and the empty line behind it.
//
// Precedence is no standard's, but some programs that answer when their owner is
// away know only it, and RFC 3834 (section 2) has others heed it. What readers asked
// for a moment ago, a notice, is not bulk.
func (c *Composed) appendHeader(dst []byte, e Envelope, mark string) []byte {
	field := func(name, value string) {
		if value != "" {
			dst = append(dst, folded(name+": "+value)+"\r\n"...)
		}
	}
	field("From", e.From.String())
	field("To", e.To.String())
	field("Reply-To", e.ReplyTo.String())
	field("Subject", unstructured(c.Subject))
	field("Date", c.zone.format(e.Date))
	field("Message-ID", e.MessageID)
	if c.bulk {
		field("List-Id", angled(token(e.ListID, "-._")))
		field("Precedence", "bulk")
	}
	if leave := webURL(e.UnsubscribeURL); leave != "" {
		field("List-Unsubscribe", "<"+leave+">")
		if strings.HasPrefix(leave, "https://") { // RFC 8058, section 3.1, asks for it
			field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	field("Feedback-ID", token(e.FeedbackID, "-._:"))
	field("Auto-Submitted", "auto-generated") // RFC 3834, section 5
	field("MIME-Version", "1.0")
	field("Content-Type", `multipart/alternative; boundary="`+mark+`"`)
	return append(dst, "\r\n"...)
}

func angled(s string) string {
	if s == "" {
		return ""
	}
	return "<" + s + ">"
}

// unstructured writes a text for a header that is only read by people: as it is, or
// as encoded words (RFC 2047) in the shorter of their two encodings.
func unstructured(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f }) >= 0 {
		q, b := mime.QEncoding.Encode("utf-8", s), mime.BEncoding.Encode("utf-8", s)
		if len(b) < len(q) {
			return b
		}
		return q
	}
	if strings.Contains(s, "=?") {
		return encodedASCII(s)
	}
	return s
}

// encodedASCII writes as encoded words what looks like one, which the standard
// library leaves as it is.
func encodedASCII(s string) string {
	const chunk = 42 // 56 characters in base64, of 75 that a word may have
	var words []string
	for len(s) > 0 {
		n := min(chunk, len(s))
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// maxLine is what lines of a header should have (RFC 5322, section 2.1.1).
const maxLine = 78

// folded breaks a header field at blanks, so that its lines are short where they can be.
func folded(field string) string {
	if len(field) <= maxLine {
		return field
	}
	var out strings.Builder
	at := 0
	for i, word := range strings.Split(field, " ") {
		switch {
		case i > 1 && at+1+len(word) > maxLine && word != "": // the first word is on the line of the name
			out.WriteString("\r\n ")
			at = 1
		case i > 0:
			out.WriteByte(' ')
			at++
		}
		out.WriteString(word)
		at += len(word)
	}
	return out.String()
}
