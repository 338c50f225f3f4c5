package bib

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// A cslItem is one item of the CSL-JSON schema 1.0
// (https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json).
type cslItem struct {
	ID              string    `json:"id"`
	Type            string    `json:"type"`
	Title           string    `json:"title,omitempty"`
	Author          []cslName `json:"author,omitempty"`
	Issued          *cslDate  `json:"issued,omitempty"`
	ContainerTitle  string    `json:"container-title,omitempty"`
	Volume          string    `json:"volume,omitempty"`
	Issue           string    `json:"issue,omitempty"`
	Page            string    `json:"page,omitempty"`
	Publisher       string    `json:"publisher,omitempty"`
	Archive         string    `json:"archive,omitempty"`
	ArchiveLocation string    `json:"archive_location,omitempty"`
	Number          string    `json:"number,omitempty"`
	DOI             string    `json:"DOI,omitempty"`
	URL             string    `json:"URL,omitempty"`
	Keyword         string    `json:"keyword,omitempty"`
	Note            string    `json:"note,omitempty"`
	Abstract        string    `json:"abstract,omitempty"`
}

type cslName struct {
	Family   string `json:"family,omitempty"`
	Given    string `json:"given,omitempty"`
	Particle string `json:"non-dropping-particle,omitempty"`
	Suffix   string `json:"suffix,omitempty"`
	Literal  string `json:"literal,omitempty"`
}

type cslDate struct {
	DateParts [][]int `json:"date-parts"`
}

func writeCSL(w *bufio.Writer, e *entry) error {
	// Encode into a buffer of its own to drop the line end behind the item.
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("  ", "  ")
	b.WriteString("  ")
	if err := enc.Encode(newCSL(e)); err != nil {
		return err
	}
	_, err := w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return err
}

func newCSL(e *entry) cslItem {
	types := [...]string{preprint: "article", article: "article-journal", conference: "paper-conference"}
	c := e.container
	item := cslItem{
		ID: e.key, Type: types[e.kind], Title: e.title, Issued: cslIssued(e),
		ContainerTitle: c.name, Volume: c.volume, Issue: c.number, Page: c.pages,
		DOI: e.doi, URL: e.url, Keyword: strings.Join(e.keywords, ", "), Note: e.comments, Abstract: e.abstract,
	}
	for _, n := range e.authors {
		item.Author = append(item.Author, cslName{
			Family: n.family, Given: n.given, Particle: n.particle, Suffix: n.suffix, Literal: n.literal,
		})
	}
	if e.arXiv != "" {
		item.Archive, item.ArchiveLocation = "arXiv", e.arXiv
		if e.kind == preprint {
			item.Publisher, item.Number = "arXiv", "arXiv:"+e.arXiv
		}
	}
	return item
}

func cslIssued(e *entry) *cslDate {
	year, err := strconv.Atoi(e.year())
	if err != nil {
		return nil
	}
	parts := []int{year}
	if month, day := e.monthDay(); day > 0 {
		parts = append(parts, month, day)
	} else if month > 0 {
		parts = append(parts, month)
	}
	return &cslDate{DateParts: [][]int{parts}}
}
