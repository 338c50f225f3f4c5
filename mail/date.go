package mail

import (
	"strconv"
	"strings"

	"broadsheet"
)

// LongDate returns a date as a newspaper in that language (BCP 47) prints it:
// "Freitag, 27. November 2026", "noviembre de 2026". English stands in for a
// language that is not known.
func LongDate(lang string, d broadsheet.Date) string { return wordsOf(lang).date(d, true) }

// DayDate returns the same without the year, for a subject.
func DayDate(lang string, d broadsheet.Date) string { return wordsOf(lang).date(d, false) }

func (w *words) date(d broadsheet.Date, year bool) string {
	form := w.day
	switch {
	case len(d) == len("2006-01"):
		form = w.month
	case !d.IsDay():
		return string(d)
	case year:
		form = w.dayOfYear
	}
	t := d.Time()
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && w.first != "" {
		day = w.first
	}
	return strings.NewReplacer("D", day, "W", w.weekdays[t.Weekday()], "M", w.months[t.Month()-1], "Y", strconv.Itoa(t.Year())).Replace(form)
}

// count returns a number of things, in the form that the language has for it.
func (w *words) count(forms string, n int) string {
	one, many, ok := strings.Cut(forms, "|")
	if ok && !(n == 1 || n == 0 && w.zeroIsOne) {
		one = many
	}
	return strings.Replace(one, "#", w.number(n), 1)
}

// number returns n with its thousands apart.
func (w *words) number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + w.thousands + s[i:]
	}
	return s
}
