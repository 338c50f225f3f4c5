package mail

import (
	"bytes"
	"mime/quotedprintable"
)

// maxHTML is where Gmail clips a mail, 102 kB, less the footer and a reserve: what
// is clipped takes the link with which one leaves along with it. The encoded form
// is measured, which is the longer one.
const maxHTML = 98_000

// A Composed is a digest or notice that is ready for any number of readers. It does
// not change, and may be used by several goroutines.
type Composed struct {
	Subject string // as it reads, not encoded
	Shown   int    // items that are in it: the first of the digest
	words   *words
	zone    zone
	bulk    bool // a digest, not the answer to something that somebody did

	html, htmlEnd, text []byte // encoded, without what differs
}

// Compose composes one digest. A Press is faster at many.
func Compose(d Digest) (*Composed, error) { return new(Press).Compose(d) }

// Compose renders a digest. The summaries are cut where the mail would be clipped,
// and where that is not enough, the last papers give way to "and 7 more on the
// page".
func (p *Press) Compose(d Digest) (*Composed, error) {
	f := d.frame()
	top, err := encodedPage("dateline", f)
	if err != nil {
		return nil, err
	}
	items, err := p.fit(d, f.words, maxHTML-len(top))
	if err != nil {
		return nil, err
	}
	c := &Composed{Subject: f.Subject, Shown: len(items), words: f.words, zone: zone{d.Zone}, bulk: true}
	var text textWriter
	text.top(f)
	html := [][]byte{top}
	for _, it := range items {
		html = append(html, it.top, it.html)
		text.item(it)
	}
	if hidden := d.total() - len(items); hidden > 0 && len(items) > 0 {
		more := link{Text: f.count(f.more, hidden), URL: f.URL}
		page, err := encodedPage("more", more)
		if err != nil {
			return nil, err
		}
		html = append(html, page)
		text.link(more)
	}
	return c, c.finish(bytes.Join(html, nil), text.String())
}

// summaryLengths are tried in turn.
var summaryLengths = []int{maxSummary, 450, 300, 180, 90, 0}

// fit sets as many of the first items as have room in so many bytes.
func (p *Press) fit(d Digest, w *words, room int) ([]setItem, error) {
	items, err := p.within(d, w, summaryLengths[0], room)
	for _, length := range summaryLengths[1:] {
		if err != nil || len(items) == len(d.Items) {
			break
		}
		items, err = p.within(d, w, length, room)
	}
	return items, err
}

// moreRoom is for the line that says how many papers are not shown.
const moreRoom = 1500

// within sets items with summaries of some length until there is no more room.
func (p *Press) within(d Digest, w *words, length, room int) ([]setItem, error) {
	items := make([]setItem, 0, min(len(d.Items), maxItems))
	room -= moreRoom
	for i, it := range d.Items[:cap(items)] {
		set, err := p.item(w, it, i+1, length)
		if err != nil {
			return nil, err
		}
		if room -= set.size(); room < 0 {
			break
		}
		items = append(items, set)
	}
	return items, nil
}

func (c *Composed) finish(html []byte, text string) error {
	foot, err := encodedPage("foot", nil)
	c.html, c.htmlEnd, c.text = html, foot, encoded([]byte(text))
	return err
}

// encodedPage renders a template that ends with a line, encoded: such pieces can be
// put one behind the other.
func encodedPage(name string, data any) ([]byte, error) {
	page, err := render(name, data)
	if err != nil {
		return nil, err
	}
	return encoded(page), nil
}

// encoded returns text in quoted-printable (RFC 2045, section 6.7): nearly as short
// as the text, lines of 76 characters, and no relay has a reason to change it, which
// would break its signature.
func encoded(text []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(text) + len(text)/8)
	w := quotedprintable.NewWriter(&out)
	w.Write(text) // into memory: it cannot fail
	w.Close()
	return out.Bytes()
}
