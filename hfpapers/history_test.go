package hfpapers_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/hfpapers"
)

func TestReadHistory(t *testing.T) {
	const lines = `{"date":"2025-03-11","arxiv_id":"2503.90001","title":"Cranes","abstract":"They dance.","authors":["Ada Example"],"upvotes":3,"num_comments":2,"upvotes_later":9,"upvote_history":[["2025-03-12",5],["2025-03-14",11]],"published_at":"2025-03-10T07:00:00.000Z","github":"https://github.com/example/cranes"}

{"date":"2025-03-11","arxiv_id":"2503.90002","title":"Herons"}
{"date":"March","arxiv_id":"2503.90003","title":"Storks"}
{"date":"2025-03-11","arxiv_id":"2503.90004","title":"Ibises","upvote_history":[["2025-03-12","many"]]}
[]
{"date":"2025-03-12","arxiv_id":"2503.90005","title":"Egrets","upvotes":0}
`
	var got []hfpapers.Past
	bad := 0
	for p, err := range hfpapers.ReadHistory(strings.NewReader(lines)) {
		if _, ok := errors.AsType[*broadsheet.BadRecord](err); ok {
			bad++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p)
	}
	past := func(id broadsheet.ID, title string, day broadsheet.Date) hfpapers.Past {
		return hfpapers.Past{Record: broadsheet.Record{
			Paper:   broadsheet.Paper{ID: id, Title: title, Sources: []broadsheet.Source{{Name: "hf-daily", Date: day}}},
			Entries: []broadsheet.Entry{{Date: day}},
		}}
	}
	cranes, egrets := past("2503.90001", "Cranes", "2025-03-11"), past("2503.90005", "Egrets", "2025-03-12")
	r := &cranes.Record
	r.Abstract, r.Authors, r.Published = "They dance.", []broadsheet.Author{{Name: "Ada Example"}}, "2025-03-10"
	r.Versions = []broadsheet.Version{{Number: 1, At: time.Date(2025, 3, 10, 7, 0, 0, 0, time.UTC)}}
	r.Links = []broadsheet.Link{{Kind: "code", URL: "https://github.com/example/cranes"}}
	r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: 11, Comments: 2}}
	cranes.Counts = []hfpapers.Counted{{"2025-03-12", 5}, {"2025-03-14", 11}}
	egrets.Record.Tallies = []broadsheet.Tally{{Source: "hf"}}
	if diff := cmp.Diff([]hfpapers.Past{cranes, past("2503.90002", "Herons", "2025-03-11"), egrets}, got); diff != "" {
		t.Errorf("papers (-want +got):\n%s", diff)
	}
	if bad != 3 {
		t.Errorf("%d lines refused, want 3", bad)
	}
}

func TestReadHistoryReal(t *testing.T) {
	n, voted := 0, 0
	for p, err := range hfpapers.ReadHistory(open(t, "hf_daily.jsonl.gz")) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; len(p.Record.Tallies) > 0 {
			voted++
		}
	}
	if n != 12041 || voted != 11735 {
		t.Errorf("%d papers, %d with votes; want 12041 and 11735", n, voted)
	}
}

func FuzzReadHistory(f *testing.F) {
	f.Add(`{"date":"2025-03-11","arxiv_id":"2503.90001","title":"Cranes","upvotes":3,"upvote_history":[["2025-03-12",5]]}`)
	f.Add(`{"upvote_history":[[1]]}`)
	f.Fuzz(func(t *testing.T, s string) {
		for p, err := range hfpapers.ReadHistory(strings.NewReader(s)) {
			if err == nil {
				if err := p.Record.Validate(); err != nil {
					t.Errorf("yielded a record that is not valid: %v", err)
				}
			}
		}
	})
}
