// Package reply reads the JSON that services answer, without trust: what they
// call a number may be anything, and one bad item must not spoil a batch. It says
// in the words of the house what an answer that is none means.
package reply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// JSON asks and decodes the answer into v. Errors are of kind Invalid where the
// service refuses the request or answers what is not JSON, so that a smaller one
// may be tried, and else of kind Unavailable; none has the address or the key.
func JSON(ctx context.Context, c *fetch.Client, r fetch.Request, v any) (http.Header, error) {
	a, err := c.Do(ctx, r)
	if err != nil {
		return nil, explain(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return nil, err // it says what broke off
	}
	if err := json.Unmarshal(text, v); err != nil {
		return nil, &broadsheet.Error{Kind: broadsheet.Invalid, Err: err,
			Text: "A service answered what is not the JSON that it promises."}
	}
	return a.Header, nil
}

// explain says what the status of an answer means.
func explain(err error) error {
	bad, ok := errors.AsType[*fetch.StatusError](err)
	if !ok || broadsheet.KindOf(err) == broadsheet.Unavailable {
		return err
	}
	switch bad.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired:
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: fmt.Sprintf("%s refuses to answer (%d %s): see whether its key is right.", bad.Host, bad.Status, http.StatusText(bad.Status))}
	}
	return &broadsheet.Error{Kind: broadsheet.Invalid, Err: err,
		Text: fmt.Sprintf("%s refuses the request (%d %s).", bad.Host, bad.Status, http.StatusText(bad.Status))}
}

// maxRest bounds how long a service can make us leave it alone by one answer:
// budgets are by the day at the longest.
const maxRest = 24 * time.Hour

// Rest returns until when the service of an answer wants to be left alone, or a
// zero time. It reads Retry-After, else X-RateLimit-Reset, which some services
// give in seconds from now and others in seconds since 1970.
func Rest(h http.Header, now time.Time) time.Time {
	if d, ok := fetch.RetryAfter(h, now); ok {
		return now.Add(min(d, maxRest))
	}
	n, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case n < 1_000_000_000:
		return now.Add(min(time.Duration(n)*time.Second, maxRest))
	}
	return Within(time.Unix(n, 0), now)
}

// Within brings a time until which a service wants to be left alone into bounds.
func Within(until, now time.Time) time.Time {
	if until.Before(now) {
		return time.Time{}
	}
	if last := now.Add(maxRest); until.After(last) {
		return last
	}
	return until
}

// RestAfter returns when a service that failed for being asked too much may be
// asked again. It is zero for other failures, and where nothing is said.
func RestAfter(err error, now time.Time) time.Time {
	bad, ok := errors.AsType[*fetch.StatusError](err)
	if !ok || bad.Status != http.StatusTooManyRequests && bad.Status != http.StatusForbidden && bad.Status != http.StatusPaymentRequired {
		return time.Time{}
	}
	return Rest(bad.Header, now)
}
