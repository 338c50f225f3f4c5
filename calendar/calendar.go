// Package calendar knows when arXiv announces papers: which day's listing a paper
// belongs to that was submitted at a certain time, which days have a listing, when
// each can be fetched, which of them were missed, and why a day has no papers. It
// computes; it asks nobody and keeps nothing.
//
// arXiv works in the time of New York. What was submitted until 14:00 on a working
// day is announced at 20:00 of that day, on Fridays at 20:00 of the Sunday after
// (https://info.arxiv.org/help/availability.html). The listing is dated the day
// after the announcement, which has begun by then in most of the world: so
// listings, and with them editions, are dated Monday to Friday.
//
// The words: the deadline's day is the working day that takes a submission in, the
// announcement is the instant at which it becomes public, the listing's day is the
// date of the edition.
package calendar

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the zone must be known where the system has no list of them

	"broadsheet"
)

// arXiv's times of day in New York.
const (
	deadlineHour     = 14 // submissions after it belong to the next working day
	announcementHour = 20 // on the evening before the listing's day
)

// OAIDelay is how long after the announcement the OAI service has its papers: from
// about 22:30 on.
const OAIDelay = 2*time.Hour + 30*time.Minute

// FeedDelay is how long after the announcement the feeds hold it: they are made anew
// at midnight, which takes some minutes.
const FeedDelay = 4*time.Hour + 10*time.Minute

// firstListing is when arXiv began (14 August 1991): no day before it can have been
// missed.
const firstListing broadsheet.Date = "1991-08-14"

var newYork = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil { // it is embedded above
		panic(fmt.Sprintf("calendar: the time zone of arXiv is not known: %v", err))
	}
	return zone
})

// Zone returns the time zone of arXiv.
func Zone() *time.Location { return newYork() }

// Announcement returns the instant at which arXiv announces a paper that was
// submitted at a time. A paper that its moderators hold comes later, and only arXiv
// knows when.
func Announcement(submitted time.Time) time.Time {
	t := submitted.In(newYork())
	day := broadsheet.DateOf(t)
	if t.Hour() >= deadlineHour {
		day = day.AddDays(1)
	}
	for !isDeadline(day) {
		day = day.AddDays(1)
	}
	return AnnouncedAt(listingAfter(day))
}

// AnnouncedAt returns the instant at which the listing of a day is announced.
func AnnouncedAt(day broadsheet.Date) time.Time {
	d := day.Time()
	return time.Date(d.Year(), d.Month(), d.Day()-1, announcementHour, 0, 0, 0, newYork())
}

// ListingDay returns the day of the listing that is the newest at an instant: at the
// instant of an announcement, the day of the edition into which its papers belong.
func ListingDay(t time.Time) broadsheet.Date {
	t = t.In(newYork())
	day := broadsheet.DateOf(t)
	if t.Hour() >= announcementHour {
		day = day.AddDays(1)
	}
	for !IsListingDay(day) {
		day = day.AddDays(-1)
	}
	return day
}

// IsListingDay reports whether arXiv has a listing of a day: Monday to Friday, unless
// the working day before, of whose submissions it would be, is a holiday.
func IsListingDay(day broadsheet.Date) bool {
	switch day.Time().Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return isDeadline(deadlineBefore(day))
}

// Next returns the first announcement after an instant.
func Next(after time.Time) time.Time {
	day := broadsheet.DateOf(after.In(newYork()))
	for !IsListingDay(day) || !AnnouncedAt(day).After(after) {
		day = day.AddDays(1)
	}
	return AnnouncedAt(day)
}

// ReadyAt returns from when on the listing of a day can be had: in the night from the
// OAI service, and in the morning from the feeds.
func ReadyAt(day broadsheet.Date) (oai, feed time.Time) {
	at := AnnouncedAt(day)
	return at.Add(OAIDelay), at.Add(FeedDelay)
}

// isDeadline reports whether arXiv takes in at 14:00 of a day what was submitted.
func isDeadline(day broadsheet.Date) bool {
	switch day.Time().Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return Holiday(day) == ""
}

// listingAfter returns the day of the listing of what was taken in on a working day.
func listingAfter(deadline broadsheet.Date) broadsheet.Date {
	if deadline.Time().Weekday() == time.Friday {
		return deadline.AddDays(3)
	}
	return deadline.AddDays(1)
}

// deadlineBefore returns the working day whose submissions the listing of a day has.
func deadlineBefore(listing broadsheet.Date) broadsheet.Date {
	if listing.Time().Weekday() == time.Monday {
		return listing.AddDays(-3)
	}
	return listing.AddDays(-1)
}
