package broadsheet

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A Date is a calendar date to the precision at which it is known: "2024",
// "2024-05" or "2024-05-22" (ISO 8601 reduced precision). Dates compare as
// strings; "" is unknown.
type Date string

// ParseDate reads a Date, or the date in UTC of an RFC 3339 time.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		if len(s) == len(layout) {
			if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
				return Date(s), nil
			}
		}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && t.UTC().Year() > 0 && t.UTC().Year() < 10000 {
		return DateOf(t.UTC()), nil
	}
	return "", Errorf(Invalid, "\"%s\" is not a date: write it like 2025-03-11.", Printable(s, 40))
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date { return Date(t.Format("2006-01-02")) }

// IsDay reports whether d is known to the day.
func (d Date) IsDay() bool { return len(d) == len("2006-01-02") }

// Year returns the year, or 0 for an unknown date.
func (d Date) Year() int {
	var y int
	if len(d) >= 4 {
		fmt.Sscanf(string(d[:4]), "%d", &y)
	}
	return y
}

// Time returns midnight UTC of the first day that d covers.
func (d Date) Time() time.Time {
	const layout = "2006-01-02"
	if len(d) > len(layout) {
		return time.Time{}
	}
	t, _ := time.Parse(layout[:len(d)], string(d))
	return t
}

// AddDays returns the day n days after d.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// String returns the date as it is written.
func (d Date) String() string { return string(d) }

// Long returns the date as a newspaper prints it: "Tuesday, 11 March 2025",
// "May 2024", "2024".
func (d Date) Long() string {
	switch len(d) {
	case 10:
		return d.Time().Format("Monday, 2 January 2006")
	case 7:
		return d.Time().Format("January 2006")
	}
	return string(d)
}

// Short returns the date in little space: "11 Mar 2025", "May 2024", "2024".
func (d Date) Short() string {
	switch len(d) {
	case 10:
		return d.Time().Format("2 Jan 2006")
	case 7:
		return d.Time().Format("Jan 2006")
	}
	return string(d)
}

// A PeriodKind is the length of an edition.
type PeriodKind string

// The periods that have an edition.
const (
	Day   PeriodKind = "day"
	Week  PeriodKind = "week"
	Month PeriodKind = "month"
)

// A Period is the days of one edition: a day, an ISO 8601 week (Monday to
// Sunday) or a month.
type Period struct {
	Kind  PeriodKind
	First Date // first day
	Last  Date // last day, included
}

var isoWeek = regexp.MustCompile(`^(\d{4})-?W(\d{2})$`)

// ParsePeriod reads "2025-03-11", "2025-W11" or "2025-03" as the kind asks.
func ParsePeriod(kind PeriodKind, s string) (Period, error) {
	switch kind {
	case Day:
		if t, err := time.Parse("2006-01-02", s); err == nil && t.Year() > 0 {
			return PeriodOf(Day, t), nil
		}
		return Period{}, Errorf(Invalid, "\"%s\" is not a day: write it like 2025-03-11.", Printable(s, 40))
	case Week:
		if m := isoWeek.FindStringSubmatch(s); m != nil {
			var y, w int
			fmt.Sscanf(m[1]+" "+m[2], "%d %d", &y, &w)
			// 4 January is always in week 1 (ISO 8601).
			t := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(w-1))
			if iy, iw := t.ISOWeek(); y > 0 && iy == y && iw == w {
				return PeriodOf(Week, t), nil
			}
		}
		return Period{}, Errorf(Invalid, "\"%s\" is not an ISO week: write it like 2025-W11.", Printable(s, 40))
	case Month:
		if t, err := time.Parse("2006-01", s); err == nil && t.Year() > 0 {
			return PeriodOf(Month, t), nil
		}
		return Period{}, Errorf(Invalid, "\"%s\" is not a month: write it like 2025-03.", Printable(s, 40))
	}
	return Period{}, Errorf(Invalid, "There is no edition by \"%s\": ask for a day, a week or a month.", Printable(string(kind), 20))
}

// PeriodOf returns the period of a kind that holds t.
func PeriodOf(kind PeriodKind, t time.Time) Period {
	first, last := t, t
	switch kind {
	case Week:
		first = t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
		last = first.AddDate(0, 0, 6)
	case Month:
		first = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		last = first.AddDate(0, 1, -1)
	}
	return Period{Kind: kind, First: DateOf(first), Last: DateOf(last)}
}

// String returns the period as it is written in an address.
func (p Period) String() string {
	t := p.First.Time()
	switch p.Kind {
	case Week:
		y, w := t.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case Month:
		return t.Format("2006-01")
	}
	return string(p.First)
}

// Path returns the address of the period's edition here.
func (p Period) Path() string {
	kind := string(p.Kind)
	if p.Kind == Day {
		kind = "date"
	}
	return "/papers/" + kind + "/" + p.String()
}

// Title returns the period as a headline: "Tuesday, 11 March 2025",
// "Week 11 of 2025, 10 – 16 March", "March 2025".
func (p Period) Title() string {
	first, last := p.First.Time(), p.Last.Time()
	switch p.Kind {
	case Week:
		y, w := first.ISOWeek()
		from := first.Format("2 January")
		if first.Month() == last.Month() {
			from = first.Format("2")
		}
		return fmt.Sprintf("Week %d of %d, %s – %s", w, y, from, last.Format("2 January"))
	case Month:
		return first.Format("January 2006")
	}
	return p.First.Long()
}

// Days returns how many days a period has.
func (p Period) Days() int {
	return 1 + int(p.Last.Time().Sub(p.First.Time()).Hours()/24)
}
