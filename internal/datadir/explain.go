package datadir

import (
	"errors"
	"io/fs"

	"broadsheet"
)

// explain turns what the operating system says about a data directory into what
// its operator can do.
func explain(dir string, err error) error {
	say := func(kind broadsheet.Kind, text string) error {
		return &broadsheet.Error{Kind: kind, Text: "The data directory " + show(dir) + text, Err: err}
	}
	switch {
	case isFile(dir):
		return notADirectory(dir, err)
	case errors.Is(err, fs.ErrPermission):
		return say(broadsheet.Conflict, " cannot be read and written by this user. Give the user the right to it, or use another --data.")
	case isAny(err, readOnly):
		return say(broadsheet.Conflict, " is on a read-only file system. Mount it for writing, or use another --data.")
	case isAny(err, diskFull):
		return say(broadsheet.Unavailable, " is on a full disk. Make room, or use another --data.")
	case isAny(err, noLocks):
		return say(broadsheet.Conflict, " is on a file system without locks. Use a --data on a local disk.")
	}
	return say(broadsheet.Conflict, " cannot be opened: "+broadsheet.Printable(err.Error(), 300)+".")
}

func notADirectory(dir string, err error) error {
	return &broadsheet.Error{Kind: broadsheet.Invalid, Text: show(dir) + " is a file, and --data needs a directory.", Err: err}
}

func isAny(err error, targets []error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}
