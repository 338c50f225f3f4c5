package main

import (
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"
	"broadsheet/search/eval"
)

// Each paper of the built-in edition is found first by its title, and by its title with
// two slips of any kind.
func TestDemoIsFoundByItsTitles(t *testing.T) {
	need.Long(t)
	l, err := (&Main{log: slog.New(slog.DiscardHandler)}).openForWriting(t.Context(), t.TempDir(), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := importDemo(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	records := demoRecords(t)
	for _, method := range []broadsheet.Method{broadsheet.MethodLexical, broadsheet.MethodAdaptive} {
		for seed := range uint64(6) { // 0: as it is; then swapped, dropped, inserted, replaced, any
			for i, r := range records {
				text := r.Title
				if seed > 0 {
					text = eval.Mistype(text, 2, eval.Slip(seed-1), rand.New(rand.NewPCG(seed, uint64(i))))
				}
				found, err := l.index.Search(t.Context(), broadsheet.Query{Text: text, Limit: 3, Method: method})
				if err != nil {
					t.Fatal(err)
				}
				first := slices.IndexFunc(found.Hits, func(h broadsheet.Hit) bool { return h.ID == r.ID })
				if first != 0 {
					t.Errorf("%s: %q finds %s at place %d, want 1", method, text, r.ID, first+1)
				}
			}
		}
	}
}
