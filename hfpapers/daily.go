// Package hfpapers reads the Daily Papers of Hugging Face in the forms in which
// people keep them: answers of its API ([ReadDaily]) and the text of a page
// ([ReadPage]). A [Harvester] asks that API day by day, or the same API of another
// Broadsheet.
//
// Both readers yield a *broadsheet.BadRecord for a paper that cannot be taken
// and go on with the next. Any other error is the last thing they yield.
package hfpapers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"broadsheet"
	"broadsheet/internal/stream"
)

// Options says on the front page of which day the papers of an answer stood.
type Options struct {
	// Day is what the operator said. It wins over what the answer says.
	Day broadsheet.Date
	// Fallback is a guess, such as the date in the file's name. It serves papers
	// of a daily list that names no day, as those before 2025 do.
	Fallback broadsheet.Date

	// From is the host of the Broadsheet that answered; "" means Hugging Face.
	From string
	// Known are names of tallies that are counted here or asked for at first hand:
	// what a Broadsheet passes on of them is left out.
	Known []string
	// Before is how many papers of the same list came on earlier pages.
	Before int
}

// maxItem bounds one paper in bytes: 3,000 authors with an account each make
// 1.2 MB. It is well below stream.MaxRecord because an array of empty objects
// takes ten times its bytes when decoded.
const maxItem = 4 << 20

// ReadDaily reads any number of JSON values, one after another:
//
//   - an array, as GET /api/daily_papers and /api/papers/search answer;
//   - {"date":"2024-05-27","answer":[…]}, such an answer kept with its day;
//   - one paper, as GET /api/papers/{id} answers.
//
// A paper's day is Options.Day, else the date kept with the answer, else that of
// its submittedOnDailyAt, else, in a daily list, Options.Fallback. A paper that
// was only found by a search stands in no edition.
//
// One paper is in memory at a time. JSON that breaks off cannot be resumed, so it
// ends the sequence.
func ReadDaily(r io.Reader, o Options) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		br := bufio.NewReaderSize(r, 64<<10)
		if mark, err := br.Peek(3); err == nil && string(mark) == "\ufeff" {
			br.Discard(3)
		}
		budget := &stream.Budget{R: br, Max: maxItem}
		d := &daily{opts: o, budget: budget, dec: json.NewDecoder(budget), yield: yield}
		if err := d.read(); err != nil && err != errStop {
			yield(broadsheet.Record{}, err)
		}
	}
}

// errStop says that the caller wants no more.
var errStop = errors.New("stop")

// daily is a read in progress.
type daily struct {
	opts   Options
	budget *stream.Budget
	dec    *json.Decoder
	yield  func(broadsheet.Record, error) bool

	number int           // records so far
	last   broadsheet.ID // of the last good one
}

// An answer is what is known of a list before its papers.
type answer struct {
	day broadsheet.Date
	bad string // why its day cannot be used
}

func (d *daily) read() error {
	for _, day := range []broadsheet.Date{d.opts.Day, d.opts.Fallback} {
		if day != "" && !isDay(day) {
			return badDay(day)
		}
	}
	for values := 0; ; values++ {
		d.budget.Reset()
		tok, err := d.dec.Token()
		switch {
		case err == io.EOF && values > 0:
			return nil
		case err == io.EOF:
			return broadsheet.Errorf(broadsheet.Invalid, "There is nothing in it: expected a JSON array of papers.")
		case err != nil:
			return d.broken(err)
		case tok == json.Delim('['):
			err = d.array(answer{})
		case tok == json.Delim('{'):
			err = d.object()
		default:
			err = broadsheet.Errorf(broadsheet.Invalid, "Found %s %s: expected a JSON array of papers.",
				broadsheet.Printable(fmt.Sprint(tok), 40), d.where())
		}
		if err != nil {
			return err
		}
	}
}

// array reads the papers of a list whose bracket has been read.
func (d *daily) array(a answer) error {
	var raw json.RawMessage
	for place := d.opts.Before + 1; ; place++ {
		d.budget.Reset()
		if !d.dec.More() {
			break
		}
		if err := d.dec.Decode(&raw); err != nil {
			return d.broken(err)
		}
		if err := d.item(raw, place, a); err != nil {
			return err
		}
	}
	return d.close()
}

// object reads an answer kept with its day, or a single paper. Which of the two
// it is shows when its "answer" comes, so the fields before it are kept.
func (d *daily) object() error {
	var fields bytes.Buffer
	var date json.RawMessage
	answers := 0
	for d.dec.More() {
		key, err := d.dec.Token()
		if err != nil {
			return d.broken(err)
		}
		if key == "answer" {
			if err := d.answer(date); err != nil {
				return err
			}
			answers++
			d.budget.Reset()
			continue
		}
		var raw json.RawMessage
		if err := d.dec.Decode(&raw); err != nil {
			return d.broken(err)
		}
		if key == "date" && answers > 0 && d.opts.Day == "" {
			return broadsheet.Errorf(broadsheet.Invalid, `A "date" follows its "answer" %s: expected {"date":…,"answer":[…]}.`, d.where())
		}
		if key == "date" {
			date = raw
		}
		name, _ := json.Marshal(key)
		fmt.Fprintf(&fields, ",%s:%s", name, raw)
	}
	if err := d.close(); err != nil || answers > 0 {
		return err
	}
	whole := append(fields.Bytes(), '}')
	if fields.Len() == 0 {
		whole = []byte(" }")
	}
	whole[0] = '{'
	return d.item(whole, 0, answer{})
}

// answer reads the list of an answer kept with its day.
func (d *daily) answer(date json.RawMessage) error {
	var a answer
	var s string
	if len(date) > 0 {
		if err := json.Unmarshal(date, &s); err != nil || !isDay(broadsheet.Date(s)) {
			a.bad = fmt.Sprintf("the answer's date is %s, expected a day like 2025-03-11", broadsheet.Printable(string(date), 40))
		}
		a.day = broadsheet.Date(s)
	}
	d.budget.Reset()
	tok, err := d.dec.Token()
	switch {
	case err != nil:
		return d.broken(err)
	case tok == json.Delim('['):
		return d.array(a)
	case tok == json.Delim('{'):
		if err := d.skip(); err != nil {
			return err
		}
		tok = "an object"
	case tok == nil:
		return nil // a day without an answer
	}
	d.number++
	return d.refuse(string(a.day), fmt.Sprintf("its answer is %s, expected an array of papers",
		broadsheet.Printable(fmt.Sprint(tok), 40)))
}

// skip reads to the end of an object whose brace has been read.
func (d *daily) skip() error {
	for depth := 1; depth > 0; {
		tok, err := d.dec.Token()
		if err != nil {
			return d.broken(err)
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// close reads the bracket or brace that ends a value.
func (d *daily) close() error {
	if _, err := d.dec.Token(); err != nil {
		return d.broken(err)
	}
	return nil
}

// item yields one paper, or why it cannot be taken.
func (d *daily) item(raw []byte, place int, a answer) error {
	d.number++
	rec, err := record(raw, place, a, d.opts)
	if err != nil {
		return d.refuse(string(rec.ID), err.Error())
	}
	d.last = rec.ID
	if !d.yield(rec, nil) {
		return errStop
	}
	return nil
}

func (d *daily) refuse(id, reason string) error {
	if !d.yield(broadsheet.Record{}, &broadsheet.BadRecord{Number: d.number, ID: id, Reason: reason}) {
		return errStop
	}
	return nil
}

// broken says why and where reading cannot go on.
func (d *daily) broken(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // in the middle of a value
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return broadsheet.Errorf(broadsheet.Invalid, "The JSON breaks soon after byte %d, %s: %v.", d.dec.InputOffset(), d.where(), syntax)
	}
	if errors.Is(err, stream.ErrTooLarge) {
		return broadsheet.Errorf(broadsheet.Invalid, "Found a paper of more than %d MiB %s.", maxItem>>20, d.where())
	}
	return fmt.Errorf("hfpapers: %s: %w", d.where(), err)
}

// where names the last record before the present place.
func (d *daily) where() string {
	switch {
	case d.number == 0:
		return "before the first record"
	case d.last == "":
		return fmt.Sprintf("after record %d", d.number)
	}
	return fmt.Sprintf("after record %d (last good one: %s)", d.number, d.last)
}

func isDay(d broadsheet.Date) bool {
	p, err := broadsheet.ParseDate(string(d))
	return err == nil && p == d && d.IsDay()
}

func badDay(d broadsheet.Date) error {
	return broadsheet.Errorf(broadsheet.Invalid, `"%s" is not a day: write it like 2025-03-11.`, broadsheet.Printable(string(d), 40))
}
