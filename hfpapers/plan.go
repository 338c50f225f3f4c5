package hfpapers

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"broadsheet"
)

// ages are how old in days a day is when it is asked for again. Votes and
// comments go on for a while, and ever more slowly: of its final votes a paper has
// 74 % when its day is one day old, 89 % at two, 96 % at three, 98 % at five, 98.5 %
// at seven and 99.9 % at ten (8,680 papers of 2024 to 2026 with a history of
// votes). The last age is for entries that were taken back or put in late.
var ages = []int{1, 2, 3, 5, 7, 14, 30}

const (
	// firstRun is how many days a first run goes back where nothing else is said.
	firstRun = 30
	// resumeWithin is for how long a run that was stopped goes on as it was. After
	// that, today's papers come first once more.
	resumeWithin = time.Hour
	// maxSpans keeps a cursor below 4 KiB.
	maxSpans = 60
)

// A span is some days in a row.
type span struct {
	First broadsheet.Date `json:"first"`
	Last  broadsheet.Date `json:"last"` // included
}

// A plan is what a harvest has to remember: the days that are still to be asked
// for. It is the cursor.
type plan struct {
	Began  time.Time       `json:"began"` // the run; what is due counts from here
	Since  broadsheet.Date `json:"since"` // the oldest day that was ever planned
	Todo   []span          `json:"todo,omitempty"`
	Page   int             `json:"page,omitempty"`   // of the day to ask for next
	Missed []span          `json:"missed,omitempty"` // could not be had; the next run tries again
}

// readPlan reads a cursor. One that cannot be read is as none: everything is
// asked for anew, which changes nothing in the store.
func readPlan(cursor string) plan {
	var p plan
	if json.Unmarshal([]byte(cursor), &p) != nil || !sound(p.Todo) || !sound(p.Missed) || p.Page < 0 || p.Page > maxPages {
		return plan{}
	}
	if !p.Began.IsZero() && !isDay(p.Since) {
		return plan{}
	}
	return p
}

func sound(spans []span) bool {
	return !slices.ContainsFunc(spans, func(s span) bool { return !isDay(s.First) || !isDay(s.Last) || s.First > s.Last })
}

func (p plan) cursor() string {
	b, _ := json.Marshal(p) // nothing in it can fail
	return string(b)
}

// renew plans a run, unless one was stopped just now. Days that a run of before
// has left are among those of the new one.
func (p plan) renew(now time.Time, since broadsheet.Date) plan {
	now = now.UTC()
	if len(p.Todo) > 0 && now.Sub(p.Began) < resumeWithin && !now.Before(p.Began) {
		return p
	}
	today := broadsheet.DateOf(now)
	next := plan{Began: now, Since: since}
	if since == "" {
		next.Since = today.AddDays(-firstRun)
	}
	spans := slices.Concat(p.Todo, p.Missed)
	if p.Began.IsZero() {
		spans = append(spans, span{next.Since, today})
	} else {
		spans = append(spans, p.due(today, next.Since)...)
		next.Since = min(next.Since, p.Since)
	}
	next.Todo = tidy(spans)
	return next
}

// due returns the days that have come, or come to one of the ages, since the last
// run, and those that are asked for by a new, earlier beginning.
func (p plan) due(today, since broadsheet.Date) []span {
	last := broadsheet.DateOf(p.Began.UTC())
	spans := []span{{today.AddDays(-1), today}, {last.AddDays(1), today}, {since, p.Since.AddDays(-1)}}
	for _, age := range ages {
		spans = append(spans, span{last.AddDays(1 - age), today.AddDays(-age)})
	}
	oldest := min(since, p.Since)
	for i := range spans {
		spans[i].First = max(spans[i].First, oldest)
	}
	return spans
}

// tidy returns the days of spans, newest first, each once.
func tidy(spans []span) []span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s span) bool { return s.First > s.Last })
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(b.Last, a.Last), cmp.Compare(b.First, a.First)) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Last >= out[n-1].First.AddDays(-1) {
			out[n-1].First = min(out[n-1].First, s.First)
			continue
		}
		out = append(out, s)
	}
	return out[:min(len(out), maxSpans)]
}

// day returns the day to ask for next.
func (p *plan) day() broadsheet.Date { return p.Todo[0].Last }

// done takes that day off the plan.
func (p *plan) done() {
	p.Page = 0
	if s := &p.Todo[0]; s.First < s.Last {
		s.Last = s.Last.AddDays(-1)
		return
	}
	p.Todo = p.Todo[1:]
}

// miss puts that day off till the next run.
func (p *plan) miss() {
	day := p.day()
	p.Missed = tidy(append(p.Missed, span{day, day}))
	p.Missed = p.Missed[:min(len(p.Missed), maxSpans/2)]
	p.done()
}
