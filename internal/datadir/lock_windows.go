package datadir

import (
	"os"

	"golang.org/x/sys/windows"
)

var (
	errLocked error = windows.ERROR_LOCK_VIOLATION
	readOnly        = []error{windows.ERROR_WRITE_PROTECT}
	diskFull        = []error{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL}
	noLocks         = []error{windows.ERROR_NOT_SUPPORTED, windows.ERROR_INVALID_FUNCTION}
)

// lockFile locks f until it is closed, or returns errLocked. What is locked here
// nobody else can read, so it is one byte far behind the text.
func lockFile(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}
