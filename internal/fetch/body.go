package fetch

import (
	"bytes"
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

// How much of an answer that is an error is kept, and shown.
const (
	maxErrorBody = 16 << 10 // it may be a document of the service's own, as arXiv's feed about a bad category
	maxErrorText = 300
)

// fail makes an error of an answer, and closes it. Some services repeat in it the
// key that they were asked with, perhaps cut off by its end.
func (a *Answer) fail(host, secret string) *StatusError {
	defer a.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(a.Body, int64(maxErrorBody+len(secret))))
	if secret != "" {
		body = bytes.ReplaceAll(body, []byte(secret), []byte("[key]"))
	}
	body = body[:min(len(body), maxErrorBody)]
	text := broadsheet.Printable(string(body[:min(len(body), maxErrorText)]), maxErrorText)
	return &StatusError{Host: host, Status: a.Status, Header: a.Header, Text: text, Body: body}
}

var (
	errStall = errors.New("the service fell silent in the midst of its answer")
	errSlow  = errors.New("the service took too long for its answer")
)

// A body reads an answer under the bounds of Options.
type body struct {
	r      io.ReadCloser
	left   int64
	host   string
	stall  time.Duration
	silent *time.Timer             // runs while a Read waits, not while its reader works
	whole  *time.Timer             // runs until the body is closed
	cancel context.CancelCauseFunc // of the request
	ctx    context.Context         // of the request: why it was cancelled
	closed func()                  // nil once closed
}

func newBody(ctx context.Context, r io.ReadCloser, o Options, host string, cancel context.CancelCauseFunc) *body {
	b := &body{r: r, left: o.MaxBytes, host: host, stall: o.Stall, cancel: cancel, ctx: ctx}
	b.silent = time.AfterFunc(o.Stall, func() { cancel(errStall) })
	b.silent.Stop()
	b.whole = time.AfterFunc(o.Whole, func() { cancel(errSlow) })
	return b
}

func (b *body) Read(p []byte) (int, error) {
	b.silent.Reset(b.stall)
	defer b.silent.Stop()
	if b.left <= 0 {
		return b.end()
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		if why := context.Cause(b.ctx); why == errStall || why == errSlow {
			err = why
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
	b.silent.Reset(b.stall)
	io.CopyN(io.Discard, b.r, min(max(b.left, 0), 64<<10))
	err := b.r.Close()
	b.silent.Stop()
	b.whole.Stop()
	b.cancel(nil)
	b.closed()
	b.closed = nil
	return err
}
