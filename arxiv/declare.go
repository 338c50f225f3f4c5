package arxiv

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// maxInst bounds what is kept of a processing instruction: enough for <?xml …?>.
const maxInst = 1 << 10

// declared reads what begins with "<!": a comment, characters as they are, or a
// document type, which is refused.
func (t *tokens) declared() (kind, error) {
	var head []byte
	for {
		b, err := t.must()
		if err != nil {
			return passed, err
		}
		head = append(head, b)
		switch s := string(head); {
		case s == "--":
			return passed, t.until("-->", -1)
		case s == "[CDATA[":
			t.tag = false
			return says, t.until("]]>", math.MaxInt)
		case strings.EqualFold(s, "doctype html"):
			return passed, errHTML
		case b == '>' || len(s) == len("doctype html"):
			return passed, errDoctype
		}
	}
}

// instruction reads what begins with "<?". That of XML itself may name a character
// set.
func (t *tokens) instruction() error {
	if err := t.until("?>", maxInst); err != nil {
		return err
	}
	inst := string(t.chars)
	if target, _, _ := strings.Cut(strings.Map(blankToSpace, inst), " "); target != "xml" {
		return nil
	}
	if v := pseudo(inst, "version"); v != "" && v != "1.0" {
		return t.bad("unsupported version " + strconv.Quote(v) + "; only version 1.0 is supported")
	}
	if label := pseudo(inst, "encoding"); label != "" {
		_, err := t.text.charset(label, nil)
		return err
	}
	return nil
}

func blankToSpace(r rune) rune {
	if r == '\t' || r == '\n' || r == '\r' {
		return ' '
	}
	return r
}

// pseudo returns the value of what looks like an attribute (XML 1.0, section 2.8).
func pseudo(inst, name string) string {
	_, rest, ok := strings.Cut(inst, name)
	rest, eq := strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), "=")
	rest = strings.TrimLeft(rest, " \t\r\n")
	if !ok || !eq || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	value, _, _ := strings.Cut(rest[1:], rest[:1])
	return value
}

// until reads up to a mark and keeps the first max bytes before it, or with -1
// none.
func (t *tokens) until(mark string, max int) error {
	t.chars = t.chars[:0]
	var last [3]byte
	for {
		b, err := t.must()
		if err != nil {
			return err
		}
		last[0], last[1], last[2] = last[1], last[2], b
		if len(t.chars) < max {
			t.chars = append(t.chars, b)
		}
		if strings.HasSuffix(string(last[:]), mark) {
			t.chars = bytes.TrimSuffix(t.chars, []byte(mark))
			return nil
		}
	}
}
