package calendar_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet"
)

// A simulated arXiv works by a queue: what was submitted is taken in at 14:00 of a
// working day and announced on an evening. It knows nothing of package calendar.
type simulated struct {
	zone     *time.Location
	holidays []string // on which nothing is taken in
	rng      *rand.Rand
	papers   []*submission // announced so far
	listings []*listing
	holding  bool // moderators hold some papers back for a listing or two
}

// A submission is a paper with its versions.
type submission struct {
	id        string
	versions  []time.Time
	withdrawn bool
	other     bool            // in a category whose feed is not read; ours has it as a cross-list
	held      bool            // announced later than the schedule says
	missed    bool            // new about the time of the outage, so that no feed was read that announced it
	listing   broadsheet.Date // in which it was new
}

// A listing is what arXiv announces on an evening.
type listing struct {
	day   broadsheet.Date
	at    time.Time
	items []item
}

// An item is a paper as it stands in a listing.
type item struct {
	*submission
	kind      string // of the announcement, as in the feeds
	versions  int
	withdrawn bool
}

// simulate runs a year. Nothing is submitted for the listing of the quiet day, and
// nothing is held that would be in a listing from one day to another.
func simulate(t testing.TB, year int, holidays []string, quiet, from, to broadsheet.Date) *simulated {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	s := &simulated{zone: zone, holidays: holidays, rng: rand.New(rand.NewPCG(uint64(year), 5))}
	queue, late := s.submissions(year), []*submission(nil)
	for day := time.Date(year, 1, 1, 0, 0, 0, 0, zone); day.Year() == year; day = day.AddDate(0, 0, 1) {
		deadline := time.Date(year, day.Month(), day.Day(), 14, 0, 0, 0, zone)
		weekday := day.Weekday()
		if weekday == time.Saturday || weekday == time.Sunday || slices.Contains(holidays, day.Format("2006-01-02")) {
			continue
		}
		evening := day
		if weekday == time.Friday {
			evening = day.AddDate(0, 0, 2)
		}
		l := &listing{at: time.Date(year, evening.Month(), evening.Day(), 20, 0, 0, 0, zone)}
		l.day = broadsheet.Date(l.at.AddDate(0, 0, 1).Format("2006-01-02"))
		n := 0
		for n < len(queue) && queue[n].versions[0].Before(deadline) {
			n++
		}
		taken := queue[:n:n]
		queue = queue[n:]
		if l.day == quiet {
			taken = nil
		}
		s.holding = l.day < from || l.day > to
		late = s.announce(l, taken, late)
	}
	return s
}

// submissions returns the papers that are submitted in a year, in order: at random
// instants, and some within a second of a deadline.
func (s *simulated) submissions(year int) []*submission {
	start := time.Date(year, 1, 1, 0, 0, 0, 0, s.zone)
	var at []time.Time
	for range 2000 {
		at = append(at, start.Add(time.Duration(s.rng.Int64N(365*24*3600))*time.Second))
	}
	for range 60 {
		at = append(at, time.Date(year, 1, 1+s.rng.IntN(360), 13, 59, 59+s.rng.IntN(2), 0, s.zone))
	}
	slices.SortFunc(at, time.Time.Compare)
	var all []*submission
	for i, t := range at {
		all = append(all, &submission{id: fmt.Sprintf("%02d12.9%04d", year%100, i), versions: []time.Time{t}, other: s.rng.IntN(10) == 0})
	}
	return all
}

// announce fills a listing with what was taken in and what moderators held before,
// and with cross-lists and replacements of older papers. It returns what is held now.
func (s *simulated) announce(l *listing, taken, late []*submission) (held []*submission) {
	known := len(s.papers)
	for _, p := range append(late, taken...) {
		if s.holding && !p.other && s.rng.IntN(30) == 0 {
			held, p.held = append(held, p), true
			continue
		}
		p.listing, p.missed = l.day, !s.holding
		s.papers = append(s.papers, p)
		kind := "new"
		if p.other {
			kind = "cross"
		}
		l.add(p, kind)
	}
	for range min(known, 6) {
		p, replaced := s.papers[s.rng.IntN(known)], l.at.Add(-7*time.Hour)
		switch n := s.rng.IntN(12); {
		case slices.ContainsFunc(l.items, func(i item) bool { return i.submission == p }): // once a listing
		case n < 4:
			l.add(p, "cross")
		case n < 11:
			p.versions = append(p.versions, replaced)
			p.withdrawn = n == 10
			l.add(p, []string{"replace", "replace-cross"}[n%2])
		case !p.other && !p.missed: // what a feed has announced, announced again
			l.add(p, "new")
		}
	}
	old := &submission{id: fmt.Sprintf("1909.9%04d", len(s.listings)), versions: []time.Time{time.Date(2019, 9, 7, 12, 0, 0, 0, time.UTC), l.at.Add(-8 * time.Hour)}}
	l.add(old, "replace")
	s.listings = append(s.listings, l)
	return held
}

func (l *listing) add(p *submission, kind string) {
	l.items = append(l.items, item{p, kind, len(p.versions), p.withdrawn})
}

// feed returns the listing as rss.arxiv.org gives it out in the morning.
func (l *listing) feed(zone *time.Location) string {
	var b strings.Builder
	date := l.at.Add(4 * time.Hour).In(zone).Format(time.RFC1123Z) // midnight
	fmt.Fprintf(&b, `<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>cs.LG updates on arXiv.org</title><pubDate>%s</pubDate>`, date)
	for _, i := range l.items {
		fmt.Fprintf(&b, "<item><title>Kettle %s</title><link>https://arxiv.org/abs/%[1]s</link><description>arXiv:%[1]sv%d Announce Type: %s \nAbstract: It boils.</description>"+
			`<guid isPermaLink="false">oai:arXiv.org:%[1]sv%[2]d</guid><pubDate>%[4]s</pubDate><arxiv:announce_type>%[3]s</arxiv:announce_type><dc:creator>Ada Smith</dc:creator></item>`,
			i.id, i.versions, i.kind, date)
	}
	return b.String() + "</channel></rss>"
}

// oai returns listings as the OAI service gives out their records: nothing tells when
// a paper was announced, and only the first record of a paper is from its listing.
func oai(listings ...*listing) string {
	var b strings.Builder
	b.WriteString(`<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request verb="ListRecords" metadataPrefix="arXivRaw">http://oaipmh.arxiv.org/oai</request><ListRecords>`)
	for _, l := range listings {
		for _, i := range l.items {
			comments, versions := "12 pages", ""
			for n, at := range i.submission.versions[:i.versions] {
				size := "12kb"
				if i.withdrawn && n == i.versions-1 {
					comments, size = "This paper has been withdrawn by the author", "0kb"
				}
				versions += fmt.Sprintf(`<version version="v%d"><date>%s</date><size>%s</size></version>`, n+1, at.UTC().Format("Mon, 2 Jan 2006 15:04:05 GMT"), size)
			}
			fmt.Fprintf(&b, `<record><header><identifier>oai:arXiv.org:%s</identifier><datestamp>%s</datestamp></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>%[1]s</id>%[3]s`+
				`<title>Kettle %[1]s</title><authors>Ada Smith</authors><categories>cs.LG</categories><comments>%[4]s</comments><abstract>It boils.</abstract></arXivRaw></metadata></record>`,
				i.id, l.at.UTC().Format("2006-01-02"), versions, comments)
		}
	}
	return b.String() + "</ListRecords></OAI-PMH>"
}
