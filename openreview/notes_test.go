package openreview_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/internal/need"
	"broadsheet/internal/sourcetest"
	"broadsheet/openreview"
)

func TestReadNotes(t *testing.T) {
	text, err := os.ReadFile("testdata/notes.json")
	if err != nil {
		t.Fatal(err)
	}
	source := func(d broadsheet.Date) []broadsheet.Source {
		return []broadsheet.Source{{Name: "openreview", Date: d}}
	}
	want := []broadsheet.Record{
		{Paper: broadsheet.Paper{
			ID: "openreview:Aa-_1", Title: "Kettles that listen", Abstract: "They listen.\n\nThen they sing.",
			Authors:   []broadsheet.Author{{Name: "Ada Example"}, {Name: "Bo Sample"}},
			Published: "2026-01-05", Announced: "2026-01-06", Updated: "2026-01-07", License: "CC BY 4.0",
			Venue: "Kettle 2599 oral", TLDR: "They listen.", Keywords: []string{"kettles", "song", "singing kettles"},
			Links:   []broadsheet.Link{{Kind: "code", URL: "https://github.com/example/kettle", Source: "openreview"}},
			Sources: source("2026-01-07"),
		}},
		{Paper: broadsheet.Paper{
			ID: "openreview:Bb2", Title: "Anonymous tea", Published: "2026-01-05", Keywords: []string{"tea", "leaves"},
			Venue: "Kettle 2599 Conference Withdrawn Submission", Comments: "Withdrawn.", Sources: source("2026-01-05"),
		}},
		{Paper: broadsheet.Paper{
			ID: "openreview:Cc3", Status: "deleted", Sources: []broadsheet.Source{{Name: "openreview", Date: "2026-01-07", Deleted: true}},
		}},
		{Paper: broadsheet.Paper{
			ID: "openreview:Dd4", Title: "From version one", Authors: []broadsheet.Author{{Name: "Cy Sample"}}, Keywords: []string{"old"}, Sources: source(""),
		}},
	}
	recs, bad, err := sourcetest.Collect(openreview.ReadNotes(bytes.NewReader(text)))
	if diff := cmp.Diff(want, recs); diff != "" || err != nil || bad != nil {
		t.Errorf("error %v, bad %q (-want +got):\n%s", err, bad, diff)
	}
	for _, r := range recs {
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
}

func TestReadNotesRefuses(t *testing.T) {
	const good = `{"id":"Zz","content":{"title":"After"}}`
	for _, tt := range []struct{ name, item, want string }{
		{"null", `null`, "record 1: id is missing"},
		{"no object", `"x"`, "record 1: it is of type string, which it should not be"},
		{"an id that climbs", `{"id":"../x","content":{"title":"T"}}`, "part cannot stand in an id"},
		{"no title", `{"id":"Aa","content":{"title":{"value":" "}}}`, "record 1: Aa: content.title is missing"},
		{"a title that is a number", `{"id":"Aa","content":{"title":{"value":7}}}`, "content.title is missing"},
		{"no content", `{"id":"Aa"}`, "content.title is missing"},
		{"content in a list", `{"id":"Aa","content":[]}`, "content is of type array, which it should not be"},
		{"broken UTF-8", "{\"id\":\"\xff\"}", "it is not valid UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, bad, err := sourcetest.Collect(openreview.ReadNotes(strings.NewReader(`{"notes":[` + tt.item + "," + good + `]}`)))
			if err != nil || len(recs) != 1 || len(bad) != 1 || !strings.Contains(bad[0], tt.want) {
				t.Errorf("%d records, bad %q, error %v; want %q", len(recs), bad, err, tt.want)
			}
		})
	}
}

func TestReadNotesEnds(t *testing.T) {
	const good = `{"id":"Zz","content":{"title":"After"}}`
	for _, tt := range []struct {
		name, in string
		records  int
		want     string
	}{
		{"empty", "", 0, "There is nothing in it"},
		{"none", `{"notes":[],"count":0}`, 0, ""},
		{"an error", `{"name":"NotFoundError","message":"x"}`, 0, `It has no "notes"`},
		{"a list", `[]`, 0, "Found [: expected"},
		{"notes that are none", `{"notes":{}}`, 0, `"notes" is {: expected an array`},
		{"cut", `{"notes":[` + good + `,{"id"`, 1, "after note 1: unexpected EOF"},
		{"HTML", "<html>", 0, "The JSON breaks soon after byte"},
		{"a note without end", `{"notes":[` + good + `,{"id":"` + strings.Repeat("x", 5<<20), 1, "Found a note of more than 4 MiB after note 1."},
		{"two answers", `{"notes":[` + good + `]}{"notes":[` + good + `],"count":"x"}`, 2, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recs, _, err := sourcetest.Collect(openreview.ReadNotes(strings.NewReader(tt.in)))
			if len(recs) != tt.records || tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%d records, error %v; want %d, %q", len(recs), err, tt.records, tt.want)
			}
		})
	}
}

// An answer in the form that is documented; no recorded one could be had.
func TestReadNotesSample(t *testing.T) {
	f, err := os.Open(need.Corpora(t, "data", "samples", "openreview_notes_v2.synthetic.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	recs, bad, err := sourcetest.Collect(openreview.ReadNotes(f))
	if err != nil || bad != nil || len(recs) != 2 {
		t.Fatalf("%d records, bad %q, error %v", len(recs), bad, err)
	}
	if r := recs[0]; len(r.Authors) != 2 || r.TLDR == "" || r.Abstract == "" || len(r.Keywords) != 3 || r.Venue != "NeurIPS 2026 spotlight" {
		t.Errorf("%+v", r)
	}
}

func FuzzReadNotes(f *testing.F) {
	text, err := os.ReadFile("testdata/notes.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add([]byte(`{"count":-1e9,"notes":[null,{"id":"x","tcdate":1e308,"ddate":-1,"content":{"authors":{"value":{"value":[]}}}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ended := false
		for rec, err := range openreview.ReadNotes(bytes.NewReader(text)) {
			if ended {
				t.Fatal("it goes on after its end")
			}
			if _, bad := errors.AsType[*broadsheet.BadRecord](err); err != nil {
				ended = !bad
				continue
			}
			if id, err := broadsheet.ParseID(string(rec.ID)); err != nil || id != rec.ID || rec.Title == "" && rec.Status == "" {
				t.Errorf("%+v", rec)
			}
		}
	})
}
