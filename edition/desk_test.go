package edition_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/edition"
	"broadsheet/sqlite"
)

func openStore(tb testing.TB) *sqlite.DB {
	tb.Helper()
	db, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "x.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}

func put(tb testing.TB, db *sqlite.DB, records ...broadsheet.Record) {
	tb.Helper()
	if _, err := db.Put(tb.Context(), records); err != nil {
		tb.Fatal(err)
	}
}

func announced(id broadsheet.ID, day broadsheet.Date) broadsheet.Record {
	return broadsheet.Record{Paper: broadsheet.Paper{ID: id, Title: "Paper " + string(id), Published: day, Categories: []string{"cs.CV"},
		Sources: []broadsheet.Source{{Name: "jsonl"}}}}
}

func submitted(id broadsheet.ID, day broadsheet.Date, upvotes int) broadsheet.Record {
	r := announced(id, day)
	r.Entries = []broadsheet.Entry{{Date: day, Place: 1}}
	r.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: upvotes}}
	return r
}

// ids returns the papers of an edition, those that a prediction put there marked
// with "?" and those that rise again with "^".
func ids(e broadsheet.Edition) (list []string) {
	for i, r := range e.Papers {
		s := string(r.ID)
		if e.Standings != nil && e.Standings[i].Predicted {
			s += "?"
		}
		if e.Standings != nil && e.Standings[i].Rising {
			s += "^"
		}
		list = append(list, s)
	}
	return list
}

func TestDesk(t *testing.T) {
	db := openStore(t)
	put(t, db, announced("2503.00001", "2025-03-11"), announced("2503.00002", "2025-03-11"), announced("2503.00003", "2025-03-12"),
		submitted("2503.00004", "2025-03-10", 40), submitted("2503.00005", "2025-03-12", 30))
	if err := db.PutInterest(t.Context(), []broadsheet.Prediction{{ID: "2503.00002", Interest: 0.9}, {ID: "2503.00001", Interest: 0.1}}); err != nil {
		t.Fatal(err)
	}
	desk := edition.New(db)
	week := broadsheet.PeriodOf(broadsheet.Week, broadsheet.Date("2025-03-11").Time())
	for _, tt := range []struct {
		name  string
		query broadsheet.EditionQuery
		want  []string
	}{
		{"by votes, then by what is predicted", broadsheet.EditionQuery{Period: week},
			[]string{"2503.00004", "2503.00005", "2503.00002?", "2503.00001?", "2503.00003"}},
		{"trending weighs votes with age", broadsheet.EditionQuery{Period: week, Order: broadsheet.ByTrending},
			[]string{"2503.00005", "2503.00004", "2503.00003", "2503.00002?", "2503.00001?"}},
		{"a page of it", broadsheet.EditionQuery{Period: week, Order: broadsheet.ByTrending, Offset: 3, Limit: 1}, []string{"2503.00002?"}},
		{"a page behind the last", broadsheet.EditionQuery{Period: week, Order: broadsheet.ByTrending, Offset: 50, Limit: 10}, nil},
		{"by date no prediction decides", broadsheet.EditionQuery{Period: week, Order: broadsheet.ByPublished, Explain: true},
			[]string{"2503.00005", "2503.00003", "2503.00001", "2503.00002", "2503.00004"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ed, err := desk.Edition(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, ids(ed)); diff != "" || ed.Total != 5 || len(ed.Standings) != len(ed.Papers) {
				t.Errorf("%d standings of %d; papers (-want +got):\n%s", len(ed.Standings), ed.Total, diff)
			}
		})
	}
	t.Run("a change is seen at once", func(t *testing.T) {
		put(t, db, submitted("2503.00003", "2025-03-12", 500))
		ed, err := desk.Edition(t.Context(), broadsheet.EditionQuery{Period: week, Order: broadsheet.ByTrending, Limit: 1})
		if diff := cmp.Diff([]string{"2503.00003"}, ids(ed)); err != nil || diff != "" {
			t.Errorf("%v; papers (-want +got):\n%s", err, diff)
		}
	})
}

// A paper of long ago that is voted on again stands among the new ones, by the votes
// that it gained, and leaves when the window has passed.
func TestOldPapersRiseAgain(t *testing.T) {
	db := openStore(t)
	clock := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	db.Now = func() time.Time { return clock }
	put(t, db, submitted("2401.00001", "2024-01-10", 300), submitted("2401.00002", "2024-01-10", 900))
	clock = clock.AddDate(0, 0, 20)
	put(t, db, submitted("2503.00001", "2025-03-21", 60), submitted("2503.00002", "2025-03-21", 3), submitted("2401.00001", "2024-01-10", 320))
	desk := edition.New(db)
	for _, tt := range []struct {
		until broadsheet.Date
		want  []string
	}{
		{"2025-03-20", nil},
		{"2025-03-21", []string{"2503.00001", "2401.00001^", "2503.00002"}},
		{"2025-04-03", []string{"2503.00001", "2401.00001^", "2503.00002"}},
		{"2025-04-04", nil},
	} {
		ed, err := desk.Trending(t.Context(), broadsheet.TrendQuery{Until: tt.until})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, ids(ed)); diff != "" {
			t.Errorf("until %s (-want +got):\n%s", tt.until, diff)
		}
	}
}

// BenchmarkMonth is the first page of a month of all of arXiv, ranked anew, and its
// second page, which finds the ranking kept.
func BenchmarkMonth(b *testing.B) {
	db := openStore(b)
	const papers = 25_000
	var batch []broadsheet.Record
	var predicted []broadsheet.Prediction
	for n := range papers {
		r := announced(broadsheet.ID(fmt.Sprintf("2503.%05d", n)), broadsheet.Date(fmt.Sprintf("2025-03-%02d", 1+n%31)))
		if n%20 == 0 {
			r = submitted(r.ID, r.Published, n%97)
		} else {
			predicted = append(predicted, broadsheet.Prediction{ID: r.ID, Interest: 1 / float64(2+n%50)})
		}
		batch = append(batch, r)
	}
	put(b, db, batch...)
	if err := db.PutInterest(b.Context(), predicted); err != nil {
		b.Fatal(err)
	}
	q := broadsheet.EditionQuery{Period: broadsheet.PeriodOf(broadsheet.Month, broadsheet.Date("2025-03-01").Time()), Order: broadsheet.ByTrending, Limit: 50}
	page := func(d *edition.Desk) {
		if ed, err := d.Edition(b.Context(), q); err != nil || ed.Total != papers {
			b.Fatal(ed.Total, err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			page(edition.New(db))
		}
	})
	b.Run("next", func(b *testing.B) {
		d := edition.New(db)
		page(d)
		for b.Loop() {
			page(d)
		}
	})
}
