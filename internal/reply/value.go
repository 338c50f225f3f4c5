package reply

import (
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"unicode"

	"broadsheet"
)

// A Count is a number of things. What is not one, such as null, a text, a
// fraction, a number below zero or one beyond measure, leaves it unknown.
type Count struct {
	N     int64
	Known bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *Count) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	*c = Count{}
	if err == nil && n >= 0 && n <= broadsheet.MaxMeasure {
		*c = Count{n, true}
	}
	return nil
}

// maxText bounds a name of a venue, a field or a code, which are one line.
const maxText = 300

// A Text is one line of plain text. What is not a text leaves it empty.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) != nil {
		s = ""
	}
	*t = Text(Line(s))
	return nil
}

// Line makes one clean line of a text: entities become characters, white space
// one blank, and characters that nobody can see or that turn the words around go.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.Is(unicode.C, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, html.UnescapeString(s))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxText {
		s = strings.TrimSpace(string(runes[:maxText]))
	}
	return s
}

// A List is a list of which each element that cannot be read is left out, as is a
// list that is none.
type List[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	var raw []json.RawMessage
	*l = nil
	if json.Unmarshal(text, &raw) != nil {
		return nil
	}
	for _, r := range raw {
		var v T
		if json.Unmarshal(r, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// DOI returns a DOI in its canonical form, without "doi:" and address, or "" for
// what is none. Those of arXiv only say the paper's ID again.
func DOI(s string) string {
	s = strings.TrimSpace(strings.ToLower(s))
	for _, prefix := range []string{"https://doi.org/", "http://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/", "doi:"} {
		s = strings.TrimPrefix(s, prefix)
	}
	id, err := broadsheet.ParseID("doi:" + s)
	if err != nil || id.Scheme() != "doi" || strings.HasPrefix(id.Local(), "10.48550/") {
		return ""
	}
	return id.Local()
}
