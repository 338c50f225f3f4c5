package hfpapers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/hfpapers"
	"broadsheet/internal/sourcetest"
)

func TestReadDailyOfABroadsheet(t *testing.T) {
	const from = "papers.example.org"
	o := hfpapers.Options{Day: "2026-01-05", From: from, Known: []string{"hf", "here.example"}}
	head := broadsheet.Record{Paper: broadsheet.Paper{ID: "2912.00001", Title: "T", Sources: []broadsheet.Source{{Name: "broadsheet:" + from, Date: "2026-01-05"}}}}
	for _, tt := range []struct {
		name, x string
		opts    hfpapers.Options
		want    func(*broadsheet.Record)
		err     string
	}{
		{"votes are of those who counted", `{"entry":{"date":"2026-01-05","place":7,"submitted_at":"2026-01-04T23:00:00.123456789Z","submitted_by":{"name":"Dot  C","user":"dot"}},
			"tallies":[{"source":"third.example","upvotes":3,"comments":1},{"source":"hf","upvotes":900},{"source":"here.example","upvotes":5}]}`, o,
			func(r *broadsheet.Record) {
				r.Entries = []broadsheet.Entry{{Date: "2026-01-05", Place: 7, SubmittedAt: time.Date(2026, 1, 4, 23, 0, 0, 123456789, time.UTC),
					SubmittedBy: &broadsheet.Person{Name: "Dot C", User: "dot"}}}
				r.Tallies = []broadsheet.Tally{{Source: "third.example", Upvotes: 3, Comments: 1}}
			}, ""},
		{"nobody submitted it", `{"tallies":[],"announced":"2026-01-05","published":"2025","categories":["cs.LG"," "],"tldr":"So."}`, o,
			func(r *broadsheet.Record) {
				r.Announced, r.Published, r.Categories, r.TLDR = "2026-01-05", "2025", []string{"cs.LG"}, "So."
				r.Sources[0].Date = "2025"
			}, ""},
		{"a saved answer", `{"entry":{"date":"2026-01-03"},"tallies":[{"source":"hf","upvotes":9}]}`, hfpapers.Options{},
			func(r *broadsheet.Record) {
				r.Entries, r.Tallies = []broadsheet.Entry{{Date: "2026-01-03"}}, []broadsheet.Tally{{Source: "hf", Upvotes: 9}}
				r.Sources = []broadsheet.Source{{Name: "hf-daily", Date: "2026-01-03"}}
			}, ""},
		{"null is none", `null`, o, func(r *broadsheet.Record) {
			r.Entries = []broadsheet.Entry{{Date: "2026-01-05", Place: 1, SubmittedAt: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}}
			r.Tallies = []broadsheet.Tally{{Source: from, Upvotes: 12}}
			r.Published = "2026-01-02"
		}, ""},
		{"another day", `{"entry":{"date":"2026-01-04"}}`, o, nil, "it stands in the edition of 2026-01-04, and that of 2026-01-05 was asked for"},
		{"no day", `{"entry":{"date":"2026-01"}}`, o, nil, `paper.broadsheet.entry has the date "2026-01", expected a day`},
		{"a negative place", `{"entry":{"date":"2026-01-05","place":-1}}`, o, nil, "place -1"},
		{"no date", `{"published":"soon"}`, o, nil, `paper.broadsheet has the date "soon"`},
		{"negative votes", `{"tallies":[{"source":"x","upvotes":-1}]}`, o, nil, "-1 votes"},
		{"too many votes", `{"tallies":[{"source":"x","comments":3000000000}]}`, o, nil, "3000000000 comments"},
		{"votes of nobody", `{"tallies":[{"upvotes":1}]}`, o, nil, `a source ""`},
		{"votes of a control character", `{"tallies":[{"source":"a\u0000\nb"}]}`, o, nil, `a source "a\x00\nb"`},
		{"votes of everybody", `{"tallies":[` + strings.Repeat(`{"source":"x"},`, 50) + `{"source":"x"}]}`, o, nil, "tallies are 51"},
		{"categories without end", `{"categories":[` + strings.Repeat(`"x",`, 300) + `"x"]}`, o, nil, "categories are 301"},
		{"something else", `"x"`, o, nil, "paper.broadsheet is of type string"},
		{"a time that is none", `{"entry":{"date":"2026-01-05","submitted_at":"noon"}}`, o, nil, "noon"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := fmt.Sprintf(`[{"paper":{"id":"2912.00001","title":"T","publishedAt":"2026-01-02T00:00:00.000Z",
				"submittedOnDailyAt":"2026-01-05T00:00:00.000Z","upvotes":12,"broadsheet":%s},"numComments":0}]`, tt.x)
			recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(strings.NewReader(in), tt.opts))
			if err != nil {
				t.Fatal(err)
			}
			if tt.err != "" {
				if len(recs) > 0 || len(bad) != 1 || !strings.Contains(bad[0], tt.err) {
					t.Errorf("got %v and %q, want %q", recs, bad, tt.err)
				}
				return
			}
			want := head
			want.Sources = []broadsheet.Source{head.Sources[0]}
			tt.want(&want)
			if diff := cmp.Diff([]broadsheet.Record{want}, recs); diff != "" || bad != nil {
				t.Errorf("bad %q (-want +got):\n%s", bad, diff)
			}
		})
	}
}
