package ingest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/ingest"
)

func TestNormalizeInfersTheAnnouncement(t *testing.T) {
	at := func(s string) []broadsheet.Version {
		v := broadsheet.Version{Number: 1}
		if s != "" {
			var err error
			if v.At, err = time.Parse(time.RFC3339, s); err != nil {
				t.Fatal(err)
			}
		}
		return []broadsheet.Version{v, {Number: 2, At: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}}
	}
	for _, tt := range []struct {
		name      string
		in        broadsheet.Paper
		announced broadsheet.Date
		inferred  string
	}{
		{"from the time of the first version, before the deadline", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-03", Versions: at("2026-03-03T18:59:59Z")}, "2026-03-04", "time"},
		{"and after it", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-03", Versions: at("2026-03-03T19:00:00Z")}, "2026-03-05", "time"},
		{"from the day", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-03"}, "2026-03-04", "day"},
		{"no weekend: a Friday", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-06"}, "2026-03-09", "day"},
		{"no weekend: a Saturday", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-07"}, "2026-03-10", "day"},
		{"no weekend: a Sunday", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-08"}, "2026-03-10", "day"},
		{"over a holiday", broadsheet.Paper{ID: "2611.99999", Published: "2026-11-26"}, "2026-11-30", "day"},
		{"old ids", broadsheet.Paper{ID: "hep-th/9912999", Published: "1999-12-13"}, "1999-12-14", "day"},
		{"the day where the version has no time", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-03", Versions: at("")}, "2026-03-04", "day"},
		{"the day where only a later version is known", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-03", Versions: at("")[1:]}, "2026-03-04", "day"},
		{"not what is stated", broadsheet.Paper{ID: "2603.99999", Published: "2026-03-03", Announced: "2026-03-12"}, "2026-03-12", ""},
		{"a Saturday that is stated means Friday", broadsheet.Paper{ID: "2603.99999", Announced: "2026-03-07"}, "2026-03-06", ""},
		{"a Sunday that is stated means Monday", broadsheet.Paper{ID: "2603.99999", Announced: "2026-03-08"}, "2026-03-09", ""},
		{"a conference may announce on a Sunday", broadsheet.Paper{ID: "cvpr2019:17", Announced: "2026-03-08"}, "2026-03-08", ""},
		{"not from a month", broadsheet.Paper{ID: "2603.99999", Published: "2026-03"}, "", ""},
		{"not for a conference", broadsheet.Paper{ID: "cvpr2019:17", Published: "2019-06-15"}, "", ""},
		{"not from a mistake", broadsheet.Paper{ID: "2603.99999", Published: "0026-03-03"}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := broadsheet.Record{Paper: tt.in}
			r.Title = "A Title"
			for range 2 {
				ingest.Normalize(&r)
				if diff := cmp.Diff([]string{string(tt.announced), tt.inferred}, []string{string(r.Announced), r.Inferred}); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestNormalizeMarksWithdrawnPapers(t *testing.T) {
	for comments, want := range map[string]string{
		"This paper has been withdrawn by the author due to a crack in the kettle":      "withdrawn",
		"12 pages. This article is withdrawn, since its teapot leaks":                   "withdrawn",
		"Withdrawn and replaced by a better kettle":                                     "withdrawn",
		"The results leak. Paper withdrawn by its authors":                              "withdrawn",
		"This submission has been withdrawn by arXiv administrators because of a spoon": "withdrawn",
		"Corrects the withdrawn arXiv:2599.00001":                                       "",
		"An earlier version of this paper has been withdrawn; this one boils":           "",
		"Version 2: Section 6 withdrawn":                                                "",
		"On withdrawn kettles, 12 pages":                                                "",
		"":                                                                              "",
	} {
		r := broadsheet.Record{Paper: broadsheet.Paper{ID: "2603.99999", Title: "A Title", Comments: comments}}
		if ingest.Normalize(&r); r.Status != want {
			t.Errorf("%q makes the status %q, want %q", comments, r.Status, want)
		}
	}
	empty := broadsheet.Record{Paper: broadsheet.Paper{ID: "2603.99999", Title: "A Title", Versions: []broadsheet.Version{{Number: 1, Size: "12kb"}, {Number: 2, Size: "0kb"}}}}
	if ingest.Normalize(&empty); empty.Status != broadsheet.StatusWithdrawn {
		t.Errorf("a last version without content makes the status %q", empty.Status)
	}
	gone := broadsheet.Record{Paper: broadsheet.Paper{ID: "2603.99999", Status: broadsheet.StatusDeleted}}
	if ingest.Normalize(&gone); gone.Status != broadsheet.StatusDeleted {
		t.Errorf("a deleted paper has the status %q", gone.Status)
	}
}
