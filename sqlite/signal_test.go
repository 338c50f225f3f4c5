package sqlite

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func tallied(n, upvotes int) broadsheet.Record {
	r := record(n)
	r.Entries = []broadsheet.Entry{{Date: "2025-01-06"}}
	r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: upvotes}}
	return r
}

// A year of daily imports, each with a vote more, leaves no more tallies than the
// windows need, and the gain of a window is right all the time.
func TestTalliesAreBounded(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"))
	start := time.Date(2025, 2, 1, 12, 0, 0, 0, time.UTC)
	for day := range 365 {
		now := start.AddDate(0, 0, day)
		db.Now = func() time.Time { return now }
		if _, err := db.Put(t.Context(), []broadsheet.Record{tallied(1, 10+day)}); err != nil {
			t.Fatal(err)
		}
		if day < 20 || day%50 != 0 {
			continue
		}
		today := broadsheet.DateOf(now)
		got, err := db.Moving(t.Context(), broadsheet.Period{First: today.AddDays(-13), Last: today})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].Upvotes-got[0].Before.Upvotes != 14 || got[0].Day != today {
			t.Errorf("on %s: %+v, want 14 votes gained in 14 days", today, got)
		}
	}
	var n int
	if err := db.read.QueryRow(`SELECT count(*) FROM tallies`).Scan(&n); err != nil || n > keepTallies+2 {
		t.Errorf("%d tallies of one paper (%v), want at most %d", n, err, keepTallies+2)
	}
}

// A database of before the migration gets its columns from its documents.
func TestSignalsOfOldRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path)
	doc := func(r broadsheet.Record) string {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	r := tallied(1, 7)
	r.Categories, r.Tallies[0].Comments = []string{"cs.CL", "cs.AI"}, 2
	r.Tallies = append(r.Tallies, broadsheet.Tally{Source: "other", Upvotes: 1, Comments: 3})
	old, err := migrations.ReadFile("migrations/0001_papers.sql")
	if err != nil {
		t.Fatal(err)
	}
	next, err := migrations.ReadFile("migrations/0005_signals.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements := "DROP INDEX measures_stars; DROP TABLE interest; DROP TABLE tallies; DROP TABLE entries; DROP TABLE aliases; DROP TABLE changes; DROP TABLE papers;" + string(old)
	if _, err := db.write.Exec(statements); err != nil {
		t.Fatal(err)
	}
	for i, d := range []string{doc(r), doc(record(2))} {
		if _, err := db.write.Exec(`INSERT INTO papers (id, title_key, day, published, upvotes, doc) VALUES (?, 1, '2025-01-06', '', ?, ?)`,
			fmt.Sprintf("2503.0000%d", i+1), 8*(1-i), d); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.write.Exec(string(next)); err != nil {
		t.Fatal(err)
	}
	got, err := db.Signals(t.Context(), broadsheet.Period{First: "2025-01-06", Last: "2025-01-06"})
	if err != nil {
		t.Fatal(err)
	}
	want := []broadsheet.Signals{
		{ID: "2503.00001", Day: "2025-01-06", Category: "cs.CL", Counts: broadsheet.Counts{Upvotes: 8, Comments: 5}},
		{ID: "2503.00002", Day: "2025-01-06"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}

// The stars of a paper are a signal of its edition, and an old paper whose code gains
// stars rises by what it gained.
func TestStarsAreSignals(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"))
	old, recent := tallied(1, 7), tallied(2, 7)
	recent.Entries[0].Date = "2025-06-10"
	if _, err := db.Put(t.Context(), []broadsheet.Record{old, recent, record(3)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day   broadsheet.Date
		paper int
		stars int64
	}{{"2025-05-20", 1, 100}, {"2025-06-11", 1, 380}, {"2025-06-04", 2, 10}, {"2025-06-11", 2, 24}, {"2025-06-11", 3, 5}} {
		err := db.PutAnswers(t.Context(), "github", []broadsheet.Answered{{Paper: record(c.paper).ID, Answer: broadsheet.AnswerFound, Day: c.day,
			Measures: []broadsheet.Measure{{Kind: broadsheet.Stars, Source: "github", Value: c.stars, Since: c.day, Counted: c.day}}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.Moving(t.Context(), broadsheet.Period{First: "2025-06-01", Last: "2025-06-14"})
	if err != nil {
		t.Fatal(err)
	}
	want := []broadsheet.Signals{
		{ID: "2503.00002", Day: "2025-06-10", Counts: broadsheet.Counts{Upvotes: 7, Stars: 24}, StarsPerDay: 2},
		{ID: "2503.00001", Day: "2025-06-11", Counts: broadsheet.Counts{Upvotes: 7, Stars: 380}, StarsPerDay: 280.0 / 22,
			Before: broadsheet.Counts{Upvotes: 7, Stars: 100}, Rising: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what moves (-want +got):\n%s", diff)
	}
}
