package hfpapers_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/hfpapers"
	"broadsheet/internal/need"
	"broadsheet/internal/sourcetest"
)

func TestReadDaily(t *testing.T) {
	sources := func(d broadsheet.Date) []broadsheet.Source { return []broadsheet.Source{{Name: "hf-daily", Date: d}} }
	for _, tt := range []struct {
		file string
		opts hfpapers.Options
		want []broadsheet.Record
	}{
		{"daily_old.json", hfpapers.Options{Fallback: "2026-01-01"}, []broadsheet.Record{{
			Paper: broadsheet.Paper{
				ID: "2912.00001", Title: "Counting Paper Cranes: A Study of Folding",
				Abstract:  "We fold paper cranes\nand count them.\n  They are many.",
				Authors:   []broadsheet.Author{{Name: "Ada Example"}, {Name: "Cy Sample"}},
				Published: "2025-12-31", Sources: sources("2026-01-01"),
			},
			Entries: []broadsheet.Entry{{Date: "2026-01-01", Place: 1}},
			Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: 32, Comments: 3}},
		}}},
		{"daily_new.json", hfpapers.Options{Fallback: "2020-02-02"}, []broadsheet.Record{{
			Paper: broadsheet.Paper{
				ID: "2912.00002", Title: "Kettles That Know When to Stop", Abstract: "A kettle is taught patience.",
				Authors:   []broadsheet.Author{{Name: "Ada Example"}},
				Published: "2026-01-04", Keywords: []string{"kettle", "patience"},
				Links: []broadsheet.Link{
					{Kind: "code", URL: "https://github.com/example/kettle", Source: "hf-daily"},
					{Kind: "project", URL: "https://kettles.example/patience", Source: "hf-daily"},
				},
				Sources: sources("2026-01-05"),
			},
			Entries: []broadsheet.Entry{{
				Date: "2026-01-05", Place: 1, SubmittedAt: time.Date(2026, 1, 5, 1, 2, 3, 4e6, time.UTC),
				SubmittedBy: &broadsheet.Person{Name: "Dot Curator", User: "dot"},
			}},
			Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: 102, Comments: 1}},
		}, {
			Paper: broadsheet.Paper{ID: "hep-th/9901001", Title: "An Old Paper, Read Again", Sources: sources("2026-01-05")},
			Entries: []broadsheet.Entry{{
				Date: "2026-01-05", Place: 2, SubmittedAt: time.Date(2026, 1, 5, 23, 59, 59, 999e6, time.UTC),
				SubmittedBy: &broadsheet.Person{Name: "eve", User: "eve"},
			}},
			Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: 4}},
		}}},
		{"search.json", hfpapers.Options{Fallback: "2020-02-02"}, []broadsheet.Record{{
			Paper: broadsheet.Paper{
				ID: "2912.00003", Title: "Finding Lost Umbrellas", Abstract: "Umbrellas are found.",
				Authors:   []broadsheet.Author{{Name: "Fay Finder"}},
				Published: "2026-01-02", Keywords: []string{"umbrella"}, Sources: sources("2026-01-02"),
			},
			Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: 5, Comments: 2}},
		}}},
		{"paper.json", hfpapers.Options{Fallback: "2020-02-02"}, []broadsheet.Record{{
			Paper: broadsheet.Paper{
				ID: "2912.00007", Title: "One Paper Alone", Abstract: "It needs no list.",
				Authors:   []broadsheet.Author{{Name: "Gus Single"}},
				Published: "2026-01-06", Sources: sources("2026-01-08"),
			},
			Entries: []broadsheet.Entry{{
				Date: "2026-01-08", SubmittedAt: time.Date(2026, 1, 8, 2, 0, 0, 0, time.UTC),
				SubmittedBy: &broadsheet.Person{Name: "Dot Curator", User: "dot"},
			}},
			Tallies: []broadsheet.Tally{{Source: "hf", Upvotes: 6}},
		}}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			text := testdata(t, tt.file)
			for name, r := range map[string]io.Reader{
				"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text)),
				"with a byte order mark": strings.NewReader("\ufeff" + text),
			} {
				recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(r, tt.opts))
				if err != nil || bad != nil {
					t.Errorf("%s: bad %q, error %v", name, bad, err)
				}
				if diff := cmp.Diff(tt.want, recs); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// What says the day of an edition, from the strongest to nothing.
func TestReadDailyDay(t *testing.T) {
	const (
		plain     = `{"paper":{"id":"2912.00001","title":"T"},"numComments":0}`
		submitted = `{"paper":{"id":"2912.00001","title":"T","submittedOnDailyAt":"2026-01-05T00:00:00.000Z"},"numComments":0}`
		late      = `{"paper":{"id":"2912.00001","title":"T","submittedOnDailyAt":"2026-01-05T23:30:00-01:00"},"numComments":0}`
		found     = `{"paper":{"id":"2912.00001","title":"T"},"numComments":0,"highlightedTitle":[]}`
		foundSub  = `{"paper":{"id":"2912.00001","title":"T","submittedOnDailyAt":"2026-01-05T00:00:00.000Z"},"highlightedTitle":[]}`
	)
	day, guess := hfpapers.Options{Day: "2026-01-01"}, hfpapers.Options{Fallback: "2026-01-02"}
	both := hfpapers.Options{Day: "2026-01-01", Fallback: "2026-01-02"}
	for _, tt := range []struct {
		name, in string
		opts     hfpapers.Options
		want     string // days and places, or the reason
	}{
		{"the operator wins over all", `{"date":"2026-01-03","answer":[` + submitted + `]}`, both, "2026-01-01/1"},
		{"even over a bad date", `{"date":"2026-13-40","answer":[` + submitted + `]}`, day, "2026-01-01/1"},
		{"even over a search", "[" + found + "]", day, "2026-01-01/1"},
		{"the answer's date", `{"date":"2026-01-03","answer":[` + submitted + `,` + plain + `]}`, guess, "2026-01-03/1 2026-01-03/2"},
		{"the submission", "[" + submitted + "]", guess, "2026-01-05/1"},
		{"the submission in UTC", "[" + late + "]", guess, "2026-01-06/1"},
		{"the guess", "[" + plain + "]", guess, "2026-01-02/1"},
		{"a day without one is refused", "[" + plain + "]", hfpapers.Options{}, "record 1: 2912.00001: no edition day: pass --date YYYY-MM-DD"},
		{"a search stands in no edition", "[" + found + "]", guess, "none"},
		{"but its paper may, at a place not known", "[" + foundSub + "]", guess, "2026-01-05/0"},
		{"an item alone has no place", submitted, guess, "2026-01-05/0"},
		{"pages one after another", "[" + plain + "]\n[" + plain + "]", guess, "2026-01-02/1 2026-01-02/1"},
		{
			"a bad date of the answer", `{"date":"2026-13-40","answer":[` + submitted + `]}`, guess,
			`record 1: 2912.00001: the answer's date is "2026-13-40", expected a day like 2025-03-11`,
		},
		{
			"a date of the wrong type", `{"date":20260105,"answer":[` + submitted + `]}`, guess,
			`record 1: 2912.00001: the answer's date is 20260105, expected a day like 2025-03-11`,
		},
		{
			"a bad submission is refused whatever the day", `[` + strings.Replace(submitted, "2026-01-05T", "2026-01-32T", 1) + `]`, day,
			`record 1: 2912.00001: paper.submittedOnDailyAt is "2026-01-32T00:00:00.000Z", expected a time like 2025-03-11T08:30:00.000Z`,
		},
		{
			"a date after its answer", `{"answer":[` + submitted + `],"date":"2026-01-03"}`, guess,
			`2026-01-05/1 A "date" follows its "answer" after record 1 (last good one: 2912.00001): expected {"date":…,"answer":[…]}.`,
		},
		{"a date after its answer does not matter to the operator", `{"answer":[` + submitted + `],"date":"2026-01-03"}`, day, "2026-01-01/1"},
		{"a wrong option", "[]", hfpapers.Options{Fallback: "2026-01"}, `"2026-01" is not a day: write it like 2025-03-11.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(strings.NewReader(tt.in), tt.opts))
			var got []string
			for _, r := range recs {
				if r.Entries == nil {
					got = append(got, "none")
				}
				for _, e := range r.Entries {
					got = append(got, fmt.Sprintf("%s/%d", e.Date, e.Place))
				}
			}
			got = append(got, bad...)
			if err != nil {
				got = append(got, err.Error())
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadDailyRefuses(t *testing.T) {
	const good = `{"paper":{"id":"2912.09999","title":"After"},"highlightedTitle":[]}`
	for _, tt := range []struct {
		name, item, want string
	}{
		{"null", `null`, "record 1: paper.id is missing"},
		{"no object", `[1]`, "record 1: it is of type array, expected an object"},
		{"no id", `{"paper":{"title":"T"}}`, "record 1: paper.id is missing"},
		{"an error", `{"error":"Rate limited"}`, `record 1: it is an error and not a paper: "Rate limited"`},
		{"an id that climbs", `{"paper":{"id":"x:../../etc","title":"T"}}`, `record 1: paper.id: "x:../../etc" is not a paper id: an empty, "." or ".." part cannot stand in an id`},
		{"an id as a number", `{"paper":{"id":2912.00001,"title":"T"}}`, "record 1: paper.id is of type number, expected a string"},
		{"no title", `{"paper":{"id":"2912.00001","title":" \n"}}`, "record 1: 2912.00001: paper.title is missing"},
		{"a title in a list", `{"paper":{"id":"2912.00001","title":["T"]}}`, "record 1: paper.title is of type array, expected a string"},
		{"authors in a string", `{"paper":{"id":"2912.00001","title":"T","authors":"A, B"}}`, "record 1: paper.authors is of type string, expected an array"},
		{"a bad time", `{"paper":{"id":"2912.00001","title":"T","publishedAt":"2025-13-40"}}`, `record 1: 2912.00001: paper.publishedAt is "2025-13-40", expected a time like 2025-03-11T08:30:00.000Z`},
		{"negative votes", `{"paper":{"id":"2912.00001","title":"T","upvotes":-1}}`, "record 1: 2912.00001: upvotes is -1, expected a whole number that is not negative"},
		{"half a vote", `{"paper":{"id":"2912.00001","title":"T","upvotes":0.5}}`, "record 1: 2912.00001: upvotes is 0.5, expected a whole number that is not negative"},
		{"votes in words", `{"paper":{"id":"2912.00001","title":"T","upvotes":"many"}}`, `record 1: 2912.00001: upvotes is "many", expected a whole number that is not negative`},
		{"votes beyond all reason", `{"paper":{"id":"2912.00001","title":"T","upvotes":1e300}}`, "record 1: 2912.00001: upvotes is 1e300, expected a whole number that is not negative"},
		{"half a comment", `{"paper":{"id":"2912.00001","title":"T"},"numComments":1.5}`, "record 1: 2912.00001: numComments is 1.5, expected a whole number that is not negative"},
		{"broken UTF-8", "{\"paper\":{\"id\":\"2912.00001\",\"title\":\"T\xff\"}}", "record 1: it is not valid UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(strings.NewReader("["+tt.item+","+good+"]"), hfpapers.Options{}))
			if diff := cmp.Diff([]string{tt.want}, bad); diff != "" || err != nil {
				t.Errorf("error %v, bad (-want +got):\n%s", err, diff)
			}
			if len(recs) != 1 || recs[0].ID != "2912.09999" {
				t.Errorf("the record after it was not read: %v", recs)
			}
		})
	}
}

func TestReadDailyEnds(t *testing.T) {
	const good = `{"paper":{"id":"2912.00001","title":"T"},"highlightedTitle":[]}`
	for _, tt := range []struct {
		name, in string
		records  int
		want     string // of the error that ends the sequence
	}{
		{"empty", " \n", 0, "There is nothing in it: expected a JSON array of papers."},
		{"an empty day", "[]", 0, ""},
		{"null answer", `{"date":"2026-01-05","answer":null}` + good, 1, ""},
		{"a number", "17", 0, "Found 17 before the first record: expected a JSON array of papers."},
		{"HTML", "<html>", 0, "The JSON breaks soon after byte 0, before the first record: invalid character '<'"},
		{"a missing comma", "[" + good + good + "]", 1, "The JSON breaks soon after byte 64, after record 1 (last good one: 2912.00001): "},
		{"cut in an item", "[" + good + `,{"paper":{"id"`, 1, "after record 1 (last good one: 2912.00001): unexpected EOF"},
		{"cut between items", "[" + good, 1, "after record 1 (last good one: 2912.00001): unexpected EOF"},
		{"cut in an answer", `{"date":"2026-01-05","answer":[` + good, 1, "unexpected EOF"},
		{"cut in a paper alone", `{"id":"2912.00001"`, 0, "before the first record: unexpected EOF"},
		{"text after the end", "[" + good + "] ]", 1, "The JSON breaks soon after byte"},
		{"too large", `[` + good + `,{"paper":{"title":"` + strings.Repeat("x", 5<<20), 1, "Found a paper of more than 4 MiB after record 1 (last good one: 2912.00001)."},
		{"much white space", `[` + good + strings.Repeat(" ", 5<<20), 1, "Found a paper of more than 4 MiB"},
		{"deep", strings.Repeat("[", 20_000), 0, "exceeded max depth"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, _, err := sourcetest.Collect(hfpapers.ReadDaily(strings.NewReader(tt.in), hfpapers.Options{}))
			if len(recs) != tt.records {
				t.Errorf("got %d records, want %d", len(recs), tt.records)
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadDailyReportsTheReadersError(t *testing.T) {
	r := io.MultiReader(strings.NewReader(`[`), iotest.ErrReader(os.ErrPermission))
	if _, _, err := sourcetest.Collect(hfpapers.ReadDaily(r, hfpapers.Options{})); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want it to wrap %v", err, os.ErrPermission)
	}
}

func TestReadDailyNamesAnAnswerThatIsNoList(t *testing.T) {
	const in = `{"date":"2026-01-05","answer":{"error":{"deep":[1,{}]}}} {"date":"2026-01-06","answer":"sorry"}
		{"paper":{"id":"2912.00001","title":"T"}}`
	recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(strings.NewReader(in), hfpapers.Options{}))
	want := []string{
		"record 1: 2026-01-05: its answer is an object, expected an array of papers",
		"record 2: 2026-01-06: its answer is sorry, expected an array of papers",
	}
	if diff := cmp.Diff(want, bad); diff != "" || err != nil || len(recs) != 1 {
		t.Errorf("%d records, error %v, bad (-want +got):\n%s", len(recs), err, diff)
	}
}

func TestReadDailyStopsWhenAsked(t *testing.T) {
	for _, in := range []string{testdata(t, "daily_new.json"), testdata(t, "days.jsonl"), `[null,null]`} {
		n := 0
		for range hfpapers.ReadDaily(strings.NewReader(in), hfpapers.Options{}) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("got %d", n)
		}
	}
}

// The bound is on one paper, not on the list.
func TestReadDailyReadsLongLists(t *testing.T) {
	item := `{"paper":{"id":"2912.00001","title":"T","summary":"` + strings.Repeat("x", 1<<20) + `"},"highlightedTitle":[]}`
	list := "[" + strings.Repeat(item+",", 5) + item + "]"
	for _, in := range []string{list, `{"date":"2026-01-05","answer":` + list + "}"} {
		recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(strings.NewReader(in), hfpapers.Options{}))
		if len(recs) != 6 || bad != nil || err != nil {
			t.Errorf("%d records, bad %q, error %v; want 6", len(recs), bad, err)
		}
	}
}

// The real answers of the service, as they were at three times and as it finds
// papers, and all days that could be had.
func TestReadDailySamples(t *testing.T) {
	for _, tt := range []struct {
		file    []string
		opts    hfpapers.Options
		records int
		entries int
	}{
		{[]string{"samples", "hf_api_daily_papers_2024-05-27.json"}, hfpapers.Options{Fallback: "2024-05-27"}, 13, 13},
		{[]string{"samples", "hf_api_daily_papers_2025-09-30.json"}, hfpapers.Options{}, 50, 50},
		{[]string{"samples", "hf_api_daily_papers_2026-03-11.json"}, hfpapers.Options{}, 18, 18},
		{[]string{"samples", "hf_papers_search.json"}, hfpapers.Options{Fallback: "2024-05-27"}, 9, 0},
		{[]string{"hf_api_raw_days.jsonl.gz"}, hfpapers.Options{}, 8507, 8507},
	} {
		t.Run(tt.file[len(tt.file)-1], func(t *testing.T) {
			if tt.records > 1000 {
				need.Long(t)
			}
			recs, bad, err := sourcetest.Collect(hfpapers.ReadDaily(open(t, tt.file...), tt.opts))
			if err != nil || bad != nil {
				t.Errorf("error %v, bad %q", err, bad)
			}
			entries, days := 0, map[broadsheet.Date]int{}
			for _, r := range recs {
				check(t, r)
				for _, e := range r.Entries {
					entries++
					days[e.Date]++
					if e.Place != days[e.Date] {
						t.Errorf("%s: place %d on %s, want %d", r.ID, e.Place, e.Date, days[e.Date])
					}
				}
				if len(r.Tallies) != 1 || r.Published == "" || r.Abstract == "" {
					t.Errorf("%s is not whole: %+v", r.ID, r)
				}
			}
			if len(recs) != tt.records || entries != tt.entries {
				t.Errorf("got %d records with %d entries, want %d and %d", len(recs), entries, tt.records, tt.entries)
			}
		})
	}
}

func FuzzReadDaily(f *testing.F) {
	for _, name := range []string{"daily_old.json", "daily_new.json", "search.json", "days.jsonl", "paper.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "", "2026-01-05")
		f.Add(text[:len(text)/2], "2026-01-05", "")
	}
	f.Add([]byte(`[null,{},{"paper":{"upvotes":-0.0}},"x",[],7]{"answer":{"a":[{}]}}`), "", "")
	f.Fuzz(func(t *testing.T, text []byte, day, guess string) {
		o := hfpapers.Options{Day: broadsheet.Date(day), Fallback: broadsheet.Date(guess)}
		ended := false
		for rec, err := range hfpapers.ReadDaily(bytes.NewReader(text), o) {
			if ended {
				t.Fatal("it goes on after its end")
			}
			if bad, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
				if bad.Number < 1 || bad.Reason == "" || !utf8.ValidString(bad.Error()) {
					t.Errorf("bad record %+v", bad)
				}
			} else if err != nil {
				ended = true
			} else {
				check(t, rec)
			}
		}
	})
}
