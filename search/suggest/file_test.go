package suggest_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"broadsheet/search/suggest"
)

func TestBuilder(t *testing.T) {
	t.Run("equal entries are one", func(t *testing.T) {
		ada := suggest.Entry{Kind: suggest.Author, Text: "Ada Example", Weight: 1}
		rich := suggest.Entry{Kind: suggest.Author, Text: "Adam Rich", Weight: 3 << 30}
		f := open(t, build(t, suggest.Options{Memory: 1 << 9}, ada, rich, ada, rich, ada,
			suggest.Entry{Kind: suggest.Author, Text: " Ada\tExample\n", Weight: 1}))
		got := f.Complete("ada", 5)
		if len(got) != 2 || got[0].Weight != 1<<32-1 || got[1].Weight != 4 || f.Len(suggest.Author) != 2 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("long texts are cut at a word", func(t *testing.T) {
		f := open(t, build(t, suggest.Options{}, suggest.Entry{Kind: suggest.Title, Text: strings.Repeat("kettles ", 100), ID: "k"},
			suggest.Entry{Kind: suggest.Title, Text: strings.Repeat("ü", 500), ID: "u"}))
		for _, prefix := range []string{"kettles", "u"} {
			got := f.Complete(prefix, 1)
			if len(got) != 1 || len(got[0].Text) > suggest.MaxText || !strings.HasSuffix(got[0].Text, "s…") && !strings.HasSuffix(got[0].Text, "ü…") {
				t.Errorf("got %+v", got)
			}
		}
	})
	t.Run("what cannot be typed is left out", func(t *testing.T) {
		f := open(t, build(t, suggest.Options{}, suggest.Entry{Text: "…"}, suggest.Entry{Text: "\xff\xfe"}, suggest.Entry{}))
		if n := f.Len(suggest.Title); n != 0 {
			t.Errorf("%d titles, want none", n)
		}
	})
	t.Run("what is wrong is refused", func(t *testing.T) {
		b := suggest.NewBuilder(suggest.Options{TempDir: filepath.Join(t.TempDir(), "missing"), Memory: 100})
		defer b.Close()
		for _, tt := range []struct {
			e    suggest.Entry
			want string
		}{
			{suggest.Entry{Kind: 9, Text: "a"}, "its kind is 9, expected one below 5"},
			{suggest.Entry{Text: "a", ID: strings.Repeat("i", 256)}, "of 256 bytes, expected at most 255"},
			{suggest.Entry{Text: "a", ID: "\x00"}, "no zero byte"},
			{suggest.Entry{Text: "first"}, ""},
			{suggest.Entry{Text: "second, which goes to the disk"}, "missing"},
		} {
			if err := b.Add(tt.e); (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Add(%.20v): %v, want %q", tt.e, err, tt.want)
			}
		}
		if err := b.Write(filepath.Join(t.TempDir(), "missing", "file")); err == nil {
			t.Error("written to no directory")
		}
	})
	t.Run("progress can end it", func(t *testing.T) {
		stop := errors.New("enough")
		var steps []string
		b := suggest.NewBuilder(suggest.Options{Progress: func(step string, done, total int) error {
			if steps = append(steps, step); done != 2 || total != 2 {
				t.Errorf("%s: %d of %d, want 2 of 2", step, done, total)
			}
			if step == "sort entries of kind title" {
				return stop
			}
			return nil
		}})
		defer b.Close()
		for _, text := range []string{"kettle", "cup"} {
			if err := b.Add(suggest.Entry{Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		dir := t.TempDir()
		if err := b.Write(filepath.Join(dir, "file")); !errors.Is(err, stop) || len(steps) != 3 {
			t.Errorf("%v after %q", err, steps)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%d files are left", len(left))
		}
	})
}

// The same entries make the same file, whatever their order and the memory, and a
// file is replaced.
func TestBuilderIsDeterministic(t *testing.T) {
	entries := newInventor(2, 200).entries(2000)
	first, err := os.ReadFile(build(t, suggest.Options{}, entries...))
	if err != nil {
		t.Fatal(err)
	}
	b := suggest.NewBuilder(suggest.Options{TempDir: t.TempDir(), Memory: 1 << 13})
	defer b.Close()
	path := filepath.Join(t.TempDir(), "file")
	for i := range entries {
		if err := b.Add(entries[len(entries)-1-i]); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := b.Write(path); err != nil {
			t.Fatal(err)
		}
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("%d bytes (%v) differ from %d", len(again), err, len(first))
		}
	}
}

// Each flipped bit is found when the file is opened or checked.
func TestDamage(t *testing.T) {
	data, err := os.ReadFile(build(t, suggest.Options{}, shelf...))
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] ^= 1 << (i % 8)
		f, err := suggest.OpenBytes(data)
		if err == nil {
			err = f.Check()
			use(f, "k")
		}
		if !errors.Is(err, suggest.ErrDamaged) && !errors.Is(err, suggest.ErrVersion) {
			t.Fatalf("byte %d of %d: %v", i, len(data), err)
		}
		data[i] ^= 1 << (i % 8)
	}
	for n := range data {
		if _, err := suggest.OpenBytes(data[:n]); !errors.Is(err, suggest.ErrDamaged) {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(data), err)
		}
	}
	path := filepath.Join(t.TempDir(), "file")
	for _, text := range []string{"", "BSUG", "no such thing as a suggestion file"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := suggest.Open(path); !errors.Is(err, suggest.ErrDamaged) || !strings.Contains(err.Error(), "suggest") {
			t.Errorf("Open of %q: %v", text, err)
		}
	}
	if _, err := suggest.Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open of a missing file: %v", err)
	}
}

// use asks everything of a file.
func use(f *suggest.File, prefix string) {
	for kind := range suggest.Kind(6) {
		f.Complete(prefix, 5, kind)
		f.Len(kind)
	}
	f.Frequency(prefix)
	f.Fuzzy(prefix, 1, func(string, int) bool { return true })
	(&suggest.Speller{Dictionary: f}).Correct([]string{prefix, "ketle"})
}

// What opens answers, whatever its bytes are. The checksums that Open looks at are
// put right, so that the rest of it is reached.
func FuzzOpen(f *testing.F) {
	data, err := os.ReadFile(build(f, suggest.Options{}, shelf...))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, "k")
	f.Add(data[:len(data)-1], "")
	empty, err := os.ReadFile(build(f, suggest.Options{}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(empty, "a")
	f.Fuzz(func(t *testing.T, data []byte, prefix string) {
		mend(data)
		file, err := suggest.OpenBytes(data)
		if err != nil {
			return
		}
		use(file, prefix)
		_ = file.Check() // damaged or not
	})
}

// mend puts right the checksums of the dictionary and of the directory.
func mend(data []byte) {
	const directory, foot = 25 * 12, 8
	at := len(data) - foot - directory
	if at < 8 {
		return
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	var sum uint64
	for i := range 25 {
		entry := data[at+12*i:]
		length := binary.LittleEndian.Uint64(entry)
		if i == 24 && sum <= uint64(at) && length <= uint64(at) && 8+sum+length <= uint64(at) {
			binary.LittleEndian.PutUint32(entry[8:], crc32.Checksum(data[8+sum:8+sum+length], table))
		}
		sum += length
	}
	binary.LittleEndian.PutUint32(data[at+directory:], crc32.Checksum(data[at:at+directory], table))
}

// Readers meet a Close without harm.
func TestClose(t *testing.T) {
	f := open(t, build(t, suggest.Options{}, shelf...))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				use(f, "kettle")
			}
		})
	}
	wg.Go(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	if got := f.Complete("kettle", 5); len(got) != 0 || f.Len(suggest.Title) != 0 || f.Check() != nil {
		t.Errorf("a closed file has %v", got)
	}
}
