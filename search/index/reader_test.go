package index

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// walk reads a snapshot as a search does, and checks that it is whole: every
// document has its number as a keyword too, and no id is there twice.
func walk(s *Snapshot) error {
	ids := map[string]bool{}
	var p Postings
	for _, v := range s.Views {
		if !p.Open(v.Segment, Key, "all") {
			return errors.New("a segment without the key that all documents have")
		}
		for block := range p.Blocks() {
			p.Load(block)
			for _, doc := range p.Docs[:p.N] {
				if v.Deleted != nil && v.Deleted.Has(doc) {
					continue
				}
				id := v.Columns().ID(doc)
				if ids[id] {
					return fmt.Errorf("%s is there twice", id)
				}
				ids[id] = true
				keywords := v.Columns().Keyword(0)
				got, want := keywords.Value(keywords.Ords(nil, doc)[0]), strconv.FormatInt(v.Columns().Number(0, doc), 10)
				if got != want {
					return fmt.Errorf("%s has the keyword %s, want %s", id, got, want)
				}
			}
		}
	}
	if len(ids) != s.Docs {
		return fmt.Errorf("%d documents of %d found", len(ids), s.Docs)
	}
	return nil
}

// labelled invents a document for walk.
func labelled(rng *rand.Rand, id string) *Document {
	d := drawDocument(rng, id, 10)
	d.Keywords = [][]string{{strconv.FormatInt(d.Numbers[0], 10)}}
	d.Keys = append(d.Keys, "all")
	return d
}

// TestReadersBesideWriters has readers in this process and one beside, while two
// writers install, one commits and one merges.
func TestReadersBesideWriters(t *testing.T) {
	const always = 40 // documents that are never deleted, so that none may be missing
	x := openTest(t, t.TempDir(), Options{MemoryBudget: 20 << 10, Disk: fastDisk{}})
	rng := rand.New(rand.NewPCG(1, 3))
	var first []*Document
	for i := range always {
		first = append(first, labelled(rng, fmt.Sprint("always", i)))
	}
	install(t, x, first)
	ok(t, x.Commit(nil))
	beside, err := OpenReadOnly(x.dir, testSettings)
	ok(t, err)
	defer beside.Close()

	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	var writers, readers sync.WaitGroup
	var done atomic.Bool
	for w := range 2 {
		writers.Go(func() { churn(t, x, uint64(w), always, rounds) })
	}
	writers.Go(func() {
		for i := range rounds / 4 {
			if err := x.Commit(fmt.Append(nil, i)); err != nil {
				t.Error(err)
			}
		}
	})
	writers.Go(func() {
		for range rounds / 20 {
			if err := errors.Join(x.MergeAll(t.Context(), nil), x.Check(t.Context(), nil)); err != nil {
				t.Error(err)
			}
		}
	})
	for _, r := range []*Index{x, x, beside} {
		readers.Go(func() {
			for !done.Load() {
				if err := readOnce(r, always); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	done.Store(true)
	readers.Wait()
	ok(t, x.Commit([]byte("end")))
	if changed, err := beside.Refresh(); !changed || err != nil || string(beside.Note()) != "end" {
		t.Errorf("Refresh = %v, %v at %q, want the last commit", changed, err, beside.Note())
	}
	ok(t, readOnce(beside, always))
	check(t, beside)
	if a, b := x.Stats().Docs, beside.Stats().Docs; a != b {
		t.Errorf("the reader beside has %d documents, the writer %d", b, a)
	}
}

// churn installs and deletes documents of its own, and replaces those that are always there.
func churn(t *testing.T, x *Index, seed uint64, always, rounds int) {
	rng := rand.New(rand.NewPCG(seed, 3))
	for range rounds {
		b := x.NewBuilder()
		for range rng.IntN(20) {
			id := fmt.Sprint("w", seed, "-", rng.IntN(200))
			if rng.IntN(3) == 0 {
				id = fmt.Sprint("always", rng.IntN(always))
			}
			if _, again := b.Find(id); !again {
				if err := b.Add(labelled(rng, id)); err != nil {
					t.Error(err)
				}
			}
		}
		if err := x.Install(b, []string{fmt.Sprint("w", seed, "-", rng.IntN(200))}); err != nil {
			t.Error(err)
		}
	}
}

func readOnce(x *Index, always int) error {
	if _, err := x.Refresh(); err != nil {
		return err
	}
	s := x.Snapshot()
	defer s.Release()
	if s.Docs < always {
		return fmt.Errorf("%d documents, want %d that are always there", s.Docs, always)
	}
	return walk(s)
}

func TestReadOnlyRefuses(t *testing.T) {
	dir, _ := committedIndex(t)
	x, err := OpenReadOnly(dir, testSettings)
	ok(t, err)
	defer x.Close()
	if changed, err := x.Refresh(); changed || err != nil {
		t.Errorf("Refresh without a commit = %v, %v", changed, err)
	}
	for name, err := range map[string]error{
		"Install":  x.Install(nil, []string{"p1"}),
		"Commit":   x.Commit(nil),
		"Reset":    x.Reset(),
		"MergeAll": x.MergeAll(t.Context(), nil),
	} {
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want %v", name, err, ErrReadOnly)
		}
	}
}

// TestRefreshOtherIndex puts another index in the place of one that is open.
func TestRefreshOtherIndex(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	dir := t.TempDir() + "/index"
	docs := drawDocuments(rng, 0, 20)
	make := func(dir string, docs []*Document) {
		w := openTest(t, dir, Options{MemoryBudget: 1})
		install(t, w, docs)
		ok(t, w.Commit(nil))
		ok(t, w.Close())
	}
	make(dir, docs[:10])
	x, err := OpenReadOnly(dir, testSettings)
	ok(t, err)
	defer x.Close()
	make(dir+".new", docs[10:])
	ok(t, systemDisk{}.Rename(dir, dir+".old"))
	ok(t, systemDisk{}.Rename(dir+".new", dir))
	if changed, err := x.Refresh(); !changed || err != nil {
		t.Errorf("Refresh = %v, %v, want a change", changed, err)
	}
	checkContents(t, x, byID(docs[10:]))
}
