package smtp

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// deliver sends one message. The connection is good for another afterwards, or broken.
func (cn *conn) deliver(ctx context.Context, m Message) Result {
	cn.sent++
	needs := needsOf(m)
	if r, ok := cn.refused(m, needs); ok {
		return r
	}
	stop := cn.wire.during(ctx, cn.options.Timeout)
	r, ok := cn.envelope(cn.commands(m, needs))
	stop()
	if !ok {
		return r
	}
	return cn.data(ctx, m.Data)
}

// needs are the extensions without which a message cannot be sent.
type needs struct{ eightBit, utf8 bool }

func needsOf(m Message) needs {
	n := needs{eightBit: !isASCII(m.Data), utf8: !isASCII(m.From) || !isASCII(m.To)}
	if n.eightBit {
		header, _, _ := bytes.Cut(m.Data, []byte("\r\n\r\n"))
		n.utf8 = n.utf8 || !isASCII(header)
	}
	return n
}

func isASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// refused tells what the server is known not to take before asking it.
func (cn *conn) refused(m Message, n needs) (Result, bool) {
	switch {
	case cn.offers.size > 0 && int64(len(m.Data)) > cn.offers.size:
		return unsendable(AtMail, "The message has %d bytes, and the mail server takes %d.", len(m.Data), cn.offers.size), true
	case n.utf8 && !cn.offers.utf8:
		return unsendable(AtRcpt, "The address or the header is not in ASCII, and the mail server does not offer SMTPUTF8."), true
	case n.eightBit && !cn.offers.eightBit:
		return unsendable(AtMail, "The message has characters outside of ASCII, and the mail server does not offer 8BITMIME."), true
	}
	return Result{}, false
}

// commands are those before the text of a message.
func (cn *conn) commands(m Message, n needs) [3]string {
	mail := "MAIL FROM:<" + m.From + ">"
	if cn.offers.hasSize {
		mail += fmt.Sprintf(" SIZE=%d", len(m.Data))
	}
	if n.eightBit {
		mail += " BODY=8BITMIME"
	}
	if n.utf8 {
		mail += " SMTPUTF8"
	}
	return [3]string{mail, "RCPT TO:<" + m.To + ">", "DATA"}
}

var stages = [3]Stage{AtMail, AtRcpt, AtData}

// envelope sends the commands: in one piece where the server reads them so, else
// one by one. It reports whether the server waits for the text.
func (cn *conn) envelope(commands [3]string) (Result, bool) {
	if cn.offers.pipelining {
		return cn.pipelined(commands)
	}
	for i, command := range commands {
		r := cn.ask(stages[i], command)
		if r.Code == 354 {
			return r, true
		}
		if r.Outcome != Delivered {
			cn.reset(r)
			return r, false
		}
	}
	cn.broken = true // it said 250 to DATA
	return broken(AtData, fmt.Errorf("smtp: no 354 in answer to DATA")), false
}

// pipelined sends all commands at once and reads the answer to each (RFC 2920).
func (cn *conn) pipelined(commands [3]string) (Result, bool) {
	if _, err := cn.client.Text.W.WriteString(strings.Join(commands[:], "\r\n") + "\r\n"); err != nil {
		return cn.lost(AtMail, err), false
	}
	if err := cn.client.Text.W.Flush(); err != nil {
		return cn.lost(AtMail, err), false
	}
	var first Result // that says no
	for i, stage := range stages {
		r := cn.answer(stage)
		switch {
		case r.Code == 0 || r.Code == 421:
			cn.broken = true
			if first.Stage != "" {
				return first, false
			}
			return r, false
		case r.Code == 354 && first.Stage == "" && i == 2:
			return r, true
		case r.Code == 354: // and nobody to send to: an empty text ends it (RFC 2920, section 3.1)
			cn.ask(AtDot, ".")
			return first, false
		case r.Outcome != Delivered && first.Stage == "":
			first = r
		}
	}
	if first.Stage == "" {
		cn.broken = true
		return broken(AtData, fmt.Errorf("smtp: no 354 in answer to DATA")), false
	}
	cn.reset(first)
	return first, false
}

// reset makes the connection ready for the next message after one was refused.
func (cn *conn) reset(r Result) {
	if r.Code == 0 || r.Code == 421 {
		cn.broken = true
	}
	if !cn.broken && cn.ask(AtMail, "RSET").Outcome != Delivered {
		cn.broken = true
	}
}

// data sends the text. What failed before all of it was written was not delivered:
// the server has not seen the dot. Afterwards, only its answer tells.
func (cn *conn) data(ctx context.Context, data []byte) Result {
	stop := cn.wire.during(ctx, cn.options.DotTimeout)
	defer stop()
	out := cn.client.Text.W
	if _, err := out.Write(stuffed(data)); err != nil {
		return cn.lost(AtData, err)
	}
	if err := out.Flush(); err != nil {
		return cn.lost(AtData, err)
	}
	r := cn.answer(AtDot)
	if r.Code == 0 {
		r.Outcome = Uncertain
	}
	if r.Code == 0 || r.Code == 421 {
		cn.broken = true
	}
	return r
}

// ask sends one command and reads the answer.
func (cn *conn) ask(stage Stage, command string) Result {
	if err := cn.client.Text.PrintfLine("%s", command); err != nil {
		return cn.lost(stage, err)
	}
	return cn.answer(stage)
}

// answer reads one answer. Without a code, it is none.
func (cn *conn) answer(stage Stage) Result {
	cn.wire.refill()
	code, text, err := cn.client.Text.ReadResponse(0)
	if err != nil || code < 200 || code > 599 {
		if err == nil {
			err = fmt.Errorf("smtp: %d is no answer", code)
		}
		return cn.lost(stage, err)
	}
	return answered(stage, code, text)
}

func (cn *conn) lost(stage Stage, err error) Result {
	cn.broken = true
	return broken(stage, err)
}

// stuffed returns a text as it goes over the wire: lines that end in CR LF and in
// nothing else, so that no server sees an end where another sees none; a dot before
// a dot; and the dot that ends it (RFC 5321, section 4.5.2).
func stuffed(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/64+16)
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		line = bytes.TrimSuffix(line, []byte("\r"))
		if bytes.IndexByte(line, '\r') >= 0 {
			line = bytes.ReplaceAll(line, []byte("\r"), nil)
		}
		if len(line) > 0 && line[0] == '.' {
			out = append(out, '.')
		}
		out = append(append(out, line...), "\r\n"...)
	}
	return append(out, ".\r\n"...)
}
