package index

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// A change is a step of the script that crashes are tried in: documents to install
// and to delete, or a commit, or a merge of all.
type change struct {
	docs    []*Document
	deleted []string
	commit  string
	merge   bool
}

func script() (list []change) {
	rng := rand.New(rand.NewPCG(7, 7))
	return []change{
		{docs: drawDocuments(rng, 0, 6)},
		{commit: "one"},
		{docs: drawDocuments(rng, 4, 8), deleted: []string{"p0"}},
		{docs: drawDocuments(rng, 20, 22)},
		{commit: "two"},
		{deleted: []string{"p5", "p20"}},
		{merge: true}, // not all committed
		{docs: drawDocuments(rng, 6, 9)},
		{commit: "three"},
		{merge: true}, // all committed
		{deleted: []string{"p1"}},
		{commit: "four"},
		{merge: true}, // one segment with deletions
		{docs: drawDocuments(rng, 30, 32)},
		{commit: "five"},
	}
}

func (c change) do(x *Index) error {
	switch {
	case c.commit != "":
		return x.Commit([]byte(c.commit))
	case c.merge:
		return x.MergeAll(context.Background(), nil)
	}
	b := x.NewBuilder()
	for _, d := range c.docs {
		if err := b.Add(d); err != nil {
			return err
		}
	}
	return x.Install(b, c.deleted)
}

// apply does to a model what the change does to an index.
func (c change) apply(docs map[string]*Document) {
	for _, id := range c.deleted {
		delete(docs, id)
	}
	for _, d := range c.docs {
		docs[d.ID] = d
	}
}

// statesOf returns the contents at each commit of the script, by note.
func statesOf(list []change) map[string]map[string]*Document {
	states := map[string]map[string]*Document{"": {}}
	docs := map[string]*Document{}
	for _, c := range list {
		if c.apply(docs); c.commit != "" {
			states[c.commit] = map[string]*Document{}
			for id, d := range docs {
				states[c.commit][id] = d
			}
		}
	}
	return states
}

// operations returns how many operations of the disk the script takes.
func operations(t *testing.T, budget int) int {
	d := &faultyDisk{fail: func(int, string) error { return nil }}
	x := openTest(t, t.TempDir(), Options{Disk: d, MemoryBudget: budget, NoMerge: true})
	for _, c := range script() {
		ok(t, c.do(x))
	}
	ok(t, x.Close())
	return d.ops
}

var errCut = errors.New("the power is cut")

// TestPowerCut lets the disk break off at each single operation, and lose some of
// what is not durable. What is there must be the last commit, or the one that was
// under way.
func TestPowerCut(t *testing.T) {
	states := statesOf(script())
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, budget := range []int{1, 1 << 20} { // with all batches as files, and in memory
		n := operations(t, budget)
		at, step := 0, 1
		if testing.Short() {
			at, step = rng.IntN(12), 12
		}
		for ; at < n; at += step {
			dir := t.TempDir()
			d := &faultyDisk{fail: func(op int, _ string) error {
				if op >= at {
					return errCut
				}
				return nil
			}}
			done, tried := runUntilError(dir, budget, d)
			d.lose(rng)
			x := openTest(t, dir, Options{Disk: fastDisk{}})
			note := string(x.Note())
			if note != done && note != tried {
				t.Fatalf("cut at operation %d: opened at the note %q, want %q or %q", at, note, done, tried)
			}
			checkContents(t, x, states[note])
			check(t, x)
			checkFiles(t, x)
			for _, c := range changesAfter(script(), note) {
				ok(t, c.do(x))
			}
			checkContents(t, x, states["five"])
			ok(t, x.Close())
		}
	}
}

// runUntilError follows the script on a disk that breaks off, and returns the note
// of the last commit that was acknowledged, and of that which was tried.
func runUntilError(dir string, budget int, d Disk) (done, tried string) {
	x, err := Open(dir, testSettings, Options{Disk: d, MemoryBudget: budget, NoMerge: true})
	if err != nil {
		return "", ""
	}
	defer x.Close()
	for _, c := range script() {
		if tried = done; c.commit != "" {
			tried = c.commit
		}
		if err := c.do(x); err != nil {
			return done, tried
		}
		done = tried
	}
	return done, done
}

// changesAfter returns the changes of the script behind a commit.
func changesAfter(list []change, note string) []change {
	i := slices.IndexFunc(list, func(c change) bool { return note != "" && c.commit == note })
	return list[i+1:]
}

// checkFiles checks that the directory has what it needs and nothing else.
func checkFiles(t *testing.T, x *Index) {
	t.Helper()
	names, err := listDir(x.dir)
	ok(t, err)
	kept := x.kept()
	files := map[fileKey]int{}
	for _, name := range names {
		number, generation, isFile := parseName(name)
		if !isFile && name != lockName && name != manifestName || isFile && !kept[fileKey{number, generation}] {
			t.Errorf("%s was left over", name)
		}
		files[fileKey{number, generation}]++
	}
	for key := range kept {
		if want := map[bool]int{true: int(parts), false: 1}[key.generation == 0]; files[key] != want {
			t.Errorf("%v has %d files, want %d", key, files[key], want)
		}
	}
}

// TestFullDisk lets one operation after the other fail, as on a full disk, until
// the change has failed, and then all go well again.
func TestFullDisk(t *testing.T) {
	states := statesOf(script())
	for _, budget := range []int{1, 1 << 20} {
		n := operations(t, budget)
		step := 1
		if testing.Short() {
			step = 12
		}
		for at := 0; at < n; at += step {
			full, healed := false, false
			d := &faultyDisk{}
			d.fail = func(op int, what string) error {
				if full = !healed && (full || op == at); full && what != "remove" {
					return syscall.ENOSPC
				}
				return nil
			}
			dir := t.TempDir()
			x, err := Open(dir, testSettings, Options{Disk: d, MemoryBudget: budget, NoMerge: true})
			if err != nil {
				continue
			}
			live := map[string]*Document{}
			for i, c := range script() {
				err := c.do(x)
				if err != nil {
					if !errors.Is(err, syscall.ENOSPC) {
						t.Fatalf("change %d with a full disk: %v, want %v", i, err, syscall.ENOSPC)
					}
					checkContents(t, x, live) // nothing is lost, nor half done
					d.mu.Lock()
					healed = true
					d.mu.Unlock()
					ok(t, c.do(x))
				}
				if c.apply(live); c.commit != "" {
					checkFiles(t, x)
				}
			}
			checkContents(t, x, states["five"])
			check(t, x)
			checkFiles(t, x)
			ok(t, x.Close())
			x = openTest(t, dir, Options{Disk: fastDisk{}})
			checkContents(t, x, states["five"])
			ok(t, x.Close())
		}
	}
}

// TestFailedSync makes sure that files which could not be made durable are not
// relied on: the system may have dropped their bytes, and says so only once.
func TestFailedSync(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	fail := false
	d := &faultyDisk{fail: func(_ int, what string) error {
		if fail && what == "sync" {
			return syscall.EIO
		}
		return nil
	}}
	x := openTest(t, t.TempDir(), Options{Disk: d, NoMerge: true})
	docs := drawDocuments(rng, 0, 10)
	install(t, x, docs[:5])
	fail = true
	if err := x.Commit(nil); !errors.Is(err, syscall.EIO) {
		t.Fatalf("Commit = %v, want %v", err, syscall.EIO)
	}
	lost := x.members[0].number
	fail = false
	install(t, x, docs[5:], "p2")
	want := byID(docs)
	delete(want, "p2")
	ok(t, x.Commit(nil))
	if len(x.members) != 1 || x.members[0].number == lost {
		t.Errorf("%d segments, the first of number %d, want one that is not %d", len(x.members), x.members[0].number, lost)
	}
	checkContents(t, x, want)
	checkFiles(t, x)
}

// TestUnsureRename makes sure that no file of either manifest is deleted while it is
// not known which of them a crash would leave.
func TestUnsureRename(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 3))
	renamed, fail := false, false
	d := &faultyDisk{}
	d.fail = func(_ int, what string) error {
		renamed = renamed || what == "rename"
		if fail && renamed && what == "syncdir" {
			return syscall.EIO
		}
		return nil
	}
	x := openTest(t, t.TempDir(), Options{Disk: d, NoMerge: true, MemoryBudget: 1})
	first, second := drawDocuments(rng, 0, 6), drawDocuments(rng, 3, 9)
	install(t, x, first)
	install(t, x, nil, "p5")
	ok(t, x.Commit([]byte("one")))
	before, err := os.ReadFile(filepath.Join(x.dir, manifestName))
	ok(t, err)
	renamed, fail = false, true
	install(t, x, second)
	if err := x.Commit([]byte("two")); !errors.Is(err, syscall.EIO) {
		t.Fatalf("Commit = %v, want %v", err, syscall.EIO)
	}
	x.MergeAll(t.Context(), nil)
	for note, docs := range map[string]map[string]*Document{"one": byID(first[:5]), "two": byID(first, second)} {
		dir := t.TempDir()
		copyDir(t, x.dir, dir)
		if note == "one" { // as if the rename had been lost
			ok(t, os.WriteFile(filepath.Join(dir, manifestName), before, 0o666))
		}
		y := openTest(t, dir, Options{})
		checkContents(t, y, docs)
	}
	fail = false
	ok(t, x.Commit([]byte("three")))
	checkContents(t, x, byID(first, second))
	checkFiles(t, x)
}
