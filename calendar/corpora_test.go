package calendar_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet"
	"broadsheet/calendar"
	"broadsheet/internal/need"
)

// A dated paper is one of the real ones with an id of arXiv, in the order of ids,
// which is that of announcements but for papers that were held.
type dated struct {
	ID   string          `json:"id"`
	Date broadsheet.Date `json:"published"`
	Kind string          `json:"date_kind"` // "announced": Date is that of the listing; "exact": of the submission, in UTC
}

var newID = regexp.MustCompile(`^\d{4}\.\d{5}$`)

func datedPapers(t *testing.T) []dated {
	t.Helper()
	need.Long(t)
	f, err := os.Open(need.Corpora(t, "data", "papers.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	var papers []dated
	for lines.Scan() {
		var p dated
		if !bytes.Contains(lines.Bytes(), []byte(`"published": "202`)) && !bytes.Contains(lines.Bytes(), []byte(`"published":"202`)) {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if newID.MatchString(p.ID) && p.Date >= "2025-03-18" && (p.Kind == "announced" || p.Kind == "exact") {
			papers = append(papers, p)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(papers, func(a, b dated) int { return strings.Compare(a.ID, b.ID) })
	return papers
}

// The days of real listings are those that the calendar has, and how often a computed
// listing is the real one. A paper of which only the submission is known stands by its
// id between papers of one listing. Run it with -v for the figures.
func TestRealListings(t *testing.T) {
	papers := datedPapers(t)
	count := map[broadsheet.Date]int{}
	var stated []dated
	for _, p := range papers {
		if w := p.Date.Time().Weekday(); p.Kind == "announced" && w != time.Saturday && w != time.Sunday {
			count[p.Date]++
			stated = append(stated, p)
		}
	}
	for day := broadsheet.Date("2025-03-18"); day <= "2026-07-01"; day = day.AddDays(1) {
		if w := day.Time().Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		// Some dates of the collection are a day off, so a day without a listing may
		// have a few; the smallest listing has 122 but for one of 27.
		if n := count[day]; calendar.IsListingDay(day) && n < 20 || !calendar.IsListingDay(day) && n > 60 {
			t.Errorf("%s has %d papers; a listing day: %t", day, n, calendar.IsListingDay(day))
		}
	}

	var byDay, byTime tally
	for _, p := range papers {
		if p.Kind == "exact" {
			byDay.add(p.Date.Time().Add(12*time.Hour), listingBy(stated, p.ID))
		}
	}
	for id, at := range submissions(t) {
		byTime.add(at, listingBy(stated, id))
	}
	t.Logf("from the day of submission: %d of %d listings, %.1f %%", byDay.same, byDay.of, 100*byDay.share())
	t.Logf("from the time of submission: %d of %d listings, %.1f %%", byTime.same, byTime.of, 100*byTime.share())
	if byDay.of < 5000 || byDay.share() < 0.79 || byTime.of < 2000 || byTime.share() < 0.87 {
		t.Error("the computed listing is that of fewer papers than it was")
	}
}

// A tally counts papers of which the listing is known, and those for which it is the
// computed one.
type tally struct{ same, of int }

func (c *tally) add(submitted time.Time, listing broadsheet.Date) {
	if listing == "" {
		return
	}
	c.of++
	if calendar.ListingDay(calendar.Announcement(submitted)) == listing {
		c.same++
	}
}

func (c *tally) share() float64 { return float64(c.same) / float64(max(1, c.of)) }

// listingBy returns the listing that a paper was in, if the three papers before and
// the three after it by id are of one, else "".
func listingBy(stated []dated, id string) broadsheet.Date {
	at, _ := slices.BinarySearchFunc(stated, id, func(p dated, id string) int { return strings.Compare(p.ID, id) })
	if at < 3 || at+3 > len(stated) || !newID.MatchString(id) {
		return ""
	}
	day := stated[at].Date
	for _, p := range stated[at-3 : at+3] {
		if p.Date != day || p.ID[:4] != id[:4] {
			return ""
		}
	}
	return day
}

// submissions returns when papers were submitted, to the second, as Hugging Face has it
// from arXiv.
func submissions(t *testing.T) map[string]time.Time {
	t.Helper()
	f, err := os.Open(need.Corpora(t, "data", "hf_daily.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]time.Time{}
	dec := json.NewDecoder(z)
	for dec.More() {
		var e struct {
			ID string `json:"arxiv_id"`
			At string `json:"published_at"`
		}
		if err := dec.Decode(&e); err != nil {
			t.Fatal(err)
		}
		// Midnight is a day without a time.
		if at, err := time.Parse(time.RFC3339, e.At); err == nil && at.Truncate(24*time.Hour) != at {
			times[e.ID] = at
		}
	}
	return times
}
