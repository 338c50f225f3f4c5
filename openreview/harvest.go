package openreview

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// Base is where version 2 of the API is.
const Base = "https://api2.openreview.net"

// Interval is the least time between two requests. The service refuses those who
// ask more often without an account, and tells when they may ask again.
const Interval = 3 * time.Second

const (
	pageSize = 1000 // the most that the service gives
	// maxPages bounds a venue. The largest have 20,000 submissions.
	maxPages = 100
	// maxTries is how often an answer that breaks off or cannot be read is asked
	// for again.
	maxTries = 3
	// maxVenues keeps a cursor below 4 KiB.
	maxVenues = 30
	// maxToken bounds what a login is answered with; real answers have some 2 kB.
	maxToken = 64 << 10
	// overlap is how far back a run looks beyond the latest change that the one
	// before has seen: changes of one moment may come in any order.
	overlap = float64(24 * time.Hour / time.Millisecond)
)

// A Harvester asks for the submissions to some venues, the latest changed first.
// After the first run it stops where nothing is new.
type Harvester struct {
	Base   string // "" means Base
	Client *fetch.Client

	// Venues are ids of venues, "ICLR.cc/2026/Conference", or invitations, which
	// have "/-/" in them. At most thirty are asked for.
	Venues []string

	// User and Password log in where they are given: much is served only to those
	// who have an account. They belong in the environment.
	User, Password string
}

// Name implements broadsheet.Harvester.
func (h *Harvester) Name() string { return sourceName }

// A place is where a harvest has come to: the cursor. Times are milliseconds.
type place struct {
	Seen   map[string]float64 `json:"seen,omitempty"`   // by key of a venue, up to which change all is here
	Done   []string           `json:"done,omitempty"`   // keys of venues that the present run is through with
	Venue  string             `json:"venue,omitempty"`  // asked for at present
	Offset int                `json:"offset,omitempty"` // within it
	Top    float64            `json:"top,omitempty"`    // the latest change of this venue in this run
}

// key names a venue shortly, so that a cursor stays below 4 KiB.
func key(venue string) string {
	sum := sha256.Sum256([]byte(venue))
	return hex.EncodeToString(sum[:5])
}

// Harvest implements broadsheet.Harvester. A page is one answer.
func (h *Harvester) Harvest(ctx context.Context, cursor string) iter.Seq2[broadsheet.Page, error] {
	return func(yield func(broadsheet.Page, error) bool) {
		r := run{h: h}
		if json.Unmarshal([]byte(cursor), &r.place) != nil || r.place.Offset < 0 || r.place.Offset > pageSize*maxPages {
			r.place = place{}
		}
		for !r.over && r.begin() {
			page, err := r.next(ctx)
			if err != nil {
				yield(broadsheet.Page{}, err)
				return
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// A run is a harvest in progress.
type run struct {
	h     *Harvester
	place place
	token string
	seen  map[string]bool // ids of this venue
	over  bool
}

// venues returns those that are asked for.
func (h *Harvester) venues() []string { return h.Venues[:min(len(h.Venues), maxVenues)] }

// begin turns to the next venue where one is through; false when all are.
func (r *run) begin() bool {
	left := ""
	for _, v := range r.h.venues() {
		if v == r.place.Venue {
			return true
		}
		if left == "" && !slices.Contains(r.place.Done, key(v)) {
			left = v
		}
	}
	r.place.Venue, r.place.Offset, r.place.Top, r.seen = left, 0, 0, nil
	return left != ""
}

// An answered is what a page of notes holds.
type answered struct {
	page    broadsheet.Page
	ids     []string
	changed []float64 // in the order of the notes
	total   int
}

// next asks for one page and moves on.
func (r *run) next(ctx context.Context) (broadsheet.Page, error) {
	var a answered
	var err error
	for try := 1; ; try++ {
		if a, err = r.ask(ctx); err == nil {
			break
		}
		broken, ok := errors.AsType[*brokenError](err)
		if !ok || ctx.Err() != nil {
			return broadsheet.Page{}, err
		}
		if try == maxTries {
			return broadsheet.Page{}, &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: fmt.Sprintf(
				"The answer of OpenReview for %s cannot be read: %v. What came before is kept; the next run goes on from there.",
				broadsheet.Printable(r.place.Venue, 100), broken.err)}
		}
	}
	a.page.Label = fmt.Sprintf("%s, note %d", broadsheet.Printable(r.place.Venue, 100), r.place.Offset+1)
	a.page.Total = a.total
	r.move(&a)
	b, _ := json.Marshal(r.place) // nothing in it can fail
	a.page.Cursor = string(b)
	return a.page, nil
}

// move goes to the page after a, or leaves the venue: when there is no more, nothing
// new, or all that follows was seen by an earlier run.
func (r *run) move(a *answered) {
	fresh := r.fresh(a.ids)
	for _, ms := range a.changed {
		r.place.Top = max(r.place.Top, ms)
	}
	seen := r.place.Seen[key(r.place.Venue)]
	end := r.place.Offset + len(a.ids)
	more := fresh && (end < a.total || a.total == 0 && len(a.ids) >= pageSize)
	if more && end >= pageSize*maxPages {
		more = false
		a.page.Rejected = append(a.page.Rejected, &broadsheet.BadRecord{File: sourceName, Number: end, ID: r.place.Venue,
			Reason: fmt.Sprintf("the venue has more than %d notes; the rest was not asked for", end)})
	}
	if more && !(seen > 0 && falling(a.changed) && a.changed[len(a.changed)-1] < seen-overlap) {
		r.place.Offset = end
		return
	}
	r.leave()
}

// leave is through with a venue, and with the run where it was the last: what has
// been seen is then all that is remembered, of venues that are still asked for.
func (r *run) leave() {
	p := &r.place
	if p.Seen == nil {
		p.Seen = map[string]float64{}
	}
	k := key(p.Venue)
	p.Seen[k] = max(p.Seen[k], p.Top)
	p.Done = append(p.Done, k)
	p.Venue = ""
	if r.begin() {
		return
	}
	r.over = true
	asked := r.h.venues()
	maps.DeleteFunc(p.Seen, func(k string, _ float64) bool {
		return !slices.ContainsFunc(asked, func(v string) bool { return key(v) == k })
	})
	r.place = place{Seen: p.Seen}
}

// fresh reports whether a page has a note that was not seen in this venue before.
func (r *run) fresh(ids []string) bool {
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	fresh := false
	for _, id := range ids {
		fresh = fresh || !r.seen[id]
		r.seen[id] = true
	}
	return fresh
}

// falling reports whether the service has kept to the order that was asked for.
func falling(changed []float64) bool {
	for i := 1; i < len(changed); i++ {
		if changed[i] > changed[i-1] {
			return false
		}
	}
	return len(changed) > 0
}

// A brokenError is an answer that cannot be read; asking again may help.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// ask asks for the page at the present place.
func (r *run) ask(ctx context.Context) (answered, error) {
	var out answered
	header, err := r.login(ctx)
	if err != nil {
		return out, err
	}
	q := url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(r.place.Offset)}, "sort": {"tmdate:desc"}}
	if strings.Contains(r.place.Venue, "/-/") {
		q.Set("invitation", r.place.Venue)
	} else {
		q.Set("content.venueid", r.place.Venue)
	}
	a, err := r.h.Client.Do(ctx, fetch.Request{URL: r.h.base() + "/notes?" + q.Encode(), Header: header})
	if err != nil {
		return out, denied(err)
	}
	defer a.Body.Close()
	n := newNotes(a.Body, func(n note, rec broadsheet.Record, err error) bool {
		out.ids, out.changed = append(out.ids, n.ID), append(out.changed, n.Modified)
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			bad.File = sourceName
			out.page.Rejected = append(out.page.Rejected, bad)
		} else if rec.ID != "" {
			out.page.Records = append(out.page.Records, rec)
		}
		return len(out.ids) <= 2*pageSize
	})
	switch err := n.read(); {
	case err == errStop:
		return out, &brokenError{fmt.Errorf("openreview: an answer has more than %d notes", 2*pageSize)}
	case err != nil:
		return out, &brokenError{err}
	}
	out.total = max(n.total, 0)
	return out, nil
}

func (h *Harvester) base() string { return strings.TrimSuffix(cmp.Or(h.Base, Base), "/") }

// denied tells the operator of an answer that only an account changes.
func denied(err error) error {
	status, ok := err.(*fetch.StatusError)
	if ok && (status.Status == http.StatusUnauthorized || status.Status == http.StatusForbidden) {
		return &broadsheet.Error{Kind: broadsheet.Invalid, Err: err, Text: fmt.Sprintf(
			"OpenReview does not show this to us: it answers %d. An account may help; its name and password are settings.", status.Status)}
	}
	return err
}

// login returns the header that says who asks, logging in at the first request of
// a run.
func (r *run) login(ctx context.Context) (http.Header, error) {
	if r.h.User == "" {
		return nil, nil
	}
	if r.token == "" {
		body, _ := json.Marshal(map[string]string{"id": r.h.User, "password": r.h.Password})
		a, err := r.h.Client.Do(ctx, fetch.Request{Method: http.MethodPost, URL: r.h.base() + "/login", Body: body,
			Header: http.Header{"Content-Type": {"application/json"}}})
		if err != nil {
			return nil, refused(err)
		}
		defer a.Body.Close()
		var got struct {
			Token string `json:"token"`
		}
		text, err := io.ReadAll(io.LimitReader(a.Body, maxToken))
		if err == nil {
			err = json.Unmarshal(text, &got)
		}
		if err != nil || got.Token == "" || strings.ContainsFunc(got.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: "OpenReview's answer to the login has no token in it."}
		}
		r.token = got.Token
	}
	return http.Header{"Authorization": {"Bearer " + r.token}}, nil
}

// refused says that the name or the password is wrong, and keeps the service's
// words, which may repeat them, to itself.
func refused(err error) error {
	if status, ok := err.(*fetch.StatusError); ok {
		return broadsheet.Errorf(broadsheet.Invalid, "OpenReview does not accept the name or the password: it answers %d.", status.Status)
	}
	return err
}

// Busy reads when the service may be asked again from its answer 429, for the
// options of the client:
//
//	{"name":"RateLimitError","details":{"limit":60,"remaining":0,"resetTime":"2026-01-05T00:00:00.000Z"}}
func Busy(body []byte) (time.Time, bool) {
	var e struct {
		Details struct {
			Reset json.RawMessage `json:"resetTime"`
		} `json:"details"`
	}
	if json.Unmarshal(body, &e) != nil {
		return time.Time{}, false
	}
	var s string
	var ms float64
	if json.Unmarshal(e.Details.Reset, &s) == nil {
		t, err := time.Parse(time.RFC3339, s)
		return t, err == nil
	}
	if json.Unmarshal(e.Details.Reset, &ms) == nil && ms > firstMoment && ms < lastMoment {
		return time.UnixMilli(int64(ms)), true
	}
	return time.Time{}, false
}
