package index

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// benchDocs invents documents as long as papers are: a title and 200 words.
func benchDocs(n int) (docs []*Document) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range n {
		docs = append(docs, drawDocument(rng, fmt.Sprintf("26%02d.%05d", i%12, i), 130))
	}
	return docs
}

func perDoc(b *testing.B, docs int) {
	b.ReportMetric(float64(docs)*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

func BenchmarkBuilderAdd(b *testing.B) {
	docs := benchDocs(2000)
	b.ReportAllocs()
	for b.Loop() {
		x := NewBuilder(&testSettings)
		for _, d := range docs {
			if err := x.Add(d); err != nil {
				b.Fatal(err)
			}
		}
	}
	perDoc(b, len(docs))
}

func discardParts() (w [parts]io.Writer) {
	for p := range w {
		w[p] = io.Discard
	}
	return w
}

func segmentOf(tb testing.TB, docs []*Document) *Segment {
	tb.Helper()
	x := NewBuilder(&testSettings)
	for _, d := range docs {
		ok(tb, x.Add(d))
	}
	s, err := x.Segment()
	ok(tb, err)
	return s
}

func BenchmarkBuilderWrite(b *testing.B) {
	docs := benchDocs(2000)
	b.ReportAllocs()
	b.SetBytes(int64(segmentOf(b, docs).Bytes()))
	for b.Loop() {
		b.StopTimer()
		x := NewBuilder(&testSettings)
		for _, d := range docs {
			ok(b, x.Add(d))
		}
		b.StartTimer()
		ok(b, x.WriteTo(discardParts()))
	}
	perDoc(b, len(docs))
}

func BenchmarkMerge(b *testing.B) {
	docs := benchDocs(4000)
	var from []*Segment
	size := 0
	for i := range 8 {
		s := segmentOf(b, docs[500*i:500*i+500])
		from, size = append(from, s), size+s.Bytes()
	}
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		ok(b, mergeSegments(b.Context(), discardParts(), &testSettings, from, make([]*Bitmap, len(from))))
	}
	perDoc(b, len(docs))
}

// BenchmarkInstallOne is one new paper for an index of 20,000, searchable at once.
func BenchmarkInstallOne(b *testing.B) {
	x := openTest(b, b.TempDir(), Options{})
	big := x.NewBuilder()
	for _, d := range benchDocs(20000) {
		ok(b, big.Add(d))
	}
	ok(b, x.Install(big, nil))
	docs := benchDocs(100)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		one := x.NewBuilder()
		d := *docs[i%len(docs)]
		d.ID = fmt.Sprint("new", i)
		ok(b, one.Add(&d))
		ok(b, x.Install(one, nil))
	}
	perDoc(b, 1)
}

// BenchmarkLookup is the search for older documents of a new segment, per id.
func BenchmarkLookup(b *testing.B) {
	old := member{newView(segmentOf(b, benchDocs(20000)), nil), new(stored)}
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = fmt.Sprintf("27%02d.%05d", i%12, i)
	}
	w := newWanted(nil, ids)
	b.ReportAllocs()
	for b.Loop() {
		if docs := w.in(old); len(docs) > 0 {
			b.Fatal("found what is not there")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(ids)), "ns/id")
}
