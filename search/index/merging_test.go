package index

import (
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestBackground waits for merges to end by themselves. They must have become part
// of the last commit, and leave nothing running.
func TestBackground(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	x := openTest(t, t.TempDir(), Options{MemoryBudget: 1, Disk: fastDisk{}})
	docs := map[string]*Document{}
	for i := range 1 + 3*(mergeFactor-1) { // so that the last commit is followed by a merge
		batch := drawDocuments(rng, 7*i, 7*i+10) // some of them again
		install(t, x, batch)
		maps.Copy(docs, byID(batch))
		ok(t, x.Commit(nil))
		x.mu.Lock()
		for x.merging {
			x.merged.Wait()
		}
		x.mu.Unlock()
	}
	checkContents(t, x, docs)
	checkFiles(t, x)
	dir := t.TempDir()
	copyDir(t, x.dir, dir)
	y := openTest(t, dir, Options{})
	checkContents(t, y, docs)
	if a, b := x.Stats(), y.Stats(); a != b || a.Segments > 1 {
		t.Errorf("%+v, after a crash %+v, want the same and one segment", a, b)
	}
	for range 500 { // a goroutine ends a little after it says so
		if !strings.Contains(stacks(), "broadsheet/search/index.(*Index)") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("an idle index has a goroutine:\n%s", stacks())
}

func stacks() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}

// TestMergeOfReplaced merges a segment of the last commit with one that replaces a
// document of it since, and whose number is lower, as it took longer to write: the
// merged segment must not have the document twice.
func TestMergeOfReplaced(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	x := openTest(t, t.TempDir(), Options{MemoryBudget: 1, NoMerge: true, Disk: fastDisk{}})
	docs := map[string]*Document{}
	b := x.NewBuilder()
	ok(t, b.Add(drawDocument(rng, "p0", 10)))
	slow, err := x.memberOf(b)
	ok(t, err)
	for i := range mergeFactor - 1 {
		batch := drawDocuments(rng, 2*i, 2*i+2)
		install(t, x, batch)
		maps.Copy(docs, byID(batch))
	}
	ok(t, x.Commit(nil))
	ok(t, x.apply(slow, nil))
	x.mu.Lock()
	job := x.nextMerge()
	x.mu.Unlock()
	ok(t, x.merge(t.Context(), job, func(int64) {}))
	docs["p0"] = drawDocument(rng, "p0", 10)
	install(t, x, []*Document{docs["p0"]})
	checkContents(t, x, docs)
}
