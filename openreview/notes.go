// Package openreview reads submissions to conferences and journals from
// OpenReview (https://docs.openreview.net/reference/api-v2): saved answers
// ([ReadNotes]), and the service itself, one venue after the other ([Harvester]).
package openreview

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"broadsheet"
	"broadsheet/internal/stream"
)

// maxItem bounds one note in bytes. With its reviews a note may have 1 MB.
const maxItem = 4 << 20

// ReadNotes reads answers of GET /notes, one after another, of version 2 of the
// API and of version 1. Notes that are no submissions (reviews, comments,
// decisions) are passed over. It yields a *broadsheet.BadRecord for a submission
// that cannot be taken and goes on with the next. Any other error is the last thing
// it yields.
func ReadNotes(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		n := newNotes(r, func(_ note, rec broadsheet.Record, err error) bool {
			if err == nil && rec.ID == "" {
				return true
			}
			return yield(rec, err)
		})
		if err := n.read(); err != nil && err != errStop {
			yield(broadsheet.Record{}, err)
		}
	}
}

// errStop says that the caller wants no more.
var errStop = errors.New("stop")

// notes is a read in progress.
type notes struct {
	budget *stream.Budget
	dec    *json.Decoder
	yield  func(note, broadsheet.Record, error) bool // a record without an ID is of what is no submission
	number int                                       // notes so far
	total  int                                       // as the last answer says, or 0
}

func newNotes(r io.Reader, yield func(note, broadsheet.Record, error) bool) *notes {
	budget := &stream.Budget{R: bufio.NewReaderSize(r, 64<<10), Max: maxItem}
	return &notes{budget: budget, dec: json.NewDecoder(budget), yield: yield}
}

func (n *notes) read() error {
	for answers := 0; ; answers++ {
		n.budget.Reset()
		tok, err := n.dec.Token()
		switch {
		case err == io.EOF && answers > 0:
			return nil
		case err == io.EOF:
			return broadsheet.Errorf(broadsheet.Invalid, "There is nothing in it: expected an answer of OpenReview.")
		case err != nil:
			return n.broken(err)
		case tok != json.Delim('{'):
			return broadsheet.Errorf(broadsheet.Invalid, `Found %s: expected {"notes":[…]}.`, broadsheet.Printable(fmt.Sprint(tok), 40))
		}
		if err := n.answer(); err != nil {
			return err
		}
	}
}

// answer reads an answer whose brace has been read.
func (n *notes) answer() error {
	has := false
	for n.dec.More() {
		n.budget.Reset()
		key, err := n.dec.Token()
		if err != nil {
			return n.broken(err)
		}
		if key == "notes" {
			has = true
			if err := n.list(); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := n.dec.Decode(&raw); err != nil {
			return n.broken(err)
		}
		if key == "count" {
			n.total = 0
			json.Unmarshal(raw, &n.total) // what is no number is not told
		}
	}
	if _, err := n.dec.Token(); err != nil {
		return n.broken(err)
	}
	if !has {
		return broadsheet.Errorf(broadsheet.Invalid, `It has no "notes": expected an answer of OpenReview.`)
	}
	return nil
}

// list reads the notes of an answer.
func (n *notes) list() error {
	tok, err := n.dec.Token()
	if err != nil {
		return n.broken(err)
	}
	if tok != json.Delim('[') {
		return broadsheet.Errorf(broadsheet.Invalid, `"notes" is %s: expected an array.`, broadsheet.Printable(fmt.Sprint(tok), 40))
	}
	var raw json.RawMessage
	for {
		n.budget.Reset()
		if !n.dec.More() {
			break
		}
		if err := n.dec.Decode(&raw); err != nil {
			return n.broken(err)
		}
		n.number++
		of, rec, err := record(raw)
		if err != nil {
			rec, err = broadsheet.Record{}, &broadsheet.BadRecord{Number: n.number, ID: of.ID, Reason: err.Error()}
		}
		if !n.yield(of, rec, err) {
			return errStop
		}
	}
	if _, err := n.dec.Token(); err != nil {
		return n.broken(err)
	}
	return nil
}

// broken says why and where reading cannot go on.
func (n *notes) broken(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // in the middle of a value
	}
	if errors.Is(err, stream.ErrTooLarge) {
		return broadsheet.Errorf(broadsheet.Invalid, "Found a note of more than %d MiB after note %d.", maxItem>>20, n.number)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return broadsheet.Errorf(broadsheet.Invalid, "The JSON breaks soon after byte %d, after note %d: %v.", n.dec.InputOffset(), n.number, err)
	}
	return fmt.Errorf("openreview: after note %d: %w", n.number, err)
}
