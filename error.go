package broadsheet

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// A Kind says what an error means to the person who asked.
type Kind int

// The kinds of errors. Internal is zero: an error that nobody classified must
// never leak its cause.
const (
	Internal    Kind = iota // our fault; the cause goes to the log
	Invalid                 // the question is wrong, and the text says how
	NotFound                // what was asked for is not here
	Conflict                // it cannot be done in the present state
	Unavailable             // not now; trying again may help
)

// An Error carries a sentence that is safe to show to the person who asked, and
// keeps the cause for the log.
type Error struct {
	Kind Kind
	Text string // a full sentence, shown as is
	Err  error  // the cause, never shown; may be nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return e.Text + " (" + e.Err.Error() + ")"
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error of a kind with a formatted sentence and no cause.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// KindOf reports the outermost Kind in err's chain.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

// TextFor returns the sentence of err that may be shown, and a general one for
// an error that has none.
func TextFor(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind != Internal {
		return e.Text
	}
	return "Something went wrong on our side. The cause is in the server's log."
}

// A BadRecord names one record of a source that cannot be taken, while the ones
// around it can. Readers of sources yield it and go on.
type BadRecord struct {
	File   string // as the operator named it; may be empty
	Line   int    // 1-based line, for formats that have one record a line
	Number int    // 1-based number of the record in its file
	ID     string // the record's own id, when it got that far
	Reason string // what was found and what was expected
}

func (b *BadRecord) Error() string {
	var s strings.Builder
	if b.File != "" {
		s.WriteString(b.File + ": ")
	}
	if b.Line > 0 {
		fmt.Fprintf(&s, "line %d: ", b.Line)
	} else {
		fmt.Fprintf(&s, "record %d: ", b.Number)
	}
	if b.ID != "" {
		fmt.Fprintf(&s, "%s: ", Printable(b.ID, 80))
	}
	s.WriteString(b.Reason)
	return s.String()
}

// Printable returns s with control characters escaped and cut to at most max
// characters, so that hostile input can be quoted on a terminal or in a log.
func Printable(s string, max int) string {
	runes, cut := []rune(s), ""
	if len(runes) > max {
		runes, cut = runes[:max], "…"
	}
	q := fmt.Sprintf("%+q", string(runes))
	plain := true
	for _, r := range runes {
		if r < ' ' || r == 0x7f || r == '\ufffd' || r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x200f ||
			r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			plain = false
		}
	}
	if plain {
		return string(runes) + cut
	}
	return q[1:len(q)-1] + cut
}
