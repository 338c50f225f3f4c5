package arxiv

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"broadsheet"
	"broadsheet/internal/stream"
)

// maxDepth bounds the nesting of elements; real documents have at most 8 levels.
const maxDepth = 64

var (
	errHTML    = broadsheet.Errorf(broadsheet.Invalid, "This is a web page: expected XML as arXiv's interfaces give it out.")
	errDoctype = broadsheet.Errorf(broadsheet.Invalid, "A document type declaration is not accepted here: remove it.")
	errDepth   = broadsheet.Errorf(broadsheet.Invalid, "The XML nests more than %d elements.", maxDepth)
)

// A document is an XML document that is read token by token and decoded record
// by record.
type document struct {
	*xml.Decoder
	tokens *tokens
	budget *stream.Budget
	text   *text
	number int  // of the last record that was begun
	inside bool // it has not ended yet
	yield  func(broadsheet.Record, error) bool
}

func newDocument(r io.Reader, yield func(broadsheet.Record, error) bool) *document {
	d := &document{budget: &stream.Budget{R: r, Max: maxRecord}, yield: yield}
	d.text = newText(d.budget)
	d.tokens = newTokens(d.text)
	d.Decoder = xml.NewTokenDecoder(d.tokens)
	return d
}

// root reads up to the root element, which must have the given name.
func (d *document) root(name, what string) error {
	if err := d.text.begin(); err != nil {
		return err
	}
	el, err := d.child()
	switch {
	case err != nil:
		return err
	case el == nil:
		return broadsheet.Errorf(broadsheet.Invalid, "The file is empty: expected %s.", what)
	case el.Name.Local != name:
		return broadsheet.Errorf(broadsheet.Invalid, "This is not %s: its root element is <%s>, expected <%s>.",
			what, broadsheet.Printable(el.Name.Local, 40), name)
	}
	return nil
}

// child returns the next element inside the one that is open, or nil at its end.
func (d *document) child() (*xml.StartElement, error) {
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil, nil
		} else if err != nil {
			return nil, d.failure(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		case xml.CharData:
			if d.tokens.depth == 0 && strings.TrimSpace(string(t)) != "" {
				return nil, broadsheet.Errorf(broadsheet.Invalid, "Line %d: expected XML, found the text \"%s\".",
					d.line(), broadsheet.Printable(strings.TrimSpace(string(t)), 60))
			}
		}
	}
}

// end reads up to the end of the file. A second document would hold records
// that must not be passed over in silence.
func (d *document) end() error {
	el, err := d.child()
	if err == nil && el != nil {
		err = broadsheet.Errorf(broadsheet.Invalid, "Line %d: a second document begins behind the first. Give each in a file of its own.", d.line())
	}
	return err
}

// decode reads an element other than a record.
func (d *document) decode(el *xml.StartElement, v any) error {
	if err := d.DecodeElement(v, el); err != nil {
		return d.failure(err)
	}
	return nil
}

// skip reads over an element.
func (d *document) skip() error {
	if err := d.Skip(); err != nil {
		return d.failure(err)
	}
	return nil
}

// record reads an element that is a record and yields what it says, or why it is
// refused.
func (d *document) record(el *xml.StartElement, v recorder) error {
	d.number++
	d.inside = true
	d.text.bad = ""
	if err := d.content(el, v); err != nil {
		return err
	}
	d.inside = false
	d.budget.Reset()

	rec, written, err := v.record()
	if d.text.bad != "" {
		err = errors.New(d.text.bad)
	}
	if end, ok := errors.AsType[*broadsheet.Error](err); ok {
		return end
	}
	if err != nil {
		id := cmp.Or(string(rec.ID), strings.TrimSpace(written))
		rec, err = broadsheet.Record{}, &broadsheet.BadRecord{Number: d.number, ID: id, Reason: err.Error()}
	}
	if !d.yield(rec, err) {
		return errStop
	}
	return nil
}

// content reads a record, by hand if it can be.
func (d *document) content(el *xml.StartElement, v recorder) error {
	e, ok := v.(element)
	if !ok {
		return d.decode(el, v)
	}
	if err := d.tokens.read(e); err != nil {
		return d.failure(err)
	}
	return d.skip() // which finds the end
}

// A recorder is a record in the form of its source.
type recorder interface {
	// record returns the record and its id as the source wrote it, as far as
	// they are known. A broadsheet.Error is about the document, any other one
	// only about the record.
	record() (broadsheet.Record, string, error)
}

// errStop ends the reading when whoever reads the sequence wants no more.
var errStop = errors.New("stop")

// finish ends the sequence, with err if there is one.
func (d *document) finish(err error) {
	if err != nil && err != errStop {
		d.yield(broadsheet.Record{}, err)
	}
}

func (d *document) line() int { return d.tokens.line }

// failure says in words what is wrong with the XML, and where.
func (d *document) failure(err error) error {
	next := d.number + 1
	if d.inside {
		next = d.number
	}
	if errors.Is(err, stream.ErrTooLarge) {
		return broadsheet.Errorf(broadsheet.Invalid, "Record %d, or what stands before it, is larger than %d MiB: no record of arXiv is.",
			next, maxRecord>>20)
	}
	if e := d.text.err; e != nil && e != io.EOF {
		return fmt.Errorf("arxiv: read record %d: %w", next, e)
	}
	if e, ok := errors.AsType[*broadsheet.Error](err); ok {
		return e
	}
	why := err.Error()
	if e, ok := errors.AsType[*xml.SyntaxError](err); ok {
		why = e.Msg
	}
	if why == "unexpected EOF" {
		return d.truncated()
	}
	return broadsheet.Errorf(broadsheet.Invalid, "Line %d, in or before record %d: this is not well-formed XML: %s.",
		d.line(), next, broadsheet.Printable(why, 200))
}

func (d *document) truncated() error {
	switch {
	case d.inside:
		return broadsheet.Errorf(broadsheet.Invalid, "The file ends in the middle of record %d: it has been cut off.", d.number)
	case d.number > 0:
		return broadsheet.Errorf(broadsheet.Invalid, "The file ends behind record %d, before its own end: it has been cut off.", d.number)
	}
	return broadsheet.Errorf(broadsheet.Invalid, "The file ends before its first record: it has been cut off.")
}
