package column

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var schema = Schema{
	Numbers:  []string{"date", "votes"},
	Keywords: []string{"category", "author"},
	Bytes:    []string{"title", "abstract"},
}

// write encodes rows.
func write(t testing.TB, s Schema, rows []Row) []byte {
	t.Helper()
	w := NewWriter(s)
	for _, row := range rows {
		if err := w.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	return w.Append(nil)
}

func open(t testing.TB, data []byte) *Reader {
	t.Helper()
	r, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rowsOf reads all rows back.
func rowsOf(r *Reader) []Row {
	rows := make([]Row, r.Len())
	for doc := range rows {
		row := Row{ID: r.ID(uint32(doc))}
		for i := range r.Schema().Numbers {
			row.Numbers = append(row.Numbers, r.Number(i, uint32(doc)))
		}
		for i := range r.Schema().Keywords {
			values := []string{}
			for _, ord := range r.Keyword(i).Ords(nil, uint32(doc)) {
				values = append(values, r.Keyword(i).Value(ord))
			}
			row.Keywords = append(row.Keywords, values)
		}
		for i := range r.Schema().Bytes {
			row.Bytes = append(row.Bytes, r.Bytes(i)[doc])
		}
		rows[doc] = row
	}
	return rows
}

// stored returns rows as they are read back.
func stored(rows []Row) []Row {
	out := make([]Row, len(rows))
	for doc, row := range rows {
		lists := row.Keywords
		row.Keywords = nil
		for _, list := range lists {
			values := []string{}
			for _, v := range list {
				if !slices.Contains(values, v) {
					values = append(values, v)
				}
			}
			row.Keywords = append(row.Keywords, values)
		}
		out[doc] = row
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	long := strings.Repeat("a", MaxText)
	tests := map[string]struct {
		schema Schema
		rows   []Row
	}{
		"nothing":       {schema, nil},
		"only ids":      {Schema{}, []Row{{ID: "b"}, {ID: "a"}, {ID: ""}}},
		"equal ids":     {Schema{}, []Row{{ID: "b"}, {ID: "a"}, {ID: "b"}, {ID: "b"}}},
		"zeros in ids":  {Schema{}, []Row{{ID: "a\x00"}, {ID: "a"}, {ID: "a\x00\x00"}, {ID: "\xff"}}},
		"heads alike":   {Schema{}, []Row{{ID: "paper/0123456789/b"}, {ID: "paper/0123456789/a"}, {ID: "paper/0123456789"}}},
		"longest texts": {Schema{Keywords: []string{"k"}}, []Row{{ID: long, Keywords: [][]string{{long, long[1:], long, ""}}}, {ID: long[:MaxText-1] + "b", Keywords: [][]string{nil}}, {ID: long[1:], Keywords: [][]string{{long}}}}},
		"all numbers": {Schema{Numbers: []string{"n"}}, []Row{
			{Numbers: []int64{math.MaxInt64}}, {Numbers: []int64{Missing}}, {Numbers: []int64{math.MinInt64 + 1}}, {Numbers: []int64{-1}}, {Numbers: []int64{0}},
		}},
		"constants": {schema, []Row{
			{"x", []int64{7, Missing}, [][]string{{"v"}, nil}, []byte{9, 0}},
			{"y", []int64{7, Missing}, [][]string{{"v"}, nil}, []byte{9, 0}},
		}},
		"one value and missing": {Schema{Numbers: []string{"n"}}, []Row{{Numbers: []int64{5}}, {Numbers: []int64{Missing}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := open(t, write(t, tt.schema, tt.rows))
			if diff := cmp.Diff(tt.schema, r.Schema()); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(stored(tt.rows), rowsOf(r)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			checkFind(t, r, tt.rows)
		})
	}
}

// checkFind looks for every id and every value, and for some that are not there.
func checkFind(t *testing.T, r *Reader, rows []Row) {
	t.Helper()
	last := map[string]uint32{}
	for doc, row := range rows {
		last[row.ID] = uint32(doc)
	}
	for id, want := range last {
		if doc, ok := r.Find(id); !ok || doc != want {
			t.Errorf("Find(%.20q) = %d, %v, want %d", id, doc, ok, want)
		}
		for _, other := range []string{id + "\x00", id + "\xff", "!" + id, id[:len(id)/2]} {
			want, there := last[other]
			if doc, ok := r.Find(other); ok != there || doc != want && there {
				t.Errorf("Find(%.20q) = %d, %v, want %d, %v", other, doc, ok, want, there)
			}
		}
	}
	for col := range r.Schema().Keywords {
		checkValues(t, r.Keyword(col))
	}
}

func checkValues(t *testing.T, k *KeywordColumn) {
	t.Helper()
	var values []string
	for ord := range uint32(k.Values()) {
		v := k.Value(ord)
		if got, ok := k.Find(v); !ok || got != ord {
			t.Errorf("Find(%.20q) = %d, %v, want %d", v, got, ok, ord)
		}
		if _, ok := k.Find(v + "\x00"); ok && (int(ord)+1 == k.Values() || k.Value(ord+1) != v+"\x00") {
			t.Errorf("Find(%.20q + 0) finds something", v)
		}
		values = append(values, v)
	}
	if !slices.IsSorted(values) {
		t.Error("values do not ascend")
	}
}

// randomRows makes rows of which many are alike.
func randomRows(rng *rand.Rand, n int, sorted bool) []Row {
	rows := make([]Row, n)
	for doc := range rows {
		id := fmt.Sprintf("paper:%x", rng.Uint64()>>rng.IntN(64))
		if sorted {
			id = fmt.Sprintf("%08d.%d", doc, rng.IntN(3))
		}
		row := Row{ID: id, Numbers: []int64{int64(rng.Uint64()) >> rng.IntN(64), rng.Int64N(50) - 25}}
		if rng.IntN(5) == 0 {
			row.Numbers[1] = Missing
		}
		row.Keywords = [][]string{{}, {}}
		for range rng.IntN(5) {
			row.Keywords[0] = append(row.Keywords[0], fmt.Sprintf("cs.%c", 'A'+rng.IntN(20)))
			row.Keywords[1] = append(row.Keywords[1], fmt.Sprint("Name ", rng.IntN(300)))
		}
		row.Bytes = []byte{byte(rng.IntN(256)), byte(rng.IntN(n+1) / max(n, 1))}
		rows[doc] = row
	}
	return rows
}

func TestRandomRoundTrips(t *testing.T) {
	seeds := uint64(150)
	if testing.Short() {
		seeds = 30
	}
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 1))
		rows := randomRows(rng, rng.IntN(300), seed%2 == 0)
		r := open(t, write(t, schema, rows))
		if diff := cmp.Diff(stored(rows), rowsOf(r)); diff != "" {
			t.Fatalf("seed %d: rows (-want +got):\n%s", seed, diff)
		}
		checkFind(t, r, rows)
	}
}

func TestNumberBounds(t *testing.T) {
	rows := []Row{{Numbers: []int64{3, Missing}}, {Numbers: []int64{Missing, Missing}}, {Numbers: []int64{-4, Missing}}}
	r := open(t, write(t, Schema{Numbers: []string{"a", "b"}}, rows))
	if c := r.NumberColumn(0); c.Min != -4 || c.Max != 3 {
		t.Errorf("bounds %d to %d, want -4 to 3", c.Min, c.Max)
	}
	if c := r.NumberColumn(1); c.Min != Missing || c.Max != Missing {
		t.Errorf("bounds %d to %d, want none", c.Min, c.Max)
	}
}

func TestFindPrefix(t *testing.T) {
	values := []string{"cs", "cs.AI", "cs.LG", "cs\xff", "cs\xff\xff", "ct", "math.CO", "\xff\xff"}
	r := open(t, write(t, Schema{Keywords: []string{"k"}}, []Row{{Keywords: [][]string{values}}}))
	for _, prefix := range []string{"", "c", "cs", "cs.", "cs.L", "cs.LGX", "cs\xff", "b", "cz", "\xff", "\xff\xff", "\xff\xff\xff", "zz"} {
		var want []string
		for _, v := range values {
			if strings.HasPrefix(v, prefix) {
				want = append(want, v)
			}
		}
		var got []string
		for low, high := r.Keyword(0).FindPrefix(prefix); low < high; low++ {
			got = append(got, r.Keyword(0).Value(low))
		}
		if !slices.Equal(got, want) {
			t.Errorf("FindPrefix(%q) is %q, want %q", prefix, got, want)
		}
	}
}

// TestVersion1 reads a file that an earlier release may have written.
func TestVersion1(t *testing.T) {
	rows := []Row{
		{"fable:0002", []int64{20250311, 12}, [][]string{{"cs.LG", "cs.AI"}, {"Ada Quill"}}, []byte{9, 120}},
		{"fable:0001", []int64{20250310, Missing}, [][]string{{"math.CO"}, {"Bo Reed", "Ada Quill"}}, []byte{9, 80}},
		{"fable:0003/with-a-long-name", []int64{20250312, 0}, [][]string{{"cs.AI"}, nil}, []byte{9, 200}},
	}
	const file = "testdata/v1.column"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rowsOf(open(t, data)), stored(rows)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
	if !slices.Equal(write(t, schema, rows), data) {
		t.Errorf("the encoding of version %d changed: it needs another number", version)
	}
}

func TestSizeOfIDs(t *testing.T) {
	for _, tt := range []struct {
		name  string
		docs  int
		id    func(i int) string
		limit float64 // bytes a document
	}{
		{"ascending", 100_000, func(i int) string { return fmt.Sprintf("d%07d", i) }, 2.9},
		{"of two years", 100_000, func(i int) string { return fmt.Sprintf("arxiv:25%02d.%05d", i/8400+1, i%8400) }, 3.2},
		{"in no order", 100_000, func(i int) string { return fmt.Sprintf("d%07d", i*7919%100_000) }, 2.7 + 2*17/8.0},
	} {
		w := NewWriter(Schema{})
		for i := range tt.docs {
			if err := w.Add(Row{ID: tt.id(i)}); err != nil {
				t.Fatal(err)
			}
		}
		size := float64(len(w.Append(nil))) / float64(tt.docs)
		t.Logf("%s: %.2f bytes a document", tt.name, size)
		if size > tt.limit {
			t.Errorf("%s: %.2f bytes a document, at most %.2f expected", tt.name, size, tt.limit)
		}
	}
}

func TestReadsDoNotAllocate(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(1, 4)), 500, false)
	r := open(t, write(t, schema, rows))
	id, ords := make([]byte, 0, 64), make([]uint32, 0, 8)
	var sum int64
	allocs := testing.AllocsPerRun(20, func() {
		for doc := range uint32(r.Len()) {
			id = r.AppendID(id[:0], doc)
			found, _ := r.Find(rows[doc].ID)
			ords = r.Keyword(0).Ords(ords[:0], doc)
			ord, _ := r.Keyword(1).Find("Name 7")
			sum += r.Number(0, doc) + int64(r.Bytes(0)[found]) + int64(ord)
		}
	})
	if allocs > 0 {
		t.Errorf("%v allocations for reading all documents (sum %d)", allocs, sum)
	}
}
