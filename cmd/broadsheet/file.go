package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"broadsheet"
)

// A textFile is a file that is read as text, unpacked if it is compressed with gzip
// (RFC 1952).
type textFile struct {
	io.Reader
	close []func() error
}

// openFile opens a file for reading.
func openFile(name string) (*textFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, cannotRead(broadsheet.NotFound, name, err)
	}
	t := &textFile{close: []func() error{f.Close}}
	r := bufio.NewReader(f)
	t.Reader = r
	if head, _ := r.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Close()
			return nil, cannotRead(broadsheet.Invalid, name, err)
		}
		t.Reader, t.close = z, append(t.close, z.Close)
	}
	return t, nil
}

func (t *textFile) Close() (err error) {
	for _, c := range t.close {
		err = errors.Join(err, c())
	}
	return err
}

func cannotRead(kind broadsheet.Kind, name string, err error) error {
	return &broadsheet.Error{Kind: kind, Err: err, Text: fmt.Sprintf("%s cannot be read: %v.", name, cause(err))}
}
