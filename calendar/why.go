package calendar

import (
	"fmt"
	"time"

	"broadsheet"
)

// Why says in one sentence why the edition of a period has no papers. It is written
// for a reader at now, in now's zone; covered are all days that are known to be
// complete, none where nobody keeps account.
func Why(p broadsheet.Period, now time.Time, covered []broadsheet.Coverage) string {
	if p.First > broadsheet.DateOf(now) {
		return "It has not come yet."
	}
	v := newView(now, covered)
	if p.Kind == broadsheet.Day {
		return v.say(v.state(p.First), p.First, "this day")
	}
	return v.whyNone(p)
}

// A state is what is to be said of a day without papers.
type state int

// The states, those first that decide about a week or a month of several days.
const (
	missed   state = iota // it was announced, and not gathered in time
	fetching              // it was announced a short time ago
	awaited               // it will be announced today
	early                 // before anything was gathered
	unknown               // nobody keeps account of what is gathered
	elsewhere
	nothing // it was gathered, and nothing was in it
	holiday
	weekend
)

// A view is what is known at a moment.
type view struct {
	now     time.Time
	covered map[broadsheet.Date]broadsheet.Coverage
	first   broadsheet.Date // that was ever covered, or ""
}

func newView(now time.Time, covered []broadsheet.Coverage) *view {
	v := &view{now: now, covered: make(map[broadsheet.Date]broadsheet.Coverage, len(covered))}
	for _, c := range covered {
		v.covered[c.Day] = c
		if v.first == "" || c.Day < v.first {
			v.first = c.Day
		}
	}
	return v
}

// state tells why a day, of today or earlier, is empty.
func (v *view) state(day broadsheet.Date) state {
	c, complete := v.covered[day]
	switch weekday := day.Time().Weekday(); {
	case complete && c.Papers > 0: // a holiday that was predicted wrongly, too
		return elsewhere
	case weekday == time.Saturday || weekday == time.Sunday:
		return weekend
	case !IsListingDay(day):
		return holiday
	case complete:
		return nothing
	case v.now.Before(AnnouncedAt(day)):
		return awaited
	case v.first == "":
		return unknown
	case day < v.first:
		return early
	case v.now.Before(due(day)):
		return fetching
	}
	return missed
}

// say puts a state of a day into words; name is how the sentence calls the day.
func (v *view) say(s state, day broadsheet.Date, name string) string {
	switch s {
	case weekend:
		return fmt.Sprintf("arXiv announces nothing on %ss.", day.Time().Weekday())
	case holiday:
		kept := deadlineBefore(day)
		verb := "announces"
		if Predicted(kept) {
			verb = "probably announces"
		}
		return fmt.Sprintf("arXiv %s nothing for %s because of %s, %s.", verb, name, Holiday(kept), kept.Time().Format("2 January 2006"))
	case nothing:
		return fmt.Sprintf("arXiv announced nothing for %s that is gathered here.", name)
	case elsewhere:
		return fmt.Sprintf("All papers that arXiv announced for %s stand in editions of other days.", name)
	case awaited:
		return fmt.Sprintf("arXiv announces the papers of %s at %s.", name, v.clock(AnnouncedAt(day)))
	case fetching:
		if oai, _ := ReadyAt(day); v.now.Before(oai) {
			return fmt.Sprintf("arXiv has announced the papers of %s, and gives them out from %s on.", name, v.clock(oai))
		}
		return fmt.Sprintf("arXiv has announced the papers of %s, and they are being gathered.", name)
	case missed:
		return fmt.Sprintf("The papers of %s were missed because arXiv could not be reached. They will be fetched later.", name)
	case early:
		return fmt.Sprintf("Papers are gathered here from %s on. None of that time have been imported.", v.first.Time().Format("2 January 2006"))
	}
	if day == broadsheet.DateOf(v.now) {
		return "Nothing has been put into it yet."
	}
	return "No papers of that time have been imported."
}

// clock returns a time of day where the reader is.
func (v *view) clock(t time.Time) string { return t.In(v.now.Location()).Format("15:04 MST") }

// whyNone is Why for a period of several days, of which at least one has come.
func (v *view) whyNone(p broadsheet.Period) string {
	today := broadsheet.DateOf(v.now)
	worst, at, count := weekend, p.First, map[state]int{}
	for day := p.First; day <= min(p.Last, today); day = day.AddDays(1) {
		s := v.state(day)
		if count[s]++; s < worst {
			worst, at = s, day
		}
	}
	span := "this " + string(p.Kind)
	switch {
	case worst == missed && count[missed] > 1:
		return fmt.Sprintf("The papers of %d days were missed because arXiv could not be reached. They will be fetched later.", count[missed])
	case worst == unknown && p.Last >= today:
		return "Nothing has been put into it yet."
	case worst >= holiday && p.Last > today:
		next := Next(v.now)
		return fmt.Sprintf("arXiv announces its next papers on %s.", next.In(v.now.Location()).Format("Monday, 2 January, at 15:04 MST"))
	case worst >= holiday:
		return fmt.Sprintf("arXiv announces nothing on any day of %s: they are weekends and holidays.", span)
	case worst == nothing || worst == elsewhere:
		return v.say(worst, at, span)
	}
	return v.say(worst, at, at.Time().Format("Monday, 2 January"))
}
