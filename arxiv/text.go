package arxiv

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"broadsheet"
)

// A text is the characters of an XML document, in UTF-8. What XML does not allow
// is read as a question mark and noted, so that one broken byte costs its record
// and not the file.
type text struct {
	r      *bufio.Reader
	rest   int    // bytes still to come of a character that was checked
	latin1 bool   // the file is in ISO-8859-1
	second byte   // of a character of ISO-8859-1 in UTF-8, or 0
	bad    string // why a record is refused; whoever reads it clears it
	err    error  // the error that ended the text
}

func newText(r io.Reader) *text { return &text{r: bufio.NewReaderSize(r, 32<<10)} }

// begin skips a byte order mark.
func (t *text) begin() error {
	start, _ := t.r.Peek(3)
	switch s := string(start); {
	case s == "\xef\xbb\xbf":
		t.r.Discard(3)
	case strings.HasPrefix(s, "\xfe\xff"), strings.HasPrefix(s, "\xff\xfe"), strings.HasPrefix(s, "\x00<"), strings.HasPrefix(s, "<\x00"):
		return charsetError("UTF-16")
	}
	return nil
}

// ReadByte returns the next byte of the text.
func (t *text) ReadByte() (byte, error) {
	if b := t.second; b != 0 {
		t.second = 0
		return b, nil
	}
	b, err := t.r.ReadByte()
	switch {
	case err != nil:
		t.err = err
		return 0, err
	case t.rest > 0:
		t.rest--
		return b, nil
	case b >= ' ' && b < utf8.RuneSelf, b == '\n', b == '\t', b == '\r':
		return b, nil
	case b < ' ':
		return t.refuse("it has the control character 0x%02x, which XML does not allow", b)
	case t.latin1:
		t.second = 0x80 | b&0x3f
		return 0xc0 | b>>6, nil
	}
	return t.checkRune(b)
}

// special are the bytes of a document that are more than themselves: markup, ends
// of lines that XML changes, and what has to be checked.
var special = func() (set [256]bool) {
	for b := range set {
		set[b] = b < ' ' && b != '\n' && b != '\t' || b >= utf8.RuneSelf || b == '<' || b == '&'
	}
	return set
}()

// plain returns the text up to a special byte or to the end of what is there at
// once; it may be none. It is valid until more is read.
func (t *text) plain() []byte {
	if t.second != 0 || t.rest > 0 {
		return nil
	}
	buf, _ := t.r.Peek(t.r.Buffered())
	n := 0
	for n < len(buf) && !special[buf[n]] {
		n++
	}
	t.r.Discard(n)
	return buf[:n]
}

// checkRune looks at the whole character that b begins.
func (t *text) checkRune(b byte) (byte, error) {
	next, _ := t.r.Peek(utf8.UTFMax - 1)
	r, size := utf8.DecodeRune(append([]byte{b}, next...))
	switch {
	case r == utf8.RuneError && size == 1:
		return t.refuse("it is not valid UTF-8: found the byte 0x%02x", b)
	case r == 0xfffe || r == 0xffff:
		t.refuse("it has the character U+%04X, which XML does not allow", r)
		t.r.Discard(size - 1)
		return '?', nil
	}
	t.rest = size - 1
	return b, nil
}

func (t *text) refuse(format string, what any) (byte, error) {
	if t.bad == "" {
		t.bad = fmt.Sprintf(format, what)
	}
	return '?', nil
}

// Read makes a text an io.Reader, as the XML decoder asks of what it reads in
// another character set.
func (t *text) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := t.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// charset switches to the character set that the document says it is in.
func (t *text) charset(label string, _ io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return t, nil
	case "iso-8859-1", "iso_8859-1", "latin1":
		t.latin1 = true
		return t, nil
	}
	return nil, charsetError(label)
}

func charsetError(label string) error {
	return broadsheet.Errorf(broadsheet.Invalid, "The file is in the character set \"%s\": UTF-8, US-ASCII and ISO-8859-1 are read.",
		broadsheet.Printable(label, 40))
}
