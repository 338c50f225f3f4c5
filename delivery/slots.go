package delivery

import (
	"time"

	"broadsheet"
	"broadsheet/job"
)

// lookEvery is how often a subscription that wants papers at once is looked at:
// soon for a reader, and often enough apart that several papers share a message.
const lookEvery = 15 * time.Minute

// schedule tells when a subscription is due.
func schedule(s *broadsheet.Subscription) job.Schedule {
	at := job.Clock{Hour: s.Minute / 60, Minute: s.Minute % 60}
	switch s.Rhythm {
	case broadsheet.Weekly:
		return job.Daily(s.Location(), func(day time.Time) bool { return day.Weekday() == time.Monday }, at)
	case broadsheet.Monthly:
		return job.Daily(s.Location(), func(day time.Time) bool { return day.Day() == 1 }, at)
	case broadsheet.AtOnce:
		return job.Every(lookEvery)
	}
	return job.Daily(s.Location(), job.Workday, at)
}

// Next returns when a subscription is due after a time. One that is paused till a
// day is due on that day or after it, and one that is paused without an end, or is
// over, never.
func Next(s *broadsheet.Subscription, after time.Time) time.Time {
	switch {
	case s.State == broadsheet.Paused && s.PausedUntil != "":
		y, m, d := s.PausedUntil.Time().Date()
		// The last instant before the day, so that midnight counts as on it.
		if start := time.Date(y, m, d, 0, 0, 0, 0, s.Location()).Add(-time.Nanosecond); start.After(after) {
			after = start
		}
	case s.State != broadsheet.Active:
		return time.Time{}
	}
	return schedule(s)(after)
}

// longest bounds the days that one digest covers: after a longer silence, what is
// older is found on the pages.
const longest = 31

// window returns the days of editions that a digest at a time is to cover, given
// the latest that is out. It is empty, first after through, where no day is new.
func window(s *broadsheet.Subscription, slot time.Time, latest broadsheet.Date) (first, through broadsheet.Date) {
	local := slot.In(s.Location())
	through = latest
	switch s.Rhythm {
	case broadsheet.Weekly: // the last Sunday that is over
		through = min(latest, broadsheet.DateOf(local).AddDays(-(int(local.Weekday())+6)%7-1))
	case broadsheet.Monthly: // the last day of the month before
		through = min(latest, broadsheet.DateOf(local).AddDays(-local.Day()))
	}
	first = max(s.Through.AddDays(1), through.AddDays(1-longest))
	if s.Through == "" {
		first = through
	}
	return first, through
}

// Activate makes a subscription active from a time on. Of editions, it is owed
// those that come out afterwards.
func Activate(s *broadsheet.Subscription, now time.Time, latest broadsheet.Date) {
	s.State, s.PausedUntil, s.Through = broadsheet.Active, "", max(s.Through, latest)
	s.Next = Next(s, now)
}

// Pause stops a subscription till the beginning of a day, or for good with "".
// Editions of the time between are not made up for.
func Pause(s *broadsheet.Subscription, now time.Time, until broadsheet.Date) {
	s.State, s.PausedUntil = broadsheet.Paused, until
	s.Next = Next(s, now)
	if until != "" {
		s.Through = max(s.Through, until.AddDays(-1))
	}
}
