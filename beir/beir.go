// Package beir reads retrieval test sets in the form of the BEIR benchmark:
// documents and queries as JSON lines, judgements as tab-separated values
// (https://github.com/beir-cellar/beir).
//
// [ReadCorpus] makes papers of the documents. The readers yield a
// *broadsheet.BadRecord for a line that cannot be taken and go on; any other
// error is the last thing they yield.
package beir

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"broadsheet"
	"broadsheet/internal/stream"
)

// sourceName is the provenance of a paper made of a document.
const sourceName = "beir"

// ID returns the ID of the paper that a document becomes: "beir:scifact/4983",
// or "beir:4983" when the data set has no name. What an ID may not have stands
// there as in a URL, so that different documents have different IDs.
func ID(dataset, doc string) (broadsheet.ID, error) {
	id := "beir:" + escape(doc)
	if dataset != "" {
		id = "beir:" + escape(dataset) + "/" + escape(doc)
	}
	return broadsheet.ParseID(id)
}

// escape returns s as one segment of a path. PathEscape leaves "." and ".." as
// they are, which would be no names but steps.
func escape(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}

// ReadCorpus reads documents, {"_id","title","text","metadata"} on each line, as
// papers of a data set. A document without a title is called by its first
// sentence. Of the metadata, authors, year and doi are taken.
func ReadCorpus(r io.Reader, dataset string) iter.Seq2[broadsheet.Record, error] {
	return lines(r, func(text []byte) (rec broadsheet.Record, id string, err error) {
		var d document
		if err := decode(text, &d); err != nil {
			return rec, "", err
		}
		rec, err = d.record(dataset)
		return rec, string(d.ID), err
	})
}

// A document is a line of corpus.jsonl.
type document struct {
	ID       name     `json:"_id"`
	Title    string   `json:"title"`
	Text     string   `json:"text"`
	Metadata metadata `json:"metadata"`
}

func (d *document) record(dataset string) (broadsheet.Record, error) {
	var rec broadsheet.Record
	if d.ID == "" {
		return rec, errors.New("_id is missing")
	}
	id, err := ID(dataset, string(d.ID))
	if err != nil {
		return rec, fmt.Errorf("_id: %s", strings.TrimSuffix(broadsheet.TextFor(err), "."))
	}
	text := strings.TrimSpace(d.Text)
	title := cmp.Or(strings.Join(strings.Fields(d.Title), " "), firstSentence(text))
	if title == "" {
		return rec, errors.New("title and text are both empty")
	}
	rec.Paper = broadsheet.Paper{
		ID: id, Title: title, Abstract: text,
		Authors: d.Metadata.authors(), Published: d.Metadata.published(), DOI: d.Metadata.doi(),
		Sources: []broadsheet.Source{{Name: sourceName, Record: string(d.ID)}},
	}
	return rec, nil
}

// maxHeadline is the length in characters of a title made of a text.
const maxHeadline = 100

// firstSentence returns the first sentence of s, or its beginning up to a word's
// end with "…" when that is longer than maxHeadline.
func firstSentence(s string) string {
	// A character has at most four bytes; the cut may go through one.
	fields := strings.Fields(strings.ToValidUTF8(s[:min(len(s), 8*maxHeadline)], ""))
	var title string
	for i, f := range fields {
		longer := strings.TrimPrefix(title+" "+f, " ")
		if utf8.RuneCountInString(longer) > maxHeadline {
			return cmp.Or(title, string([]rune(longer)[:maxHeadline])) + "…"
		}
		title = longer
		// Two characters are an initial.
		if i > 0 && strings.ContainsAny(f[len(f)-1:], ".?!") && len(f) != 2 {
			break
		}
	}
	return title
}

// A name is an identifier, which some data sets write as a number.
type name string

// UnmarshalJSON takes a string or a number.
func (n *name) UnmarshalJSON(raw []byte) error {
	if c := raw[0]; c == '-' || '0' <= c && c <= '9' {
		*n = name(raw)
		return nil
	}
	return json.Unmarshal(raw, (*string)(n))
}

// lines reads a value from each line of r that is not blank. With an error, read
// returns the identifier it has found, if any.
func lines[T any](r io.Reader, read func([]byte) (T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		number := 0
		for l, err := range stream.Lines(r, stream.MaxRecord) {
			if err != nil {
				yield(none, fmt.Errorf("beir: line %d: %w", l.Number, err))
				return
			}
			if l.Number == 1 {
				l.Text = bytes.TrimPrefix(l.Text, []byte("\ufeff"))
			}
			if len(bytes.TrimSpace(l.Text)) == 0 && !l.TooLong {
				continue
			}
			number++
			bad := &broadsheet.BadRecord{Line: l.Number, Number: number}
			v := none
			if l.TooLong {
				err = fmt.Errorf("the line is longer than %d MiB", stream.MaxRecord>>20)
			} else {
				v, bad.ID, err = read(l.Text)
			}
			if err != nil {
				bad.Reason = err.Error()
				if !yield(none, bad) {
					return
				}
			} else if !yield(v, nil) {
				return
			}
		}
	}
}

// decode reads one JSON object and says what is wrong with it, and where.
func decode(text []byte, v any) error {
	// encoding/json would replace such bytes without a word.
	if !utf8.Valid(text) {
		return errors.New("the line is not valid UTF-8")
	}
	err := json.Unmarshal(text, v)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("the JSON breaks at byte %d: %w", syntax.Offset, syntax)
	}
	if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		want := "an object"
		if typ.Type.Kind() == reflect.String {
			want = "a string"
		}
		return fmt.Errorf("%s is of type %s, expected %s", cmp.Or(typ.Field, "the value"), typ.Value, want)
	}
	return err
}
