package biorxiv

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// Base is where the services are asked.
const Base = "https://api.biorxiv.org"

// Interval is the least time between two requests. The service states no limit;
// this is what it has borne from others.
const Interval = time.Second

const (
	// windowDays is how many days are asked for at once. Long intervals are slow
	// there, and time out.
	windowDays = 2
	// overlapDays is how far back a run begins before the last one ended: versions
	// appear in the answers up to some days after their date.
	overlapDays = 4
	// firstDays is how many days a first run goes back where nothing else is said.
	firstDays = 30
	// maxPages bounds a window. There are some 300 versions a day, and 30 a page.
	maxPages = 200
	// maxItems bounds what is kept of one answer; the service gives 30 to 100.
	maxItems = 5000
	// maxTries is how often an answer that breaks off or cannot be read is asked
	// for again.
	maxTries = 3
)

// A Harvester asks one of the two servers for what it has posted, a few days at a
// time, oldest first.
type Harvester struct {
	Server string // Bio or Med; "" means Bio
	Base   string // "" means Base
	Client *fetch.Client
	Since  broadsheet.Date  // where a first run begins; "" means thirty days ago
	Now    func() time.Time // nil means time.Now
}

// Name implements broadsheet.Harvester.
func (h *Harvester) Name() string { return cmp.Or(h.Server, Bio) }

// A place is where a harvest has come to: the cursor.
type place struct {
	Day    broadsheet.Date `json:"day"`              // the first of the window to ask for
	Offset int             `json:"offset,omitempty"` // of the records within it
	Until  broadsheet.Date `json:"until,omitempty"`  // where the run ends; "" between runs
}

// start returns where a run begins. A run that was stopped goes on where it was;
// one that follows another goes back a little.
func (h *Harvester) start(cursor string, today broadsheet.Date) place {
	var p place
	isDay := func(d broadsheet.Date) bool {
		q, err := broadsheet.ParseDate(string(d))
		return err == nil && q == d && d.IsDay()
	}
	if json.Unmarshal([]byte(cursor), &p) != nil || !isDay(p.Day) || p.Offset < 0 || p.Until != "" && !isDay(p.Until) {
		// None, or one that cannot be read: what is asked for again changes nothing.
		return place{Day: cmp.Or(h.Since, today.AddDays(-firstDays)), Until: today}
	}
	if p.Until == "" || p.Day > p.Until {
		p = place{Day: min(p.Day, today).AddDays(-overlapDays)}
		if h.Since != "" {
			p.Day = max(p.Day, h.Since)
		}
	}
	p.Until = cmp.Or(p.Until, today)
	return p
}

// Harvest implements broadsheet.Harvester. A page is one answer.
func (h *Harvester) Harvest(ctx context.Context, cursor string) iter.Seq2[broadsheet.Page, error] {
	return func(yield func(broadsheet.Page, error) bool) {
		now := time.Now
		if h.Now != nil {
			now = h.Now
		}
		today := broadsheet.DateOf(now().UTC())
		r := run{h: h, place: h.start(cursor, today)}
		for r.place.Day <= max(r.place.Until, today) {
			if r.place.Day > r.place.Until { // the run was stopped on an earlier day
				r.place.Until = today
			}
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
	pages int             // of this window
	seen  map[string]bool // versions of this window
}

// last returns the last day of the window.
func (r *run) last() broadsheet.Date {
	return min(r.place.Day.AddDays(windowDays-1), r.place.Until)
}

// next asks for one page and moves on.
func (r *run) next(ctx context.Context) (broadsheet.Page, error) {
	var page broadsheet.Page
	var told message
	var err error
	for try := 1; ; try++ {
		if page, told, err = r.ask(ctx); err == nil {
			break
		}
		if _, broken := errors.AsType[*brokenError](err); !broken || try == maxTries || ctx.Err() != nil {
			return broadsheet.Page{}, r.explain(err)
		}
	}
	page.Label = fmt.Sprintf("%s to %s, record %d", r.place.Day, r.last(), r.place.Offset+1)
	got := len(page.Records) + len(page.Rejected)
	if got > 0 && r.known(page.Records) {
		return broadsheet.Page{}, broadsheet.Errorf(broadsheet.Unavailable,
			"%s gives the same page of %s again. What came before is kept; the next run tries once more.", r.h.Name(), r.place.Day)
	}
	r.pages++
	// The step is what the service says it has given; it has changed its page size.
	step := cmp.Or(int(told.Count), got)
	end := r.place.Offset + step
	switch {
	case got > 0 && step > 0 && end < int(told.Total) && r.pages < maxPages:
		r.place.Offset = end
	default:
		if r.pages >= maxPages && end < int(told.Total) {
			page.Rejected = append(page.Rejected, &broadsheet.BadRecord{File: r.h.Name(), Number: end, ID: string(r.place.Day),
				Reason: fmt.Sprintf("there are more than %d pages to %s; the rest was not asked for", maxPages, r.last())})
		}
		for d := r.place.Day; d <= r.last() && d.AddDays(overlapDays) < r.place.Until; d = d.AddDays(1) {
			page.Complete = append(page.Complete, d)
		}
		r.place.Day, r.place.Offset = r.last().AddDays(1), 0
		r.pages, r.seen = 0, nil
	}
	page.Cursor = r.cursor()
	return page, nil
}

// cursor tells where to go on; at the end of a run, where the next begins.
func (r *run) cursor() string {
	p := r.place
	if p.Day > p.Until {
		p = place{Day: p.Until}
	}
	b, _ := json.Marshal(p) // nothing in it can fail
	return string(b)
}

// known reports whether all records were seen in this window before, and
// remembers them.
func (r *run) known(records []broadsheet.Record) bool {
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	fresh := len(records) == 0
	for _, rec := range records {
		key := fmt.Sprint(rec.ID, " v", rec.Versions[0].Number)
		fresh = fresh || !r.seen[key]
		r.seen[key] = true
	}
	return !fresh
}

// A brokenError is an answer that cannot be read; asking again may help.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// explain says of an answer that cannot be read that it may be better tomorrow.
func (r *run) explain(err error) error {
	if _, broken := errors.AsType[*brokenError](err); !broken {
		return err
	}
	return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err, Text: fmt.Sprintf(
		"The answer of %s for %s cannot be read: %v. What came before is kept; the next run goes on from there.", r.h.Name(), r.place.Day, err)}
}

// ask asks for the page at the present place.
func (r *run) ask(ctx context.Context) (broadsheet.Page, message, error) {
	address := fmt.Sprintf("%s/details/%s/%s/%s/%d/json", strings.TrimSuffix(cmp.Or(r.h.Base, Base), "/"), r.h.Name(), r.place.Day, r.last(), r.place.Offset)
	a, err := r.h.Client.Do(ctx, fetch.Request{URL: address})
	if err != nil {
		return broadsheet.Page{}, message{}, err
	}
	defer a.Body.Close()
	var page broadsheet.Page
	d := newDetails(a.Body, func(rec broadsheet.Record, err error) bool {
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			bad.File = r.h.Name()
			page.Rejected = append(page.Rejected, bad)
		} else if err == nil {
			page.Records = append(page.Records, rec)
		}
		return len(page.Records)+len(page.Rejected) <= maxItems
	})
	switch err := d.read(); {
	case err == errStop:
		return page, message{}, &brokenError{fmt.Errorf("biorxiv: an answer has more than %d records", maxItems)}
	case err != nil:
		return page, message{}, &brokenError{err}
	}
	if len(page.Records)+len(page.Rejected) == 0 && d.told.Status != "ok" && !strings.Contains(strings.ToLower(d.told.Status), "no posts") {
		return page, message{}, &brokenError{fmt.Errorf(`biorxiv: the service says "%s"`, broadsheet.Printable(d.told.Status, 80))}
	}
	return page, d.told, nil
}
