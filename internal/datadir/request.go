package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"broadsheet"
)

// ErrInUse is in the chain of the error for a directory that another process holds.
var ErrInUse = errors.New("datadir: in use")

// A Request asks the process that holds a directory to run a job. It is a file, so
// that whoever may write the directory may ask, and nobody else.
type Request struct {
	Job   string
	Since broadsheet.Date // "" for from where it stopped
}

const (
	requests    = "requests"
	maxRequests = 100 // taken at once; more than there are jobs
)

// Ask leaves a request for the process that holds the directory.
func (d *Dir) Ask(r Request) error {
	if broadsheet.Slug(r.Job) == "" || strings.ContainsAny(r.Job, `/\`+"\x00") || strings.HasPrefix(r.Job, ".") {
		return broadsheet.Errorf(broadsheet.Invalid, "\"%s\" is no job.", broadsheet.Printable(r.Job, 60))
	}
	dir := filepath.Join(d.path, requests)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explain(d.path, err)
	}
	// Written beside and renamed, so that it is never read half.
	part := filepath.Join(dir, fmt.Sprintf(".%s.%d", r.Job, os.Getpid()))
	if err := os.WriteFile(part, []byte(r.Since), 0o600); err != nil {
		return explain(d.path, err)
	}
	if err := os.Rename(part, filepath.Join(dir, r.Job)); err != nil {
		return explain(d.path, err)
	}
	return nil
}

// TakeRequests returns what was asked since the last time.
func (d *Dir) TakeRequests() (list []Request) {
	dir := filepath.Join(d.path, requests)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // nobody ever asked
	}
	for _, e := range entries[:min(len(entries), maxRequests)] {
		name := filepath.Join(dir, e.Name())
		if strings.HasPrefix(e.Name(), ".") || !e.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil || os.Remove(name) != nil {
			continue
		}
		since, err := broadsheet.ParseDate(string(text))
		if err != nil {
			since = ""
		}
		list = append(list, Request{Job: e.Name(), Since: since})
	}
	return list
}

// Secret returns the path of the file with the secret by which links in mails are
// proved.
func (d *Dir) Secret() string { return filepath.Join(d.path, "secret") }

// AdminKey returns the path of the file with the key to the pages of the operator.
func (d *Dir) AdminKey() string { return filepath.Join(d.path, "admin.key") }
