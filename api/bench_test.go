package api_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/api"
)

// papersOf returns as many papers as a day of arXiv has.
func papersOf(n int) []broadsheet.Record {
	var records []broadsheet.Record
	for i := range n {
		r := full()
		r.ID, r.Entries[0].Place = broadsheet.ID(fmt.Sprintf("2912.%05d", i)), i+1
		r.Abstract = fmt.Sprintf("%0*d", 1100, i)
		records = append(records, r)
	}
	return records
}

// A page of fifty papers, of an edition of 1,500.
func BenchmarkDailyPapers(b *testing.B) {
	i := newInstance(b, api.Server{}, papersOf(1500)...)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		i.h.ServeHTTP(w, httptest.NewRequest("GET", "/api/daily_papers?date=2026-01-05&p=3", nil))
		if w.Code != 200 || w.Body.Len() < 50*2200 {
			b.Fatal(w.Code, w.Body.Len())
		}
	}
}

// An edition of 1,500 papers, from one instance into another.
func BenchmarkExchange(b *testing.B) {
	from := newSite(b, papersOf(1500)...)
	for b.Loop() {
		to := newSite(b)
		start := time.Now()
		to.sync(b, from)
		b.ReportMetric(1500/time.Since(start).Seconds(), "papers/s")
	}
}
