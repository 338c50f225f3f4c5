package arxiv

import (
	"bytes"
	"cmp"
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

// ReadJSON reads the snapshot of all metadata that arXiv publishes
// (arxiv-metadata-oai-snapshot.json), one JSON object a line.
func ReadJSON(r io.Reader) iter.Seq2[broadsheet.Record, error] {
	return func(yield func(broadsheet.Record, error) bool) {
		number := 0
		for line, err := range stream.Lines(r, maxRecord) {
			if err != nil {
				yield(broadsheet.Record{}, fmt.Errorf("arxiv: read line %d: %w", line.Number, err))
				return
			}
			if number == 0 {
				line.Text = bytes.TrimPrefix(line.Text, []byte("\ufeff"))
			}
			if !line.TooLong && len(bytes.TrimSpace(line.Text)) == 0 {
				continue
			}
			number++
			rec, written, err := readLine(line)
			if err != nil {
				id := cmp.Or(string(rec.ID), strings.TrimSpace(written))
				rec, err = broadsheet.Record{}, &broadsheet.BadRecord{Line: line.Number, Number: number, ID: id, Reason: err.Error()}
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

type snapshotPaper struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Authors    string    `json:"authors"`
	Categories string    `json:"categories"`
	Comments   string    `json:"comments"`
	JournalRef string    `json:"journal-ref"`
	DOI        string    `json:"doi"`
	License    string    `json:"license"`
	Abstract   string    `json:"abstract"`
	Versions   []version `json:"versions"`
	Updated    string    `json:"update_date"`
}

func readLine(line stream.Line) (rec broadsheet.Record, written string, err error) {
	if line.TooLong {
		return rec, "", fmt.Errorf("it is longer than %d MiB", maxRecord>>20)
	}
	if !utf8.Valid(line.Text) {
		return rec, "", errors.New("it is not valid UTF-8")
	}
	var s snapshotPaper
	if err := json.Unmarshal(line.Text, &s); err != nil {
		return rec, s.ID, jsonError(err)
	}
	if rec, err = newRecord(s.ID, s.Title); err != nil {
		return rec, s.ID, err
	}
	source := broadsheet.Source{Name: "arxiv-json"}
	if source.Date, err = day("update_date", s.Updated); err != nil {
		return rec, s.ID, err
	}
	rec.Abstract, rec.Comments, rec.JournalRef = s.Abstract, s.Comments, s.JournalRef
	rec.Categories, rec.DOI, rec.License = list(s.Categories), dois(s.DOI), strings.TrimSpace(s.License)
	rec.Authors = broadsheet.ParseAuthors(s.Authors)
	rec.Sources = []broadsheet.Source{source}
	return rec, s.ID, setVersions(&rec.Paper, s.Versions)
}

// jsonError says in words why a line is no paper.
func jsonError(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if e.Field == "" {
			return fmt.Errorf("it is a JSON %s, expected an object", e.Value)
		}
		return fmt.Errorf("%s: it is a JSON %s, which does not belong there", e.Field, e.Value)
	}
	return fmt.Errorf("it is not JSON: %s", broadsheet.Printable(err.Error(), 100))
}
