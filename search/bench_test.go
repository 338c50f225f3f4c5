package search_test

import (
	"slices"
	"testing"

	"broadsheet/search"
	"broadsheet/search/bench"
	"broadsheet/search/query"
)

// BenchmarkUpdate indexes 5,000 invented papers; ns/op is for all of them.
func BenchmarkUpdate(b *testing.B) {
	papers := slices.Collect(bench.Invent(5000, 1))
	size := 0
	for _, p := range papers {
		size += len(p.Title) + len(p.Abstract)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		e, err := search.Open(b.TempDir(), search.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Update(b.Context(), papers, nil); err != nil {
			b.Fatal(err)
		}
		if err := e.Commit(nil); err != nil {
			b.Fatal(err)
		}
		e.Close()
	}
	b.ReportMetric(float64(len(papers)*b.N)/b.Elapsed().Seconds(), "papers/s")
}

// BenchmarkUpdateOne makes one more paper searchable among 20,000.
func BenchmarkUpdateOne(b *testing.B) {
	papers := slices.Collect(bench.Invent(20_500, 2))
	e := benchEngine(b, papers[:20_000])
	papers = papers[20_000:]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := e.Update(b.Context(), papers[i%len(papers):][:1], nil); err != nil {
			b.Fatal(err)
		}
	}
}

func benchEngine(b *testing.B, papers []search.Paper) *search.Engine {
	b.Helper()
	e, err := search.Open(b.TempDir(), search.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	if err := e.Update(b.Context(), papers, nil); err != nil {
		b.Fatal(err)
	}
	if err := e.Optimize(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	return e
}

// BenchmarkSearch asks questions of all kinds of 20,000 invented papers.
func BenchmarkSearch(b *testing.B) {
	papers := slices.Collect(bench.Invent(20_000, 3))
	e := benchEngine(b, papers)
	asked := map[string][]bench.Question{}
	for _, q := range bench.Questions(papers, 4) {
		asked[q.Kind] = append(asked[q.Kind], q)
	}
	for _, kind := range bench.Kinds {
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := e.Search(b.Context(), asked[kind][i%len(asked[kind])].Request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSimilar finds what is like a paper among 20,000.
func BenchmarkSimilar(b *testing.B) {
	papers := slices.Collect(bench.Invent(20_000, 3))
	e := benchEngine(b, papers)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := papers[i%len(papers)]
		if _, err := e.Similar(b.Context(), p.ID, p.Title, p.Abstract, 10); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHighlight marks a page of papers.
func BenchmarkHighlight(b *testing.B) {
	papers := slices.Collect(bench.Invent(20, 5))
	e := benchEngine(b, papers)
	q, _ := query.Parse(papers[3].Title)
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range papers {
			e.Highlight(q, p.Title, p.Abstract)
		}
	}
}
