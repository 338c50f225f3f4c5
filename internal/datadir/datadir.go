// Package datadir opens the directory in which an instance keeps everything, and
// sees to it that at most one process writes there.
//
// The lock is one of the operating system on DIR/lock: it goes with the process
// that holds it, however that ends, so there is never a stale one to remove. The
// text in the file only tells people who holds it.
package datadir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

// The names in a data directory.
const (
	database = "broadsheet.db"
	index    = "index"
	model    = "model"
	interest = "interest.model"
	backups  = "backups"
	lock     = "lock"
)

// A Dir is an open data directory.
type Dir struct {
	path string
	lock *os.File // nil when opened for reading only
}

// Open makes dir the data directory of this process until Close: it creates it
// where it is missing and locks it. Who is the command, such as "serve", for the
// message to whoever finds it locked. A directory that is in use, that cannot be
// written or that holds something else is a Conflict.
func Open(dir, who string) (*Dir, error) {
	dir, err := absolute(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain(dir, err)
	}
	if err := checkOurs(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lock), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, explain(dir, err)
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		if errors.Is(err, errLocked) {
			return nil, inUse(dir, f)
		}
		return nil, explain(dir, fmt.Errorf("lock: %w", err))
	}
	if err := sign(f, who); err != nil {
		f.Close()
		return nil, explain(dir, err)
	}
	return &Dir{path: dir, lock: f}, nil
}

// OpenReadOnly opens an existing data directory beside whoever writes there. One
// that holds no data is NotFound.
func OpenReadOnly(dir string) (*Dir, error) {
	dir, err := absolute(dir)
	if err != nil {
		return nil, err
	}
	switch _, err := os.Stat(filepath.Join(dir, database)); {
	case err == nil:
		return &Dir{path: dir}, nil
	case isFile(dir):
		return nil, notADirectory(dir, err)
	case errors.Is(err, fs.ErrNotExist):
		return nil, broadsheet.Errorf(broadsheet.NotFound,
			"There is no Broadsheet data in %s yet: run broadsheet import FILE or broadsheet serve --demo.", show(dir))
	default:
		return nil, explain(dir, err)
	}
}

// Path returns the absolute path of the directory.
func (d *Dir) Path() string { return d.path }

// Database returns the path of the database file.
func (d *Dir) Database() string { return filepath.Join(d.path, database) }

// Index returns the path of the directory for the search index, which whoever
// writes it creates.
func (d *Dir) Index() string { return filepath.Join(d.path, index) }

// Model returns the path of the directory for models that were made of the papers here,
// which whoever writes one creates.
func (d *Dir) Model() string { return filepath.Join(d.path, model) }

// Interest returns the path of the model of what readers vote for.
func (d *Dir) Interest() string { return filepath.Join(d.path, interest) }

// Backups returns the path of the directory for backups, which whoever writes
// one creates.
func (d *Dir) Backups() string { return filepath.Join(d.path, backups) }

// Close lets the next process in.
func (d *Dir) Close() error {
	if d.lock == nil {
		return nil
	}
	// The file stays: removing it would let two processes lock two files of one
	// name.
	return errors.Join(d.lock.Truncate(0), d.lock.Close())
}

// checkOurs refuses a directory in which somebody keeps other things, since
// --data ~ is more easily typed than undone.
func checkOurs(dir string) error {
	for _, name := range []string{database, lock} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return nil
		}
	}
	f, err := os.Open(dir)
	if err != nil {
		return explain(dir, err)
	}
	defer f.Close()
	// lost+found is in every fresh file system, .DS_Store wherever a Mac looked.
	harmless := []string{index, model, interest, backups, requests, "lost+found", ".DS_Store"}
	names, err := f.Readdirnames(len(harmless) + 1)
	if err != nil && err != io.EOF {
		return explain(dir, err)
	}
	for _, name := range names {
		if !slices.Contains(harmless, name) {
			return broadsheet.Errorf(broadsheet.Conflict,
				"The directory %s is not empty and is not a Broadsheet directory (it has %s in it). Name another with --data.",
				show(dir), show(name))
		}
	}
	return nil
}

// sign writes into a lock file who holds it: "pid command start-time".
func sign(f *os.File, who string) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "%d %s %s\n", os.Getpid(), who, time.Now().Format(time.RFC3339)), 0)
	return err
}

func inUse(dir string, f *os.File) error {
	return &broadsheet.Error{Kind: broadsheet.Conflict, Err: ErrInUse,
		Text: fmt.Sprintf("The data directory %s is in use by %s. Stop it, or use another --data.", show(dir), holder(f))}
}

// holder reads what sign wrote. Its writer may be about to write it.
func holder(f *os.File) string {
	buf := make([]byte, 500)
	n, _ := f.ReadAt(buf, 0)
	words := strings.Fields(string(buf[:n]))
	if len(words) < 3 {
		return "another process"
	}
	pid, errPid := strconv.Atoi(words[0])
	since, errSince := time.Parse(time.RFC3339, words[len(words)-1])
	if errPid != nil || errSince != nil {
		return "another process"
	}
	who := broadsheet.Printable(strings.Join(words[1:len(words)-1], " "), 80)
	return fmt.Sprintf("broadsheet %s (process %d, since %s)", who, pid, since.Local().Format("2006-01-02 15:04"))
}

// absolute refuses "", which would mean the working directory: that is what is
// left of a default for a user without a home.
func absolute(dir string) (string, error) {
	if dir == "" {
		return "", broadsheet.Errorf(broadsheet.Invalid, "No data directory is known: name one with --data or BROADSHEET_DATA.")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", explain(dir, err)
	}
	return abs, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// show returns a path as it can be printed on a terminal.
func show(path string) string { return broadsheet.Printable(path, 300) }
