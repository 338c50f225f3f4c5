package biorxiv_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/biorxiv"
	"broadsheet/internal/need"
	"broadsheet/internal/sourcetest"
)

func day(s string) time.Time { t, _ := time.Parse(time.DateOnly, s); return t }

func TestReadDetails(t *testing.T) {
	text, err := os.ReadFile("testdata/details.json")
	if err != nil {
		t.Fatal(err)
	}
	want := []broadsheet.Record{
		{Paper: broadsheet.Paper{
			ID: "doi:10.1101/2599.01.05.000001", Title: "Snails that hum at dusk", Abstract: "Snails hum. We listened.",
			Authors: []broadsheet.Author{{Name: "A. B. Example"}, {Name: "C. van der Sample", Affiliation: "Garden Institute, Shellton"},
				{Name: "J. Doe Jr."}, {Name: "The Snail Consortium"}},
			Categories: []string{"biorxiv.animal-behavior-and-cognition"}, Published: "2026-01-05", Announced: "2026-01-05", Updated: "2026-01-05",
			Versions: []broadsheet.Version{{Number: 1, At: day("2026-01-05")}}, License: "https://creativecommons.org/licenses/by-nc-nd/4.0/",
			Sources: []broadsheet.Source{{Name: "biorxiv", Date: "2026-01-05"}},
		}},
		{Paper: broadsheet.Paper{
			ID: "doi:10.1101/2599.01.06.000002", Title: "Moss in motion", Abstract: "It moved.",
			Authors:    []broadsheet.Author{{Name: "M. Moss"}, {Name: "M. A. Moss"}}, // whose school it is cannot be told
			Categories: []string{"biorxiv.plant-biology"}, Updated: "2026-01-06", DOI: "10.9999/moss.7", Comments: "Withdrawn.",
			Versions: []broadsheet.Version{{Number: 3, At: day("2026-01-06")}}, License: "https://creativecommons.org/licenses/by/4.0/",
			Sources: []broadsheet.Source{{Name: "biorxiv", Date: "2026-01-06"}},
		}},
		{Paper: broadsheet.Paper{
			ID: "doi:10.1101/2599.01.06.000003", Title: "Teas for colds", Authors: []broadsheet.Author{{Name: "T. Brewer"}},
			Updated: "2026-01-06", Versions: []broadsheet.Version{{Number: 2, At: day("2026-01-06")}}, License: "other",
			Sources: []broadsheet.Source{{Name: "medrxiv", Date: "2026-01-06"}},
		}},
	}
	recs, bad, err := sourcetest.Collect(biorxiv.ReadDetails(bytes.NewReader(text)))
	if diff := cmp.Diff(want, recs); diff != "" || err != nil || bad != nil {
		t.Errorf("error %v, bad %q (-want +got):\n%s", err, bad, diff)
	}
}

// The versions of a preprint make one paper, in whatever order they come.
func TestVersionsMakeOnePaper(t *testing.T) {
	item := func(version, date, title string) string {
		return `{"doi":"10.1101/2599.01.05.000001","title":"` + title + `","date":"` + date + `","version":"` + version + `","server":"biorxiv"}`
	}
	items := []string{item("1", "2026-01-05", "First"), item("2", "2026-02-06", "Second"), item("3", "2026-03-07", "Third")}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1, 0, 2}} {
		var in []string
		for _, i := range order {
			in = append(in, items[i])
		}
		recs, _, err := sourcetest.Collect(biorxiv.ReadDetails(strings.NewReader(`{"collection":[` + strings.Join(in, ",") + `]}`)))
		if err != nil {
			t.Fatal(err)
		}
		var p broadsheet.Record
		for _, r := range recs {
			p = broadsheet.Merge(p, r)
		}
		var numbers []int
		for _, v := range p.Versions {
			numbers = append(numbers, v.Number)
		}
		if p.Title != "Third" || p.Published != "2026-01-05" || p.Announced != "2026-01-05" || p.Updated != "2026-03-07" || !cmp.Equal(numbers, []int{1, 2, 3}) {
			t.Errorf("order %v: %q of %s, announced %s, updated %s, versions %v", order, p.Title, p.Published, p.Announced, p.Updated, numbers)
		}
	}
}

func TestReadDetailsRefuses(t *testing.T) {
	const good = `{"doi":"10.1101/2599.01.05.000009","title":"After","date":"2026-01-05","version":"1"}`
	for _, tt := range []struct{ name, item, want string }{
		{"null", `null`, `record 1: doi: "doi:" is not a paper id`},
		{"no object", `"x"`, "record 1: it is of type string, expected an object"},
		{"no DOI", `{"title":"T"}`, `is not a paper id`},
		{"a DOI that climbs", `{"doi":"10.1101/../x","title":"T"}`, "part cannot stand in an id"},
		{"no title", `{"doi":"10.1101/1","title":" "}`, "record 1: doi:10.1101/1: title is missing"},
		{"no date", `{"doi":"10.1101/1","title":"T"}`, `date is "", expected a day`},
		{"a month", `{"doi":"10.1101/1","title":"T","date":"2026-01"}`, `date is "2026-01", expected a day`},
		{"a version of 0", `{"doi":"10.1101/1","title":"T","date":"2026-01-05","version":"0"}`, `version is "0"`},
		{"a version of a million", `{"doi":"10.1101/1","title":"T","date":"2026-01-05","version":"1000000"}`, "expected a number from 1"},
		{"authors in a list", `{"doi":"10.1101/1","title":"T","authors":["A"]}`, "authors is of type array, expected a text"},
		{"broken UTF-8", "{\"doi\":\"10.1101/1\",\"title\":\"\xff\"}", "it is not valid UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, bad, err := sourcetest.Collect(biorxiv.ReadDetails(strings.NewReader(`{"collection":[` + tt.item + "," + good + `]}`)))
			if err != nil || len(recs) != 1 || len(bad) != 1 || !strings.Contains(bad[0], tt.want) {
				t.Errorf("%d records, bad %q, error %v; want %q", len(recs), bad, err, tt.want)
			}
		})
	}
}

func TestReadDetailsEnds(t *testing.T) {
	const good = `{"doi":"10.1101/2599.01.05.000009","title":"After","date":"2026-01-05","version":"1"}`
	for _, tt := range []struct {
		name, in string
		records  int
		want     string
	}{
		{"empty", " ", 0, "There is nothing in it"},
		{"no posts", `{"messages":[{"status":"no posts found"}],"collection":[]}`, 0, ""},
		{"no collection", `{"messages":[{"status":"no posts found"}]}`, 0, ""},
		{"null", `{"messages":null,"collection":null}`, 0, ""},
		{"something else", `{"error":"x"}`, 0, `neither "messages" nor "collection"`},
		{"a list", `[]`, 0, "Found [: expected"},
		{"a collection that is none", `{"collection":7}`, 0, `"collection" is 7: expected an array`},
		{"cut", `{"collection":[` + good + `,{"doi"`, 1, "after record 1: unexpected EOF"},
		{"cut between", `{"collection":[` + good, 1, "after record 1: unexpected EOF"},
		{"HTML", "<html>", 0, "The JSON breaks soon after byte"},
		{"a preprint without end", `{"collection":[` + good + `,{"title":"` + strings.Repeat("x", 5<<20), 1, "Found a preprint of more than 4 MiB after record 1."},
		{"two answers", `{"collection":[` + good + `]}{"collection":[` + good + `]}`, 2, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, _, err := sourcetest.Collect(biorxiv.ReadDetails(strings.NewReader(tt.in)))
			if len(recs) != tt.records || tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%d records, error %v; want %d, %q", len(recs), err, tt.records, tt.want)
			}
		})
	}
}

// Records as the service gave them in 2018 and in 2026.
func TestReadDetailsSamples(t *testing.T) {
	for _, name := range []string{"biorxiv_details_item_2018.json", "biorxiv_details_item_2026.json"} {
		f, err := os.Open(need.Corpora(t, "data", "samples", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		recs, bad, err := sourcetest.Collect(biorxiv.ReadDetails(f))
		if err != nil || bad != nil || len(recs) != 1 {
			t.Fatalf("%s: %d records, bad %q, error %v", name, len(recs), bad, err)
		}
		r := recs[0]
		if err := r.Validate(); err != nil || len(r.Authors) < 7 || r.Categories[0] != "biorxiv.neuroscience" || r.Abstract == "" {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
		affiliated := 0
		for _, a := range r.Authors {
			if a.Affiliation != "" {
				affiliated++
			}
		}
		if affiliated != 1 {
			t.Errorf("%s: %d authors have an affiliation, want the corresponding one", name, affiliated)
		}
	}
}

func FuzzReadDetails(f *testing.F) {
	text, err := os.ReadFile("testdata/details.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add([]byte(`{"messages":[{"count":"x"}],"collection":[null,{"authors":";,,;, ,","version":"-1"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ended := false
		for rec, err := range biorxiv.ReadDetails(io.Reader(bytes.NewReader(text))) {
			if ended {
				t.Fatal("it goes on after its end")
			}
			if _, bad := errors.AsType[*broadsheet.BadRecord](err); err != nil {
				ended = !bad
				continue
			}
			if id, err := broadsheet.ParseID(string(rec.ID)); err != nil || id != rec.ID || rec.Title == "" || len(rec.Versions) != 1 || !rec.Updated.IsDay() {
				t.Errorf("%+v", rec)
			}
		}
	})
}
