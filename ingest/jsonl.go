package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/internal/stream"
)

// ReadJSONL reads papers as JSON lines: the form of our own export, which loses
// nothing, and the plainer form in which collections of papers are passed
// around, with authors and categories as one string ("A. Name, B. Name",
// "cs.LG cs.CL"). doc/data.md lists the fields.
func ReadJSONL(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		for line, err := range stream.Lines(r, stream.MaxRecord) {
			if err != nil {
				yield(broadsheet.Record{}, err)
				return
			}
			if line.Number == 1 {
				line.Text = bytes.TrimPrefix(line.Text, []byte("\xef\xbb\xbf"))
			}
			if !line.TooLong && len(bytes.TrimSpace(line.Text)) == 0 {
				continue
			}
			rec, err := parseLine(line)
			if err != nil {
				err = &broadsheet.BadRecord{Line: line.Number, ID: string(rec.ID), Reason: err.Error()}
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// A paperLine is one line as it may be written. Fields that have one meaning in
// both forms come with the embedded Record.
type paperLine struct {
	broadsheet.Record
	ArXivID    string   `json:"arxiv_id"`
	Summary    string   `json:"summary"`
	Authors    authors  `json:"authors"`
	Categories words    `json:"categories"`
	Keywords   keywords `json:"keywords"`
	Status     string   `json:"status"`
	Published  string   `json:"published"`
	Updated    string   `json:"updated"`
	Announced  string   `json:"announced"`
	DateKind   string   `json:"date_kind"` // exact, announced, month or year
	UpdateDate string   `json:"update_date"`
	Journal    string   `json:"journal-ref"`
	GitHub     string   `json:"github"`
	AltIDs     []string `json:"alt_ids"`
	Offices    string   `json:"affiliations"` // one for each author, separated by ";"
}

func parseLine(line stream.Line) (broadsheet.Record, error) {
	var l paperLine
	switch {
	case line.TooLong:
		return l.Record, fmt.Errorf("the line is longer than %d MiB", stream.MaxRecord>>20)
	case !utf8.Valid(line.Text):
		return l.Record, fmt.Errorf("it is not valid UTF-8")
	}
	if err := json.Unmarshal(line.Text, &l); err != nil {
		return broadsheet.Record{Paper: broadsheet.Paper{ID: l.ID}}, jsonError(err)
	}
	rec := l.Record
	id, err := broadsheet.ParseID(first(string(l.ID), l.ArXivID))
	if err != nil {
		return rec, fmt.Errorf("id: %s", broadsheet.TextFor(err))
	}
	rec.ID = id
	rec.Abstract = first(rec.Abstract, l.Summary)
	rec.Authors, rec.Categories, rec.Keywords = l.Authors, l.Categories, l.Keywords
	rec.JournalRef = first(rec.JournalRef, l.Journal)
	if l.Status == broadsheet.StatusDeleted { // others are a venue's: "Poster", "Oral"
		rec.Status = l.Status
	}
	if err := l.dates(&rec); err != nil {
		return rec, err
	}
	for _, a := range l.AltIDs {
		if id, err := broadsheet.ParseID(a); err == nil { // what is no id here was one elsewhere
			rec.Aliases = append(rec.Aliases, id)
		}
	}
	if offices := strings.Split(l.Offices, ";"); len(offices) == len(rec.Authors) {
		for i, o := range offices {
			if rec.Authors[i].Affiliation == "" {
				rec.Authors[i].Affiliation = o
			}
		}
	}
	if u := broadsheet.WebURL(l.GitHub); u != "" {
		rec.Links = append(rec.Links, broadsheet.Link{Kind: broadsheet.LinkCode, URL: u})
	}
	if len(rec.Sources) == 0 {
		rec.Sources = []broadsheet.Source{{Name: "jsonl", Date: rec.Updated}}
	}
	return rec, nil
}

// dates reads the dates of a line, cut to the precision that date_kind admits.
func (l *paperLine) dates(rec *broadsheet.Record) error {
	for _, f := range []struct {
		name, text string
		to         *broadsheet.Date
	}{
		{"published", l.Published, &rec.Published}, {"announced", l.Announced, &rec.Announced},
		{"update_date", l.UpdateDate, &rec.Updated}, {"updated", l.Updated, &rec.Updated},
	} {
		if f.text == "" {
			continue
		}
		d, err := broadsheet.ParseDate(f.text)
		if err != nil {
			return fmt.Errorf("%s: %s", f.name, broadsheet.TextFor(err))
		}
		*f.to = d
	}
	switch p := rec.Published; {
	case l.DateKind == "announced" && p.IsDay():
		rec.Announced = p
	case l.DateKind == "month" && len(p) > 7:
		rec.Published = p[:7]
	case l.DateKind == "year" && len(p) > 4:
		rec.Published = p[:4]
	}
	return nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// jsonError says what is wrong with a line in words for the person who made it.
func jsonError(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := strings.TrimPrefix(strings.TrimPrefix(e.Field, "Record."), "Paper.")
		return fmt.Errorf("%s: it is a JSON %s, which cannot stand there", first(field, "the line"), e.Value)
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("it is not JSON: %v at byte %d; each paper stands on one line", e, e.Offset)
	}
	return fmt.Errorf("it is not a paper: %w", err)
}

// authors are a list of names, a list of objects, or one string.
type authors []broadsheet.Author

func (a *authors) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*a = broadsheet.ParseAuthors(s)
		return nil
	case bytes.HasPrefix(bytes.TrimLeft(b[1:], " \t\r\n"), []byte{'"'}):
		var names []string
		if err := json.Unmarshal(b, &names); err != nil {
			return err
		}
		for _, n := range names {
			*a = append(*a, broadsheet.Author{Name: n})
		}
		return nil
	}
	return json.Unmarshal(b, (*[]broadsheet.Author)(a))
}

// words are a list, or one string with blanks between.
type words []string

func (w *words) UnmarshalJSON(b []byte) error {
	return unmarshalList(b, (*[]string)(w), strings.Fields)
}

// keywords are a list, or one string with semicolons or commas between.
type keywords []string

func (k *keywords) UnmarshalJSON(b []byte) error {
	return unmarshalList(b, (*[]string)(k), func(s string) []string {
		sep := ","
		if strings.Contains(s, ";") {
			sep = ";"
		}
		return strings.Split(s, sep)
	})
}

func unmarshalList(b []byte, list *[]string, split func(string) []string) error {
	if b[0] != '"' {
		return json.Unmarshal(b, list)
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*list = split(s)
	return nil
}

// WriteJSONL writes records as ReadJSONL reads them, one a line, and returns how
// many. Nothing of a record is lost, and equal records give equal bytes.
func WriteJSONL(w io.Writer, records iter.Seq2[broadsheet.Record, error]) (n int, err error) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for r, err := range records {
		if err != nil {
			return n, err
		}
		if err := enc.Encode(&r); err != nil {
			return n, fmt.Errorf("write paper %s: %w", r.ID, err)
		}
		n++
	}
	return n, nil
}
