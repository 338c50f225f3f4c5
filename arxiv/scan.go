package arxiv

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// tokens splits a document into the tokens that a decoder of encoding/xml asks
// for, and refuses what can do harm, wherever it stands. It exists because pages of
// arXiv have some 2 MB, nearly all of it plain text, which the tokenizer of
// encoding/xml reads byte by byte: with this one a page takes less than half the
// time. Comments, processing instructions, declarations of name spaces, which
// nothing here looks at, and white space between elements are passed over.
type tokens struct {
	text  *text
	line  int
	depth int

	back   int  // a byte that was read too early, or -1
	tag    bool // the last token was a tag
	closes bool // the end of the element of that name comes next

	name  xml.Name   // of the last tag
	attrs []xml.Attr // of it
	chars []byte     // of the last text
	texts [][]byte   // see read
	names map[string]string
}

// A kind is what a token is.
type kind int

const (
	passed kind = iota // it is passed over
	opens
	ends
	says
)

func newTokens(t *text) *tokens {
	return &tokens{text: t, line: 1, back: -1, names: map[string]string{}}
}

// maxNames bounds the names that are remembered; arXiv's documents have about 60.
const maxNames = 256

// maxEntity bounds the name of an entity. Those that there are have four letters.
const maxEntity = 32

func (t *tokens) get() (byte, error) {
	if t.back >= 0 {
		b := byte(t.back)
		t.back = -1
		return b, nil
	}
	b, err := t.text.ReadByte()
	if b == '\n' && err == nil {
		t.line++
	}
	return b, err
}

// must is get within a token, where a document cannot end.
func (t *tokens) must() (byte, error) {
	b, err := t.get()
	if err == io.EOF {
		return 0, t.bad("unexpected EOF")
	}
	return b, err
}

func (t *tokens) bad(msg string) error { return &xml.SyntaxError{Msg: msg, Line: t.line} }

// Token implements xml.TokenReader. Characters are valid until the next call.
func (t *tokens) Token() (xml.Token, error) {
	switch k, err := t.next(); {
	case err != nil:
		return nil, err
	case k == opens:
		return xml.StartElement{Name: t.name, Attr: slices.Clone(t.attrs)}, nil
	case k == ends:
		return xml.EndElement{Name: t.name}, nil
	}
	return xml.CharData(t.chars), nil
}

// next reads a token into t.
func (t *tokens) next() (kind, error) {
	if t.closes {
		t.closes = false
		t.depth--
		return ends, nil
	}
	for {
		if k, err := t.step(); k != passed || err != nil {
			return k, err
		}
	}
}

func (t *tokens) step() (kind, error) {
	b, err := t.get()
	if err != nil {
		return passed, err
	}
	if b != '<' {
		t.back = int(b)
		return t.characters()
	}
	switch b, err = t.must(); {
	case err != nil:
		return passed, err
	case b == '/':
		return t.end()
	case b == '?':
		return passed, t.instruction()
	case b == '!':
		return t.declared()
	}
	t.back = int(b)
	return t.start()
}

// characters reads up to the next tag.
func (t *tokens) characters() (kind, error) {
	after := t.tag
	t.tag = false
	t.chars = t.chars[:0]
	for {
		if t.back < 0 {
			run := t.text.plain()
			t.line += bytes.Count(run, []byte{'\n'})
			t.chars = append(t.chars, run...)
		}
		b, err := t.get()
		if err == io.EOF {
			break
		} else if err != nil {
			return passed, err
		}
		if b == '<' {
			t.back = '<'
			break
		}
		if err := t.character(b); err != nil {
			return passed, err
		}
	}
	if after && len(bytes.TrimLeft(t.chars, " \t\n")) == 0 {
		t.tag = true
		return passed, nil
	}
	return says, nil
}

// character adds a character that is not plain.
func (t *tokens) character(b byte) error {
	switch b {
	case '&':
		return t.entity()
	case '\r': // XML 1.0, section 2.11
		next, err := t.get()
		if err == nil && next != '\n' {
			t.back = int(next)
		}
		b = '\n'
	}
	t.chars = append(t.chars, b)
	return nil
}

var entities = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "apos": '\'', "quot": '"'}

// entity reads a reference behind its "&".
func (t *tokens) entity() error {
	var name []byte
	for {
		b, err := t.must()
		if err != nil {
			return err
		}
		if b == ';' {
			break
		}
		if !nameByte(b) && b != '#' || len(name) == maxEntity {
			return t.bad("invalid character entity &" + string(name) + " (no semicolon)")
		}
		name = append(name, b)
	}
	if b, ok := entities[string(name)]; ok {
		t.chars = append(t.chars, b)
		return nil
	}
	digits, numeric := strings.CutPrefix(string(name), "#")
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	if !numeric || err != nil || n > 0x10ffff {
		return t.bad("invalid character entity &" + string(name) + ";")
	}
	if n < ' ' && n != '\t' && n != '\n' && n != '\r' || n == 0xfffe || n == 0xffff {
		return t.bad(fmt.Sprintf("illegal character code U+%04X", n))
	}
	t.chars = append(t.chars, string(rune(n))...)
	return nil
}

// start reads a tag behind its "<".
func (t *tokens) start() (kind, error) {
	name, b, err := t.readName("expected element name after <")
	t.name, t.attrs = name, t.attrs[:0]
	for err == nil {
		if b, err = t.unblank(b); err != nil || b == '>' || b == '/' {
			break
		}
		t.back = int(b)
		if err = t.attribute(); err == nil {
			b, err = t.must()
		}
	}
	if err != nil {
		return passed, err
	}
	if b == '/' {
		if b, err = t.must(); err != nil {
			return passed, err
		}
		if b != '>' {
			return passed, t.bad("expected /> in element")
		}
		t.closes = true
	}
	t.tag = true
	if t.depth++; t.depth > maxDepth {
		return passed, errDepth
	}
	return opens, nil
}

// end reads a tag behind its "</".
func (t *tokens) end() (kind, error) {
	name, b, err := t.readName("expected element name after </")
	if err == nil {
		b, err = t.unblank(b)
	}
	if err != nil {
		return passed, err
	}
	if b != '>' {
		return passed, t.bad("invalid characters between </" + name.Local + " and >")
	}
	t.name = name
	t.tag = true
	t.depth--
	return ends, nil
}

// unblank returns the first byte from b on that is not white space.
func (t *tokens) unblank(b byte) (byte, error) {
	for b == ' ' || b == '\n' || b == '\t' || b == '\r' {
		var err error
		if b, err = t.must(); err != nil {
			return 0, err
		}
	}
	return b, nil
}

// readName reads a name, and the byte behind it.
func (t *tokens) readName(missing string) (name xml.Name, b byte, err error) {
	t.chars = t.chars[:0]
	for {
		if b, err = t.must(); err != nil {
			return name, 0, err
		}
		if !nameByte(b) {
			break
		}
		t.chars = append(t.chars, b)
	}
	if len(t.chars) == 0 || t.chars[0] >= '0' && t.chars[0] <= '9' || t.chars[0] == '-' || t.chars[0] == '.' {
		return name, 0, t.bad(missing)
	}
	if space, local, ok := bytes.Cut(t.chars, []byte{':'}); ok && len(space) > 0 && len(local) > 0 {
		return xml.Name{Space: t.known(space), Local: t.known(local)}, b, nil
	}
	return xml.Name{Local: t.known(t.chars)}, b, nil
}

// known returns a name as a string, the same one each time.
func (t *tokens) known(name []byte) string {
	if s, ok := t.names[string(name)]; ok {
		return s
	}
	s := string(name)
	if len(t.names) < maxNames {
		t.names[s] = s
	}
	return s
}

func nameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' ||
		b == '_' || b == ':' || b == '-' || b == '.' || b >= 0x80
}

// attribute reads a name, an equals sign and a value in quotes.
func (t *tokens) attribute() error {
	name, b, err := t.readName("expected attribute name in element")
	if err != nil {
		return err
	}
	if b, err = t.unblank(b); err != nil {
		return err
	}
	if b != '=' {
		return t.bad("attribute name without = in element")
	}
	if b, err = t.must(); err == nil {
		b, err = t.unblank(b)
	}
	if err != nil {
		return err
	}
	if b != '"' && b != '\'' {
		return t.bad("unquoted or missing attribute value in element")
	}
	if err := t.quoted(b); err != nil {
		return err
	}
	if name.Space != "xmlns" && (name.Space != "" || name.Local != "xmlns") {
		t.attrs = append(t.attrs, xml.Attr{Name: name, Value: string(t.chars)})
	}
	return nil
}

// quoted reads a value up to its closing quote.
func (t *tokens) quoted(quote byte) error {
	t.chars = t.chars[:0]
	for {
		b, err := t.must()
		switch {
		case err != nil:
			return err
		case b == quote:
			return nil
		case b == '<':
			return t.bad("unescaped < inside quoted string")
		}
		if err := t.character(b); err != nil {
			return err
		}
	}
}
