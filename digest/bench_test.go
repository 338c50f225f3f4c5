package digest

import "testing"

// BenchmarkUpdate compares keeping a choice up with choosing greedily anew after
// each update, of a window of 1,000 invented papers.
func BenchmarkUpdate(b *testing.B) {
	const n = 1000
	fill := func() *Chooser {
		c := New(Options{Seed: 1})
		for i := range n {
			c.Insert(arrivals(i, false))
		}
		return c
	}
	b.Run("kept up", func(b *testing.B) {
		c, step := fill(), 0
		before := c.calls
		for b.Loop() {
			slide(c, n, step, false)
			step++
		}
		b.ReportMetric(float64(c.calls-before)/float64(b.N), "gains/op")
	})
	b.Run("kept up and looked at", func(b *testing.B) {
		c, step := fill(), 0
		for b.Loop() {
			slide(c, n, step, false)
			c.Choose()
			step++
		}
	})
	b.Run("chosen anew", func(b *testing.B) {
		c := fill()
		items := itemsOf(c)
		before := c.calls
		for b.Loop() {
			greedy(c, items)
			c.calls += n // f of each alone, which greedy took from the items here
		}
		b.ReportMetric(float64(c.calls-before)/float64(b.N), "gains/op")
	})
}
