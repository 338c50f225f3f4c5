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

// Compose renders a digest. The summaries are cut where the mail would be clipped,
// and where that is not enough, the last papers give way to "and 7 more on the
// page".
func Compose(d Digest) (*Composed, error) {
	v := d.view()
	c := &Composed{Subject: v.Subject, words: v.words, zone: zone{d.Zone}, bulk: true}
	shown, html, err := fit(v)
	if err != nil {
		return nil, err
	}
	c.Shown = len(shown.Items)
	return c, c.finish(html, digestText(shown))
}

// summaryLengths are tried in turn.
var summaryLengths = []int{maxSummary, 600, 400, 240, 120, 0}

// fit returns as much of v as maxHTML has room for, and its HTML, encoded.
func fit(v view) (shown view, html []byte, err error) {
	for _, length := range summaryLengths {
		shown = v.shorter(length, len(v.Items))
		if html, err = encodedPage("digest", shown); err != nil || len(html) <= maxHTML {
			return shown, html, err
		}
	}
	for n := len(v.Items); n > 0 && len(html) > maxHTML; {
		n = min(n-1, n*maxHTML/len(html)) // all items are about as long
		shown = v.shorter(0, n)
		if html, err = encodedPage("digest", shown); err != nil {
			return shown, nil, err
		}
	}
	return shown, html, nil
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
