package calendar

import (
	"time"

	"broadsheet"
)

// knownHolidays are the years of which arXiv's holidays are known, day by day; a
// year that stands here is not predicted. What a date means: nothing is taken in at
// 14:00 of that day, so the listing that would be of it is left out, and its papers
// wait for the next. That listing is dated the day after, and Monday where the
// holiday is a Friday. The holiday itself has a listing, of the day before it.
//
// arXiv's page gives the dates as days “without announcement” and leaves open what
// becomes of a Friday, which has none anyway. The listings of 2025 and 2026 settle
// it: those of Friday 2025-06-20 (after Thursday 19 June), Monday 2025-07-07 (after
// Friday 4 July), Tuesday 2025-09-02, Friday 2025-11-28 and 2025-12-26, Wednesday
// 2025-12-31, Tuesday 2026-01-20 and Monday 2026-06-22 (after Friday 19 June) are
// missing, and no others.
//
// 2026 is as arXiv published it. 2025 is read off its listings, which we have from
// March on; the two days before that are predicted.
var knownHolidays = map[int]map[broadsheet.Date]string{
	2025: {
		"2025-01-01": newYear, "2025-01-20": kingDay, "2025-06-19": juneteenth, "2025-07-04": independenceDay,
		"2025-09-01": laborDay, "2025-11-27": thanksgiving, "2025-12-25": christmas, "2025-12-30": yearsEnd,
	},
	2026: {
		"2026-01-01": newYear, "2026-01-19": kingDay, "2026-06-19": juneteenth, "2026-07-03": independenceDay,
		"2026-09-07": laborDay, "2026-11-26": thanksgiving, "2026-12-25": christmas, "2026-12-29": yearsEnd,
		"2026-12-31": yearsEnd,
	},
}

// The names of the holidays, as they stand in a sentence.
const (
	newYear         = "New Year's Day"
	kingDay         = "Martin Luther King Jr. Day"
	juneteenth      = "Juneteenth"
	independenceDay = "Independence Day"
	laborDay        = "Labor Day"
	thanksgiving    = "Thanksgiving"
	christmas       = "Christmas"
	yearsEnd        = "the end of the year"
)

// Holiday returns the name of the holiday that arXiv keeps on a day, or "". In a year
// of which its holidays are not known they are predicted; see Predicted.
func Holiday(day broadsheet.Date) string {
	if known, ok := knownHolidays[day.Year()]; ok {
		return known[day]
	}
	return predict(day.Time())
}

// Predicted reports whether the holidays of a day's year are computed by rule, since
// what arXiv published of them is not known here.
func Predicted(day broadsheet.Date) bool {
	_, known := knownHolidays[day.Year()]
	return !known
}

// predict is Holiday by the rules that the known years follow: those federal holidays
// of the United States that arXiv keeps (5 U.S.C. 6103(a)), and of the week after
// Christmas, in which it announces every other day, Tuesday and Thursday.
func predict(t time.Time) string {
	for _, h := range []struct {
		month time.Month
		day   int
		name  string
	}{
		{time.January, 1, newYear}, {time.June, 19, juneteenth}, {time.July, 4, independenceDay},
		{time.December, 25, christmas},
	} {
		if observed(t, h.month, h.day) && (h.name != juneteenth || t.Year() >= 2021) { // when it became one
			return h.name
		}
	}
	week := (t.Day() - 1) / 7 // of that weekday in the month, from 0
	switch month, weekday := t.Month(), t.Weekday(); {
	case month == time.January && weekday == time.Monday && week == 2:
		return kingDay
	case month == time.September && weekday == time.Monday && week == 0:
		return laborDay
	case month == time.November && weekday == time.Thursday && week == 3:
		return thanksgiving
	case month == time.December && t.Day() > 25 && (weekday == time.Tuesday || weekday == time.Thursday):
		return yearsEnd
	}
	return ""
}

// observed reports whether t is the working day on which a holiday of a fixed date is
// kept: one that falls on a Saturday on the Friday before, one on a Sunday on the
// Monday after (5 U.S.C. 6103(b), Executive Order 11582).
func observed(t time.Time, month time.Month, day int) bool {
	if t.Month() != month && (month != time.January || t.Month() != time.December) {
		return false // which spares most days the rest
	}
	for _, year := range []int{t.Year(), t.Year() + 1} { // a Saturday's New Year is kept in December
		kept := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		switch kept.Weekday() {
		case time.Saturday:
			kept = kept.AddDate(0, 0, -1)
		case time.Sunday:
			kept = kept.AddDate(0, 0, 1)
		}
		if kept.Equal(t) {
			return true
		}
	}
	return false
}
