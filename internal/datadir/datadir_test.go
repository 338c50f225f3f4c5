package datadir_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/datadir"
)

// The test binary is its own second process: with this set it opens the
// directory, says so, and waits to be killed.
const holdEnv = "BROADSHEET_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		_, err := datadir.Open(dir, "serve")
		fmt.Println("opened:", err)
		time.Sleep(time.Minute)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestOpenCreatesAndCloses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	for range 2 { // what one left, the next can open
		d, err := datadir.Open(dir, "serve")
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Database(); d.Path() != dir || got != filepath.Join(dir, "broadsheet.db") {
			t.Errorf("opened %s with the database %s", d.Path(), got)
		}
		if _, err := datadir.Open(dir, "import"); broadsheet.KindOf(err) != broadsheet.Conflict {
			t.Errorf("second Open in one process: %v, want a Conflict", err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 && os.PathSeparator == '/' {
		t.Errorf("created with mode %o, want 700: it will hold people's secrets", got)
	}
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "opened: <nil>\n" {
		t.Fatalf("the other process says %q", line)
	}

	_, err = datadir.Open(dir, "import")
	want := fmt.Sprintf(`^The data directory %s is in use by broadsheet serve \(process %d, since \d{4}-\d\d-\d\d \d\d:\d\d\)\. Stop it, or use another --data\.$`,
		regexp.QuoteMeta(dir), cmd.Process.Pid)
	if broadsheet.KindOf(err) != broadsheet.Conflict || !regexp.MustCompile(want).MatchString(broadsheet.TextFor(err)) {
		t.Fatalf("got %v\nwant a Conflict like %s", err, want)
	}

	cmd.Process.Kill() // SIGKILL: it has no chance to clean up
	cmd.Wait()
	d, err := datadir.Open(dir, "import")
	if err != nil {
		t.Fatalf("after the holder was killed: %v", err)
	}
	d.Close()
}

func TestUnreadableHolder(t *testing.T) {
	dir := t.TempDir()
	d, err := datadir.Open(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, text := range []string{"", "x", "1 2", "pid who 2026-11-23T17:40:00Z", strings.Repeat("9 ", 900)} {
		if err := os.WriteFile(filepath.Join(dir, "lock"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := datadir.Open(dir, "x"); !strings.Contains(broadsheet.TextFor(err), "in use by another process.") {
			t.Errorf("lock file %.20q: %v", text, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	base := t.TempDir()
	file := filepath.Join(base, "file")
	write(t, file)
	write(t, filepath.Join(base, "home", "thesis.tex"))
	for _, tt := range []struct {
		name, dir string
		kind      broadsheet.Kind
		text      string
	}{
		{"a file", file, broadsheet.Invalid, file + " is a file, and --data needs a directory."},
		{"below a file", filepath.Join(file, "x"), broadsheet.Conflict, "cannot be opened: "},
		{"somebody's directory", filepath.Join(base, "home"), broadsheet.Conflict,
			"home is not empty and is not a Broadsheet directory (it has thesis.tex in it)."},
		{"nothing", "", broadsheet.Invalid, "No data directory is known: name one with --data or BROADSHEET_DATA."},
		{"a name no system takes", base + "/\x00", broadsheet.Conflict, "cannot be opened: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datadir.Open(tt.dir, "serve")
			if broadsheet.KindOf(err) != tt.kind || !strings.Contains(broadsheet.TextFor(err), tt.text) {
				t.Errorf("got %v\nwant kind %d, %q", err, tt.kind, tt.text)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(base, "home", "lock")); err == nil {
		t.Error("a refused directory has a lock file in it now")
	}
}

func TestOpenTakes(t *testing.T) {
	for _, name := range []string{"lost+found", "backups/old.db", "broadsheet.db", "lock"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, name))
		d, err := datadir.Open(dir, "serve")
		if err != nil {
			t.Errorf("a directory with %s: %v", name, err)
			continue
		}
		d.Close()
	}
}

func TestOpenReadOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	_, err := datadir.OpenReadOnly(dir)
	want := "There is no Broadsheet data in " + dir + " yet: run broadsheet import FILE or broadsheet serve --demo."
	if broadsheet.KindOf(err) != broadsheet.NotFound || broadsheet.TextFor(err) != want {
		t.Errorf("missing directory: got %v, want NotFound: %s", err, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading created the directory")
	}

	write(t, dir)
	if _, err := datadir.OpenReadOnly(dir); broadsheet.KindOf(err) != broadsheet.Invalid {
		t.Errorf("a file: got %v, want Invalid", err)
	}
	os.Remove(dir)

	writer, err := datadir.Open(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	write(t, writer.Database())
	d, err := datadir.OpenReadOnly(dir)
	if err != nil {
		t.Fatalf("beside a writer: %v", err)
	}
	if err := d.Close(); err != nil || d.Database() != writer.Database() {
		t.Errorf("Close: %v; database %s", err, d.Database())
	}
}

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}
