package broadsheet

import "time"

// EmptyReason says in one sentence why the edition of a period has no papers, as
// far as the calendar tells.
func EmptyReason(p Period, today Date) string {
	if p.First > today {
		return "It has not come yet."
	}
	if p.Kind == Day {
		switch p.First.Time().Weekday() {
		case time.Saturday:
			return "arXiv announces nothing on Saturdays."
		case time.Sunday:
			return "arXiv announces nothing on Sundays."
		}
	}
	if p.Last >= today {
		return "Nothing has been put into it yet."
	}
	return "No papers of that time have been imported."
}
