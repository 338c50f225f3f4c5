package indexer_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/need"

	"github.com/google/go-cmp/cmp"
)

func TestFollow(t *testing.T) {
	store := newMemory(
		paper("2599.00001", "Herons of the delta", "They wade."),
		paper("2599.00002", "Sparrows of the town", "They hop."),
		paper("local:x", "Cranes of the marsh", "They dance."))
	dir := t.TempDir()
	x := followIn(t, dir, store)
	for _, step := range []struct {
		name string
		do   func()
		want map[string]string // question: hits
	}{
		{"at first", func() {}, map[string]string{"herons": "2599.00001", "hop": "2599.00002", "cranes": "local:x"}},
		{"a paper is updated", func() {
			store.Put(t.Context(), []broadsheet.Record{paper("2599.00001", "Egrets of the delta", "They wade.")})
		}, map[string]string{"herons": "", "egrets": "2599.00001", "wade": "2599.00001"}},
		{"a paper is deleted at its source", func() {
			p := paper("2599.00002", "Sparrows of the town", "They hop.")
			p.Status = broadsheet.StatusDeleted
			store.Put(t.Context(), []broadsheet.Record{p})
		}, map[string]string{"hop": "", "": "2599.00001 local:x"}},
		{"and comes back", func() {
			store.Put(t.Context(), []broadsheet.Record{paper("2599.00002", "Sparrows of the town", "They hop.")})
		}, map[string]string{"hop": "2599.00002"}},
		{"two papers become one", func() {
			store.papers["2599.00003"] = paper("2599.00003", "Cranes of the marsh", "They dance.")
			store.move("local:x", "2599.00003")
		}, map[string]string{"cranes": "2599.00003", "": "2599.00001 2599.00002 2599.00003"}},
		{"a paper that was never here moves", func() { store.move("local:y", "2599.00003") }, map[string]string{"cranes": "2599.00003"}},
		{"votes change", func() {
			p := store.papers["2599.00001"]
			p.Tallies = []broadsheet.Tally{{Source: "hf", Upvotes: 12}}
			store.papers["2599.00001"] = p
			store.log("2599.00001", broadsheet.ChangedPlace)
		}, map[string]string{"votes:>11": "2599.00001", "egrets": "2599.00001"}},
	} {
		step.do()
		if err := x.Follow(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
		for text, want := range step.want {
			if got := find(t, x, broadsheet.Query{Text: text}); got != want {
				t.Errorf("%s: %q finds %q, want %q", step.name, text, got, want)
			}
		}
		if got, want := indexed(t, x), int64(len(store.changes)); got != want {
			t.Errorf("%s: Indexed is %d, want %d", step.name, got, want)
		}
		check(t, dir)
	}
}

// state is all that an index answers to a few questions.
func state(t *testing.T, x interface {
	Search(context.Context, broadsheet.Query) (broadsheet.Hits, error)
}) (all []broadsheet.Hits) {
	t.Helper()
	for _, q := range []broadsheet.Query{{}, {Text: "herons"}, {Text: "rivers -2"}, {Text: "herons lakes sea"}, {Category: "cs"}} {
		q.Limit = 10_000
		h, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		h.Trace, h.Work = nil, broadsheet.Work{} // it has times, and depends on segments
		all = append(all, h)
	}
	return all
}

func TestFollowTwiceEqualsOnce(t *testing.T) {
	store, dir := herons(250), t.TempDir()
	once := followIn(t, dir, store)
	store.changes = append(store.changes, store.changes...)
	for i := range store.changes {
		store.changes[i].Seq = int64(i + 1)
	}
	if err := once.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state(t, follow(t, herons(250))), state(t, once)); diff != "" {
		t.Errorf("after the same changes again (-once +twice):\n%s", diff)
	}
	check(t, dir)
}

func TestFollowResumes(t *testing.T) {
	store, dir := herons(70), t.TempDir()
	stop := errors.New("stop")
	var asked []int64
	for {
		x := open(t, dir)
		x.SetBatch(20)
		calls := 0
		store.asked = func(after int64) error {
			if calls++; calls > 2 {
				return stop
			}
			asked = append(asked, after)
			return nil
		}
		err := x.Follow(t.Context(), store, nil)
		x.Close()
		if err == nil {
			break
		}
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
	}
	if want := []int64{0, 20, 40, 60}; !slices.Equal(slices.Compact(asked), want) {
		t.Errorf("asked for the changes after %v, want %v", asked, want)
	}
	store.asked = nil
	x := open(t, dir)
	if diff := cmp.Diff(state(t, follow(t, store)), state(t, x)); diff != "" {
		t.Errorf("(-at once +in parts):\n%s", diff)
	}
	check(t, dir)
}

func TestFollowEndsWithItsContext(t *testing.T) {
	store, x := herons(50), open(t, t.TempDir())
	x.SetBatch(20)
	ctx, cancel := context.WithCancel(t.Context())
	store.asked = func(after int64) error {
		if after == 20 {
			cancel()
		}
		return nil
	}
	if err := x.Follow(ctx, store, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("Follow: %v, want canceled", err)
	}
	if n, total := indexed(t, x), search(t, x, broadsheet.Query{Text: "herons"}).Total; n > 20 || int(n) != total {
		t.Errorf("indexed %d changes and %d papers, want at most 20 and the same of both", n, total)
	}
}

func TestFollowStartsOverAfterARestore(t *testing.T) {
	dir := t.TempDir()
	x := followIn(t, dir, herons(40))
	older := herons(10)
	if err := x.Follow(t.Context(), older, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state(t, follow(t, older)), state(t, x)); diff != "" {
		t.Errorf("(-new index +after the restore):\n%s", diff)
	}
	check(t, dir)
}

func TestFollowTellsProgress(t *testing.T) {
	x, got := open(t, t.TempDir()), ""
	x.SetBatch(20)
	err := x.Follow(t.Context(), herons(45), func(indexed, last int64) { got += fmt.Sprintf("%d/%d ", indexed, last) })
	if want := "20/45 40/45 45/45 "; err != nil || got != want {
		t.Errorf("progress %q (%v), want %q", got, err, want)
	}
}

func TestSearchWhileFollowing(t *testing.T) {
	store, dir := herons(600), t.TempDir()
	x := open(t, dir)
	x.SetBatch(20)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for last := 0; ; {
				select {
				case <-done:
					return
				default:
				}
				h, err := x.Search(t.Context(), broadsheet.Query{Text: "herons -rivers", Limit: 5})
				if err != nil || h.Total < last {
					t.Errorf("found %d papers after %d: %v", h.Total, last, err)
					return
				}
				last = h.Total
			}
		})
	}
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Error(err)
	}
	close(done)
	readers.Wait()
	check(t, dir)
}

// TestFollowKilled starts itself as another process that indexes, and kills that
// at ever later moments; each goes on where the one before was cut off.
func TestFollowKilled(t *testing.T) {
	const variable = "INDEXER_TEST_FOLLOW"
	store := herons(3000)
	if dir := os.Getenv(variable); dir != "" {
		x := open(t, dir)
		x.SetBatch(20)
		fmt.Println("begun")
		if err := x.Follow(t.Context(), store, nil); err != nil {
			t.Fatal(err)
		}
		return
	}
	need.Long(t)
	dir, reached := t.TempDir(), []int64{}
	for wait := 5 * time.Millisecond; len(reached) < 8; wait += 10 * time.Millisecond {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFollowKilled$")
		cmd.Env = append(os.Environ(), variable+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		bufio.NewReader(out).ReadString('\n')
		time.Sleep(wait)
		cmd.Process.Kill()
		cmd.Wait()
		x := open(t, dir)
		n := indexed(t, x)
		if n > 0 { // else it may have been killed before there was anything to check
			check(t, dir)
		}
		if total := search(t, x, broadsheet.Query{}).Total; int64(total) != n {
			t.Errorf("after a kill at change %d there are %d papers", n, total)
		}
		reached = append(reached, n)
		x.Close()
	}
	t.Logf("killed after changes %d", reached)
	if !slices.IsSorted(reached) {
		t.Errorf("went back: %d", reached)
	}
	x := open(t, dir)
	if err := x.Follow(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state(t, follow(t, store)), state(t, x)); diff != "" {
		t.Errorf("(-at once +killed):\n%s", diff)
	}
}
