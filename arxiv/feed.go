package arxiv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
)

// maxFeed is how many items a feed has at most: one with so many has perhaps been
// cut.
const maxFeed = 2000

// A Feed is what a daily feed says of itself.
type Feed struct {
	Day   broadsheet.Date // whose announcement it holds, in New York; "" where it does not say
	Items int             // among them those that are refused
}

// ReadFeed is ReadRSS, and tells about the feed when the sequence has ended.
func ReadFeed(r io.Reader, about *Feed) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		f := rssFeed{document: newDocument(r, yield)}
		err := f.read()
		*about = Feed{Day: f.day(), Items: f.number}
		f.finish(err)
	}
}

// day returns the day that a feed is of. It is made at midnight in New York.
func (f *rssFeed) day() broadsheet.Date {
	for _, text := range []string{f.published, f.built} {
		if at, err := mailTime("pubDate", text); err == nil {
			return broadsheet.DateOf(at.In(newYork()))
		}
	}
	return ""
}

// newYork is the zone by which arXiv keeps its days. Where the system does not know
// it, winter is good enough: feeds are made at midnight in summer, too, and name
// the zone themselves.
func newYork() *time.Location {
	if zone, err := time.LoadLocation("America/New_York"); err == nil {
		return zone
	}
	return time.FixedZone("EST", -5*60*60)
}

// Announcements reads in the morning what arXiv has announced: the daily feeds of
// all that is harvested. They are a paper's first appearance, have no comments and
// no versions, and are kept for a day only; what they miss, [Service.Changes] finds.
//
// Everything is asked for at once, and not sent again if it has not changed. Where
// that is more than a feed holds, its halves are asked for.
func (s *Service) Announcements() broadsheet.Harvester { return announcements{s} }

type announcements struct{ s *Service }

// Name implements [broadsheet.Harvester].
func (announcements) Name() string { return "arxiv-rss" }

// A feedPlace is what is remembered of the feed of everything, once all of it has
// been read.
type feedPlace struct {
	Feeds        string `json:"feeds"` // what it was of
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"modified,omitempty"`
}

// maxTag bounds what is remembered of a service's words about its own answer.
const maxTag = 200

// Harvest implements [broadsheet.Harvester].
func (a announcements) Harvest(ctx context.Context, cursor string) iter.Seq2[broadsheet.Page, error] {
	return func(yield func(broadsheet.Page, error) bool) {
		var known feedPlace
		if cursor != "" {
			if err := json.Unmarshal([]byte(cursor), &known); err != nil {
				yield(broadsheet.Page{}, fmt.Errorf("arxiv: read cursor: %w", err))
				return
			}
		}
		names := feeds(a.s.sets)
		if known.Feeds != strings.Join(names, "+") {
			known = feedPlace{Feeds: strings.Join(names, "+")}
		}
		r := &morning{Service: a.s, known: known, yield: yield}
		if err := r.read(ctx, names); err != nil && err != errStop {
			yield(broadsheet.Page{}, err)
		}
	}
}

// A morning is one run. Its first feed is that of everything.
type morning struct {
	*Service
	known feedPlace
	begun bool
	day   broadsheet.Date
	cut   bool // a feed that could not be halved was full
	yield func(broadsheet.Page, error) bool
}

// read reads the feed of everything, and its halves if it is full.
func (m *morning) read(ctx context.Context, names []string) error {
	page, next, full, err := m.feed(ctx, names)
	if err != nil || page == nil {
		return err
	}
	if full {
		page = &broadsheet.Page{Label: page.Label}
		if err := m.halves(ctx, names); err != nil {
			return err
		}
	}
	if !m.cut && m.day != "" {
		page.Complete = []broadsheet.Date{m.day}
	}
	b, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("arxiv: write cursor: %w", err)
	}
	page.Cursor = string(b)
	if !m.yield(*page, nil) {
		return errStop
	}
	return nil
}

// halves reads the feeds of both halves of the names, and theirs if one is full.
func (m *morning) halves(ctx context.Context, names []string) error {
	for _, half := range [][]string{names[:len(names)/2], names[len(names)/2:]} {
		page, _, full, err := m.feed(ctx, half)
		if err != nil {
			return err
		}
		if full {
			err = m.halves(ctx, half)
		} else if !m.yield(*page, nil) {
			err = errStop
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// feed reads one feed, whole before anything of it is used. There is no page where
// nothing has changed. One that is full has no records unless it cannot be halved.
func (m *morning) feed(ctx context.Context, names []string) (page *broadsheet.Page, next feedPlace, full bool, err error) {
	joined := strings.Join(names, "+")
	r := fetch.Request{URL: m.o.RSS + "/" + joined}
	first := !m.begun
	if m.begun = true; first {
		r.ETag, r.LastModified = m.known.ETag, m.known.LastModified
	}
	var about Feed
	err = m.ask(ctx, r, func(a *fetch.Answer) error {
		page = nil
		if first && a.NotModified() {
			return nil
		}
		page = &broadsheet.Page{}
		next = feedPlace{Feeds: joined, ETag: tag(a, "Etag"), LastModified: tag(a, "Last-Modified")}
		return gather(page, ReadFeed(a.Body, &about))
	})
	if err != nil || page == nil {
		return nil, next, false, err
	}
	if first {
		m.day = about.Day
	} else if about.Day != m.day {
		return nil, next, false, broadsheet.Errorf(broadsheet.Unavailable, "arXiv's feeds changed from one day to another while they were read. The next run reads them anew.")
	}
	page.Label = fmt.Sprintf("announcement of %s, %s", m.day, shorten(joined))
	if about.Items >= maxFeed && len(names) > 1 {
		return page, next, true, nil
	}
	m.cut = m.cut || about.Items >= maxFeed
	return page, next, false, nil
}

func tag(a *fetch.Answer, name string) string {
	if s := a.Header.Get(name); len(s) <= maxTag {
		return s
	}
	return ""
}

// shorten names the first few of many feeds.
func shorten(joined string) string {
	const most = 60
	if len(joined) <= most {
		return joined
	}
	return joined[:strings.LastIndexByte(joined[:most], '+')] + "+…"
}

// gather puts a sequence of records into a page.
func gather(page *broadsheet.Page, seq iter.Seq2[broadsheet.Record, error]) error {
	page.Records, page.Rejected = nil, nil
	for rec, err := range seq {
		if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			page.Rejected = append(page.Rejected, bad)
		} else if err != nil {
			return err
		} else {
			page.Records = append(page.Records, rec)
		}
	}
	return nil
}
