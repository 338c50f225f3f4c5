package index

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A world is an index and what it should have.
type world struct {
	t         *testing.T
	rng       *rand.Rand
	dir       string
	x         *Index
	live      map[string]*Document
	committed map[string]*Document
	note      string
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 5)), dir: t.TempDir(), live: map[string]*Document{}, committed: map[string]*Document{}}
	w.open()
	return w
}

// open opens the index, which keeps in memory more or less.
func (w *world) open() {
	w.t.Helper()
	w.x = openTest(w.t, w.dir, Options{MemoryBudget: 4000 << w.rng.IntN(12), NoMerge: w.rng.IntN(4) == 0, Disk: fastDisk{}})
	w.live = maps.Clone(w.committed)
	if got := string(w.x.Note()); got != w.note {
		w.t.Fatalf("opened at the note %q, want %q", got, w.note)
	}
}

func (w *world) id() string { return fmt.Sprintf("p%d", w.rng.IntN(150)) }

func (w *world) install() {
	w.t.Helper()
	b := w.x.NewBuilder()
	for range w.rng.IntN(1 + w.rng.IntN(30)) {
		id := w.id()
		if _, again := b.Find(id); !again {
			w.live[id] = drawDocument(w.rng, id, 20)
			ok(w.t, b.Add(w.live[id]))
		}
	}
	var gone []string
	for range w.rng.IntN(4) {
		id := w.id()
		gone = append(gone, id)
		if _, stays := b.Find(id); !stays {
			delete(w.live, id)
		}
	}
	ok(w.t, w.x.Install(b, gone))
}

func (w *world) commit() {
	w.t.Helper()
	w.note = fmt.Sprint("note", w.rng.IntN(1000))
	ok(w.t, w.x.Commit([]byte(w.note)))
	w.committed = maps.Clone(w.live)
}

// crash goes on with a copy of the directory as it is at some instant.
func (w *world) crash() {
	w.t.Helper()
	to := w.t.TempDir()
	for try := 0; !copyDir(w.t, w.dir, to); try++ { // a merge made a copied manifest old
		to = w.t.TempDir()
	}
	w.x.Close()
	w.dir = to
	w.open()
}

// copyDir copies the files of a directory, and reports whether none vanished in between.
func copyDir(t *testing.T, from, to string) (whole bool) {
	t.Helper()
	// The manifest comes first, so that a later one names no file that was not there.
	names, err := listDir(from)
	ok(t, err)
	manifest, _ := os.ReadFile(filepath.Join(from, manifestName))
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			return false
		}
		ok(t, err)
		ok(t, os.WriteFile(filepath.Join(to, name), b, 0o666))
	}
	after, _ := os.ReadFile(filepath.Join(from, manifestName))
	return bytes.Equal(manifest, after)
}

func (w *world) step() {
	w.t.Helper()
	switch n := w.rng.IntN(100); {
	case n < 60:
		w.install()
	case n < 75:
		w.commit()
	case n < 80:
		ok(w.t, w.x.MergeAll(w.t.Context(), nil))
	case n < 88:
		ok(w.t, w.x.Close())
		w.open()
	case n < 96:
		w.crash()
	case n < 97:
		ok(w.t, w.x.Reset())
		w.live, w.committed, w.note = map[string]*Document{}, map[string]*Document{}, ""
	default:
		check(w.t, w.x)
	}
}

// TestRandomLives does at random what can be done to an index, and compares it with
// one that was made at once.
func TestRandomLives(t *testing.T) {
	seeds, steps := 40, 60
	if testing.Short() {
		seeds, steps = 6, 40
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, uint64(seed))
			for i := range steps {
				if w.step(); i%5 == 4 {
					checkContents(t, w.x, w.live)
				}
			}
			w.commit()
			check(t, w.x)
			ok(t, w.x.Close())
			w.open()
			checkContents(t, w.x, w.live)
		})
	}
}

func install(t testing.TB, x *Index, docs []*Document, deleted ...string) {
	t.Helper()
	b := x.NewBuilder()
	for _, d := range docs {
		ok(t, b.Add(d))
	}
	ok(t, x.Install(b, deleted))
}

// drawDocuments invents documents p<from> to p<to-1>.
func drawDocuments(rng *rand.Rand, from, to int) (docs []*Document) {
	for i := from; i < to; i++ {
		docs = append(docs, drawDocument(rng, fmt.Sprint("p", i), 15))
	}
	return docs
}

func byID(lists ...[]*Document) map[string]*Document {
	docs := map[string]*Document{}
	for _, list := range lists {
		for _, d := range list {
			docs[d.ID] = d
		}
	}
	return docs
}

func TestInstallReplaces(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := openTest(t, t.TempDir(), Options{})
	first, second := drawDocuments(rng, 0, 10), drawDocuments(rng, 5, 12)
	install(t, x, first)
	// A document that is both new and deleted is new.
	install(t, x, second, "p0", "p6", "no such")
	want := byID(first, second)
	delete(want, "p0")
	checkContents(t, x, want)
	if s := x.Stats(); s.Docs != 11 || s.Deleted != 6 || s.Segments != 2 || s.InMemory != 2 {
		t.Errorf("%+v, want 11 documents and 6 deleted in 2 segments in memory", s)
	}
	install(t, x, nil, "p1", "p2", "p3", "p4")
	if s := x.Stats(); s.Segments != 1 || s.Deleted != 0 {
		t.Errorf("%+v, want one segment, as the other has no document left", s)
	}
	ok(t, x.Install(nil, nil))
}

// TestSnapshotStays reads a snapshot after all it is made of has gone.
func TestSnapshotStays(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	x := openTest(t, t.TempDir(), Options{MemoryBudget: 1}) // all to files
	docs := drawDocuments(rng, 0, 40)
	install(t, x, docs[:20])
	install(t, x, docs[20:], "p3")
	ok(t, x.Commit(nil))
	s := x.Snapshot()
	want := contentsOf(t, s)
	held := slices.Clone(x.members)
	install(t, x, drawDocuments(rng, 0, 30))
	ok(t, x.MergeAll(t.Context(), nil))
	ok(t, x.Commit(nil))
	ok(t, x.Reset())
	ok(t, x.Close())
	if diff := want.diff(contentsOf(t, s)); diff != "" {
		t.Errorf("a snapshot changed (-before +now):\n%s", diff)
	}
	s.Release()
	for _, m := range held {
		if n := m.refs.Load(); n != 0 {
			t.Errorf("segment %d is held by %d snapshots still", m.number, n)
		}
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	x := openTest(t, dir, Options{})
	if _, err := Open(dir, testSettings, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("a second Open: %v, want %v", err, ErrLocked)
	}
	ok(t, x.Close())
	openTest(t, dir, Options{})
}

func TestClosed(t *testing.T) {
	x := openTest(t, t.TempDir(), Options{})
	install(t, x, drawDocuments(rand.New(rand.NewPCG(1, 1)), 0, 3))
	ok(t, x.Close())
	for name, err := range map[string]error{
		"Install":  x.Install(nil, []string{"p1"}),
		"Commit":   x.Commit(nil),
		"Reset":    x.Reset(),
		"MergeAll": x.MergeAll(t.Context(), nil),
		"Close":    x.Close(),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s of a closed index: %v, want %v", name, err, ErrClosed)
		}
	}
	s := x.Snapshot()
	defer s.Release()
	if s.Docs != 0 {
		t.Errorf("a closed index has %d documents", s.Docs)
	}
}

func TestOpenRefuses(t *testing.T) {
	other := testSettings
	other.Ranking.TitleWeight++
	x := openTest(t, t.TempDir(), Options{})
	install(t, x, drawDocuments(rand.New(rand.NewPCG(1, 1)), 0, 3))
	ok(t, x.Commit(nil))
	ok(t, x.Close())
	_, err := Open(x.dir, other, Options{})
	if !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "broadsheet reindex") {
		t.Errorf("Open with other settings: %v, want %v and what helps", err, ErrVersion)
	}
	path := filepath.Join(x.dir, manifestName)
	m, err := readManifest(x.dir, nil)
	ok(t, err)
	m.Version++
	b, err := m.encode()
	ok(t, err)
	ok(t, os.WriteFile(path, b, 0o666))
	if _, err := Open(x.dir, testSettings, Options{}); !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "broadsheet reindex") {
		t.Errorf("Open of another version: %v, want %v and what helps", err, ErrVersion)
	}
	if x, err := OpenReadOnly(t.TempDir(), testSettings); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("OpenReadOnly of nothing: %v, %v, want %v", x, err, os.ErrNotExist)
	}
}

func TestNoteTooLong(t *testing.T) {
	x := openTest(t, t.TempDir(), Options{})
	ok(t, x.Commit(make([]byte, maxNote)))
	if err := x.Commit(make([]byte, maxNote+1)); err == nil {
		t.Error("a note above the limit was taken")
	}
}
