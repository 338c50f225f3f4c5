package arxiv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// earliest is the earliest datestamp of arXiv's OAI-PMH service.
const earliest = broadsheet.Date("2005-09-16")

const (
	// span is the longest range of datestamps that is asked for at once. One list
	// of all of arXiv has some 3,000 pages, takes most of a day, and is lost when
	// its token dies at midnight; a month has a hundred or two, and then the
	// harvest has got so far for good.
	span = 31

	// overlap is how many days are asked for again. A datestamp is a day, of which
	// an answer has only what had happened by then; and what arXiv changes in its
	// evening belongs to the next day in UTC.
	overlap = 2

	// maxRestarts bounds how often in a row a window is begun again. After the
	// first time it is halved, so that the fifth has a day.
	maxRestarts = 8

	// maxPages bounds a list, which a service could make endless. All of arXiv
	// would have some 3,000 pages.
	maxPages = 10_000

	// maxToken is the longest token that is kept in a cursor. A list with longer
	// ones is harvested, but not resumed.
	maxToken = 1 << 10
)

// Changes harvests by OAI-PMH what has been added, changed or deleted: all of it
// the first time, and what is new since then.
//
// The first time it asks for a month at once, oldest first, though arXiv would list
// everything in one: see span. What changes meanwhile moves to a later month, and
// is met there. The last request of a harvest has no end, and the next harvest
// begins some days before it. Records that come again are found unchanged.
func (s *Service) Changes() broadsheet.Harvester { return changes{s} }

type changes struct{ s *Service }

// Name implements [broadsheet.Harvester].
func (changes) Name() string { return "arxiv" }

// Harvest implements [broadsheet.Harvester].
func (c changes) Harvest(ctx context.Context, cursor string) iter.Seq2[broadsheet.Page, error] {
	return func(yield func(broadsheet.Page, error) bool) {
		p, err := readPlace(cursor, c.s.sets, c.s.o.Since)
		if err != nil {
			yield(broadsheet.Page{}, err)
			return
		}
		r := &harvest{Service: c.s, place: p, seen: map[string]bool{}}
		for _, t := range slices.Clone(p.Tracks) {
			for !t.caught {
				page, err := r.page(ctx, t)
				if page == nil && err == nil {
					continue // a list begins again
				}
				if err != nil {
					yield(broadsheet.Page{}, err)
					return
				}
				if !yield(*page, nil) {
					return
				}
			}
		}
	}
}

// A harvest is one run.
type harvest struct {
	*Service
	place    *place
	seen     map[string]bool // tokens of the list
	restarts int             // in a row
	yielded  int             // records
}

// lists returns how many lists a window of a track has, and what the nth is of.
func (r *harvest) lists(t *track) int { return max(len(t.Sets), 1) * len(r.o.Forms) }

func (r *harvest) list(t *track, n int) (set, form string) {
	if len(t.Sets) > 0 {
		set = t.Sets[n/len(r.o.Forms)]
	}
	return set, r.o.Forms[n%len(r.o.Forms)]
}

// page asks for the next page of a track. It returns none where the list must be
// begun again.
func (r *harvest) page(ctx context.Context, t *track) (*broadsheet.Page, error) {
	if t.Open == nil || t.Open.List >= r.lists(t) {
		t.Open = r.open(t)
	}
	w := t.Open
	page := &broadsheet.Page{Label: r.label(t)}
	var env OAIEnvelope
	if err := r.fetch(ctx, t, page, &env); err != nil {
		if e, ok := errors.AsType[*ProtocolError](err); ok && e.Code == "badResumptionToken" && w.Token != "" {
			return nil, r.restart(t, err)
		}
		return nil, err
	}
	if next := env.Next.Text; next != "" && (next == w.Token || r.seen[next] || w.Page >= maxPages) {
		return nil, r.restart(t, errors.New("the list leads back to where it has been"))
	}
	w.begin(env.At, r.o.Now())
	page.Total = r.total(t, env.Next.ListSize)
	r.yielded += len(page.Records) + len(page.Rejected)
	r.advance(t, page, env.Next)
	if w.Token != "" && len(w.Token) > maxToken {
		return page, nil // its cursor is the last one's
	}
	page.Cursor = r.place.String()
	return page, nil
}

// open returns the next window of a track: what is left of a month, or all up to
// the present where that is no more than a month.
func (r *harvest) open(t *track) *window {
	from := cmp.Or(t.Next, earliest)
	w := &window{From: t.Next}
	if from.AddDays(span) < broadsheet.DateOf(r.o.Now().UTC()) {
		w.Until = broadsheet.PeriodOf(broadsheet.Month, from.Time()).Last
	}
	return w
}

// begin notes when an answer was made. The next harvest goes on from the earliest
// time in a window, which may be that of a page that was kept ready for days.
func (w *window) begin(at, now time.Time) {
	if at.IsZero() || at.After(now) {
		at = now.UTC()
	}
	if w.Began.IsZero() || at.Before(w.Began) {
		w.Began = at
	}
}

// total is how many records the harvest will have given, as far as it can be told:
// in its last window, where each list is as long as the one that is read.
func (r *harvest) total(t *track, size int) int {
	if t.Open.Until != "" || len(r.place.Tracks) > 1 || len(t.Sets) > 1 || size <= 0 {
		return 0
	}
	return max(0, r.yielded-t.Open.Got+size*(r.lists(t)-t.Open.List))
}

// advance moves on behind a page.
func (r *harvest) advance(t *track, page *broadsheet.Page, next Token) {
	w := t.Open
	w.Page++
	w.Got += len(page.Records) + len(page.Rejected)
	w.Size = max(w.Size, next.ListSize)
	if w.Token = next.Text; w.Token != "" {
		r.seen[w.Token] = true
		return
	}
	clear(r.seen)
	if w.Got < w.Size && !w.Again {
		// Something has moved within the list while it was read, so that something
		// else was passed over.
		w.listPlace = listPlace{Again: true}
		return
	}
	w.listPlace = listPlace{}
	if w.List++; w.List == r.lists(t) {
		r.close(t, page)
	}
}

// close ends a window.
func (r *harvest) close(t *track, page *broadsheet.Page) {
	w := t.Open
	t.Open = nil
	r.restarts = 0
	if w.Until != "" {
		t.Next = w.Until.AddDays(1)
		return
	}
	t.Next = max(w.From, broadsheet.DateOf(w.Began).AddDays(-overlap))
	t.caught = true
	if slices.ContainsFunc(r.place.Tracks, func(t *track) bool { return !t.caught }) {
		return
	}
	r.place.join()
	all := r.place.Tracks[0]
	if last := announced(w.Began); last >= all.First {
		page.Complete = days(cmp.Or(all.First, earliest), last)
		all.First = last
	}
}

// settled is how long after midnight in UTC the announcement of the evening before,
// at 20:00 in New York, is certainly in the OAI-PMH service, which has it at about
// 22:30 there, 02:30 or 03:30 in UTC.
const settled = 8 * time.Hour

// announced returns the last day whose announcement a harvest has that began at a
// time and had no end: everything that was announced on a day has the datestamp
// of that day or a later one.
func announced(began time.Time) broadsheet.Date {
	return broadsheet.DateOf(began.UTC().Add(-settled))
}

func days(first, last broadsheet.Date) []broadsheet.Date {
	var out []broadsheet.Date
	for d := first; d <= last; d = d.AddDays(1) {
		out = append(out, d)
	}
	return out
}

// restart begins the window again, since a list in it cannot be gone on with.
// Other lists of it need no second time: a shorter window is part of what they
// have.
func (r *harvest) restart(t *track, why error) error {
	r.restarts++
	if r.restarts > maxRestarts {
		return &broadsheet.Error{Kind: broadsheet.Unavailable, Err: why,
			Text: fmt.Sprintf("arXiv's list of changes breaks off again and again (%s). What came before is kept; the next run goes on from there.", readable(why))}
	}
	r.o.Log.Info("a list of arXiv begins again", "list", r.label(t), "err", why)
	clear(r.seen)
	w := t.Open
	w.listPlace = listPlace{}
	if r.restarts > 1 {
		w.halve(broadsheet.DateOf(r.o.Now().UTC()))
	}
	return nil
}

// halve makes a window of more than a day shorter.
func (w *window) halve(today broadsheet.Date) {
	first, last := cmp.Or(w.From, earliest), cmp.Or(w.Until, today)
	n := int(last.Time().Sub(first.Time()) / (24 * time.Hour)) // days but one
	if n > 0 {
		w.Until = first.AddDays((n - 1) / 2)
	}
}

// label says what is being read.
func (r *harvest) label(t *track) string {
	w := t.Open
	set, form := r.list(t, w.List)
	var b strings.Builder
	if set != "" {
		b.WriteString(set + ", ")
	}
	switch {
	case w.Until == "" && w.From == "":
		b.WriteString("all changes")
	case w.Until == "":
		fmt.Fprintf(&b, "changes since %s", w.From)
	case w.From == "":
		fmt.Fprintf(&b, "changes until %s", w.Until)
	default:
		fmt.Fprintf(&b, "changes from %s to %s", w.From, w.Until)
	}
	fmt.Fprintf(&b, ", %s, page %d", form, w.Page+1)
	return b.String()
}

// fetch asks for the next page and reads it whole.
func (r *harvest) fetch(ctx context.Context, t *track, page *broadsheet.Page, env *OAIEnvelope) error {
	w := t.Open
	set, form := r.list(t, w.List)
	looked := false
	return r.ask(ctx, fetch.Request{URL: r.o.OAI + "?" + w.query(set, form)}, func(a *fetch.Answer) error {
		err := gather(page, ReadOAIAnswer(a.Body, env))
		if e, ok := errors.AsType[*ProtocolError](err); ok && e.Code == "badResumptionToken" && w.Token == "" {
			return errOther
		} else if err != nil {
			return err
		}
		if err := w.answers(set, form, env); err != nil {
			return err
		}
		if len(page.Rejected) > 0 && !looked {
			looked = true // what garbled a record may have been the way
			return page.Rejected[0]
		}
		settle(page.Records, broadsheet.DateOf(r.o.Now().UTC()))
		return nil
	})
}

func (w *window) query(set, form string) string {
	q := url.Values{"verb": {"ListRecords"}}
	if w.Token != "" {
		q.Set("resumptionToken", w.Token)
		return q.Encode()
	}
	q.Set("metadataPrefix", form)
	for name, value := range map[string]string{"set": set, "from": string(w.From), "until": string(w.Until)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

var errOther = errors.New("it is the answer to another request")

// answers reports whether an answer is one to what was asked. Caches stand before
// arXiv. Its service repeats a later from than it was asked for in an answer that
// has a token (arXiv/oaipmh, fetch_list.py), and in later ones.
func (w *window) answers(set, form string, env *OAIEnvelope) error {
	ok := env.Token == "" || env.Token == w.Token
	if env.Form != "" {
		ok = ok && env.Form == form && env.Set == set && prefix(env.From) >= string(w.From) &&
			(w.Until == "" || env.Until == "" || prefix(env.Until) == string(w.Until))
	}
	if !ok {
		return errOther
	}
	return nil
}

// prefix returns the day of a datestamp, which may have a time.
func prefix(s string) string { return s[:min(len(s), len("2006-01-02"))] }

// settle orders the records of a page by their datestamps, so that what is older
// never stands against what is newer; and takes none for newer than tomorrow,
// which would stand against all that is said later.
func settle(records []broadsheet.Record, today broadsheet.Date) {
	for i := range records {
		s := &records[i].Sources[0]
		s.Date = min(s.Date, today.AddDays(1))
	}
	slices.SortStableFunc(records, func(a, b broadsheet.Record) int {
		return cmp.Compare(a.Sources[0].Date, b.Sources[0].Date)
	})
}
