package hfpapers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// Base is where the Daily Papers of Hugging Face are.
const Base = "https://huggingface.co"

// Interval is the least time between two requests. Hugging Face allows 500 in
// five minutes.
const Interval = time.Second

const (
	pageSize = 100 // the most that the service gives
	// maxPages bounds a day. Hugging Face has at most fifty papers a day; an
	// instance that has all of arXiv's has some 1,500.
	maxPages = 50
	// maxPapers bounds what is kept of one answer, should its limit be ignored.
	maxPapers = 5000
	// maxTries is how often an answer that breaks off or cannot be read is asked
	// for before its day is put off.
	maxTries = 3
	// maxMissed is how many days in a row may fail before it is the service that
	// has, and not the days.
	maxMissed = 3
	// strayDays is how far from the day that was asked for a paper may have been
	// submitted. A service that ignores the day would fill all days with the same
	// papers. In 521 real answers, every paper was submitted on the day itself.
	strayDays = 2
)

// A Harvester asks for the Daily Papers of Hugging Face, or of a Broadsheet, one
// day after the other, newest first: new days, days that have come to an age at
// which votes are worth another look, days that failed before, and on the first run
// all days since Since.
type Harvester struct {
	Base   string // "" means Base
	Client *fetch.Client

	// Instance is the host of the Broadsheet at Base; "" means Hugging Face.
	Instance string
	// Known are the names of tallies that this instance has at first hand: its own,
	// and those of the other services that it asks. A Broadsheet that passes them on
	// is not heard on them.
	Known []string

	Since broadsheet.Date  // "" means thirty days before the first run
	Now   func() time.Time // nil means time.Now
}

// NewInstance returns a harvester of the Broadsheet at an address.
func NewInstance(base string, client *fetch.Client) (*Harvester, error) {
	u, err := url.Parse(broadsheet.WebURL(base))
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, broadsheet.Errorf(broadsheet.Invalid, `"%s" is not the address of a Broadsheet: write it like https://papers.example.org.`,
			broadsheet.Printable(base, 80))
	}
	host := strings.ToLower(u.Host)
	return &Harvester{Base: u.Scheme + "://" + host, Instance: host, Client: client}, nil
}

// Name implements broadsheet.Harvester: "hf", or the host of the instance.
func (h *Harvester) Name() string { return cmp.Or(h.Instance, tallyName) }

func (h *Harvester) now() time.Time {
	if h.Now == nil {
		return time.Now()
	}
	return h.Now()
}

// Harvest implements broadsheet.Harvester. A page is up to a hundred papers of one
// day. A day that cannot be had costs that day, and is tried again in the next run;
// three in a row end this one.
func (h *Harvester) Harvest(ctx context.Context, cursor string) iter.Seq2[broadsheet.Page, error] {
	return func(yield func(broadsheet.Page, error) bool) {
		r := run{h: h, plan: readPlan(cursor).renew(h.now(), h.Since), seen: map[broadsheet.ID]bool{}}
		for len(r.plan.Todo) > 0 {
			page, err := r.next(ctx)
			if err != nil {
				yield(broadsheet.Page{}, err)
				return
			}
			page.Cursor = r.plan.cursor()
			if !yield(page, nil) {
				return
			}
		}
	}
}

// A run is a harvest in progress.
type run struct {
	h      *Harvester
	plan   plan
	seen   map[broadsheet.ID]bool // papers of the present day
	missed int                    // days in a row
}

// next asks for one page, as often as that helps, and takes it off the plan.
func (r *run) next(ctx context.Context) (broadsheet.Page, error) {
	day, number := r.plan.day(), r.plan.Page
	label := fmt.Sprintf("%s, page %d", day, number+1)
	for try := 1; ; try++ {
		list, err := r.h.ask(ctx, day, number)
		if err == nil {
			r.missed = 0
			return r.take(list, label), nil
		}
		broken, ok := errors.AsType[*brokenError](err)
		switch {
		case !ok || ctx.Err() != nil:
			return broadsheet.Page{}, err
		case broken.again && try < maxTries:
			continue
		case broken.refused && day >= broadsheet.DateOf(r.plan.Began.UTC()):
			list = &answered{} // it has not begun there
			return r.take(list, label), nil
		}
		if r.missed++; r.missed >= maxMissed {
			return broadsheet.Page{}, &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: fmt.Sprintf(
				"%s cannot be read for %d days in a row, last for %s: %v. What came before is kept; the next run tries again.", r.h.Name(), maxMissed, day, err)}
		}
		r.plan.miss()
		clear(r.seen)
		bad := &broadsheet.BadRecord{File: r.h.Name(), ID: string(day), Number: 1, Reason: err.Error() + "; the next run asks for this day again"}
		return broadsheet.Page{Label: label, Records: broken.records, Rejected: []*broadsheet.BadRecord{bad}}, nil
	}
}

// take makes a page of an answer, and plans what follows it: another page while
// there is more, and this one had something new.
func (r *run) take(a *answered, label string) broadsheet.Page {
	page := broadsheet.Page{Label: label, Records: a.records, Rejected: a.rejected}
	fresh := 0
	for _, rec := range a.records {
		if !r.seen[rec.ID] {
			r.seen[rec.ID] = true
			fresh++
		}
	}
	switch {
	case a.more && fresh > 0 && r.plan.Page+1 < maxPages:
		r.plan.Page++
		return page
	case a.more && fresh > 0:
		page.Rejected = append(page.Rejected, &broadsheet.BadRecord{File: r.h.Name(), ID: string(r.plan.day()), Number: pageSize * maxPages,
			Reason: fmt.Sprintf("the day has more than %d pages; the rest was not asked for", maxPages)})
	}
	if day := r.plan.day(); day < broadsheet.DateOf(r.plan.Began.UTC()) {
		page.Complete = []broadsheet.Date{day}
	}
	r.plan.done()
	clear(r.seen)
	return page
}

// A brokenError is an answer that is no list of papers.
type brokenError struct {
	err     error
	again   bool                // asking again may help
	refused bool                // the service does not want to answer for this day
	records []broadsheet.Record // what was good of it
}

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// answered is what an answer holds.
type answered struct {
	records  []broadsheet.Record
	rejected []*broadsheet.BadRecord
	more     bool
}

// ask asks for one page of a day.
func (h *Harvester) ask(ctx context.Context, day broadsheet.Date, page int) (*answered, error) {
	q := url.Values{"date": {string(day)}, "limit": {strconv.Itoa(pageSize)}, "p": {strconv.Itoa(page)}}
	a, err := h.Client.Do(ctx, fetch.Request{URL: cmp.Or(h.Base, Base) + "/api/daily_papers?" + q.Encode()})
	if status, ok := errors.AsType[*fetch.StatusError](err); ok {
		switch status.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			return nil, &broadsheet.Error{Kind: broadsheet.Invalid, Err: err,
				Text: fmt.Sprintf("%s does not let us read: it answers %d.", h.Name(), status.Status)}
		case http.StatusTooManyRequests:
			return nil, err // of kind Unavailable
		}
		return nil, &brokenError{err: status, refused: status.Status < 500}
	}
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	return h.read(a, day, page)
}

// read reads a list of papers. What a broken one has before its break is good.
func (h *Harvester) read(a *fetch.Answer, day broadsheet.Date, page int) (*answered, error) {
	out := &answered{}
	o := Options{Day: day, From: h.Instance, Known: h.Known, Before: page * pageSize}
	for rec, err := range ReadDaily(a.Body, o) {
		if err == nil {
			err = h.stray(&rec, day, len(out.records)+len(out.rejected)+1)
		}
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			bad.File = h.Name()
			out.rejected = append(out.rejected, bad)
		} else if err != nil {
			return nil, &brokenError{err: err, again: true, records: out.records}
		} else {
			out.records = append(out.records, rec)
		}
		if n := len(out.records) + len(out.rejected); n > maxPapers {
			return nil, &brokenError{err: fmt.Errorf("hfpapers: an answer has more than %d papers", maxPapers), records: out.records}
		}
	}
	out.more = hasNext(a.Header) || len(out.records)+len(out.rejected) >= pageSize
	return out, nil
}

// stray refuses a paper of another day than was asked for.
func (h *Harvester) stray(rec *broadsheet.Record, day broadsheet.Date, number int) error {
	if h.Instance != "" || len(rec.Entries) == 0 || rec.Entries[0].SubmittedAt.IsZero() {
		return nil // a Broadsheet says where it stands, see place
	}
	on := broadsheet.DateOf(rec.Entries[0].SubmittedAt)
	if on >= day.AddDays(-strayDays) && on <= day.AddDays(strayDays) {
		return nil
	}
	return &broadsheet.BadRecord{Number: number, ID: string(rec.ID),
		Reason: fmt.Sprintf("it was submitted on %s, and the papers of %s were asked for", on, day)}
}

// nextForm finds the relation in a Link header (RFC 8288). Where it leads is not
// followed: we know the way to the next page, and an answer must not send us to
// another host.
var nextForm = regexp.MustCompile(`(?i);\s*rel\s*=\s*(?:"(?:[^"]* )?next(?: [^"]*)?"|next\b)`)

func hasNext(h http.Header) bool { return nextForm.MatchString(strings.Join(h.Values("Link"), ",")) }
