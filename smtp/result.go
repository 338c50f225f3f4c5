package smtp

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"
	"time"

	"broadsheet"
)

// An Outcome says what became of a message.
type Outcome int

// What can become of a message. Uncertain is zero, so that a forgotten case is not
// taken for a success.
const (
	Uncertain Outcome = iota // sent to its end, but no answer came: it may have been delivered
	Delivered                // the server has it and answers for it
	Temporary                // not delivered; trying again may help
	Permanent                // not delivered, and trying again will not help
	Deferred                 // not tried: the limits of its domain have no room until Result.After
)

func (o Outcome) String() string {
	return [...]string{"uncertain", "delivered", "temporary", "permanent", "deferred"}[o]
}

// A Stage is how far a message had come.
type Stage string

// The stages in their order.
const (
	AtConnect Stage = "connect" // greeting, TLS, login
	AtMail    Stage = "mail"    // the sender
	AtRcpt    Stage = "rcpt"    // the recipient: a permanent refusal here is one of the address
	AtData    Stage = "data"    // before the text
	AtDot     Stage = "dot"     // after it
)

// A Result is what became of one message.
type Result struct {
	Outcome Outcome
	Stage   Stage
	Code    int           // of the server's answer, such as 550; 0 where there was none
	Status  string        // its enhanced status code (RFC 3463), such as 5.1.1; may be empty
	Line    string        // the answer's text, bounded, safe to show
	Server  bool          // it was not about this message: all others would fare the same
	After   time.Duration // of Deferred: when there will be room
	Err     error         // where the network failed, or the message cannot be sent at all
}

func (r Result) String() string {
	s := fmt.Sprintf("%s at %s", r.Outcome, r.Stage)
	if r.Code > 0 {
		s += fmt.Sprintf(": %d %s", r.Code, r.Line)
	}
	if r.Err != nil {
		s += ": " + broadsheet.Printable(r.Err.Error(), maxLine)
	}
	return s
}

// maxLine is how much of an answer is kept: enough for any explanation, and a row
// of a table can hold it.
const maxLine = 400

var enhanced = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})\s`)

// answered returns the result of a server's answer.
func answered(stage Stage, code int, text string) Result {
	r := Result{Stage: stage, Code: code, Line: broadsheet.Printable(strings.ReplaceAll(text, "\n", " "), maxLine)}
	if m := enhanced.FindStringSubmatch(text + " "); m != nil {
		r.Status = m[1]
	}
	switch {
	case code/100 == 2:
		r.Outcome = Delivered
	case code/100 == 5:
		r.Outcome = Permanent
	default:
		r.Outcome = Temporary
	}
	// 421: the server goes away. 530, 534, 535, 538: it wants a login (RFC 4954,
	// section 6). Those are for the operator to mend; no reader is to lose mail.
	if code == 421 || code == 530 || code == 534 || code == 535 || code == 538 {
		r.Outcome, r.Server = Temporary, true
	}
	return r
}

// broken returns the result of a connection that failed.
func broken(stage Stage, err error) Result {
	return Result{Outcome: Temporary, Stage: stage, Err: err}
}

// unreachable returns the result of a server with which no conversation began, or
// which did not let us in. Even a 5xx is not about the message here.
func unreachable(err error) Result {
	r := broken(AtConnect, err)
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		r = answered(AtConnect, said.Code, said.Msg)
		r.Err = err
	}
	r.Outcome, r.Server = Temporary, true
	return r
}

// unsendable returns the result of a message that this server cannot take.
func unsendable(stage Stage, format string, args ...any) Result {
	return Result{Outcome: Permanent, Stage: stage, Err: broadsheet.Errorf(broadsheet.Invalid, format, args...)}
}

// BadAddress reports whether the recipient's address does not work, so that nothing
// more should be sent to it. A refusal by policy (5.7.x), such as of a server that
// does not relay for us, is about the sender: on its account no reader is given up.
func (r Result) BadAddress() bool {
	if r.Outcome != Permanent || r.Stage != AtRcpt || r.Server {
		return false
	}
	said := strings.ToLower(r.Line)
	return !strings.HasPrefix(r.Status, "5.7.") && !strings.Contains(said, "relay") && !strings.Contains(said, "authentic")
}
