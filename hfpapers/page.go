package hfpapers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet"
	"broadsheet/internal/stream"
)

// pageSource is the provenance of what stands on a page.
const pageSource = "hf-page"

// maxTitle is the length in characters by which a title and an abstract are told
// apart. Of 8,507 real titles the longest has 175; of as many abstracts five have
// 300 or fewer, and those end like a sentence.
const maxTitle = 300

// maxBlock bounds a block in bytes; the longest real abstract has 20 kB.
const maxBlock = 1 << 20

// maxHeader is how many blocks before the date are looked at; real pages have 4.
const maxHeader = 20

// ReadPage reads the text of a Daily Papers page as a browser copies it: some
// lines of the page's head, the last of them its date ("Mar 11"), then title and
// abstract in turn, blocks of lines with a blank line between them. Lines within
// a block are joined.
//
// The page names no year, so day is required; it must be the page's day.
// Everything before the line with the date is the head. A page without such a
// line has no head but the words that are known to stand there.
//
// The block after a title is its abstract if it is longer than any title, or if
// it ends with a full stop and no long block follows, which would want it as its
// title. Otherwise the title has lost its abstract: it is refused, and reading
// goes on with that block as the next title. A long block without a title is
// refused too. So every block is in a record or named in a BadRecord, and one
// missing piece costs one paper.
func ReadPage(r io.Reader, day broadsheet.Date) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		next, stop := iter.Pull2(blocks(r))
		defer stop()
		p := &page{next: next}
		if err := p.head(day); err != nil {
			yield(broadsheet.Record{}, err)
			return
		}
		for {
			rec, err := p.record(day)
			if err == io.EOF {
				break
			}
			_, goOn := errors.AsType[*broadsheet.BadRecord](err)
			if !yield(rec, err) || err != nil && !goOn {
				return
			}
		}
		if p.number == 0 {
			yield(broadsheet.Record{}, broadsheet.Errorf(broadsheet.Invalid,
				"There is no paper on the page: expected titles and abstracts in turn, with a blank line between them."))
		}
	}
}

// A block is a run of lines that are not blank, joined.
type block struct {
	line  int    // of its first line
	text  string // white space as single spaces; "" if bad
	bad   string // why the text cannot be used
	chars int
}

func (b *block) long() bool { return b.chars > maxTitle }

// page is a read in progress.
type page struct {
	next   func() (block, error, bool)
	ahead  []block // read and not yet used
	number int     // papers so far, good or bad
}

// at returns the block i places ahead, or io.EOF.
func (p *page) at(i int) (block, error) {
	for len(p.ahead) <= i {
		b, err, ok := p.next()
		if !ok {
			return block{}, io.EOF
		}
		if err != nil {
			return block{}, fmt.Errorf("hfpapers: after paper %d of the page: %w", p.number, err)
		}
		p.ahead = append(p.ahead, b)
	}
	return p.ahead[i], nil
}

func (p *page) drop(n int) { p.ahead = append(p.ahead[:0], p.ahead[n:]...) }

// head passes over the head of the page and checks its date against day.
func (p *page) head(day broadsheet.Date) error {
	for i := range maxHeader {
		b, err := p.at(i)
		if err != nil && err != io.EOF {
			return err
		}
		if err == io.EOF || b.long() {
			break
		}
		if date, ok := parsePageDate(b.text); ok {
			p.drop(i + 1)
			return date.check(day)
		}
	}
	for len(p.ahead) > 0 && isFurniture(p.ahead[0].text) {
		p.drop(1)
	}
	switch {
	case day == "":
		return broadsheet.Errorf(broadsheet.Invalid, "The page does not say its day: pass --date YYYY-MM-DD.")
	case !isDay(day):
		return badDay(day)
	}
	return nil
}

// record reads the next paper, or says in a BadRecord why it cannot be taken.
func (p *page) record(day broadsheet.Date) (broadsheet.Record, error) {
	title, err := p.at(0)
	for err == nil && isCount(title) { // copied with the votes and authors between
		p.drop(1)
		title, err = p.at(0)
	}
	if err != nil {
		return broadsheet.Record{}, err
	}
	used, ok := 1, false
	if !title.long() {
		if ok, err = p.abstractFollows(); err != nil {
			return broadsheet.Record{}, err
		}
	}
	abstract := block{}
	if ok {
		used, abstract = 2, p.ahead[1]
	}
	p.drop(used)
	p.number++
	if why := refusal(title, abstract); why != "" {
		return broadsheet.Record{}, &broadsheet.BadRecord{Line: title.line, Number: p.number, Reason: why}
	}
	return broadsheet.Record{
		Paper: broadsheet.Paper{
			ID: broadsheet.LocalID(title.text), Title: title.text, Abstract: abstract.text,
			Sources: []broadsheet.Source{{Name: pageSource, Date: day}},
		},
		Entries: []broadsheet.Entry{{Date: day, Place: p.number}},
	}, nil
}

// refusal says why a title and its abstract, if it has one, are no paper.
func refusal(title, abstract block) string {
	quoted := broadsheet.Printable(title.text, maxTitle)
	switch {
	case title.bad != "":
		return title.bad
	case title.long():
		return fmt.Sprintf(`found %d characters where a title was expected, which has at most %d: "%s"`,
			title.chars, maxTitle, broadsheet.Printable(title.text, 60))
	case abstract.line == 0:
		return fmt.Sprintf(`the title "%s" has no abstract`, quoted)
	case abstract.bad != "":
		return fmt.Sprintf(`the abstract of "%s" cannot be used: %s`, quoted, abstract.bad)
	}
	return ""
}

// abstractFollows reports whether the block after the present one is its
// abstract, by the rule that ReadPage states.
func (p *page) abstractFollows() (bool, error) {
	b, err := p.at(1)
	for err == nil && isCount(b) {
		p.ahead = append(p.ahead[:1], p.ahead[2:]...)
		b, err = p.at(1)
	}
	if err == io.EOF {
		return false, nil
	}
	if err != nil || b.long() {
		return err == nil, err
	}
	if !strings.HasSuffix(strings.TrimRight(b.text, `"')]”’`), ".") {
		return false, nil
	}
	after, err := p.at(2)
	if err == io.EOF {
		return true, nil
	}
	return err == nil && !after.long(), err
}

// blocks yields the blocks of a text. In the head of the page, which a browser
// may copy without blank lines, a date or a known word is a block of its own.
func blocks(r io.Reader) iter.Seq2[block, error] {
	return func(yield func(block, error) bool) {
		var b builder
		head := true
		flush := func() bool {
			done := b.take()
			head = head && !done.long()
			return done.line == 0 || yield(done, nil)
		}
		for l, err := range stream.Lines(r, maxBlock) {
			if err != nil {
				yield(block{}, err) // what was cut off is no block
				return
			}
			if l.Number == 1 {
				l.Text = bytes.TrimPrefix(l.Text, []byte("\ufeff"))
			}
			text := oneLine(string(l.Text))
			_, dated := parsePageDate(text)
			alone := head && (dated || isFurniture(text))
			blank := text == "" && !l.TooLong
			if (blank || alone) && !flush() {
				return
			}
			if !blank {
				b.add(l, text)
			}
			if alone {
				head = !dated
				if !flush() {
					return
				}
			}
		}
		flush()
	}
}

// A builder joins lines to a block. Beyond maxBlock it keeps nothing.
type builder struct {
	block
	buf []byte
}

func (b *builder) add(l stream.Line, text string) {
	if b.line == 0 {
		b.line = l.Number
	}
	b.chars += utf8.RuneCountInString(text)
	switch {
	case l.TooLong || len(b.buf)+len(text) > maxBlock:
		b.chars += maxBlock
		b.bad, b.buf = fmt.Sprintf("the text has more than %d MiB", maxBlock>>20), nil
	case b.bad != "":
	case !utf8.ValidString(text):
		b.bad, b.buf = fmt.Sprintf("line %d is not valid UTF-8", l.Number), nil
	default:
		if len(b.buf) > 0 {
			b.buf = append(b.buf, ' ')
			b.chars++
		}
		b.buf = append(b.buf, text...)
	}
}

// take returns the block and starts the next.
func (b *builder) take() block {
	done := b.block
	// The composed form is the one that is stored, and a local ID is made of it.
	done.text = norm.NFC.String(string(b.buf))
	b.block, b.buf = block{}, b.buf[:0]
	return done
}

// isFurniture reports whether a line is one of the head's own.
func isFurniture(s string) bool {
	switch s = strings.ToLower(s); s {
	case "new", "daily papers", "subscribe", "get trending papers in your email inbox!":
		return true
	}
	return strings.HasPrefix(s, "by") && strings.HasSuffix(s, "and the research community")
}

// counts are what a browser copies beside a paper: its votes, the number of its
// authors, who submitted it. None is a title.
var counts = regexp.MustCompile(`(?i)^(·?\s*\d+\s+authors?|submitted by|[^\pL]*)$`)

func isCount(b block) bool { return b.bad == "" && b.text != "" && counts.MatchString(b.text) }

// A pageDate is the date in the head of a page.
type pageDate struct {
	time    time.Time
	hasYear bool
	text    string
}

func parsePageDate(s string) (pageDate, bool) {
	if len(s) > len("September 30, 2025") || !strings.ContainsAny(s, "0123456789") {
		return pageDate{}, false
	}
	for _, layout := range []string{"Jan 2", "January 2", "Jan 2, 2006", "January 2, 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return pageDate{t, strings.Contains(layout, "2006"), s}, true
		}
	}
	return pageDate{}, false
}

// check reports how day differs from what the page says.
func (d pageDate) check(day broadsheet.Date) error {
	switch {
	case day == "" && d.hasYear:
		return broadsheet.Errorf(broadsheet.Invalid, "The page is of %s: pass --date %s.", d.text, broadsheet.DateOf(d.time))
	case day == "":
		return broadsheet.Errorf(broadsheet.Invalid, "The page says %s but no year: pass --date YYYY-%s.", d.text, d.time.Format("01-02"))
	case !isDay(day):
		return badDay(day)
	case day.Time().Format("01-02") != d.time.Format("01-02"), d.hasYear && day.Year() != d.time.Year():
		return broadsheet.Errorf(broadsheet.Invalid, "The page says %s, which is not %s: pass the day of the page.", d.text, day)
	}
	return nil
}
