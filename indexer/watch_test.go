package indexer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/sqlite"
)

// While hundreds of questions are asked, what is put into the store can be found within
// a second, and is durable when the watch has ended.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), dir+"/broadsheet.db")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	x, err := indexer.Open(t.Context(), dir+"/index", slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	watched := make(chan error, 1)
	all.Go(func() { watched <- x.Watch(ctx, store) })
	all.Go(func() {
		for tick := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; <-tick.C {
			if _, err := x.Search(t.Context(), broadsheet.Query{Text: "herons of the sea", Facets: 3}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	slowest := time.Duration(0)
	for i := range 5 {
		word := fmt.Sprintf("heron%d", i)
		p := paper(broadsheet.ID(fmt.Sprintf("2599.%05d", i)), "Herons "+word, "of the sea")
		p.Sources = []broadsheet.Source{{Name: "jsonl"}}
		if _, err := store.Put(t.Context(), []broadsheet.Record{p}); err != nil {
			t.Fatal(err)
		}
		for put := time.Now(); find(t, x, broadsheet.Query{Text: word}) == ""; time.Sleep(5 * time.Millisecond) {
			if slowest = max(slowest, time.Since(put)); slowest > 20*time.Second {
				t.Fatalf("%s cannot be found after %v", word, slowest)
			}
		}
	}
	t.Logf("the slowest was found after %v", slowest)
	cancel()
	all.Wait()
	if err := <-watched; err != nil {
		t.Error(err)
	}
	x.Close()
	ro, err := indexer.OpenReadOnly(t.Context(), dir+"/index")
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if n, total := indexed(t, ro), search(t, ro, broadsheet.Query{}).Total; n != 5 || total != 5 {
		t.Errorf("change %d and %d papers are durable, want 5 of both", n, total)
	}
}

// What cannot be read is told, and questions go on.
func TestWatchTellsFailures(t *testing.T) {
	store, told := herons(5), make(chan struct{})
	var once sync.Once
	x, err := indexer.Open(t.Context(), t.TempDir(), slog.New(handler(func() { once.Do(func() { close(told) }) })))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	var broken atomic.Bool
	broken.Store(true)
	store.asked = func(int64) error {
		if broken.Load() {
			return errors.New("no")
		}
		return nil
	}
	store.Put(t.Context(), []broadsheet.Record{paper("2599.77777", "Late", "")})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- x.Watch(ctx, store) }()
	<-told
	if got := search(t, x, broadsheet.Query{Text: "herons"}).Total; got != 5 {
		t.Errorf("%d papers, want 5", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A handler calls a function for each error that is logged.
type handler func()

func (h handler) Enabled(context.Context, slog.Level) bool { return true }
func (h handler) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h handler) WithGroup(string) slog.Handler            { return h }
func (h handler) Handle(_ context.Context, r slog.Record) error {
	if r.Level == slog.LevelError {
		h()
	}
	return nil
}

// Suggestions are made when there are none, and again when enough has changed.
func TestSuggest(t *testing.T) {
	dir := t.TempDir()
	store := herons(40)
	x := followIn(t, dir, store)
	begin := func(prefix string) (found []string) {
		t.Helper()
		list, err := x.Complete(t.Context(), prefix, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			found = append(found, s.Kind+" "+s.Text)
		}
		return found
	}
	suggest := func() {
		t.Helper()
		if err := x.Suggest(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := begin("counting herons 3"); len(got) != 0 {
		t.Errorf("before: %q", got)
	}
	suggest()
	if got := begin("counting herons 39"); len(got) == 0 || got[0] != "title Counting herons 39" {
		t.Errorf("suggested %q", got)
	}
	for i, due := range []bool{false, true} {
		store.Put(t.Context(), []broadsheet.Record{paper(broadsheet.ID(fmt.Sprintf("2599.7777%d", i)), "Late storks", "")})
		if err := x.Follow(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
		suggest()
		if got := begin("late"); len(got) > 0 != due {
			t.Errorf("after %d more papers of 40: %q", i+1, got)
		}
	}
	x.Close()
	x = open(t, dir)
	if got := begin("late"); len(got) == 0 {
		t.Error("what was suggested is forgotten")
	}
}
