//go:build unix

package datadir

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

var (
	errLocked error = unix.EWOULDBLOCK
	readOnly        = []error{unix.EROFS}
	diskFull        = []error{unix.ENOSPC, unix.EDQUOT}
	noLocks         = []error{unix.ENOLCK, unix.ENOTSUP, unix.ENOSYS}
)

// lockFile locks f until it is closed, or returns errLocked. Unlike a POSIX
// record lock, one of flock belongs to the open file: another part of the same
// process that opens and closes the file does not undo it.
func lockFile(f *os.File) error {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
