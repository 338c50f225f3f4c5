package delivery

import (
	"path/filepath"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/sqlite"
)

// BenchmarkPlan plans the digests of 10,000 readers of an edition of 300 papers, of
// whom each has seen some.
func BenchmarkPlan(b *testing.B) {
	const readers = 10_000
	for b.Loop() {
		b.StopTimer()
		path := filepath.Join(b.TempDir(), "test.db")
		store, err := sqlite.Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		putDay(b, store, "2026-03-03", 300)
		fill(b, path, readers)
		p := newPlanner(store)
		p.Latest = func(time.Time) broadsheet.Date { return "2026-03-03" }
		b.StartTimer()
		if n, err := p.Plan(b.Context(), start); err != nil || n != readers {
			b.Fatal(n, err)
		}
		b.StopTimer()
		store.Close()
		b.StartTimer()
	}
	b.ReportMetric(readers*float64(b.N)/b.Elapsed().Seconds(), "digests/s")
}
