package calendar_test

import (
	"testing"
	"time"

	"broadsheet"
	"broadsheet/calendar"
)

func TestWhy(t *testing.T) {
	// Gathered from Monday 23 November 2026 on; Tuesday 24 has nothing, Wednesday 25
	// was missed.
	covered := []broadsheet.Coverage{
		{Day: "2026-11-23", Papers: 9}, {Day: "2026-11-24"}, {Day: "2026-11-26", Papers: 9}, {Day: "2026-11-30", Papers: 9},
	}
	const day, week, month = broadsheet.Day, broadsheet.Week, broadsheet.Month
	for _, tt := range []struct {
		name        string
		kind        broadsheet.PeriodKind
		period, now string // in New York
		zone        string
		covered     []broadsheet.Coverage
		want        string
	}{
		{"the future", day, "2026-12-04", "2026-12-01 12:00:00", "UTC", covered, "It has not come yet."},
		{"the future, a Saturday", day, "2026-12-05", "2026-12-01 12:00:00", "UTC", covered, "It has not come yet."},
		{"a future week", week, "2026-W51", "2026-12-01 12:00:00", "UTC", covered, "It has not come yet."},
		{"Saturday", day, "2026-11-28", "2026-12-01 12:00:00", "UTC", covered, "arXiv announces nothing on Saturdays."},
		{"Sunday", day, "2026-11-29", "2026-12-01 12:00:00", "UTC", nil, "arXiv announces nothing on Sundays."},
		{"the day after a holiday", day, "2026-11-27", "2026-12-01 12:00:00", "UTC", covered,
			"arXiv announces nothing for this day because of Thanksgiving, 26 November 2026."},
		{"the Monday after a holiday on a Friday", day, "2026-06-22", "2026-12-01 12:00:00", "UTC", nil,
			"arXiv announces nothing for this day because of Juneteenth, 19 June 2026."},
		{"a predicted holiday", day, "2028-07-05", "2028-12-01 12:00:00", "UTC", covered,
			"arXiv probably announces nothing for this day because of Independence Day, 4 July 2028."},
		{"a holiday that was predicted wrongly", day, "2028-07-05", "2028-12-01 12:00:00", "UTC", []broadsheet.Coverage{{Day: "2028-07-05", Papers: 3}},
			"All papers that arXiv announced for this day stand in editions of other days."},
		{"complete, and nothing fits", day, "2026-11-24", "2026-12-01 12:00:00", "UTC", covered, "arXiv announced nothing for this day that is gathered here."},
		{"complete, and all submitted elsewhere", day, "2026-11-26", "2026-12-01 12:00:00", "UTC", covered,
			"All papers that arXiv announced for this day stand in editions of other days."},
		{"missed", day, "2026-11-25", "2026-12-01 12:00:00", "UTC", covered,
			"The papers of this day were missed because arXiv could not be reached. They will be fetched later."},
		{"before anything was gathered", day, "2026-11-20", "2026-12-01 12:00:00", "UTC", covered,
			"Papers are gathered here from 23 November 2026 on. None of that time have been imported."},
		{"nobody keeps account", day, "2026-11-20", "2026-12-01 12:00:00", "UTC", nil, "No papers of that time have been imported."},
		{"nobody keeps account today", day, "2026-12-01", "2026-12-01 12:00:00", "UTC", nil, "Nothing has been put into it yet."},
		{"today, before the announcement", day, "2026-12-01", "2026-11-30 08:00:00", "Pacific/Kiritimati", covered,
			"arXiv announces the papers of this day at 15:00 +14."},
		{"today, before the announcement, in summer", day, "2026-07-01", "2026-06-30 19:59:59", "Asia/Tokyo", nil,
			"arXiv announces the papers of this day at 09:00 JST."},
		{"today, just announced", day, "2026-12-01", "2026-11-30 21:00:00", "Europe/Berlin", covered,
			"arXiv has announced the papers of this day, and gives them out from 04:30 CET on."},
		{"today, being gathered", day, "2026-12-01", "2026-11-30 23:00:00", "Europe/Berlin", covered,
			"arXiv has announced the papers of this day, and they are being gathered."},
		{"today, and late", day, "2026-12-01", "2026-12-01 03:10:00", "Pacific/Honolulu", covered[:0:0], "It has not come yet."},
		{"today, and late, where it is today", day, "2026-12-01", "2026-12-01 06:00:00", "Pacific/Honolulu", covered,
			"The papers of this day were missed because arXiv could not be reached. They will be fetched later."},
		{"a week with a missed day", week, "2026-W48", "2026-12-01 12:00:00", "UTC", covered,
			"The papers of Wednesday, 25 November were missed because arXiv could not be reached. They will be fetched later."},
		{"a month with missed days", month, "2026-11", "2026-12-01 12:00:00", "UTC", covered[:1],
			"The papers of 4 days were missed because arXiv could not be reached. They will be fetched later."},
		{"a week in which nothing fits", week, "2026-W48", "2026-12-01 12:00:00", "UTC",
			[]broadsheet.Coverage{{Day: "2026-11-23"}, {Day: "2026-11-24"}, {Day: "2026-11-25"}, {Day: "2026-11-26"}},
			"arXiv announced nothing for this week that is gathered here."},
		{"a month long ago", month, "2026-09", "2026-12-01 12:00:00", "UTC", covered,
			"Papers are gathered here from 23 November 2026 on. None of that time have been imported."},
		{"a month of which nobody keeps account", month, "2026-09", "2026-12-01 12:00:00", "UTC", nil, "No papers of that time have been imported."},
		{"this month, of which nobody keeps account", month, "2026-12", "2026-12-02 12:00:00", "UTC", nil, "Nothing has been put into it yet."},
		{"a week that begins today", week, "2026-W49", "2026-11-29 18:00:00", "Pacific/Kiritimati", covered[:3],
			"arXiv announces the papers of Monday, 30 November at 15:00 +14."},
		{"a month that begins with a weekend", month, "2026-08", "2026-08-01 12:00:00", "Europe/Berlin", covered,
			"arXiv announces its next papers on Monday, 3 August, at 02:00 CEST."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := broadsheet.ParsePeriod(tt.kind, tt.period)
			if err != nil {
				t.Fatal(err)
			}
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := calendar.Why(p, eastern(t, tt.now).In(zone), tt.covered); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}
