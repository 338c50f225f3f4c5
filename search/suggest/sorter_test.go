package suggest

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestSorter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, tt := range []struct {
		name            string
		records, budget int
	}{
		{"none", 0, 1 << 20},
		{"in memory", 500, 1 << 20},
		{"in runs", 5000, 4 << 10},
		{"each record a run", 50, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &sorter{dir: t.TempDir(), budget: tt.budget}
			var want [][]byte
			for range tt.records {
				rec := make([]byte, 1+rng.IntN(20))
				for i := range rec {
					rec[i] = byte(rng.IntN(3))
				}
				want = append(want, rec)
				if err := s.add(rec); err != nil {
					t.Fatal(err)
				}
			}
			slices.SortFunc(want, bytes.Compare)
			for range 2 { // the second time from the beginning
				m, err := s.merge()
				if err != nil {
					t.Fatal(err)
				}
				var got [][]byte
				for m.next() {
					got = append(got, bytes.Clone(m.rec))
				}
				if m.err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
					t.Fatalf("%d records (%v), want %d in order", len(got), m.err, len(want))
				}
			}
			if err := s.close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(s.dir); len(left) != 0 {
				t.Errorf("%d files are left", len(left))
			}
		})
	}
}

// A run that the disk has spoilt is an error.
func TestSorterDamage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*os.File) error
	}{
		{"cut off", func(f *os.File) error { return f.Truncate(40) }},
		{"overwritten", func(f *os.File) error {
			_, err := f.WriteAt(bytes.Repeat([]byte{0xff}, 100), 20)
			return err
		}},
		{"a longer prefix than there is", func(f *os.File) error {
			_, err := f.WriteAt([]byte{100}, 0)
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &sorter{dir: t.TempDir(), budget: 1 << 10}
			defer s.close()
			for i := range 100 {
				if err := s.add(bytes.Repeat([]byte{byte(i)}, 20)); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.spill(); err != nil {
				t.Fatal(err)
			}
			if err := tt.spoil(s.file); err != nil {
				t.Fatal(err)
			}
			m, err := s.merge()
			for err == nil && m.next() {
			}
			if err == nil && m.err == nil {
				t.Error("nobody noticed")
			}
		})
	}
}
