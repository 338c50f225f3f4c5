package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet"
)

func record(n int) broadsheet.Record {
	return broadsheet.Record{Paper: broadsheet.Paper{
		ID: broadsheet.ID(fmt.Sprintf("2503.%05d", n)), Title: fmt.Sprintf("Paper Number %d", n),
		Abstract: strings.Repeat("words ", 200), Sources: []broadsheet.Source{{Name: "jsonl"}},
	}}
}

func open(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestReadOnlyBesideAWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with blanks? & #", "x.db")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), path); broadsheet.KindOf(err) != broadsheet.NotFound {
		t.Fatalf("OpenReadOnly of nothing: %v, want NotFound", err)
	}
	w := open(t, path)
	r, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.Put(t.Context(), []broadsheet.Record{record(1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Paper(t.Context(), "2503.00001"); err != nil {
		t.Errorf("the reader does not see what was put: %v", err)
	}
	if _, err := r.Put(t.Context(), []broadsheet.Record{record(2)}); broadsheet.KindOf(err) != broadsheet.Conflict {
		t.Errorf("Put through the reader: %v, want Conflict", err)
	}
}

// A full disk refuses a batch with a sentence and keeps what was there. SQLite
// answers the same (SQLITE_FULL) when a file has reached max_page_count.
func TestFullDisk(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"))
	if _, err := db.Put(t.Context(), []broadsheet.Record{record(1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.Exec("PRAGMA max_page_count = 20"); err != nil {
		t.Fatal(err)
	}
	var many []broadsheet.Record
	for n := range 1000 {
		many = append(many, record(n+2))
	}
	_, err := db.Put(t.Context(), many)
	if text := broadsheet.TextFor(err); broadsheet.KindOf(err) != broadsheet.Unavailable || !strings.Contains(text, "disk is full") {
		t.Fatalf("error %v, want that the disk is full", err)
	}
	stats, err := db.Stats(t.Context())
	if err != nil || stats.Papers != 1 || stats.LastChange != 1 {
		t.Errorf("stats %+v, %v; want the one paper that was stored before", stats, err)
	}
	if wrong, err := db.Check(t.Context()); err != nil || wrong != nil {
		t.Errorf("Check: %v, %v", wrong, err)
	}
}

func TestDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path)
	var many []broadsheet.Record
	for n := range 500 {
		many = append(many, record(n))
	}
	if _, err := db.Put(t.Context(), many); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 2 * pageSize; i < len(raw)/2; i++ {
		raw[i] ^= 0x5a
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err) // the first pages are sound
	}
	defer r.Close()
	if wrong, err := r.Check(t.Context()); len(wrong) == 0 && err == nil {
		t.Error("Check finds nothing wrong in a damaged file")
	}
	other := filepath.Join(t.TempDir(), "y.db")
	if err := os.WriteFile(other, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), other); !strings.Contains(broadsheet.TextFor(err), "damaged or not a Broadsheet database") {
		t.Errorf("Open of something else: %v", err)
	}
}

func TestVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path)
	if _, err := db.write.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(t.Context(), path); broadsheet.KindOf(err) != broadsheet.Conflict || !strings.Contains(broadsheet.TextFor(err), "newer Broadsheet") {
		t.Errorf("Open of a newer file: %v", err)
	}
	db = open(t, filepath.Join(t.TempDir(), "z.db"))
	if _, err := db.write.Exec("PRAGMA application_id = 7"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.version(t.Context()); broadsheet.KindOf(err) != broadsheet.Conflict {
		t.Errorf("version of another program's file: %v", err)
	}
}

// The schema that the migrations make is committed beside them, so that a review
// sees the result. Update it with: UPDATE=1 go test ./sqlite -run Schema
func TestSchema(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"))
	rows, err := db.read.Query(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		b.WriteString(s + ";\n")
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("schema.sql is not what the migrations make; UPDATE=1 go test ./sqlite -run Schema (-want +got):\n%s", diff)
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "x.db"))
	if _, err := db.Put(t.Context(), []broadsheet.Record{record(1), record(2)}); err != nil {
		t.Fatal(err)
	}
	copyTo := filepath.Join(dir, "copy.db")
	if err := db.Backup(t.Context(), copyTo); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), copyTo); broadsheet.KindOf(err) != broadsheet.Conflict {
		t.Errorf("second Backup to one name: %v, want Conflict", err)
	}
	c := open(t, copyTo)
	want, _ := db.Stats(t.Context())
	if got, err := c.Stats(t.Context()); err != nil || got != want {
		t.Errorf("the copy has %+v, %v; want %+v", got, err, want)
	}
}
