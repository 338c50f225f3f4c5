package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"broadsheet"
)

// A ledger is a broadsheet.CoverageStore that knows some days.
type ledger struct {
	days []broadsheet.Coverage
	err  error
}

func (l *ledger) Cover(context.Context, []broadsheet.Coverage) error { panic("pages do not write") }

func (l *ledger) Covered(_ context.Context, source string, _, _ broadsheet.Date) ([]broadsheet.Coverage, error) {
	if source != broadsheet.SourceArXiv {
		return nil, l.err
	}
	return l.days, l.err
}

func TestEmptyEditionSaysWhy(t *testing.T) {
	f := papers(1, "2026-11-24")
	s := server(f)
	s.Coverage = &ledger{days: []broadsheet.Coverage{{Day: "2026-11-23"}, {Day: "2026-11-24", Papers: 1}}}
	var err error
	if s.Location, err = time.LoadLocation("Pacific/Kiritimati"); err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return time.Date(2026, 11, 29, 23, 0, 0, 0, time.UTC) } // Monday 30, 13:00 there
	h := s.Handler()
	for path, want := range map[string]string{
		"/papers/date/2026-11-20": "Papers are gathered here from 23 November 2026 on. None of that time have been imported.",
		"/papers/date/2026-11-23": "arXiv announced nothing for this day that is gathered here.",
		"/papers/date/2026-11-25": "The papers of this day were missed because arXiv could not be reached. They will be fetched later.",
		"/papers/date/2026-11-27": "arXiv announces nothing for this day because of Thanksgiving, 26 November 2026.",
		"/papers/date/2026-11-30": "arXiv announces the papers of this day at 15:00 +14.",
		"/papers/month/2026-12":   "It has not come yet.",
		"/papers/week/2026-W49":   "arXiv announces the papers of Monday, 30 November at 15:00 +14.",
		"/":                       "No edition today, Monday 30 November. arXiv announces the papers of this day at 15:00 +14. This is the latest.",
	} {
		if got := get(t, h, path).words("main"); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", path, clip(got, 300), want)
		}
	}
}

// The papers and the day stay the same, and the reason does not.
func TestReasonFollowsTheClock(t *testing.T) {
	s := server(papers(1, "2026-11-24"))
	now := time.Date(2026, 11, 30, 0, 59, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	h := s.Handler()
	for _, path := range []string{"/", "/papers/date/2026-11-30"} {
		now = time.Date(2026, 11, 30, 0, 59, 0, 0, time.UTC)
		if got := get(t, h, path).words("main"); !strings.Contains(got, "arXiv announces the papers of this day at 01:00 UTC.") {
			t.Errorf("%s says %q before the announcement", path, clip(got, 300))
		}
		now = now.Add(2 * time.Minute)
		if got := get(t, h, path).words("main"); !strings.Contains(got, "Nothing has been put into it yet.") {
			t.Errorf("%s says %q after it", path, clip(got, 300))
		}
	}
}

func TestUnreadableCoverageIsAnError(t *testing.T) {
	s := server(papers(1, "2025-03-07"))
	s.Coverage = &ledger{err: broadsheet.Errorf(broadsheet.Unavailable, "The store is away.")}
	get(t, s.Handler(), "/papers/date/2025-03-08").want(503)
	get(t, s.Handler(), "/papers/date/2025-03-07").want(200)
}

func TestWithdrawnPaperIsMarked(t *testing.T) {
	f := papers(1, "2025-03-11")
	f.records[0].Status = broadsheet.StatusWithdrawn
	f.records[0].Announced, f.records[0].Inferred = "2025-03-11", broadsheet.InferredFromTime
	h := server(f).Handler()
	if got := get(t, h, "/").words("p.kicker strong"); got != "Withdrawn" {
		t.Errorf("the edition marks it %q", got)
	}
	p := get(t, h, f.records[0].ID.Path()).want(200)
	if mark, note := p.words("p.kicker strong"), p.words("p.note"); mark != "Withdrawn" || !strings.HasPrefix(note, "This paper has been withdrawn.") {
		t.Errorf("its page marks it %q and says %q", mark, note)
	}
	if got := p.words("aside.facts"); !strings.Contains(got, "Announced, by arXiv's schedule 11 Mar 2025") {
		t.Errorf("its facts are %q", got)
	}
}
