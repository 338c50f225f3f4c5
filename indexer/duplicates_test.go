package indexer_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
	"broadsheet/indexer"
)

const cranes = `Whooping cranes dance on wide lakes in the evening sun, and nobody knows why they do so when the year is young.
We follow forty pairs of them through three winters on the coast of the gulf, by radio and on foot, and find that older birds
begin the dance and younger ones follow them within some seconds, whatever the weather and the water are like.`

// library has a paper, a version of it under another id, and one that shares its subject.
func library() *memory {
	return newMemory(
		paper("2599.00001", "Why whooping cranes dance", cranes),
		paper("doi:10.1000/cranes", "Why do whooping cranes dance?", cranes+" Data are given."),
		paper("2599.00003", "Herons in winter", "Grey herons stand on one leg in shallow water when it is cold, and we count how long they do."),
	)
}

func findTwins(t *testing.T, x *indexer.Index, store broadsheet.PaperStore) {
	t.Helper()
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if err := x.FindDuplicates(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
}

// twins returns the papers that are the same as one.
func twins(t *testing.T, x *indexer.Index, id broadsheet.ID) (ids []broadsheet.ID) {
	t.Helper()
	found, err := x.Duplicates(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		if d.Reason == "" || d.Distance > 256 {
			t.Errorf("%+v", d)
		}
		ids = append(ids, d.ID)
	}
	return ids
}

func TestDuplicates(t *testing.T) {
	store := library()
	x := follow(t, store)
	findTwins(t, x, store)
	for id, want := range map[broadsheet.ID][]broadsheet.ID{
		"2599.00001": {"doi:10.1000/cranes"}, "doi:10.1000/cranes": {"2599.00001"}, "2599.00003": nil, "2599.99999": nil,
	} {
		if diff := cmp.Diff(want, twins(t, x, id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	pairs, change := x.DuplicatePairs()
	if len(pairs) != 1 || change != 3 {
		t.Errorf("%+v as of change %d", pairs, change)
	}

	// A third one comes, and the first becomes another paper.
	store.Put(t.Context(), []broadsheet.Record{paper("2599.00004", "Why whooping cranes dance", cranes)})
	findTwins(t, x, store)
	if got := len(twins(t, x, "2599.00004")); got != 2 {
		t.Errorf("the third has %d twins", got)
	}
	store.Put(t.Context(), []broadsheet.Record{paper("2599.00001", "Kettles", "Kettles whistle when their water boils.")})
	findTwins(t, x, store)
	if diff := cmp.Diff([]broadsheet.ID{"doi:10.1000/cranes"}, twins(t, x, "2599.00004")); diff != "" || twins(t, x, "2599.00001") != nil {
		t.Errorf("after a change (-want +got):\n%s", diff)
	}
	store.move("doi:10.1000/cranes", "2599.00004")
	findTwins(t, x, store)
	if pairs, _ := x.DuplicatePairs(); len(pairs) != 0 {
		t.Errorf("after a merge: %+v", pairs)
	}
}

// What was found is there again when the index is opened, also for one that reads; and
// it is found again where it was deleted, damaged, or of another store.
func TestDuplicatesAreDerived(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(file string) error
	}{
		{"nothing", func(string) error { return nil }},
		{"deleted", os.Remove},
		{"damaged", func(file string) error { return os.WriteFile(file, []byte("{"), 0o600) }},
		{"of a longer log", func(file string) error { return os.WriteFile(file, []byte(`{"change":99,"bits":24}`), 0o600) }},
		{"of another model", func(file string) error {
			return os.WriteFile(file, []byte(`{"change":3,"model":"x","bits":24}`), 0o600)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, store := t.TempDir(), library()
			x := followIn(t, dir, store)
			findTwins(t, x, store)
			x.Close()
			if err := tt.damage(filepath.Join(dir, "duplicates.json")); err != nil {
				t.Fatal(err)
			}
			x = open(t, dir)
			findTwins(t, x, store)
			ro, err := indexer.OpenReadOnly(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer ro.Close()
			for _, x := range []*indexer.Index{x, ro} {
				if got := twins(t, x, "2599.00001"); len(got) != 1 {
					t.Errorf("twins %v", got)
				}
			}
			if err := ro.FindDuplicates(t.Context(), store, nil); err == nil {
				t.Error("a reader writes")
			}
		})
	}
}

// Cut off at any batch, it goes on and comes to the same.
func TestDuplicatesGoOn(t *testing.T) {
	store := newMemory()
	for i := range 3000 {
		rng := rand.New(rand.NewPCG(uint64(i/2), 0)) // two papers say the same
		text := ""
		for range 60 {
			text += fmt.Sprintf("word%d ", rng.IntN(5000))
		}
		store.Put(t.Context(), []broadsheet.Record{paper(broadsheet.ID(fmt.Sprintf("2599.%05d", i)), fmt.Sprintf("Herd %d", i/2), text)})
	}
	x := follow(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	err := x.FindDuplicates(ctx, store, func(done, _ int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want canceled", err)
	}
	findTwins(t, x, store)
	got, _ := x.DuplicatePairs()
	y := follow(t, store)
	findTwins(t, y, store)
	want, _ := y.DuplicatePairs()
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 1500 {
		t.Errorf("%d pairs (-want +got):\n%s", len(want), diff)
	}
}
