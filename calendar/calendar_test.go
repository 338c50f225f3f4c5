package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/calendar"
)

// eastern reads a time of day in New York.
func eastern(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAnnouncement(t *testing.T) {
	for _, tt := range []struct{ name, submitted, announced, listing string }{
		{"before the deadline of a Monday", "2026-03-02 13:59:59", "2026-03-02 20:00:00", "2026-03-03"},
		{"at the deadline is after it", "2026-03-02 14:00:00", "2026-03-03 20:00:00", "2026-03-04"},
		{"after the deadline of a Wednesday", "2026-03-04 18:00:00", "2026-03-05 20:00:00", "2026-03-06"},
		{"Thursday evening waits for Sunday", "2026-03-05 14:30:00", "2026-03-08 20:00:00", "2026-03-09"},
		{"Friday morning waits for Sunday", "2026-03-06 09:00:00", "2026-03-08 20:00:00", "2026-03-09"},
		{"Friday afternoon waits for Monday", "2026-03-06 14:00:00", "2026-03-09 20:00:00", "2026-03-10"},
		{"Saturday", "2026-03-07 12:00:00", "2026-03-09 20:00:00", "2026-03-10"},
		{"Sunday night is not in that night's announcement", "2026-03-08 19:59:59", "2026-03-09 20:00:00", "2026-03-10"},
		{"Monday before daylight saving begins was winter, the announcement is summer", "2026-03-06 13:00:00", "2026-03-08 20:00:00", "2026-03-09"},
		{"Friday before it ends", "2026-10-30 10:00:00", "2026-11-01 20:00:00", "2026-11-02"},
		{"before Thanksgiving", "2026-11-25 13:00:00", "2026-11-25 20:00:00", "2026-11-26"},
		{"on Thanksgiving", "2026-11-26 09:00:00", "2026-11-29 20:00:00", "2026-11-30"},
		{"before a holiday that is a Friday", "2026-06-18 15:00:00", "2026-06-22 20:00:00", "2026-06-23"},
		{"the end of the year", "2026-12-28 15:00:00", "2026-12-30 20:00:00", "2026-12-31"},
		{"a day of a leap year", "2028-02-28 15:00:00", "2028-02-29 20:00:00", "2028-03-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := calendar.Announcement(eastern(t, tt.submitted).UTC())
			if want := eastern(t, tt.announced); !got.Equal(want) {
				t.Errorf("announced at %s, want %s", got, want)
			}
			if day := calendar.ListingDay(got); string(day) != tt.listing || !calendar.IsListingDay(day) {
				t.Errorf("in the listing of %s, want %s", day, tt.listing)
			}
			if before := calendar.ListingDay(got.Add(-time.Second)); string(before) >= tt.listing {
				t.Errorf("the listing of %s is the newest before its announcement", before)
			}
		})
	}
}

// The instants in UTC are those of summer and of winter.
func TestReadyAt(t *testing.T) {
	for _, tt := range []struct{ day, announced, oai, feed string }{
		{"2026-01-15", "2026-01-15T01:00:00Z", "2026-01-15T03:30:00Z", "2026-01-15T05:10:00Z"},
		{"2026-07-15", "2026-07-15T00:00:00Z", "2026-07-15T02:30:00Z", "2026-07-15T04:10:00Z"},
		{"2026-03-09", "2026-03-09T00:00:00Z", "2026-03-09T02:30:00Z", "2026-03-09T04:10:00Z"}, // the day after the clocks changed
		{"2026-11-02", "2026-11-02T01:00:00Z", "2026-11-02T03:30:00Z", "2026-11-02T05:10:00Z"},
	} {
		oai, feed := calendar.ReadyAt(broadsheet.Date(tt.day))
		got := []string{calendar.AnnouncedAt(broadsheet.Date(tt.day)).UTC().Format(time.RFC3339), oai.UTC().Format(time.RFC3339), feed.UTC().Format(time.RFC3339)}
		if diff := cmp.Diff([]string{tt.announced, tt.oai, tt.feed}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.day, diff)
		}
	}
}

// Every listing of forty years is announced once, in order, on an evening of Sunday to
// Thursday, and its papers are those submitted since the deadline before.
func TestListingsFollowEachOther(t *testing.T) {
	at, listings := eastern(t, "1999-12-31 12:00:00"), 0
	for at.Year() < 2040 {
		next := calendar.Next(at)
		day := calendar.ListingDay(next)
		if w := next.Weekday(); !next.After(at) || w == time.Friday || w == time.Saturday || next.Hour() != 20 {
			t.Fatalf("after %s comes %s", at, next)
		}
		if w := day.Time().Weekday(); w == time.Saturday || w == time.Sunday || !calendar.AnnouncedAt(day).Equal(next) {
			t.Fatalf("%s announces %s", next, day)
		}
		for _, since := range []time.Duration{-6 * time.Hour, -6*time.Hour - time.Second} {
			if got := calendar.Announcement(next.Add(since)); got.Before(next) {
				t.Fatalf("submitted %s before %s and announced at %s", -since, next, got)
			}
		}
		at, listings = next, listings+1
	}
	if perYear := listings / 40; perYear < 245 || perYear > 255 {
		t.Errorf("%d listings a year", perYear)
	}
}

func TestHolidays(t *testing.T) {
	for _, tt := range []struct {
		year int
		want []broadsheet.Date
	}{
		{2026, []broadsheet.Date{"2026-01-01", "2026-01-19", "2026-06-19", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25", "2026-12-29", "2026-12-31"}},
		{2027, []broadsheet.Date{"2027-01-01", "2027-01-18", "2027-06-18", "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-24", "2027-12-28", "2027-12-30", "2027-12-31"}},
		{2028, []broadsheet.Date{"2028-01-17", "2028-06-19", "2028-07-04", "2028-09-04", "2028-11-23", "2028-12-25", "2028-12-26", "2028-12-28"}},
		{2020, []broadsheet.Date{"2020-01-01", "2020-01-20", "2020-07-03", "2020-09-07", "2020-11-26", "2020-12-25", "2020-12-29", "2020-12-31"}},
	} {
		var got []broadsheet.Date
		for day := broadsheet.DateOf(time.Date(tt.year, 1, 1, 0, 0, 0, 0, time.UTC)); day.Year() == tt.year; day = day.AddDays(1) {
			if calendar.Holiday(day) != "" {
				got = append(got, day)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("holidays of %d (-want +got):\n%s", tt.year, diff)
		}
		if predicted := calendar.Predicted(got[0]); predicted != (tt.year != 2026) {
			t.Errorf("%d is predicted: %t", tt.year, predicted)
		}
	}
}

func TestMissing(t *testing.T) {
	covered := []broadsheet.Coverage{{Day: "2026-11-23"}, {Day: "2026-11-26"}}
	for _, tt := range []struct {
		name string
		from broadsheet.Date
		now  string
		want []broadsheet.Date
	}{
		{"not a holiday's listing, not a weekend", "2026-11-23", "2026-12-01 12:00:00", []broadsheet.Date{"2026-11-24", "2026-11-25", "2026-11-30", "2026-12-01"}},
		{"not what may still be gathered", "2026-11-23", "2026-11-25 03:09:59", []broadsheet.Date{"2026-11-24"}},
		{"what should be there by now", "2026-11-23", "2026-11-25 03:10:00", []broadsheet.Date{"2026-11-24", "2026-11-25"}},
		{"nothing in the future", "2026-12-20", "2026-12-01 12:00:00", nil},
		{"nothing where nobody began", "", "2026-12-01 12:00:00", nil},
		{"nothing from a month", "2026-11", "2026-12-01 12:00:00", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, calendar.Missing(covered, tt.from, eastern(t, tt.now))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if days := calendar.Missing(nil, "0001-01-01", eastern(t, "1991-08-20 12:00:00")); len(days) == 0 || days[0] != "1991-08-14" {
		t.Errorf("before there was arXiv, %v were missed", days)
	}
}

// Days and instants that no calendar has make no panic and no endless loop.
func FuzzCalendar(f *testing.F) {
	f.Add(int64(1767225600), "2026-11-27")
	f.Add(int64(-62135596800), "0001-01-01")
	f.Add(int64(253402300799), "9999-12-31")
	f.Add(int64(0), "2026-1")
	f.Add(int64(1), "")
	f.Add(int64(2), "2026-11-\xbc7") // as long as a day
	f.Fuzz(func(t *testing.T, seconds int64, s string) {
		const most = 253402300799 // the end of the year 9999
		at, day := time.Unix(seconds%most, 0), broadsheet.Date(s)
		if got := calendar.Announcement(at); at.Year() > 1900 && at.Year() < 9999 && (!got.After(at) || got.Sub(at) > 8*24*time.Hour) {
			t.Errorf("submitted %s, announced %s", at, got)
		}
		if p, err := broadsheet.ParsePeriod(broadsheet.Day, s); err == nil && calendar.Why(p, at, nil) == "" {
			t.Errorf("%s is empty without a reason", day)
		}
		calendar.IsListingDay(day)
		calendar.ReadyAt(day)
		calendar.Missing(nil, day, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	})
}
