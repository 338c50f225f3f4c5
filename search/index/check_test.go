package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// committedIndex returns the directory of an index of two segments, one of them with
// deletions, and the names of all its files.
func committedIndex(t testing.TB) (dir string, files []string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(6, 1))
	x := openTest(t, t.TempDir(), Options{MemoryBudget: 1, NoMerge: true, Disk: fastDisk{}})
	install(t, x, drawDocuments(rng, 0, 60))
	install(t, x, drawDocuments(rng, 50, 90), "p3")
	ok(t, x.Commit([]byte("a note")))
	ok(t, x.Close())
	names, err := listDir(x.dir)
	ok(t, err)
	for _, name := range names {
		if name != lockName {
			files = append(files, name)
		}
	}
	if want := 2*int(parts) + 2; len(files) != want {
		t.Fatalf("the files are %q, want %d", files, want)
	}
	return x.dir, files
}

// TestFlippedBit flips single bits. Each must be found, and its file named.
func TestFlippedBit(t *testing.T) {
	dir, files := committedIndex(t)
	ok(t, Check(t.Context(), dir, nil))
	rng := rand.New(rand.NewPCG(6, 2))
	trials := 400
	if testing.Short() {
		trials = 50
	}
	for _, name := range files {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		ok(t, err)
		bad := append([]byte(nil), good...)
		for range trials {
			at, bit := rng.IntN(len(good)), byte(1)<<rng.IntN(8)
			bad[at] ^= bit
			ok(t, os.WriteFile(path, bad, 0o666))
			if err := Check(t.Context(), dir, nil); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s with a bit flipped in byte %d of %d: Check = %v", name, at, len(good), err)
			}
			bad[at] ^= bit
		}
		ok(t, os.WriteFile(path, good, 0o666))
	}
	ok(t, Check(t.Context(), dir, nil))
}

// TestCheckNames breaks files in other ways, several at once.
func TestCheckNames(t *testing.T) {
	dir, files := committedIndex(t)
	var broken []string
	for i, name := range files {
		path := filepath.Join(dir, name)
		b, err := os.ReadFile(path)
		ok(t, err)
		switch {
		case name == manifestName:
			continue
		case i%4 == 0:
			err = os.Remove(path)
		case i%4 == 1:
			err = os.WriteFile(path, b[:len(b)/2], 0o666)
		case i%4 == 2:
			err = os.WriteFile(path, nil, 0o666)
		default:
			continue
		}
		ok(t, err)
		broken = append(broken, name)
	}
	last := int64(0)
	err := Check(t.Context(), dir, func(done, total int64) {
		if done < last || done > total {
			t.Errorf("progress goes from %d to %d of %d", last, done, total)
		}
		last = done
	})
	if err == nil {
		t.Fatal("nothing found")
	}
	for _, name := range files {
		named := strings.Contains(err.Error(), name)
		if want := strings.Contains(strings.Join(broken, " "), name); named != want {
			t.Errorf("%s: named is %v, want %v, in %v", name, named, want, err)
		}
	}
	if _, err := Open(dir, testSettings, Options{}); err == nil {
		t.Error("Open of broken files succeeds")
	}
}

// TestFilesOfOthers puts the files of one segment in the place of another's.
func TestFilesOfOthers(t *testing.T) {
	dir, _ := committedIndex(t)
	for p := range parts {
		ok(t, os.Rename(filepath.Join(dir, partName(1, p)), filepath.Join(dir, partName(2, p))))
	}
	for p := range parts {
		b, err := os.ReadFile(filepath.Join(dir, partName(2, p)))
		ok(t, err)
		ok(t, os.WriteFile(filepath.Join(dir, partName(1, p)), b, 0o666))
	}
	if x, err := Open(dir, testSettings, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("Open = %v, %v, want %v", x, err, ErrDamaged)
	}
}

func TestCheckStops(t *testing.T) {
	dir, _ := committedIndex(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Check(ctx, dir, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Check after cancel: %v", err)
	}
}

// TestMergeRefusesDamage makes sure that a merge does not give damage a new checksum.
func TestMergeRefusesDamage(t *testing.T) {
	dir, _ := committedIndex(t)
	path := filepath.Join(dir, partName(1, positionsPart))
	b, err := os.ReadFile(path)
	ok(t, err)
	b[len(b)/2] ^= 4
	ok(t, os.WriteFile(path, b, 0o666))
	x := openTest(t, dir, Options{})
	if err := x.MergeAll(t.Context(), nil); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "000001: positions") {
		t.Errorf("MergeAll = %v, want that segment 000001 is %v", err, ErrDamaged)
	}
	if s := x.Stats(); s.Segments != 2 {
		t.Errorf("%+v, want the two segments there were", s)
	}
}

func FuzzManifest(f *testing.F) {
	m := newManifest(&testSettings)
	m.Generation, m.Next, m.Note = 7, 12, []byte("note\x00")
	m.Segments = []manifestEntry{{Number: 3, Docs: 10}, {Number: 11, Docs: 1 << 20, Deletions: 7}}
	b, err := m.encode()
	ok(f, err)
	f.Add(b[:len(b)-sumSize])
	f.Add([]byte(`{"version":1}`))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		decodeManifest(body, &testSettings)
		m, err := decodeManifest(appendSum(body), nil)
		if err != nil {
			return
		}
		again, err := m.encode()
		ok(t, err)
		n, err := decodeManifest(again, nil)
		ok(t, err)
		twice, err := n.encode()
		ok(t, err)
		if !bytes.Equal(twice, again) {
			t.Errorf("%s is read back as %s", again, twice)
		}
	})
}

// appendSum returns a body and its last line.
func appendSum(body []byte) []byte {
	return fmt.Appendf(append([]byte(nil), body...), sumLine, crc32.Checksum(body, castagnoli))
}

func FuzzDeleted(f *testing.F) {
	for _, n := range []int{1, 64, 100} {
		b := NewBitmap(n)
		b.Add(0)
		b.Add(uint32(n - 1))
		f.Add(encodeDeleted(b, n), n)
	}
	f.Fuzz(func(t *testing.T, data []byte, docs int) {
		docs = max(1, min(docs, 1<<20))
		if len(data) > footerSize {
			copy(data[len(data)-footerSize:], footerOf(data[:len(data)-footerSize]))
		}
		b, err := decodeDeleted(data, docs)
		if err != nil {
			return
		}
		again, err := decodeDeleted(encodeDeleted(b, docs), docs)
		ok(t, err)
		if again.Count() != b.Count() || !slices.Equal(again.words, b.words) {
			t.Errorf("%x is read back as %x", b.words, again.words)
		}
	})
}

func TestParseName(t *testing.T) {
	for name, want := range map[string]fileKey{
		partName(1, termsPart):          {1, 0},
		partName(1<<40, columnsPart):    {1 << 40, 0},
		deletedName(12, 345):            {12, 345},
		"12.terms":                      {},
		"000012.term":                   {},
		"000012.0.deleted":              {},
		"000012.deleted":                {},
		"000012.17.deleted~":            {},
		"000012.017.deleted":            {},
		"+00012.terms":                  {},
		"99999999999999999999999.terms": {},
		"":                              {},
		"thesis.columns":                {},
		"manifest":                      {},
	} {
		number, generation, isFile := parseName(name)
		if isFile != (want != fileKey{}) || isFile && (fileKey{number, generation}) != want {
			t.Errorf("parseName(%q) = %d, %d, %v, want %v", name, number, generation, isFile, want)
		}
	}
}
