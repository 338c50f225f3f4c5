//go:build unix

package datadir

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"broadsheet"
)

func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		err  error
		kind broadsheet.Kind
		text string
	}{
		{unix.EACCES, broadsheet.Conflict, "The data directory /nowhere/x cannot be read and written by this user."},
		{unix.EROFS, broadsheet.Conflict, "is on a read-only file system."},
		{unix.ENOSPC, broadsheet.Unavailable, "is on a full disk."},
		{unix.EDQUOT, broadsheet.Unavailable, "is on a full disk."},
		{fmt.Errorf("lock: %w", unix.ENOLCK), broadsheet.Conflict, "is on a file system without locks."},
		{&os.PathError{Op: "open", Path: "/nowhere/x", Err: unix.EIO}, broadsheet.Conflict, "cannot be opened: open /nowhere/x: input/output error."},
	} {
		err := explain("/nowhere/x", tt.err)
		if broadsheet.KindOf(err) != tt.kind || !strings.Contains(broadsheet.TextFor(err), tt.text) {
			t.Errorf("%v: got %v\nwant kind %d, %q", tt.err, err, tt.kind, tt.text)
		}
	}
}
