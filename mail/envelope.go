package mail

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"

	"broadsheet"
)

// An Envelope is what makes of a Composed the message for one reader.
type Envelope struct {
	From       Address
	To         Address
	ReplyTo    Address   // none where zero
	ReturnPath string    // where bounces go: the sender in SMTP, see VERP; not in the message
	MessageID  string    // with its angle brackets, see MessageID
	Date       time.Time // the same one at each attempt

	ListID         string // such as daily.papers.example.org; none where empty
	UnsubscribeURL string // acts on a POST (RFC 8058), shows a button on a GET
	ManageURL      string
	FeedbackID     string // such as daily:papers.example.org, for Gmail's complaint figures
}

// MessageID returns the Message-ID of what the parts name, such as a digest's and a
// reader's: the same parts, the same ID, and nobody can tell the parts from it.
func MessageID(host string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	sum := base32.StdEncoding.EncodeToString(h.Sum(nil)[:20])
	return "<" + strings.ToLower(sum) + "@" + token(host, "-.") + ">"
}

// token returns the letters and digits of s, and the characters that may be besides.
func token(s, besides string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(besides, r) {
			return r
		}
		return -1
	}, head(s, 200))
}

// check reports what would not make a message.
func (e Envelope) check() error {
	switch {
	case e.From.Mailbox() == "":
		return broadsheet.Errorf(broadsheet.Invalid, "The message has no sender. Set the address that mail comes from.")
	case e.To.Mailbox() == "":
		return broadsheet.Errorf(broadsheet.Invalid, "The message has no recipient.")
	case !isMessageID(e.MessageID):
		return broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is not a Message-ID: it is written like <id@host>.", broadsheet.Printable(e.MessageID, 80))
	case e.Date.IsZero():
		return broadsheet.Errorf(broadsheet.Invalid, "The message has no date.")
	case e.UnsubscribeURL != "" && webURL(e.UnsubscribeURL) == "", e.ManageURL != "" && webURL(e.ManageURL) == "":
		return broadsheet.Errorf(broadsheet.Invalid, "A link of the message is not a web address.")
	}
	return nil
}

// isMessageID holds to the form that all programs read (RFC 5322, section 3.6.4).
func isMessageID(s string) bool {
	inside, ok := strings.CutPrefix(s, "<")
	inside, closed := strings.CutSuffix(inside, ">")
	left, right, at := strings.Cut(inside, "@")
	return ok && closed && at && len(s) < 250 && isDotAtom(left) && isDotAtom(right) &&
		strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0
}
