// Package need finds what a test needs beyond this repository. What is absent
// skips the test with one clear line, or fails it where BROADSHEET_REQUIRE (a
// comma-separated list of names, or "all") says that it must not be skipped.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Corpora returns the path of a file among the real papers and wire samples: in
// the directory that BROADSHEET_CORPORA names, else in shared/ beside the
// checkout. Its name in BROADSHEET_REQUIRE is "corpora".
func Corpora(tb testing.TB, elem ...string) string {
	tb.Helper()
	dir := os.Getenv("BROADSHEET_CORPORA")
	if dir == "" {
		dir = filepath.Join(moduleRoot(tb), "..", "shared")
	}
	path := filepath.Join(append([]string{dir}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		absent(tb, "corpora", "no "+path+" (set BROADSHEET_CORPORA)")
	}
	return path
}

// Chromium returns the path of a headless browser. Its name is "chromium".
func Chromium(tb testing.TB) string {
	tb.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	absent(tb, "chromium", "no chromium in PATH")
	return ""
}

// Long skips a test that takes more than a few seconds when -short is given.
func Long(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		absent(tb, "long", "-short is set")
	}
}

func absent(tb testing.TB, name, why string) {
	tb.Helper()
	required := strings.Split(os.Getenv("BROADSHEET_REQUIRE"), ",")
	if slices.Contains(required, name) || slices.Contains(required, "all") {
		tb.Fatalf("BROADSHEET_REQUIRE has %q: %s", name, why)
	}
	tb.Skip("skipped: " + why)
}

func moduleRoot(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	tb.Fatal("no go.mod above the test's directory")
	return ""
}
