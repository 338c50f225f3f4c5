package beir

import (
	"encoding/json"
	"regexp"
	"strings"

	"broadsheet"
)

// metadata is what a data set says of a document beside its text. The benchmark
// does not fix its form, so nothing there is a reason to refuse the document.
type metadata struct {
	fields map[string]json.RawMessage
}

// UnmarshalJSON takes anything and keeps the fields that we know of an object.
func (m *metadata) UnmarshalJSON(raw []byte) error {
	var known struct {
		Authors json.RawMessage `json:"authors"`
		Year    json.RawMessage `json:"year"`
		DOI     json.RawMessage `json:"doi"`
	}
	_ = json.Unmarshal(raw, &known) // fails for what is no object, which has no fields
	m.fields = map[string]json.RawMessage{"authors": known.Authors, "year": known.Year, "doi": known.DOI}
	return nil
}

// text returns a field that is a string or a number.
func (m *metadata) text(field string) string {
	var n name
	if raw := m.fields[field]; len(raw) == 0 || json.Unmarshal(raw, &n) != nil {
		return ""
	}
	return strings.Join(strings.Fields(string(n)), " ")
}

func (m *metadata) published() broadsheet.Date {
	d, err := broadsheet.ParseDate(m.text("year"))
	if err != nil {
		return ""
	}
	return d
}

func (m *metadata) doi() string {
	id, err := broadsheet.ParseID(m.text("doi"))
	if err != nil || id.Scheme() != "doi" {
		return ""
	}
	return id.Local()
}

// authors returns the names of a list, or those of a string.
func (m *metadata) authors() []broadsheet.Author {
	var names []string
	if json.Unmarshal(m.fields["authors"], &names) != nil {
		names = splitNames(m.text("authors"))
	}
	var authors []broadsheet.Author
	for _, n := range names {
		if n = strings.Join(strings.Fields(n), " "); n != "" {
			authors = append(authors, broadsheet.Author{Name: n})
		}
	}
	return authors
}

// fullName matches a name that ends in a surname: "Ada B. Example", not "Example,
// A.B." or "A.B.", which follows the surname it belongs to.
var fullName = regexp.MustCompile(`^\S+ (?:\S+ )*[^\s.]{2,}$`)

// splitNames splits a string of authors where it is plain how. "Example, A.B.
// Sample, C." could be split in several ways and stays one name as written.
func splitNames(s string) []string {
	if strings.Contains(s, ";") {
		return strings.Split(s, ";")
	}
	names := strings.Split(s, ", ")
	for _, n := range names {
		if !fullName.MatchString(n) {
			names = nil
			break
		}
	}
	if names != nil {
		return names
	}
	names = strings.Split(s, " and ")
	for _, n := range names {
		if strings.Count(n, ",") > 1 {
			return []string{s}
		}
	}
	return names
}
