package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"broadsheet"
)

// An Answer is what a service answered. Its body is bounded in size, and fails
// when the service falls silent.
type Answer struct {
	Status int
	Header http.Header
	Body   io.ReadCloser
}

// NotModified reports that what an earlier answer said still holds.
func (a *Answer) NotModified() bool { return a.Status == http.StatusNotModified }

// maxErrorText is how much of an answer that is an error is worth reading.
const maxErrorText = 300

// fail makes an error of an answer, and closes it.
func (a *Answer) fail(host string) error {
	defer a.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(a.Body, maxErrorText))
	return &StatusError{Host: host, Status: a.Status, Text: broadsheet.Printable(string(text), maxErrorText)}
}

var errStall = errors.New("the service fell silent in the midst of its answer")

// A body reads an answer under the bounds of Options.
type body struct {
	r      io.ReadCloser
	left   int64
	host   string
	stall  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc // of the request
	cause  func() error            // errStall once the timer has run out
	closed func()                  // nil once closed
}

func newBody(r io.ReadCloser, o Options, host string, cancel context.CancelCauseFunc) *body {
	b := &body{r: r, left: o.MaxBytes, host: host, stall: o.Stall, cancel: cancel}
	silent := make(chan struct{})
	b.timer = time.AfterFunc(o.Stall, func() {
		close(silent)
		cancel(errStall)
	})
	b.cause = func() error {
		select {
		case <-silent:
			return errStall
		default:
			return nil
		}
	}
	return b
}

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return b.end()
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if err == nil {
		if n > 0 && b.cause() == nil {
			b.timer.Reset(b.stall)
		}
		return n, nil
	}
	if err != io.EOF {
		if silent := b.cause(); silent != nil {
			err = silent
		}
		err = &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: fmt.Sprintf("The answer of %s broke off (%v). What came before is kept; the next run goes on from there.", b.host, err)}
	}
	return n, err
}

// end tells an answer that fits its bound exactly from one that is larger.
func (b *body) end() (int, error) {
	var one [1]byte
	if n, err := io.ReadFull(b.r, one[:]); n == 0 && err == io.EOF {
		return 0, io.EOF
	}
	return 0, broadsheet.Errorf(broadsheet.Unavailable, "The answer of %s is larger than any that it should give; the rest was not read.", b.host)
}

// Close ends the answer and lets the next request begin. It may be called twice.
func (b *body) Close() error {
	if b.closed == nil {
		return nil
	}
	// What is left of a small answer is read, so that the connection can be used again.
	io.CopyN(io.Discard, b.r, min(max(b.left, 0), 64<<10))
	err := b.r.Close()
	b.timer.Stop()
	b.cancel(nil)
	b.closed()
	b.closed = nil
	return err
}
