package broadsheet_test

import (
	"testing"
	"time"

	"broadsheet"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]broadsheet.Date{
		"2025": "2025", "2025-03": "2025-03", "2025-03-11": "2025-03-11", " 2025-03-11 ": "2025-03-11",
		"2026-03-11T00:20:42.148Z": "2026-03-11", "2026-03-11T23:30:00-05:00": "2026-03-12",
		"2025-13-40": "", "2025-02-29": "", "2025-00": "", "0000": "", "25-03-11": "", "2025-3-1": "", "today": "", "": "",
	} {
		got, err := broadsheet.ParseDate(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseDate(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	for _, tt := range []struct {
		kind        broadsheet.PeriodKind
		in          string
		first, last broadsheet.Date
		title       string
	}{
		{broadsheet.Day, "2025-03-11", "2025-03-11", "2025-03-11", "Tuesday, 11 March 2025"},
		{broadsheet.Week, "2025-W11", "2025-03-10", "2025-03-16", "Week 11 of 2025, 10 – 16 March"},
		{broadsheet.Week, "2020-W53", "2020-12-28", "2021-01-03", "Week 53 of 2020, 28 December – 3 January"},
		{broadsheet.Week, "2026-W01", "2025-12-29", "2026-01-04", "Week 1 of 2026, 29 December – 4 January"},
		{broadsheet.Month, "2024-02", "2024-02-01", "2024-02-29", "February 2024"},
		{broadsheet.Day, "2025-13-40", "", "", ""},
		{broadsheet.Week, "2025-W53", "", "", ""}, // 2025 has 52 weeks
		{broadsheet.Week, "2025-W00", "", "", ""},
		{broadsheet.Month, "2025-13", "", "", ""},
		{"fortnight", "2025-03-11", "", "", ""},
	} {
		p, err := broadsheet.ParsePeriod(tt.kind, tt.in)
		if p.First != tt.first || p.Last != tt.last || (err == nil) != (tt.first != "") {
			t.Errorf("ParsePeriod(%s, %q) = %s..%s, %v; want %s..%s", tt.kind, tt.in, p.First, p.Last, err, tt.first, tt.last)
		}
		if err == nil && (p.String() != tt.in || p.Title() != tt.title) {
			t.Errorf("%q is written %q with title %q, want title %q", tt.in, p, p.Title(), tt.title)
		}
	}
}

// Each day of some years lies in the week and month that are made from it.
func TestPeriodOf(t *testing.T) {
	for d := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() < 2031; d = d.AddDate(0, 0, 1) {
		for _, kind := range []broadsheet.PeriodKind{broadsheet.Day, broadsheet.Week, broadsheet.Month} {
			p := broadsheet.PeriodOf(kind, d)
			if day := broadsheet.DateOf(d); day < p.First || day > p.Last {
				t.Fatalf("%s of %s is %s..%s", kind, day, p.First, p.Last)
			}
			if again, err := broadsheet.ParsePeriod(kind, p.String()); err != nil || again != p {
				t.Fatalf("%s %v reads as %v, %v", kind, p, again, err)
			}
		}
	}
}
