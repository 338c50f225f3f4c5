package gist_test

import "testing"

// BenchmarkDerive tells an abstract of ordinary length.
//
//	go test ./gist -run '^$' -bench Derive
func BenchmarkDerive(b *testing.B) {
	const title, abstract = "Patient Kettles: Energy-Efficient Tea with Recurrent Neural Networks", background + problem + idea + detail +
		background + "Recurrent neural networks and energy-efficient tea go well together. " + problem + detail + result
	m := builtin(b)
	for name, run := range map[string]func(){
		"gist":    func() { m.Gist(abstract) },
		"phrases": func() { m.Keyphrases(title, abstract) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(abstract)))
			for b.Loop() {
				run()
			}
		})
	}
}
