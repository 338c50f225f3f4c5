package suggest_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/need"
	"broadsheet/search/suggest"
)

// benchmarkComplete reports the median and the 99th percentile besides the mean.
func benchmarkComplete(b *testing.B, f *suggest.File, prefixes []string) {
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		f.Complete(prefixes[i%len(prefixes)], 10)
		if len(took) < 1<<20 {
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}

// BenchmarkComplete completes prefixes of each length of 200,000 invented titles.
func BenchmarkComplete(b *testing.B) {
	v := newInventor(9, 50_000)
	entries := v.entries(200_000)
	f := open(b, build(b, suggest.Options{}, entries...))
	for _, n := range []int{1, 2, 4, 8, 16, 32} {
		var prefixes []string
		for range 5000 {
			title := entries[v.rng.IntN(len(entries))].Text
			prefixes = append(prefixes, title[:min(n, len(title))])
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkComplete(b, f, prefixes) })
	}
}

func BenchmarkCompleteReal(b *testing.B) {
	all := realPapers(b)
	f := open(b, realFile(b))
	rng := newInventor(9, 1).rng
	for _, n := range []int{1, 2, 4, 8, 16, 32} {
		var prefixes []string
		for range 5000 {
			title := all[rng.IntN(len(all))].Title
			prefixes = append(prefixes, title[:min(n, len(title))])
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkComplete(b, f, prefixes) })
	}
}

func BenchmarkBuild(b *testing.B) {
	entries := newInventor(9, 50_000).entries(100_000)
	size := 0
	for _, e := range entries {
		size += len(e.Text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		build(b, suggest.Options{}, entries...)
	}
}

func BenchmarkFold(b *testing.B) {
	const title = "Attention-Guided Kettles: A Schrödinger’s Approach to Self-Boiling GPT-4 (and C++)"
	b.SetBytes(int64(len(title)))
	b.ReportAllocs()
	for b.Loop() {
		suggest.Fold(title)
	}
}

func BenchmarkPhrases(b *testing.B) {
	entries := newInventor(9, 50_000).entries(10_000)
	size := 0
	for _, e := range entries {
		size += len(e.Text)
	}
	c := suggest.NewPhraseCounter(10)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range entries {
			c.First(e.Text)
		}
	}
}

func BenchmarkCorrect(b *testing.B) {
	v := newInventor(9, 100_000)
	var words []suggest.Entry
	for i, w := range v.words {
		words = append(words, word(w, uint32(1+100_000/(i+1))))
	}
	s := &suggest.Speller{Dictionary: open(b, build(b, suggest.Options{}, words...))}
	for _, typo := range []string{"bakne", "bakentrlimu"} {
		b.Run(typo, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Correct([]string{typo})
			}
		})
	}
}

// A million titles are built in bounded memory, and completing them stays quick.
func TestMillionTitles(t *testing.T) {
	need.Long(t)
	if testing.CoverMode() != "" {
		t.Skip("skipped: coverage slows it down")
	}
	const titles = 1_000_000
	v := newInventor(11, 200_000)
	var most uint64
	measure := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
	}
	dir := t.TempDir()
	b := suggest.NewBuilder(suggest.Options{TempDir: dir, Progress: func(string, int, int) error { measure(); return nil }})
	defer b.Close()
	runtime.GC()
	began := time.Now()
	for i := range titles {
		e := suggest.Entry{Text: v.title(10), ID: fmt.Sprintf("24%02d.%05d", i/100_000, i%100_000), Weight: uint32(i % 5000)}
		if err := b.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	measure()
	if err := b.Write(dir + "/titles"); err != nil {
		t.Fatal(err)
	}
	t.Logf("built in %v with %d MB of heap", time.Since(began).Round(time.Second), most/1e6)
	if most > 200e6 {
		t.Errorf("%d MB of heap, want at most 200", most/1e6)
	}
	if st, err := os.Stat(dir + "/titles"); err == nil {
		t.Logf("%d MB", st.Size()/1e6)
	}
	f := open(t, dir+"/titles")
	if err := f.Check(); err != nil || f.Len(suggest.Title) != titles {
		t.Fatalf("%d titles (%v), want %d", f.Len(suggest.Title), err, titles)
	}
	var took []time.Duration
	for range 20_000 {
		title := v.title(3)
		prefix := title[:1+v.rng.IntN(len(title))]
		began := time.Now()
		f.Complete(prefix, 10)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	t.Logf("p50 %v, p99 %v, most %v", took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
	if p99 := took[len(took)*99/100]; p99 > 2*time.Millisecond {
		t.Errorf("p99 is %v, want at most 2ms", p99)
	}
}
