package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet"
	"broadsheet/internal/need"
)

// An import that is killed at random moments and run again gives, in the end,
// the same export to the byte as one that was left alone. BROADSHEET_CRASH_FILE
// names a real file to do it with instead of an invented one.
func TestKilledImportLosesNothing(t *testing.T) {
	need.Long(t)
	program, err := exec.LookPath("broadsheet")
	if err != nil {
		t.Fatal(err)
	}
	file := os.Getenv("BROADSHEET_CRASH_FILE")
	if file == "" {
		file = filepath.Join(t.TempDir(), "papers.jsonl")
		if err := os.WriteFile(file, []byte(invented(8_000)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(data string, args ...string) *exec.Cmd {
		return exec.Command(program, append([]string{"--data", data}, args...)...)
	}
	must := func(cmd *exec.Cmd) []byte {
		t.Helper()
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, stderr.Bytes())
		}
		return out
	}

	whole := filepath.Join(t.TempDir(), "whole")
	start := time.Now()
	must(do(whole, "import", file))
	took := time.Since(start)
	want := filepath.Join(t.TempDir(), "want.jsonl")
	must(do(whole, "export", want))

	killed := filepath.Join(t.TempDir(), "killed")
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	const kills = 20
	var finished int
	for range kills {
		cmd := do(killed, "import", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rng.Int64N(int64(took / 4))))
		cmd.Process.Kill() // SIGKILL
		if cmd.Wait() == nil {
			finished++
		}
	}
	must(do(killed, "import", file))
	got := filepath.Join(t.TempDir(), "got.jsonl")
	must(do(killed, "export", got))
	if !sameFile(t, want, got) {
		t.Error("the export differs from an uninterrupted run's")
	}
	if out := must(do(killed, "import", file)); bytes.Contains(out, []byte("added")) {
		t.Errorf("importing once more: %s", out)
	}
	must(do(killed, "doctor"))
	t.Logf("killed %d times (%d runs had finished before) within %v of an import of %v", kills, finished, took/4, took.Round(time.Millisecond))
}

func sameFile(t *testing.T, a, b string) bool {
	t.Helper()
	x, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(x) == 0 {
		t.Fatal("the export is empty")
	}
	return bytes.Equal(x, y)
}

// invented returns n records that meet each other in every way that the store
// knows: new, repeated, revised, with a title only, found by title, aliased.
func invented(n int) string {
	var b strings.Builder
	rng := rand.New(rand.NewPCG(7, 7))
	text := func(words int) string {
		var s strings.Builder
		for range words {
			s.WriteString([]string{"light", "field", "search", "learning", "graph", "noise", "depth", "query"}[rng.IntN(8)] + " ")
		}
		return strings.TrimSpace(s.String())
	}
	for i := range n {
		title := fmt.Sprintf("Invented Paper Number %d", i)
		id := fmt.Sprintf("25%02d.%05d", 1+i%12, i)
		switch i % 10 {
		case 3: // the same again
			fmt.Fprintf(&b, `{"id":"25%02d.%05d","title":"Invented Paper Number %d","abstract":"short"}`+"\n", 1+(i-1)%12, i-1, i-1)
			fallthrough
		case 4, 5:
			fmt.Fprintf(&b, `{"id":%q,"title":%q,"abstract":%q,"authors":"A. Name, B. Name","published":"2025-03-%02d","github":"https://github.com/x/p%d"}`+"\n", id, title, text(80), 1+i%28, i)
		case 6: // known by its title first
			fmt.Fprintf(&b, `{"id":%q,"title":%q,"editions":[{"date":"2025-03-%02d","place":%d}],"sources":[{"name":"hf-page"}]}`+"\n", broadsheet.LocalID(title), title, 1+i%28, i)
			fmt.Fprintf(&b, `{"id":%q,"title":%q,"abstract":%q}`+"\n", id, title, text(50))
		case 7: // another address joins
			fmt.Fprintf(&b, `{"id":"doi:10.1000/%d","title":%q,"abstract":%q}`+"\n", i, title+", as Printed", text(60))
			fmt.Fprintf(&b, `{"id":%q,"title":%q,"aliases":["doi:10.1000/%d"]}`+"\n", id, title, i)
		default:
			fmt.Fprintf(&b, `{"id":%q,"title":%q,"abstract":%q,"tallies":[{"source":"hf","upvotes":%d,"comments":0}]}`+"\n", id, title, text(100), i%90)
		}
	}
	return b.String()
}
