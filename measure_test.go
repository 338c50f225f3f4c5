package broadsheet_test

import (
	"math"
	"testing"

	"broadsheet"
)

func TestDue(t *testing.T) {
	const found, unknown = broadsheet.AnswerFound, broadsheet.AnswerUnknown
	for _, tt := range []struct {
		name                string
		published, answered broadsheet.Date
		answer              broadsheet.Answer
		want                broadsheet.Date
	}{
		{"a paper of today is asked for tomorrow", "2026-03-10", "2026-03-10", found, "2026-03-11"},
		{"also while it is not known", "2026-03-10", "2026-03-10", unknown, "2026-03-11"},
		{"and when nothing leads to it yet", "2026-03-10", "2026-03-10", broadsheet.AnswerNone, "2026-03-11"},
		{"a date to come is of today", "2026-04-10", "2026-03-10", found, "2026-03-11"},
		{"a paper of two weeks", "2026-02-24", "2026-03-10", found, "2026-03-17"},
		{"a paper of three months", "2025-12-10", "2026-03-10", found, "2026-04-09"},
		{"a paper of a year that is not known", "2025", "2026-03-10", unknown, "2026-04-09"},
		{"a paper without a date", "", "2026-03-10", unknown, "2026-04-09"},
		{"an old paper", "2020-01", "2026-03-10", found, "2026-09-06"},
		{"an old paper without repository may get one", "2020-01", "2026-03-10", broadsheet.AnswerNone, "2026-09-06"},
		{"an old paper that nobody knows", "2020-01", "2026-03-10", unknown, ""},
		{"a failure", "2020-01", "2026-03-10", broadsheet.AnswerFailed, "2026-03-11"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := broadsheet.Due(tt.published, tt.answered, tt.answer); got != tt.want {
				t.Errorf("due on %q, want %q", got, tt.want)
			}
		})
	}
}

// Whatever a count is, a rise is a number, and it is 0 where nothing is known.
func TestRiseBetween(t *testing.T) {
	one := broadsheet.Measure{Value: broadsheet.MaxMeasure, Since: "2026-03-01", Counted: "2026-03-01"}
	for _, since := range []broadsheet.Date{"", "2026-02-01", "2026-03-01", "2027"} {
		r := broadsheet.RiseBetween(one, one, since)
		if r.PerDay != 0 || r.Value != one.Value || r.Counted != "2026-03-01" {
			t.Errorf("since %q: %+v", since, r)
		}
	}
	last := broadsheet.Measure{Value: 0, Since: "2026-03-02", Counted: "2026-03-02"}
	if r := broadsheet.RiseBetween(one, last, "2026-02-01"); r.PerDay != -broadsheet.MaxMeasure || math.IsInf(r.PerDay, 0) {
		t.Errorf("%+v", r)
	}
}

func TestMeasureValidate(t *testing.T) {
	good := broadsheet.Measure{Kind: broadsheet.Stars, Source: "github", Value: 3, Since: "2026-03-01", Counted: "2026-03-02"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*broadsheet.Measure){
		"no kind":         func(m *broadsheet.Measure) { m.Kind = "" },
		"no source":       func(m *broadsheet.Measure) { m.Source = "" },
		"a control":       func(m *broadsheet.Measure) { m.Source = "git\x00hub" },
		"below zero":      func(m *broadsheet.Measure) { m.Value = -1 },
		"beyond measure":  func(m *broadsheet.Measure) { m.Value = broadsheet.MaxMeasure + 1 },
		"a month":         func(m *broadsheet.Measure) { m.Since = "2026-03" },
		"the end is over": func(m *broadsheet.Measure) { m.Counted = "2026-02-28" },
	} {
		bad := good
		spoil(&bad)
		if bad.Validate() == nil {
			t.Errorf("%s: %+v is valid", name, bad)
		}
	}
}
