package vector

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// clustered returns n unit vectors around some centres; every 50th is nil.
func clustered(rng *rand.Rand, n, dims int) [][]float32 {
	centres := make([][]float32, 1+n/100)
	for i := range centres {
		centres[i] = make([]float32, dims)
		for j := range centres[i] {
			centres[i][j] = float32(rng.NormFloat64())
		}
	}
	out := make([][]float32, n)
	for i := range out {
		if i%50 == 49 {
			continue
		}
		v := make([]float32, dims)
		for j, x := range centres[rng.IntN(len(centres))] {
			v[j] = x + float32(rng.NormFloat64())
		}
		unit := make([]float32, dims)
		if _, err := normalize(unit, v); err != nil {
			panic(err)
		}
		out[i] = unit
	}
	return out
}

// around returns a unit vector near another.
func around(rng *rand.Rand, v []float32) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = x + float32(0.7*rng.NormFloat64()/math.Sqrt(float64(len(v))))
	}
	if _, err := normalize(out, slices.Clone(out)); err != nil {
		panic(err)
	}
	return out
}

func written(tb testing.TB, c *Coder, vectors [][]float32) *Reader {
	tb.Helper()
	w := NewWriter(c)
	for i, v := range vectors {
		if err := w.Add(v, []uint16{uint16(i % 700), 3, 65535}); err != nil {
			tb.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := w.WriteTo(&out); err != nil {
		tb.Fatal(err)
	}
	r, err := Open(out.Bytes())
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func coderOf(tb testing.TB, vectors [][]float32) *Coder {
	tb.Helper()
	sample := slices.DeleteFunc(slices.Clone(vectors), func(v []float32) bool { return v == nil })
	c, err := Learn(sample, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// nearest is the reference: the k nearest by float32, over segments with filters.
func nearest(vectors [][][]float32, skip func(segment, doc int) bool, q []float32, k int) (hits []Hit) {
	for s := range vectors {
		for d, v := range vectors[s] {
			if v == nil || skip(s, d) {
				continue
			}
			sum := float32(0)
			for j := range v {
				sum += v[j] * q[j]
			}
			hits = append(hits, Hit{s, uint32(d), sum})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits[:min(k, len(hits))]
}

// TestSearch compares with the reference: exact search to within the rounding to bytes,
// search by codes by its recall, both under filters and deletions.
func TestSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const dims, n, k = 128, 6000, 10
	parts := [][][]float32{clustered(rng, n, dims), clustered(rng, 300, dims)}
	c := coderOf(t, parts[0])
	var segments []Segment
	for _, p := range parts {
		segments = append(segments, Segment{Reader: written(t, c, p), ID: func(doc uint32) string { return fmt.Sprint(doc) }})
	}
	even := make([]uint64, (n+63)/64)
	for i := range even {
		even[i] = 0x5555555555555555
	}
	for _, tt := range []struct {
		name             string
		deleted, allowed []uint64
	}{{"all", nil, nil}, {"some deleted", even, nil}, {"some allowed", nil, even}, {"none allowed", nil, []uint64{}}} {
		segments[0].Deleted, segments[0].Allowed = tt.deleted, tt.allowed
		skip := func(s, d int) bool {
			return s == 0 && (tt.deleted != nil && d%2 == 0 || tt.allowed != nil && (len(tt.allowed) == 0 || d%2 == 1))
		}
		found, total := 0, 0
		for range 30 {
			q := around(rng, parts[rng.IntN(2)][10*rng.IntN(20)])
			want := nearest(parts, skip, q, k)
			exact, err := Search(t.Context(), c, segments, Query{Vector: q, K: k, Exact: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range exact.Hits {
				if skip(h.Segment, int(h.Doc)) || parts[h.Segment][h.Doc] == nil {
					t.Fatalf("%s: document %d of segment %d is not to be found", tt.name, h.Doc, h.Segment)
				}
				if math.Abs(float64(h.Score-want[i].Score)) > 0.01 {
					t.Errorf("%s: hit %d has cosine %.3f, want %.3f", tt.name, i+1, h.Score, want[i].Score)
				}
			}
			if len(exact.Hits) != len(want) {
				t.Errorf("%s: got %d hits, want %d", tt.name, len(exact.Hits), len(want))
			}
			byCodes, err := Search(t.Context(), c, segments, Query{Vector: q, K: k})
			if err != nil {
				t.Fatal(err)
			}
			again, _ := Search(t.Context(), c, segments, Query{Vector: q, K: k})
			if !slices.Equal(again.Hits, byCodes.Hits) || again.Work != byCodes.Work {
				t.Error("the same search gives another answer")
			}
			total += len(exact.Hits)
			for _, h := range byCodes.Hits {
				if slices.Contains(exact.Hits, h) {
					found++
				}
			}
		}
		if recall := float64(found) / float64(max(1, total)); total > 0 && recall < 0.97 {
			t.Errorf("%s: codes find %.3f of the nearest, want 0.97", tt.name, recall)
		}
	}
}

func TestBudget(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	vectors := clustered(rng, 20_000, 64)
	c := coderOf(t, vectors)
	s := []Segment{{Reader: written(t, c, vectors)}}
	res, err := Search(t.Context(), c, s, Query{Vector: vectors[0], K: 10, Patience: -1, Budget: 3000})
	if err != nil || res.Work.Vectors() > 3000 || res.Exit != ExitBudget || len(res.Hits) == 0 {
		t.Errorf("got %d hits for %d vectors, ended by %s (%v), want some for at most 3000", len(res.Hits), res.Work.Vectors(), res.Exit, err)
	}
}

// TestMerge merges segments without some documents, and compares with one that never
// had them.
func TestMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const dims = 64
	parts := [][][]float32{clustered(rng, 3000, dims), clustered(rng, 1, dims), clustered(rng, 4000, dims)}
	c := coderOf(t, parts[0])
	keep := func(segment int, doc uint32) bool { return (int(doc)+segment)%3 != 0 }
	var readers []*Reader
	w := NewWriter(c)
	for s, p := range parts {
		readers = append(readers, written(t, c, p))
		for d, v := range p {
			if keep(s, uint32(d)) {
				if err := w.Add(v, []uint16{uint16(d % 700), 3, 65535}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var want, got bytes.Buffer
	if _, err := w.WriteTo(&want); err != nil {
		t.Fatal(err)
	}
	if err := Merge(t.Context(), &got, readers, keep); err != nil {
		t.Fatal(err)
	}
	a, err := Open(want.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(got.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if a.Len() != b.Len() || a.Vectors() != b.Vectors() {
		t.Fatalf("got %d documents with %d vectors, want %d with %d", b.Len(), b.Vectors(), a.Len(), a.Vectors())
	}
	for doc := range uint32(a.Len()) {
		if !slices.Equal(a.Vector(nil, doc), b.Vector(nil, doc)) || !slices.Equal(a.Tokens(nil, doc), b.Tokens(nil, doc)) {
			t.Fatalf("document %d differs", doc)
		}
	}
	q := clustered(rng, 1, dims)[0]
	x, err := Search(t.Context(), c, []Segment{{Reader: a}}, Query{Vector: q, K: 20, Exact: true})
	if err != nil {
		t.Fatal(err)
	}
	y, err := Search(t.Context(), c, []Segment{{Reader: b}}, Query{Vector: q, K: 20, Exact: true})
	if err != nil || !slices.Equal(x.Hits, y.Hits) {
		t.Errorf("got %v (%v), want %v", y.Hits, err, x.Hits)
	}
}

func TestCoder(t *testing.T) {
	vectors := clustered(rand.New(rand.NewPCG(4, 4)), 500, 64)
	c := coderOf(t, vectors)
	data, err := c.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadCoder(data)
	if err != nil || again.Fingerprint() != c.Fingerprint() {
		t.Fatalf("a coder that was read differs (%v)", err)
	}
	if !bytes.Equal(again.AppendCode(nil, vectors[0]), c.AppendCode(nil, vectors[0])) {
		t.Error("it gives other codes")
	}
	if _, err := ReadCoder(data[:len(data)-1]); err == nil {
		t.Error("a coder that is cut off is read")
	}
	if _, err := Learn([][]float32{make([]float32, 64)}, 1); err == nil {
		t.Error("a coder has learned from a vector of zeros")
	}
	if c.Fingerprint() == NewCoder(64, 1).Fingerprint() {
		t.Error("two coders have one fingerprint")
	}
}

func TestKernels(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, words := range []int{1, 4, 6, 16} {
		for _, n := range []int{0, 1, 7, 8, 9, 100, 1003} {
			codes, query := make([]byte, n*words*8), make([]uint64, words)
			for i := range codes {
				codes[i] = byte(rng.Uint32())
			}
			for i := range query {
				query[i] = rng.Uint64()
			}
			for _, limit := range []uint32{0, uint32(words * 30), uint32(words * 64)} {
				a, b := make([]uint32, n+8), make([]uint32, n+8)
				i, j := near(a, codes, query, limit), nearPortable(b, codes, query, limit)
				if !slices.Equal(a[:i], b[:j]) {
					t.Errorf("%d codes of %d words within %d: assembly and Go differ", n, words, limit)
				}
			}
		}
	}
	const dims = 192
	records, query := make([]byte, 50*(dims+scaleSize)), make([]int16, dims)
	for i := range records {
		records[i] = byte(rng.Uint32())
	}
	for i := range query {
		query[i] = int16(rng.IntN(4000) - 2000)
	}
	which := []uint32{49, 0, 7, 7, 31}
	a, b := make([]int32, len(which)), make([]int32, len(which))
	dots(a, query, records, which)
	dotsPortable(b, query, records, which)
	if !slices.Equal(a, b) {
		t.Errorf("assembly gives %v, Go %v", a, b)
	}
}

func FuzzOpen(f *testing.F) {
	vectors := clustered(rand.New(rand.NewPCG(6, 6)), 60, 64)
	c := coderOf(f, vectors)
	r := written(f, c, vectors)
	w := NewWriter(c)
	for _, v := range vectors {
		w.Add(v, []uint16{1, 2})
	}
	var out bytes.Buffer
	w.WriteTo(&out)
	f.Add(out.Bytes(), 0, byte(0))
	f.Add(out.Bytes()[:100], 3, byte(9))
	q := r.Vector(nil, 0)
	f.Fuzz(func(t *testing.T, data []byte, at int, b byte) {
		if len(data) > 0 {
			data = slices.Clone(data)
			data[uint(at)%uint(len(data))] ^= b
		}
		r, err := Open(data)
		if err != nil {
			return
		}
		for doc := range uint32(min(r.Len(), 100)) {
			r.Vector(nil, doc)
			r.Tokens(nil, doc)
		}
		if r.Fingerprint() == c.Fingerprint() && r.Dims() == c.Dims() {
			Search(t.Context(), c, []Segment{{Reader: r}}, Query{Vector: q, K: 5})
		}
	})
}

func FuzzReadCoder(f *testing.F) {
	data, _ := NewCoder(64, 1).AppendBinary(nil)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ReadCoder(data); err == nil {
			c.AppendCode(nil, make([]float32, c.Dims()))
		}
	})
}
