package calendar

import (
	"time"

	"broadsheet"
)

// grace is how long after its feed a listing may take to be gathered before it counts
// as missed: a harvest with its retries, and a server that was restarted.
const grace = 3 * time.Hour

// due returns when the listing of a day should be complete.
func due(day broadsheet.Date) time.Time { return AnnouncedAt(day).Add(FeedDelay + grace) }

// Missing returns the listing days from a day on that should be complete by now and
// are not among the covered ones, in order: what is to be fetched after an outage.
// Without a first day nothing is missing.
func Missing(covered []broadsheet.Coverage, from broadsheet.Date, now time.Time) []broadsheet.Date {
	if day, err := broadsheet.ParseDate(string(from)); err != nil || !day.IsDay() {
		return nil
	}
	have := make(map[broadsheet.Date]bool, len(covered))
	for _, c := range covered {
		have[c.Day] = true
	}
	var days []broadsheet.Date
	for day := max(from, firstListing); !due(day).After(now); day = day.AddDays(1) {
		if IsListingDay(day) && !have[day] {
			days = append(days, day)
		}
	}
	return days
}
