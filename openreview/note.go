package openreview

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet"
)

// sourceName is the provenance of what the service says.
const sourceName = "openreview"

// A note is one of the service's things: a submission, a review, a comment. Times
// are milliseconds since 1970.
type note struct {
	ID       string  `json:"id"`
	Forum    string  `json:"forum"` // the note of the submission that it belongs to
	Created  float64 `json:"tcdate"`
	Online   float64 `json:"odate"` // when it became public
	Modified float64 `json:"tmdate"`
	Deleted  float64 `json:"ddate"`
	License  string  `json:"license"`

	Content struct {
		Title    text    `json:"title"`
		Abstract text    `json:"abstract"`
		TLDR     text    `json:"TLDR"`
		Venue    text    `json:"venue"`
		Area     text    `json:"primary_area"`
		Code     text    `json:"code"`
		Project  text    `json:"project_page"`
		Authors  people  `json:"authors"`
		Keywords phrases `json:"keywords"`
	} `json:"content"`
}

// Each field of a note's content is {"value": …} in version 2 of the API, and the
// bare value in version 1. Whoever runs a venue makes its form, so that a field may
// hold anything; what is not of the expected kind is as if it were not there.
type (
	text    string
	people  []string
	phrases []string
)

// value returns what a field holds.
func value(b []byte) []byte {
	var v struct {
		Value json.RawMessage `json:"value"`
	}
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) && json.Unmarshal(b, &v) == nil {
		return v.Value
	}
	return b
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(value(b), &s) == nil {
		*t = text(s)
	}
	return nil
}

// UnmarshalJSON implements json.Unmarshaler. Some venues have authors as objects.
func (p *people) UnmarshalJSON(b []byte) error {
	var list []json.RawMessage
	json.Unmarshal(value(b), &list)
	for _, raw := range list {
		var name string
		var person struct {
			Fullname string `json:"fullname"`
			Name     string `json:"name"`
		}
		if json.Unmarshal(raw, &name) != nil && json.Unmarshal(raw, &person) == nil {
			name = cmp.Or(person.Fullname, person.Name)
		}
		if name = oneLine(name); name != "" {
			*p = append(*p, name)
		}
	}
	return nil
}

// UnmarshalJSON implements json.Unmarshaler: a list, or a text with commas.
func (p *phrases) UnmarshalJSON(b []byte) error {
	var list []string
	var s string
	if v := value(b); json.Unmarshal(v, &list) != nil && json.Unmarshal(v, &s) == nil {
		list = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' })
	}
	for _, k := range list {
		if k = oneLine(k); k != "" && len(*p) < maxKeywords {
			*p = append(*p, k)
		}
	}
	return nil
}

// maxKeywords bounds a list that authors fill in themselves; most have five.
const maxKeywords = 200

// record reads one note. The record has no ID if it is no submission. The note is
// returned for its times and id, with an error too.
func record(raw []byte) (note, broadsheet.Record, error) {
	var n note
	var rec broadsheet.Record
	// encoding/json would replace such bytes without a word.
	if !utf8.Valid(raw) {
		return n, rec, errors.New("it is not valid UTF-8")
	}
	if err := json.Unmarshal(raw, &n); err != nil {
		if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return n, rec, fmt.Errorf("%s is of type %s, which it should not be", cmp.Or(typ.Field, "it"), typ.Value)
		}
		return n, rec, err
	}
	if n.ID == "" {
		return n, rec, errors.New("id is missing")
	}
	if n.Forum != "" && n.Forum != n.ID {
		return n, rec, nil
	}
	id, err := broadsheet.ParseID("openreview:" + n.ID)
	if err != nil {
		return n, rec, fmt.Errorf("id: %s", strings.TrimSuffix(broadsheet.TextFor(err), "."))
	}
	rec, err = n.paper()
	if rec.ID = id; err != nil {
		return n, rec, err
	}
	return n, rec, nil
}

// paper makes a record of a submission. One that its authors have deleted says only
// that; one that they have withdrawn says so as its venue.
func (n *note) paper() (broadsheet.Record, error) {
	var rec broadsheet.Record
	rec.Sources = []broadsheet.Source{{Name: sourceName, Date: day(cmp.Or(n.Deleted, n.Modified, n.Created))}}
	if n.Deleted > 0 {
		rec.Status = broadsheet.StatusDeleted
		rec.Sources[0].Deleted = true
		return rec, nil
	}
	c := &n.Content
	rec.Title, rec.Abstract = oneLine(string(c.Title)), strings.TrimSpace(string(c.Abstract))
	if rec.Title == "" {
		return rec, errors.New("content.title is missing")
	}
	for _, name := range c.Authors {
		rec.Authors = append(rec.Authors, broadsheet.Author{Name: name})
	}
	rec.Published, rec.Announced, rec.Updated = day(n.Created), day(n.Online), day(n.Modified)
	rec.TLDR, rec.Venue, rec.License = oneLine(string(c.TLDR)), oneLine(string(c.Venue)), oneLine(n.License)
	rec.Keywords = c.Keywords
	if area := oneLine(string(c.Area)); area != "" {
		rec.Keywords = append(rec.Keywords, strings.ReplaceAll(area, "_", " "))
	}
	if strings.Contains(strings.ToLower(rec.Venue), "withdrawn") {
		rec.Comments = "Withdrawn."
	}
	for _, l := range []broadsheet.Link{
		{Kind: broadsheet.LinkCode, URL: broadsheet.WebURL(string(c.Code)), Source: sourceName},
		{Kind: broadsheet.LinkProject, URL: broadsheet.WebURL(string(c.Project)), Source: sourceName},
	} {
		if l.URL != "" {
			rec.Links = append(rec.Links, l)
		}
	}
	return rec, nil
}

// The times that can be meant: the service began in 2013, and a note is of some
// day that a date can be written for.
const (
	firstMoment = 1_000_000_000_000   // 2001
	lastMoment  = 200_000_000_000_000 // 8307
)

// day returns the day in UTC of a time of the service, or "" where there is none.
func day(ms float64) broadsheet.Date {
	if ms < firstMoment || ms > lastMoment {
		return ""
	}
	return broadsheet.DateOf(time.UnixMilli(int64(ms)).UTC())
}

// oneLine returns s with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
