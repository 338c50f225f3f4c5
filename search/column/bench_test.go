package column

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

const benchDocs = 200_000

// benchRow is a row like those of papers.
func benchRow(rng *rand.Rand, id string) Row {
	row := Row{ID: id, Numbers: []int64{19_000 + rng.Int64N(2000), rng.Int64N(100)}, Bytes: []byte{byte(rng.IntN(20)), byte(rng.IntN(250))}}
	row.Keywords = [][]string{nil, {"arxiv"}}
	for range 1 + rng.IntN(3) {
		row.Keywords[0] = append(row.Keywords[0], fmt.Sprintf("cs.%d", rng.IntN(150)))
	}
	return row
}

func benchWriter(n int, id func(doc int) string) *Writer {
	rng := rand.New(rand.NewPCG(1, 1))
	w := NewWriter(schema)
	for doc := range n {
		if err := w.Add(benchRow(rng, id(doc))); err != nil {
			panic(err)
		}
	}
	return w
}

func ascending(doc int) string { return fmt.Sprintf("d%07d", doc) }
func shuffled(doc int) string  { return fmt.Sprintf("d%07d", doc*7919%benchDocs) }

var benchData = sync.OnceValues(func() (inOrder, outOfOrder []byte) {
	return benchWriter(benchDocs, ascending).Append(nil), benchWriter(benchDocs, shuffled).Append(nil)
})

func BenchmarkOpen(b *testing.B) {
	data, _ := benchData()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		open(b, data)
	}
	b.ReportMetric(float64(len(data))/benchDocs, "bytes/doc")
}

func BenchmarkFind(b *testing.B) {
	inOrder, outOfOrder := benchData()
	for name, data := range map[string][]byte{"in order": inOrder, "out of order": outOfOrder} {
		b.Run(name, func(b *testing.B) {
			r := open(b, data)
			ids := make([]string, 1024)
			for i := range ids {
				ids[i] = r.ID(uint32(i * 7919 % benchDocs))
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, ok := r.Find(ids[i%len(ids)]); !ok {
					b.Fatal("not found")
				}
				i++
			}
		})
	}
}

func BenchmarkAppendID(b *testing.B) {
	data, _ := benchData()
	r := open(b, data)
	var buf [64]byte
	b.ReportAllocs()
	doc := uint32(0)
	for b.Loop() {
		r.AppendID(buf[:0], doc*7919%benchDocs)
		doc++
	}
}

// BenchmarkNumber reads a column; an operation is one pass.
func BenchmarkNumber(b *testing.B) {
	data, _ := benchData()
	c := open(b, data).NumberColumn(0)
	b.ReportAllocs()
	b.SetBytes(8 * benchDocs)
	var sum int64
	for b.Loop() {
		for doc := range uint32(benchDocs) {
			sum += c.Get(doc)
		}
	}
}

// BenchmarkOrds counts the values of a column; an operation is one pass.
func BenchmarkOrds(b *testing.B) {
	data, _ := benchData()
	k := open(b, data).Keyword(0)
	counts := make([]int, k.Values())
	b.ReportAllocs()
	b.SetBytes(4 * benchDocs)
	var list []uint32
	for b.Loop() {
		for doc := range uint32(benchDocs) {
			list = k.Ords(list[:0], doc)
			for _, ord := range list {
				counts[ord]++
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	rows := make([]Row, benchDocs)
	for doc := range rows {
		rows[doc] = benchRow(rng, shuffled(doc))
	}
	b.ReportAllocs()
	var size int
	for b.Loop() {
		size = len(write(b, schema, rows))
	}
	b.SetBytes(int64(size))
	b.ReportMetric(benchDocs*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkMerge merges two segments and encodes the result.
func BenchmarkMerge(b *testing.B) {
	inOrder, outOfOrder := benchData()
	from := []*Reader{open(b, inOrder), open(b, outOfOrder)}
	b.ReportAllocs()
	b.SetBytes(int64(len(inOrder) + len(outOfOrder)))
	for b.Loop() {
		w := NewWriter(schema)
		if err := Merge(w, from, nil); err != nil {
			b.Fatal(err)
		}
		w.Append(nil)
	}
	b.ReportMetric(2*benchDocs*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}
