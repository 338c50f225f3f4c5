package biorxiv

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet"
)

// The names of the two servers, which are also the names of the sources.
const (
	Bio = "biorxiv"
	Med = "medrxiv"
)

// An item is one version of a preprint. Fields that we do not use may have any
// form.
type item struct {
	DOI           string `json:"doi"`
	Title         string `json:"title"`
	Authors       string `json:"authors"` // "Family, G.; Family, G."
	Corresponding string `json:"author_corresponding"`
	Institution   string `json:"author_corresponding_institution"`
	Date          string `json:"date"`    // of this version
	Version       string `json:"version"` // "1"
	Type          string `json:"type"`
	License       string `json:"license"`
	Category      string `json:"category"`
	Abstract      string `json:"abstract"`
	Published     string `json:"published"` // the DOI in a journal, or "NA"
	Server        string `json:"server"`
	XML           string `json:"jatsxml"`
}

// maxVersion bounds the number of a version; real ones have two digits.
const maxVersion = 1000

// record reads one item. With an error it returns the ID, if it got that far.
func record(raw []byte) (broadsheet.Record, error) {
	var rec broadsheet.Record
	it, err := decode(raw)
	if err != nil {
		return rec, err
	}
	if rec.ID, err = broadsheet.ParseID("doi:" + strings.TrimSpace(it.DOI)); err != nil {
		return rec, fmt.Errorf("doi: %s", strings.TrimSuffix(broadsheet.TextFor(err), "."))
	}
	rec.Title, rec.Abstract = oneLine(it.Title), strings.TrimSpace(it.Abstract)
	if rec.Title == "" {
		return rec, errors.New("title is missing")
	}
	date, err := broadsheet.ParseDate(it.Date)
	if err != nil || !date.IsDay() {
		return rec, fmt.Errorf(`date is "%s", expected a day like 2025-03-11`, broadsheet.Printable(it.Date, 40))
	}
	version, err := strconv.Atoi(cmp.Or(it.Version, "1"))
	if err != nil || version < 1 || version > maxVersion {
		return rec, fmt.Errorf(`version is "%s", expected a number from 1`, broadsheet.Printable(it.Version, 40))
	}
	server := it.server()
	rec.Versions, rec.Updated = []broadsheet.Version{{Number: version, At: date.Time()}}, date
	if version == 1 { // a later one brings a paper up to date, and puts it into no edition
		rec.Published, rec.Announced = date, date
	}
	rec.Authors, rec.License = it.authors(), license(it.License)
	if c := broadsheet.Slug(it.Category); c != "" {
		rec.Categories = []string{server + "." + c}
	}
	if doi := strings.TrimSpace(it.Published); strings.HasPrefix(doi, "10.") {
		rec.DOI = doi
	}
	if strings.Contains(strings.ToLower(it.Type), "withdrawn") {
		rec.Comments = "Withdrawn."
	}
	rec.Sources = []broadsheet.Source{{Name: server, Date: date}}
	return rec, nil
}

func decode(raw []byte) (*item, error) {
	// encoding/json would replace such bytes without a word.
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not valid UTF-8")
	}
	it := new(item)
	err := json.Unmarshal(raw, it)
	if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil, fmt.Errorf("%s is of type %s, expected %s", cmp.Or(typ.Field, "it"), typ.Value,
			map[bool]string{true: "a text", false: "an object"}[typ.Field != ""])
	}
	return it, err
}

// server tells which of the two an item is from. Those before 2025 say it in the
// address of their XML only.
func (it *item) server() string {
	if strings.EqualFold(it.Server, Med) || it.Server == "" && strings.Contains(it.XML, "www.medrxiv.org/") {
		return Med
	}
	return Bio
}

// authors turns names the right way round, "Example, A. B." to "A. B. Example",
// and gives the corresponding author the institution, if it is plain who that is.
func (it *item) authors() []broadsheet.Author {
	var authors []broadsheet.Author
	for name := range strings.SplitSeq(it.Authors, ";") {
		if name = turn(name); name != "" {
			authors = append(authors, broadsheet.Author{Name: name})
		}
	}
	institution, found := oneLine(it.Institution), -1
	for i, a := range authors {
		if !sameName(a.Name, oneLine(it.Corresponding)) {
			continue
		}
		if found >= 0 {
			return authors // one of two
		}
		found = i
	}
	if found >= 0 && institution != "" {
		authors[found].Affiliation = institution
	}
	return authors
}

// turn returns "Family, Given, Suffix" as "Given Family Suffix". A group, which
// has no comma, stays as it is.
func turn(name string) string {
	parts := strings.Split(name, ",")
	for i, p := range parts {
		parts[i] = oneLine(p)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	parts[0], parts[1] = parts[1], parts[0]
	return oneLine(strings.Join(parts, " "))
}

// sameName reports whether a full name, "Ada B. Example", may be that of an
// author, "A. B. Example": the first letter and the family name agree.
func sameName(author, full string) bool {
	a, f := strings.Fields(author), strings.Fields(full)
	if len(a) < 2 || len(f) < 2 || !strings.EqualFold(a[len(a)-1], f[len(f)-1]) {
		return false
	}
	x, _ := utf8.DecodeRuneInString(a[0])
	y, _ := utf8.DecodeRuneInString(f[0])
	return strings.EqualFold(string(x), string(y))
}

// licenses are what the service's names for licences mean
// (https://www.biorxiv.org/about/FAQ).
var licenses = map[string]string{
	"cc_by": "https://creativecommons.org/licenses/by/4.0/", "cc_by_nc": "https://creativecommons.org/licenses/by-nc/4.0/",
	"cc_by_nd": "https://creativecommons.org/licenses/by-nd/4.0/", "cc_by_nc_nd": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
	"cc0": "https://creativecommons.org/publicdomain/zero/1.0/", "cc0_ng": "https://creativecommons.org/publicdomain/zero/1.0/",
	"cc_no": "All rights reserved",
}

func license(s string) string {
	s = oneLine(s)
	return cmp.Or(licenses[strings.ToLower(s)], s)
}

// oneLine returns s with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
