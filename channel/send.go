package channel

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

// SenderOptions are the settings of a Sender. The zero value is safe and usable.
type SenderOptions struct {
	// Internal allows plain http, and addresses in private networks: for
	// receivers of the operator's own. An address that a reader typed must not be
	// sent to with it.
	Internal bool
	Timeout  time.Duration    // of one request; 0: DefaultTimeout
	Now      func() time.Time // nil: time.Now
}

const (
	// DefaultTimeout is what slow receivers need; it bounds what a silent one costs.
	DefaultTimeout = 15 * time.Second

	maxAnswer = 64 << 10 // bytes read of an answer: a receipt or an error
	maxDetail = 200      // characters of it in an error
	maxWait   = 24 * time.Hour
)

// A Sender sends requests. It follows no redirects, uses no proxy, reads little
// of the answer, and reaches no private network unless it is allowed to. It does
// not try again: its error says whether and when to.
type Sender struct {
	client *http.Client
	open   bool
	now    func() time.Time
}

// NewSender returns a Sender.
func NewSender(o SenderOptions) *Sender {
	dialer := &net.Dialer{Timeout: cmp.Or(o.Timeout, DefaultTimeout)}
	if !o.Internal {
		dialer.Control = refuseInternal
	}
	s := &Sender{open: o.Internal, now: o.Now, client: &http.Client{
		Timeout: cmp.Or(o.Timeout, DefaultTimeout),
		Transport: &http.Transport{ // no proxy: it would look up names by itself
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: dialer.Timeout,
			MaxResponseHeaderBytes: maxAnswer, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

// An Error says why a request was not delivered. It names the host and never the
// address, in which the receiver's secret may stand.
type Error struct {
	Host       string
	Status     int           // of the answer; 0: there was none
	Temporary  bool          // trying again may help
	RetryAfter time.Duration // how long the receiver asked to wait; 0: it did not say
	Detail     string        // what happened or what the receiver said, printable
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("channel: %s: %s", e.Host, e.Detail)
	}
	return strings.TrimSuffix(fmt.Sprintf("channel: %s answers %d: %s", e.Host, e.Status, e.Detail), ": ")
}

// Send sends a request once. An error that is not ctx's is an *Error.
func (s *Sender) Send(ctx context.Context, r Request) error {
	u, err := parseAddress(r.URL)
	if err != nil {
		return err
	}
	if u.Scheme != "https" && !s.open {
		return &Error{Host: u.Host, Detail: "it must be an https address"}
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return &Error{Host: u.Host, Detail: "the request cannot be made"} // the cause repeats the address
	}
	req.Header = r.Header.Clone()
	req.Header.Set("User-Agent", "Broadsheet")
	resp, err := s.client.Do(req)
	if err != nil {
		return s.failed(ctx, u.Host, err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // what the status says holds without it
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return nil
	}
	return &Error{
		Host: u.Host, Status: resp.StatusCode, Temporary: temporary(resp.StatusCode),
		RetryAfter: s.retryAfter(resp, answer), Detail: r.redact(answer),
	}
}

// failed classifies an error without an answer.
func (s *Sender) failed(ctx context.Context, host string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("channel: %s: %w", host, ctx.Err())
	}
	var refused refusedError
	var timeout net.Error
	switch {
	case errors.As(err, &refused):
		return &Error{Host: host, Detail: refused.Error()}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Host: host, Temporary: true, Detail: "no answer in time"}
	}
	// The text of a *url.Error repeats the address; that of its cause does not.
	return &Error{Host: host, Temporary: true, Detail: broadsheet.Printable(causeOf(err).Error(), maxDetail)}
}

func causeOf(err error) error {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}

// temporary reports whether a status may be another one later. Of those below
// 500, only the ones that say so.
func temporary(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500 && status != http.StatusNotImplemented
}

// retryAfter returns how long to wait: by the header (RFC 9110, section 10.2.3),
// else by the answers of Discord, Telegram and Matrix.
func (s *Sender) retryAfter(resp *http.Response, answer []byte) time.Duration {
	if !temporary(resp.StatusCode) {
		return 0
	}
	header := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		return wait(seconds)
	}
	if at, err := http.ParseTime(header); err == nil {
		return wait(at.Sub(s.now()).Seconds())
	}
	var said struct {
		RetryAfter   float64 `json:"retry_after"`
		RetryAfterMS float64 `json:"retry_after_ms"`
		Parameters   struct {
			RetryAfter float64 `json:"retry_after"`
		} `json:"parameters"`
	}
	if json.Unmarshal(answer, &said) != nil {
		return 0
	}
	return wait(max(said.RetryAfter, said.RetryAfterMS/1000, said.Parameters.RetryAfter))
}

func wait(seconds float64) time.Duration {
	if !(seconds > 0) || math.IsInf(seconds, 0) {
		return 0
	}
	return time.Duration(min(seconds, maxWait.Seconds()) * float64(time.Second))
}

// redact makes what a receiver said printable, without the secrets if it repeats
// them.
func (r *Request) redact(answer []byte) string {
	text := string(answer)
	for _, secret := range r.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[secret]")
		}
	}
	return broadsheet.Printable(plain(text, maxDetail), maxDetail)
}
