// Package biorxiv reads what bioRxiv and medRxiv tell of their preprints
// (https://api.biorxiv.org): saved answers ([ReadDetails]), and the services
// themselves, a few days at a time ([Harvester]). Both speak one language, and
// everything here serves both.
//
// An answer has one record for each version of a preprint. Each becomes a
// broadsheet.Record of its own, and merging makes one paper of them.
package biorxiv

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

// maxItem bounds one record in bytes. Real ones have some 5 kB; a consortium of
// 3,000 authors makes 100 kB.
const maxItem = 4 << 20

// ReadDetails reads answers of GET /details/{server}/{from}/{to}/{cursor}/json, one
// after another. It yields a *broadsheet.BadRecord for a preprint that cannot be
// taken and goes on with the next. Any other error is the last thing it yields.
func ReadDetails(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		if err := newDetails(r, yield).read(); err != nil && err != errStop {
			yield(broadsheet.Record{}, err)
		}
	}
}

func newDetails(r io.Reader, yield func(broadsheet.Record, error) bool) *details {
	budget := &stream.Budget{R: bufio.NewReaderSize(r, 64<<10), Max: maxItem}
	return &details{budget: budget, dec: json.NewDecoder(budget), yield: yield}
}

// errStop says that the caller wants no more.
var errStop = errors.New("stop")

// details is a read in progress.
type details struct {
	budget *stream.Budget
	dec    *json.Decoder
	yield  func(broadsheet.Record, error) bool
	told   message // of the last answer
	number int     // records so far
}

// A message is what an answer says of itself.
type message struct {
	Status string  `json:"status"`
	Count  integer `json:"count"` // records of this answer
	Total  integer `json:"total"` // of the whole interval
}

// An integer is a number that the service writes as one or as a text.
type integer int

// UnmarshalJSON implements json.Unmarshaler.
func (i *integer) UnmarshalJSON(b []byte) error {
	if len(b) > 2 && b[0] == '"' {
		b = b[1 : len(b)-1]
	}
	n := 0
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("%s is no number", broadsheet.Printable(string(b), 40))
	}
	*i = integer(n)
	return nil
}

func (d *details) read() error {
	for answers := 0; ; answers++ {
		d.budget.Reset()
		tok, err := d.dec.Token()
		switch {
		case err == io.EOF && answers > 0:
			return nil
		case err == io.EOF:
			return broadsheet.Errorf(broadsheet.Invalid, "There is nothing in it: expected an answer of bioRxiv.")
		case err != nil:
			return d.broken(err)
		case tok != json.Delim('{'):
			return broadsheet.Errorf(broadsheet.Invalid, `Found %s: expected {"messages":[…],"collection":[…]}.`, broadsheet.Printable(fmt.Sprint(tok), 40))
		}
		if err := d.answer(); err != nil {
			return err
		}
	}
}

// answer reads an answer whose brace has been read. The message comes first in
// real ones, but need not.
func (d *details) answer() error {
	has := false
	for d.dec.More() {
		d.budget.Reset()
		key, err := d.dec.Token()
		if err != nil {
			return d.broken(err)
		}
		switch key {
		case "messages":
			var told []message
			if err := d.dec.Decode(&told); err != nil {
				return d.broken(err)
			}
			if len(told) > 0 {
				d.told = told[0]
			}
			has = true
		case "collection":
			if err := d.collection(); err != nil {
				return err
			}
			has = true
		default:
			var skip json.RawMessage
			if err := d.dec.Decode(&skip); err != nil {
				return d.broken(err)
			}
		}
	}
	if _, err := d.dec.Token(); err != nil {
		return d.broken(err)
	}
	if !has {
		return broadsheet.Errorf(broadsheet.Invalid, `It has neither "messages" nor "collection": expected an answer of bioRxiv.`)
	}
	return nil
}

func (d *details) collection() error {
	tok, err := d.dec.Token()
	if err != nil {
		return d.broken(err)
	}
	if tok == nil {
		return nil
	}
	if tok != json.Delim('[') {
		return broadsheet.Errorf(broadsheet.Invalid, `"collection" is %s: expected an array of preprints.`, broadsheet.Printable(fmt.Sprint(tok), 40))
	}
	var raw json.RawMessage
	for {
		d.budget.Reset()
		if !d.dec.More() {
			break
		}
		if err := d.dec.Decode(&raw); err != nil {
			return d.broken(err)
		}
		d.number++
		rec, err := record(raw)
		if err != nil {
			rec, err = broadsheet.Record{}, &broadsheet.BadRecord{Number: d.number, ID: string(rec.ID), Reason: err.Error()}
		}
		if !d.yield(rec, err) {
			return errStop
		}
	}
	if _, err := d.dec.Token(); err != nil {
		return d.broken(err)
	}
	return nil
}

// broken says why and where reading cannot go on.
func (d *details) broken(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // in the middle of a value
	}
	if errors.Is(err, stream.ErrTooLarge) {
		return broadsheet.Errorf(broadsheet.Invalid, "Found a preprint of more than %d MiB after record %d.", maxItem>>20, d.number)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || broadsheet.KindOf(err) != broadsheet.Internal {
		return fmt.Errorf("biorxiv: after record %d: %w", d.number, err)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return broadsheet.Errorf(broadsheet.Invalid, "The JSON breaks soon after byte %d, after record %d: %v.", d.dec.InputOffset(), d.number, err)
	}
	return fmt.Errorf("biorxiv: after record %d: %w", d.number, err)
}
