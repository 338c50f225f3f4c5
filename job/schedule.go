package job

import "time"

// A Schedule tells when something is due next, always after the time it is given.
type Schedule func(after time.Time) time.Time

// Every is due a period after the last time.
func Every(period time.Duration) Schedule {
	return func(after time.Time) time.Time { return after.Add(period) }
}

// A Clock is a time of day to the minute.
type Clock struct{ Hour, Minute int }

// on returns when a clock in a zone shows c on a day. Where clocks go forward over
// it, that is as long after midnight as on other days; where they go back, the
// first time.
func (c Clock) on(y int, m time.Month, d int, zone *time.Location) time.Time {
	at := time.Date(y, m, d, c.Hour, c.Minute, 0, 0, zone)
	if at.Hour() != c.Hour || at.Minute() != c.Minute {
		midnight := time.Date(y, m, d, 0, 0, 0, 0, zone)
		return midnight.Add(time.Duration(c.Hour)*time.Hour + time.Duration(c.Minute)*time.Minute)
	}
	return at
}

// Daily is due at times of day in a zone, in their order, on the days that on
// accepts; nil accepts all.
func Daily(zone *time.Location, on func(day time.Time) bool, times ...Clock) Schedule {
	return func(after time.Time) time.Time {
		y, m, d := after.In(zone).Date()
		for ; ; d++ {
			for _, c := range times {
				at := c.on(y, m, d, zone)
				if at.After(after) && (on == nil || on(at)) {
					return at
				}
			}
		}
	}
}

// Workday accepts Monday to Friday.
func Workday(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// Earliest is due whenever one of several is.
func Earliest(list ...Schedule) Schedule {
	return func(after time.Time) time.Time {
		next := list[0](after)
		for _, s := range list[1:] {
			if at := s(after); at.Before(next) {
				next = at
			}
		}
		return next
	}
}
