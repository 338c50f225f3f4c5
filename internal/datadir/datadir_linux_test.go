package datadir_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"broadsheet"
	"broadsheet/internal/datadir"
)

func TestPermissionDenied(t *testing.T) {
	base := t.TempDir()
	for _, dir := range []string{base, filepath.Dir(base)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	readOnly, closed := filepath.Join(base, "read-only"), filepath.Join(base, "closed")
	write(t, filepath.Join(readOnly, "broadsheet.db"))
	write(t, filepath.Join(closed, "broadsheet.db"))
	for dir, mode := range map[string]os.FileMode{readOnly: 0o555, closed: 0} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(dir, 0o700) // so that it can be removed
	}

	asNobody(t, func() {
		for _, dir := range []string{readOnly, closed, filepath.Join(readOnly, "new")} {
			_, err := datadir.Open(dir, "serve")
			if broadsheet.KindOf(err) != broadsheet.Conflict || !strings.Contains(broadsheet.TextFor(err), "cannot be read and written by this user") {
				t.Errorf("%s: got %v, want a Conflict about the user's rights", dir, err)
			}
		}
		if _, err := datadir.OpenReadOnly(readOnly); err != nil {
			t.Errorf("reading a read-only directory: %v", err)
		}
		if _, err := datadir.OpenReadOnly(closed); broadsheet.KindOf(err) != broadsheet.Conflict {
			t.Errorf("reading a closed directory: %v, want a Conflict", err)
		}
	})
}

// asNobody runs f with the rights of nobody when the tests run as root, who may
// do everything. The change is to one thread, which ends with f.
func asNobody(t *testing.T, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if os.Getuid() == 0 {
			runtime.LockOSThread()
			if err := unix.Setfsuid(65534); err != nil {
				t.Error(err)
				return
			}
		}
		f()
	}()
	<-done
}
