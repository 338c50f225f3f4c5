package index

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
)

// lockFile takes the lock of the one writer, which ends with the process at the
// latest: a file that is opened by one alone.
func lockFile(path string) (unlock func(), err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const alone = 0 // shared for neither reading nor writing
	h, err := windows.CreateFile(name, windows.GENERIC_WRITE, alone, nil, windows.OPEN_ALWAYS, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { windows.CloseHandle(h) }, nil
}
