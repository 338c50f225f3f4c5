package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/api"
	"broadsheet/hfpapers"
	"broadsheet/ingest"
	"broadsheet/internal/fetch"
)

// A site is an instance that can be reached.
type site struct {
	*instance
	url, host string
}

func newSite(t testing.TB, records ...broadsheet.Record) *site {
	for n := range records {
		ingest.Normalize(&records[n]) // as everything that comes into a store
	}
	i := newInstance(t, api.Server{}, records...)
	s := httptest.NewServer(i.h)
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &site{i, s.URL, u.Host}
}

// sync harvests from another instance. known are names of tallies.
func (s *site) sync(t testing.TB, from *site, known ...string) {
	t.Helper()
	now := time.Date(2026, 1, 9, 12, 0, 0, 0, time.UTC)
	client := fetch.New(fetch.Options{Now: func() time.Time { return now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	h, err := hfpapers.NewInstance(from.url, client)
	if err != nil {
		t.Fatal(err)
	}
	h.Since, h.Now, h.Known = "2026-01-01", func() time.Time { return now }, append(known, s.host)
	for page, err := range h.Harvest(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Records {
			ingest.Normalize(&page.Records[i])
			if err := page.Records[i].Validate(); err != nil {
				t.Error(err)
			}
		}
		if len(page.Rejected) > 0 {
			t.Errorf("%s: %v", page.Label, page.Rejected[0])
		}
		if _, err := s.db.Put(t.Context(), page.Records); err != nil {
			t.Fatal(err)
		}
	}
}

// edition returns what a day shows: papers in order, with who submitted them and
// their votes.
func (s *site) edition(t *testing.T, day string) []string {
	t.Helper()
	p, err := broadsheet.ParsePeriod(broadsheet.Day, day)
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.db.Edition(t.Context(), broadsheet.EditionQuery{Period: p, Order: broadsheet.ByUpvotes})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range e.Papers {
		b, err := json.Marshal(struct {
			ID                                   broadsheet.ID
			Title, Abstract, TLDR, Code, Project string
			Authors, Categories, Keywords        []string
			Published, Announced                 broadsheet.Date
			Entries                              []broadsheet.Entry
			Tallies                              []broadsheet.Tally
		}{r.ID, r.Title, r.Abstract, r.TLDR, r.Link("code"), r.Link("project"), r.AuthorNames(), r.Categories, r.Keywords, r.Published, r.Announced, r.Entries, r.Tallies})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b))
	}
	return lines
}

// Two instances that exchange editions have the same ones, to the nanosecond.
func TestExchange(t *testing.T) {
	var records []broadsheet.Record
	for n := range 230 { // three pages
		records = append(records, paperOf(broadsheet.ID(fmt.Sprintf("2912.1%04d", n)), "2026-01-06", n+1, "eve"))
	}
	records = append(records, full(), bare, paperOf("doi:10.1101/2599.01.05.1", "2026-01-07", 3, "dot"),
		paperOf("openreview:AbC-_x", "2026-01-07", 1, ""), paperOf("icra2021:17", "2026-01-07", 2, "dot"), paperOf("hep-th/9901001", "2026-01-08", 1, "eve"))
	a, b := newSite(t, records...), newSite(t)
	b.sync(t, a)
	for _, day := range []string{"2026-01-04", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09"} {
		if diff := cmp.Diff(a.edition(t, day), b.edition(t, day)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day, diff)
		}
	}
	stats, err := b.db.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b.sync(t, a); stats.Papers != int64(len(records)) {
		t.Errorf("%d papers, want %d", stats.Papers, len(records))
	}
	if again, err := b.db.Stats(t.Context()); err != nil || again != stats {
		t.Errorf("a second harvest changed %+v to %+v, %v", stats, again, err)
	}
}

// However instances are bound together, a vote is counted once: those of Hugging
// Face that come by two ways, and those that come back to where they were counted.
func TestExchangeInLoops(t *testing.T) {
	const id = broadsheet.ID("2912.00001")
	r := paperOf(id, "2026-01-05", 1, "dot")
	with := func(tallies ...broadsheet.Tally) broadsheet.Record {
		r.Tallies = tallies
		return r
	}
	a, b, c := newSite(t), newSite(t), newSite(t)
	put := func(s *site, tallies ...broadsheet.Tally) {
		if _, err := s.db.Put(t.Context(), []broadsheet.Record{with(tallies...)}); err != nil {
			t.Fatal(err)
		}
	}
	put(a, broadsheet.Tally{Source: "hf", Upvotes: 40, Comments: 4}, broadsheet.Tally{Source: a.host, Upvotes: 3})
	put(b, broadsheet.Tally{Source: "hf", Upvotes: 44, Comments: 3}, broadsheet.Tally{Source: b.host, Upvotes: 2, Comments: 1})
	for range 5 {
		b.sync(t, a)
		c.sync(t, a)
		c.sync(t, b)
		a.sync(t, c)
		a.sync(t, b)
	}
	for name, s := range map[string]*site{"a": a, "b": b, "c": c} {
		got, err := s.db.Paper(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got.Upvotes() != 44+3+2 || got.CommentCount() != 4+1 {
			t.Errorf("%s counts %d votes and %d comments, want 49 and 5: %+v", name, got.Upvotes(), got.CommentCount(), got.Tallies)
		}
	}
}

// Who asks Hugging Face itself does not take its votes from hearsay, nor its own.
func TestExchangeHearsNothingOfWhatIsKnown(t *testing.T) {
	b := newSite(t)
	r := paperOf("2912.00001", "2026-01-05", 1, "dot")
	r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: 1e6}, {Source: b.host, Upvotes: 1e6}, {Source: "third.example", Upvotes: 7}}
	b.sync(t, newSite(t, r), "hf")
	got, err := b.db.Paper(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]broadsheet.Tally{{Source: "third.example", Upvotes: 7}}, got.Tallies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
