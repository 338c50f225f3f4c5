package column

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMerge compares merging with writing the live rows.
func TestMerge(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		var (
			from []*Reader
			want []Row
			dead = map[[2]int]bool{}
		)
		for segment := range rng.IntN(4) {
			rows := randomRows(rng, rng.IntN(100), seed%2 == 0)
			from = append(from, open(t, write(t, schema, rows)))
			for doc, row := range rows {
				if rng.IntN(3) == 0 {
					dead[[2]int{segment, doc}] = true
				} else {
					want = append(want, row)
				}
			}
		}
		w := NewWriter(schema)
		err := Merge(w, from, func(segment int, doc uint32) bool { return !dead[[2]int{segment, int(doc)}] })
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(write(t, schema, want), w.Append(nil)); diff != "" {
			t.Fatalf("seed %d: merged (-want +got):\n%s", seed, diff)
		}
	}
}

func TestMergeOfAll(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(1, 3)), 40, false)
	data := write(t, schema, rows)
	w := NewWriter(schema)
	if err := Merge(w, []*Reader{open(t, data)}, nil); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(w.Append([]byte("before"))[6:], data) {
		t.Error("merging one segment changes it")
	}
	if err := Merge(NewWriter(Schema{}), []*Reader{open(t, data)}, nil); err == nil {
		t.Error("Merge accepts other columns")
	}
}
