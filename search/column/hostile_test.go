package column

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// readAll calls every accessor with every document, ordinal and some texts.
func readAll(r *Reader) {
	s := r.Schema()
	for doc, row := range rowsOf(r) {
		r.Find(row.ID)
		if doc > 1000 {
			break
		}
	}
	for _, text := range []string{"", "cs", "cs.AI", "fable:0002", "\xff\xff", strings.Repeat("a", 300)} {
		r.Find(text)
		for i := range s.Keywords {
			r.Keyword(i).Find(text)
			r.Keyword(i).FindPrefix(text)
		}
	}
	for i := range s.Keywords {
		for ord := range min(r.Keyword(i).Values(), 1000) {
			r.Keyword(i).Find(r.Keyword(i).Value(uint32(ord)))
		}
	}
}

// samples returns encoded forms of many kinds, small ones first.
func samples(t testing.TB) [][]byte {
	rng := rand.New(rand.NewPCG(5, 5))
	out := [][]byte{
		write(t, Schema{}, nil),
		write(t, Schema{}, []Row{{ID: "b"}, {ID: "a"}}),
		write(t, schema, nil),
		write(t, schema, []Row{{"x", []int64{7, Missing}, [][]string{{"v"}, nil}, []byte{9, 0}}}),
	}
	for _, n := range []int{3, 20, 50} {
		out = append(out, write(t, schema, randomRows(rng, n, true)), write(t, schema, randomRows(rng, n, false)))
	}
	return out
}

func TestOpenCutOff(t *testing.T) {
	for _, data := range samples(t) {
		for n := range len(data) {
			if _, err := Open(data[:n]); err == nil {
				t.Fatalf("Open accepts %d of %d bytes", n, len(data))
			}
		}
		if _, err := Open(append(data[:len(data):len(data)], 0)); err == nil || !strings.Contains(err.Error(), "1 bytes left over at the end") {
			t.Errorf("Open of one byte too many: %v", err)
		}
	}
}

func TestOpenFlippedBits(t *testing.T) {
	all := samples(t)[:7]
	if testing.Short() {
		all = all[:5]
	}
	for _, data := range all {
		for bit := range len(data) * 8 {
			data[bit/8] ^= 1 << (bit % 8)
			if r, err := Open(data); err == nil {
				readAll(r)
			}
			data[bit/8] ^= 1 << (bit % 8)
		}
	}
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	rows := []Row{
		{"b", []int64{1}, [][]string{{"v", "w", "x"}}, []byte{9}},
		{"a", []int64{9}, [][]string{{"w"}}, []byte{8}},
	}
	data := write(t, Schema{Numbers: []string{"n"}, Keywords: []string{"k"}, Bytes: []string{"b"}}, rows)
	tests := map[string]struct {
		at   int
		to   byte
		want string
	}{
		"magic":      {0, 'X', `header, before byte 4: "XCOL", "BCOL" expected`},
		"version":    {4, 2, "header, before byte 5: version 2, 1 expected"},
		"documents":  {11, 0xff, "at most 268435456 expected"},
		"names":      {12, 200, "header, before byte 13: cut off: 143 bytes left, 200 expected"},
		"more docs":  {8, 200, "ids, before byte 18: 200 texts in the 138 bytes left"},
		"id":         {41, 2<<restBits | 1, "ids, before byte 43: text 1 does not fit: prefix of 2 from 1 bytes"},
		"order kind": {43, 7, "order of ids, before byte 44: kind 7, 0 or 1 expected"},
		"order":      {44, 7, "order of ids, before byte 55: width of 7 bits for values below 2"},
		"span":       {79, 0xff, `number column "n", before byte 90: a span of`},
		"value":      {144, 0xff, `keyword column "k", before byte 153: value 0 is 3, less than 3 expected`},
		"byte kind":  {len(data) - 3, 3, `byte column "b", before byte 154: kind 3, 0 or 1 expected`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			old := data[tt.at]
			data[tt.at] = tt.to
			_, err := Open(data)
			data[tt.at] = old
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open: %v, want %q", err, tt.want)
			}
		})
	}
}

// FuzzOpen: whatever opens can be read, and merging it gives something that
// opens and reads the same.
func FuzzOpen(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open(data)
		if err != nil {
			return
		}
		readAll(r)
		w := NewWriter(r.Schema())
		if err := Merge(w, []*Reader{r}, nil); err != nil {
			t.Fatal(err)
		}
		merged, err := Open(w.Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		if merged.Len() != r.Len() {
			t.Fatalf("%d documents after a merge of %d", merged.Len(), r.Len())
		}
		for doc := range uint32(r.Len()) {
			if merged.ID(doc) != r.ID(doc) {
				t.Fatalf("document %d is %q after a merge of %q", doc, merged.ID(doc), r.ID(doc))
			}
		}
	})
}

// FuzzRoundTrip: ids and values of any bytes come back.
func FuzzRoundTrip(f *testing.F) {
	f.Add("b\na\na", "cs.LG\ncs.AI\ncs.LG", int64(5))
	f.Add("", "", int64(Missing))
	f.Fuzz(func(t *testing.T, ids, values string, number int64) {
		var rows []Row
		list := strings.Split(values, "\n")
		for i, id := range strings.Split(ids, "\n") {
			if len(id) > MaxText || len(values) > MaxText || len(rows) > 100 {
				return
			}
			number ^= number << 13 >> (i & 63)
			rows = append(rows, Row{id, []int64{number}, [][]string{list[:i%(len(list)+1)]}, []byte{byte(number)}})
		}
		s := Schema{Numbers: []string{"n"}, Keywords: []string{"k"}, Bytes: []string{"b"}}
		r := open(t, write(t, s, rows))
		for doc, want := range stored(rows) {
			got := rowsOf(r)[doc]
			if got.ID != want.ID || got.Numbers[0] != want.Numbers[0] || got.Bytes[0] != want.Bytes[0] ||
				strings.Join(got.Keywords[0], "\n") != strings.Join(want.Keywords[0], "\n") {
				t.Fatalf("document %d: %v, want %v", doc, got, want)
			}
		}
		checkFind(t, r, rows)
	})
}
