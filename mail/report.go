package mail

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"

	"broadsheet"
)

// A ReportKind is what a message to the bounce address tells.
type ReportKind string

// The kinds of reports.
const (
	Unknown    ReportKind = "unknown"   // no report, one in prose, or one of success
	HardBounce ReportKind = "hard"      // the address does not work
	SoftBounce ReportKind = "soft"      // it does not work now
	Complaint  ReportKind = "complaint" // the reader pressed "this is spam"
)

// A Report is what came back on a message. What it says of the original message is
// what a stranger wrote: only the token, which nobody can guess, proves anything.
type Report struct {
	Kind       ReportKind
	Token      string // see VERP; "" where there is none
	Recipient  string // to whom the message was sent, as far as the report tells
	MessageID  string // of the message
	Status     string // enhanced status code (RFC 3463)
	Diagnostic string // what the other server said; bounded, safe to show
}

// The limits of a report. Most have some 5 kB, the largest the whole message.
const (
	maxReport     = 1 << 20
	maxParts      = 10
	maxBlocks     = 20 // of recipients
	maxDiagnostic = 400
)

// ParseReport reads a message that came to the bounce address: a delivery status
// notification (RFC 3464) or a complaint (RFC 5965). Anything else that is a message
// is Unknown, with the token of the address to which it came.
func ParseReport(raw []byte) (Report, error) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw[:min(len(raw), maxReport)]))
	if err != nil {
		return Report{}, &broadsheet.Error{Kind: broadsheet.Invalid, Text: "This is no mail message.", Err: err}
	}
	r := Report{Kind: Unknown}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/report" && params["boundary"] != "" {
		r.read(multipart.NewReader(m.Body, params["boundary"]))
	}
	for _, name := range []string{"To", "Delivered-To", "X-Original-To"} {
		for _, value := range m.Header[name] {
			r.Token = cmp.Or(r.Token, tokenOfList(value))
		}
	}
	r.clean()
	return r, nil
}

// tokenOfList returns the first token in a list of addresses.
func tokenOfList(value string) string {
	list, err := netmail.ParseAddressList(value)
	if err != nil {
		return tokenIn(value)
	}
	for _, a := range list {
		if t := tokenIn(a.Address); t != "" {
			return t
		}
	}
	return ""
}

// read takes what the parts of a report tell. A part that is broken ends it.
func (r *Report) read(parts *multipart.Reader) {
	for range maxParts {
		part, err := parts.NextRawPart()
		if err != nil {
			return
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if !strings.HasPrefix(kind, "message/") && kind != "text/rfc822-headers" {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(decoded(part), maxReport))
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return
		}
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			r.status(blocks(text))
		case "message/feedback-report":
			r.feedback(blocks(text))
		case "message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers", "message/global-headers":
			r.original(blocks(text))
		}
	}
}

// decoded reads a part as it was before its transfer encoding.
func decoded(part *multipart.Part) io.Reader {
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(part)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, part)
	}
	return part
}

// status reads a delivery status: the first block is about the message, the others
// are about recipients. We send to one, so the first that failed is the one.
func (r *Report) status(all []fields) {
	for _, b := range all[min(1, len(all)):] {
		kind := bounceKind(strings.ToLower(b["action"]), b["status"])
		if r.Kind != Unknown || kind == Unknown && r.Recipient != "" {
			continue
		}
		r.Kind, r.Status = kind, enhancedStatus(b["status"])
		r.Recipient = cmp.Or(xtext(typed(b["original-recipient"])), typed(b["final-recipient"]))
		r.Diagnostic = typed(b["diagnostic-code"])
	}
}

// mailboxFull is permanent by its number, but not by its nature: people come back
// from their holidays (RFC 3463, section 3.3, calls it persistent transient).
const mailboxFull = "5.2.2"

func bounceKind(action, status string) ReportKind {
	status = enhancedStatus(status)
	switch {
	case action == "delayed" || action == "failed" && (strings.HasPrefix(status, "4") || status == mailboxFull):
		return SoftBounce
	case action == "failed":
		return HardBounce
	}
	return Unknown
}

// enhancedStatus returns the code in a Status field, which may have a comment.
func enhancedStatus(s string) string {
	code, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	parts := strings.Split(code, ".")
	if len(parts) != 3 || len(code) > len("5.999.999") || strings.Trim(code, "0123456789.") != "" || !strings.Contains("245", parts[0]) || parts[0] == "" {
		return ""
	}
	return code
}

// feedback reads a complaint. Not-spam is its opposite (RFC 6430).
func (r *Report) feedback(all []fields) {
	if len(all) == 0 || strings.EqualFold(all[0]["feedback-type"], "not-spam") || all[0]["feedback-type"] == "" {
		return
	}
	r.Kind, r.Diagnostic = Complaint, all[0]["feedback-type"]
	r.Recipient = all[0]["original-rcpt-to"]
	r.Token = tokenIn(all[0]["original-mail-from"])
}

// original reads the header of the message that was reported.
func (r *Report) original(all []fields) {
	if len(all) == 0 {
		return
	}
	header := all[0]
	r.MessageID = cmp.Or(r.MessageID, header["message-id"])
	r.Token = cmp.Or(r.Token, tokenIn(header["return-path"]))
	if to, err := netmail.ParseAddress(header["to"]); err == nil {
		r.Recipient = cmp.Or(r.Recipient, to.Address)
	}
}

// clean makes what a stranger wrote safe to keep and to show.
func (r *Report) clean() {
	r.Recipient = strings.Trim(clean(r.Recipient, 2*maxAddress), "<> ")
	r.Diagnostic = clean(r.Diagnostic, maxDiagnostic)
	if r.MessageID = strings.TrimSpace(r.MessageID); !isMessageID(r.MessageID) {
		r.MessageID = ""
	}
}
