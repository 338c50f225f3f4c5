package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// value reads what stands behind the name of a filter.
func (p *parser) value(f Field, name, text string) Node {
	n, why := filter(f, name, text)
	if n == nil {
		if why != "" {
			p.note("%s It was left out.", why)
		}
		return nil
	}
	if p.filters++; p.filters == MaxFilters+1 {
		p.note("The query has more than %d filters; the first %d were read.", MaxFilters, MaxFilters)
	}
	if p.filters > MaxFilters {
		return nil
	}
	return n
}

// filter reads a value, or says in a sentence why it is none.
func filter(f Field, name, text string) (Node, string) {
	text = strings.TrimRight(strings.TrimSpace(text), ",;")
	switch f {
	case category:
		if c, ok := readCategory(text); ok {
			return c, ""
		}
		return nil, fmt.Sprintf("“%s” is not a category: write one as cs.LG, cs.* or cs.", brief(text))
	case id:
		if i, ok := readID(text); ok {
			return i, ""
		}
		return nil, fmt.Sprintf("“%s” is not the id of a paper: write it as 2503.01234, hep-th/9901001 or doi:10.1000/182.", brief(text))
	case years:
		if from, to, ok := readRange(text, dates); ok {
			return Range{Date, from, to}, ""
		}
		return nil, fmt.Sprintf("“%s” is not a date: write 2024, 2024-05, 2024-05-22, 2022..2024 or >=2024-05.", brief(text))
	case votes:
		if from, to, ok := readRange(text, counts); ok {
			return Range{Votes, from, to}, ""
		}
		return nil, fmt.Sprintf("“%s” is not a number of votes: write 10, >10 or 5..20.", brief(text))
	}
	for i, s := range things {
		if strings.EqualFold(text, s) {
			return Has(i), ""
		}
	}
	return nil, fmt.Sprintf("“has:%s” is unknown: there are has:%s.", brief(text), strings.Join(things, " and has:"))
}

// things are the names of what a paper may have.
var things = []string{Code: "code", Project: "project"}

// maxCategory is the length of a pattern in bytes; the longest category of arXiv,
// cond-mat.stat-mech, has 18.
const maxCategory = 64

// readCategory reads a pattern. What ends in a dot is being typed.
func readCategory(s string) (Category, bool) {
	for strings.HasSuffix(s, ".") || strings.HasSuffix(s, ".*") {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "*"), ".")
	}
	name := strings.TrimSuffix(s, "*")
	if name == "" || len(s) > maxCategory || !isLetter(name[0]) {
		return Category{}, false
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) && c != '-' && c != '.' && c != '_' {
			return Category{}, false
		}
	}
	return Category{s}, true
}

// Match reports whether c means a category, without regard to case.
func (c Category) Match(category string) bool {
	if prefix, ok := strings.CutSuffix(c.Pattern, "*"); ok {
		return hasPrefixFold(category, prefix)
	}
	return strings.EqualFold(category, c.Pattern) || hasPrefixFold(category, c.Pattern+".")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// A scale reads one value of a column as the first and last number it stands for.
type scale struct {
	read     func(string) (first, last int64, ok bool)
	min, max int64
}

// The years are those of printing and a while to come. A bound beyond them is a slip,
// and numbers that are bounded cannot overflow.
var (
	dates  = scale{readDate, day(1000, 1, 1), day(2999, 12, 31)}
	counts = scale{readCount, 0, maxVotes}
)

// maxVotes is more than there are people.
const maxVotes = 1e11

// separators are the ways to write a range. Telephones make one sign of three dots,
// and word processors a dash of two hyphens.
var separators = strings.NewReplacer("...", "..", "…", "..", "–", "..", "—", "..")

// readRange reads "5", ">5", "<=5", "5..9", "5-9", "5.." or "..9". Bounds in the wrong
// order change places.
func readRange(s string, sc scale) (from, to int64, ok bool) {
	s = separators.Replace(s)
	if from, to, ok = sc.compare(s); ok {
		return from, to, true
	}
	low, high, isRange := strings.Cut(s, "..")
	if !isRange { // "2022-2024"; what ends in a hyphen is being typed
		low, high, isRange = strings.Cut(s, "-")
		isRange = isRange && low != "" && high != ""
	}
	if !isRange || low == "" && high == "" {
		return 0, 0, false
	}
	from, to = math.MinInt64, math.MaxInt64
	if low != "" {
		if from, _, ok = sc.within(low); !ok {
			return 0, 0, false
		}
	}
	if high != "" {
		if _, to, ok = sc.within(high); !ok {
			return 0, 0, false
		}
	}
	if from > to {
		return readRange(high+".."+low, sc)
	}
	return from, to, true
}

// compare reads a value, perhaps with a sign of comparison before it.
func (sc scale) compare(s string) (from, to int64, ok bool) {
	value := strings.TrimLeft(s, "<>=≤≥")
	first, last, ok := sc.within(value)
	if !ok {
		return 0, 0, false
	}
	switch from, to = math.MinInt64, math.MaxInt64; s[:len(s)-len(value)] {
	case "", "=", "==":
		return first, last, true
	case ">":
		return last + 1, to, last < sc.max
	case ">=", "=>", "≥":
		return first, to, true
	case "<":
		return from, first - 1, first > sc.min
	case "<=", "=<", "≤":
		return from, last, true
	}
	return 0, 0, false
}

// within reads a value inside the bounds of the scale.
func (sc scale) within(s string) (first, last int64, ok bool) {
	first, last, ok = sc.read(s)
	return first, last, ok && first >= sc.min && last <= sc.max
}

func readCount(s string) (first, last int64, ok bool) {
	n, ok := number(s, maxVotes)
	return n, n, ok
}

// number reads decimal digits as a number of at most limit.
func number(s string, limit int64) (int64, bool) {
	if s == "" || !isDigit(s[0]) { // ParseInt takes a sign
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n <= limit
}

// readDate reads a year, month or day (ISO 8601 with reduced precision) as its first
// and last day.
func readDate(s string) (first, last int64, ok bool) {
	layout, years, months, days := time.DateOnly, 0, 0, 1
	switch len(s) {
	case len("2006"):
		layout, years, months, days = "2006", 1, 0, 0
	case len("2006-01"):
		layout, years, months, days = "2006-01", 0, 1, 0
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return 0, 0, false
	}
	return dayOf(t), dayOf(t.AddDate(years, months, days)) - 1, true
}

// day returns the days from 1970-01-01 to a date.
func day(y, m, d int) int64 { return dayOf(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)) }

// dayOf returns the days from 1970-01-01 to t, which is midnight UTC: no second is
// left over, so the division is exact before 1970, too.
func dayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
