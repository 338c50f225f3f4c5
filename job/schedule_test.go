package job

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestDaily(t *testing.T) {
	for _, tt := range []struct {
		name, zone  string
		on          func(time.Time) bool
		times       []Clock
		after, next string
	}{
		{"later today", "UTC", nil, []Clock{{7, 30}}, "2026-03-04T07:29:59Z", "2026-03-04T07:30:00Z"},
		{"not twice at the same minute", "UTC", nil, []Clock{{7, 30}}, "2026-03-04T07:30:00Z", "2026-03-05T07:30:00Z"},
		{"the next of several", "UTC", nil, []Clock{{7, 30}, {19, 0}}, "2026-03-04T08:00:00Z", "2026-03-04T19:00:00Z"},
		{"over a weekend", "UTC", Workday, []Clock{{7, 30}}, "2026-03-06T08:00:00Z", "2026-03-09T07:30:00Z"},
		{"the year ends", "UTC", nil, []Clock{{0, 0}}, "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"a zone decides the day", "Asia/Tokyo", Workday, []Clock{{7, 0}}, "2026-03-08T21:00:00Z", "2026-03-08T22:00:00Z"},
		{"clocks go forward over it", "America/New_York", nil, []Clock{{2, 30}}, "2026-03-08T05:00:00Z", "2026-03-08T07:30:00Z"},
		{"after that day as before", "America/New_York", nil, []Clock{{2, 30}}, "2026-03-08T08:00:00Z", "2026-03-09T06:30:00Z"},
		{"clocks go back over it: the first", "America/New_York", nil, []Clock{{1, 30}}, "2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z"},
		{"and not again", "America/New_York", nil, []Clock{{1, 30}}, "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			after, _ := time.Parse(time.RFC3339, tt.after)
			if got := Daily(zone, tt.on, tt.times...)(after).UTC().Format(time.RFC3339); got != tt.next {
				t.Errorf("after %s comes %s, want %s", tt.after, got, tt.next)
			}
		})
	}
}

func TestEarliest(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	if got := Earliest(Every(3*time.Hour), Every(time.Hour))(at); !got.Equal(at.Add(time.Hour)) {
		t.Errorf("got %v", got)
	}
}
