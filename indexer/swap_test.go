package indexer_test

import (
	"os"
	"path/filepath"
	"testing"

	"broadsheet"
	"broadsheet/indexer"
)

// Wherever a swap is cut off, there is one whole index: the former or the new one.
func TestSwap(t *testing.T) {
	for _, tt := range []struct {
		name string
		swap func(t *testing.T, dir string)
		want int // papers: the former has 3, the new one 5
	}{
		{"not at all", func(*testing.T, string) {}, 3},
		{"between the two steps", func(t *testing.T, dir string) {
			if err := os.Rename(dir, dir+".old"); err != nil {
				t.Fatal(err)
			}
		}, 3},
		{"as a whole", func(t *testing.T, dir string) {
			if err := indexer.Swap(dir); err != nil {
				t.Fatal(err)
			}
		}, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "index")
			followIn(t, dir, herons(3)).Close()
			x, err := indexer.OpenFresh(t.Context(), dir, indexer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Follow(t.Context(), herons(5), nil); err != nil {
				t.Fatal(err)
			}
			x.Close()
			tt.swap(t, dir)
			check(t, dir)
			ro, err := indexer.OpenReadOnly(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer ro.Close()
			for _, x := range []*indexer.Index{ro, open(t, dir)} {
				if n := search(t, x, broadsheet.Query{}).Total; n != tt.want {
					t.Errorf("%d papers, want %d", n, tt.want)
				}
			}
		})
	}
}

func TestRemove(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	followIn(t, dir, herons(3)).Close()
	for _, suffix := range []string{".new", ".old"} {
		if err := os.Mkdir(dir+suffix, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := indexer.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(dir + "*"); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}
