// Package bib writes papers for citation managers: BibTeX, RIS and CSL-JSON.
//
// [BibTeX], [RIS] and [CSLJSON] write a few papers at once. A [Writer] takes
// them one by one, so that a whole collection can be written in little memory;
// it keeps only the citation keys it has given out.
//
// Everything a paper says is data: whatever its title, authors or comments
// hold, the result is one well-formed entry a paper.
//
// Text in BibTeX is UTF-8, which biber and bibtex8/bibtexu read; letters are not
// turned into TeX accents. Mathematics between dollar signs is kept, unless its
// braces do not match or it holds a command that reads, writes or redefines.
package bib

import (
	"bufio"
	"io"

	"broadsheet"
)

// A Writer writes papers one by one in one format. Close ends the document.
type Writer struct {
	w      *bufio.Writer
	keys   keys
	n      int // papers written
	format format
}

// A format knows how a document begins, goes on and ends.
type format struct {
	begin, between, end string
	entry               func(*bufio.Writer, *entry) error
}

// NewBibTeX returns a Writer of BibTeX.
func NewBibTeX(w io.Writer) *Writer {
	return newWriter(w, format{between: "\n", entry: writeBibTeX})
}

// NewRIS returns a Writer of RIS, in lines that end with CR LF.
func NewRIS(w io.Writer) *Writer {
	return newWriter(w, format{between: "\r\n", entry: writeRIS})
}

// NewCSLJSON returns a Writer of a CSL-JSON array, the input of citeproc.
func NewCSLJSON(w io.Writer) *Writer {
	return newWriter(w, format{begin: "[\n", between: ",\n", end: "\n]\n", entry: writeCSL})
}

func newWriter(w io.Writer, f format) *Writer {
	return &Writer{w: bufio.NewWriter(w), keys: keys{}, format: f}
}

// Write adds one paper. The first error of the writer below ends the document:
// every later call returns it again.
func (w *Writer) Write(p *broadsheet.Paper) error {
	lead := w.format.between
	if w.n == 0 {
		lead = w.format.begin
	}
	w.n++
	if _, err := w.w.WriteString(lead); err != nil {
		return err
	}
	e := newEntry(p)
	e.key = w.keys.unique(e.key)
	return w.format.entry(w.w, e)
}

// Close ends the document and hands over what is still held. It does not close
// the writer below.
func (w *Writer) Close() error {
	if w.n == 0 {
		w.w.WriteString(w.format.begin)
	}
	w.w.WriteString(w.format.end)
	return w.w.Flush() // returns the first error of any write before
}

// BibTeX writes papers as BibTeX.
func BibTeX(w io.Writer, papers []broadsheet.Paper) error { return all(NewBibTeX(w), papers) }

// RIS writes papers as RIS.
func RIS(w io.Writer, papers []broadsheet.Paper) error { return all(NewRIS(w), papers) }

// CSLJSON writes papers as an array of CSL-JSON items.
func CSLJSON(w io.Writer, papers []broadsheet.Paper) error { return all(NewCSLJSON(w), papers) }

func all(w *Writer, papers []broadsheet.Paper) error {
	for i := range papers {
		if err := w.Write(&papers[i]); err != nil {
			return err
		}
	}
	return w.Close()
}
