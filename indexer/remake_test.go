package indexer_test

import (
	"log/slog"
	"sync"
	"testing"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/meaning"
)

// While the index is made anew with a model, questions are answered by the former one,
// and none fails; changes that come meanwhile are not lost.
func TestRemakeWhileAsked(t *testing.T) {
	dir, store := t.TempDir()+"/index", herons(3000)
	x, err := indexer.OpenWith(t.Context(), dir, indexer.Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if ref, err := indexer.Ref(dir); err != nil || ref.Kind != "" {
		t.Fatalf("an index of words only names the model %v (%v)", ref, err)
	}
	m, err := meaning.Builtin()
	if err != nil {
		t.Fatal(err)
	}

	stop := make(chan bool)
	var asking sync.WaitGroup
	for range 2 {
		asking.Go(func() {
			for {
				if found, err := x.Search(t.Context(), broadsheet.Query{Text: "herons rivers", Limit: 5}); err != nil || found.Total == 0 {
					t.Errorf("asked meanwhile: %d papers, %v", found.Total, err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	err = x.Remake(t.Context(), store, m, nil)
	close(stop)
	asking.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if ref, err := indexer.Ref(dir); err != nil || ref != m.Ref() || x.Model() != m.Ref() {
		t.Errorf("the index names the model %v (%v), and uses %v; want %v", ref, err, x.Model(), m.Ref())
	}
	found, err := x.Search(t.Context(), broadsheet.Query{Text: "herons rivers", Method: broadsheet.MethodSemantic})
	if err != nil || found.Method != broadsheet.MethodSemantic || len(found.Hits) == 0 {
		t.Errorf("by meaning: %d papers by %s (%v)", len(found.Hits), found.Method, err)
	}
	if err := indexer.Check(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

// An index that has papers of one model and is opened with another one says so, and
// finds papers by their words.
func TestOpenWithAnotherModel(t *testing.T) {
	dir, store := t.TempDir()+"/index", herons(200)
	x := open(t, dir)
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	x.Close()
	x, err := indexer.OpenWith(t.Context(), dir, indexer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if ref, err := indexer.Ref(dir); err != nil || ref.Kind != meaning.Mixed {
		t.Errorf("the index names the model %v (%v), want a mixed one", ref, err)
	}
	if found, err := x.Search(t.Context(), broadsheet.Query{Text: "herons"}); err != nil || found.Total == 0 || found.Method != broadsheet.MethodLexical {
		t.Errorf("found %d papers by %s (%v)", found.Total, found.Method, err)
	}
}
