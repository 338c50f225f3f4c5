package sqlite

import (
	"path/filepath"
	"testing"

	"broadsheet"
)

// The stars of papers, as an order by trend asks for them. The work is the same
// for each paper, however many there are and however long its history is.
func BenchmarkRises(b *testing.B) {
	const papers, days = 1000, 10
	db, err := Open(b.Context(), filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	q := broadsheet.RiseQuery{Kind: broadsheet.Stars, Source: "github", Since: "2025-03-05"}
	var records []broadsheet.Record
	var answers []broadsheet.Answered
	for i := range papers {
		r := record(i)
		records = append(records, r)
		q.Papers = append(q.Papers, r.ID)
		for d := range days {
			answers = append(answers, broadsheet.Answered{
				Paper: r.ID, Answer: broadsheet.AnswerFound, Day: broadsheet.Date("2025-03-01").AddDays(d),
				Measures: []broadsheet.Measure{{Kind: broadsheet.Stars, Value: int64(i + d)}},
			})
		}
	}
	if _, err := db.Put(b.Context(), records); err != nil {
		b.Fatal(err)
	}
	if err := db.PutAnswers(b.Context(), "github", answers); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		rises, err := db.Rises(b.Context(), q)
		if err != nil || rises[papers-1].PerDay != 1 {
			b.Fatal(rises[papers-1], err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*papers), "µs/paper")
}
