package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// A document is a line of a corpus: {"id":…,"title":…,"text":…}.
type document struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// body is the one field that every engine indexes.
func (d *document) body() string { return d.Title + " " + d.Text }

// parseDocument reads a line. Most of what a corpus costs to read would be
// decoding JSON, and be counted as indexing, so the usual form is read by hand;
// whatever else goes through encoding/json.
func parseDocument(line []byte) (d document, err error) {
	rest, ok := line, true
	for _, f := range []struct {
		before string
		value  *string
	}{{`{"id":`, &d.ID}, {`,"title":`, &d.Title}, {`,"text":`, &d.Text}} {
		if rest, ok = bytes.CutPrefix(rest, []byte(f.before)); !ok {
			break
		}
		if *f.value, rest, ok = cutString(rest); !ok {
			break
		}
	}
	if ok && string(rest) == "}" {
		return d, nil
	}
	d = document{}
	err = json.Unmarshal(line, &d)
	return d, err
}

// cutString reads a JSON string at the beginning of b.
func cutString(b []byte) (s string, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return "", b, false
	}
	plain := true
	for i := 1; i < len(b); i++ {
		c := b[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		plain = plain && c == '"'
		switch c {
		case '"':
			if body := b[1:i]; plain && utf8.Valid(body) {
				return string(body), b[i+1:], true
			}
			err := json.Unmarshal(b[:i+1], &s)
			return s, b[i+1:], err == nil
		case '\\':
			i++
		}
	}
	return "", b, false
}

// maxLine bounds a line of a corpus.
const maxLine = 16 << 20

// readLines yields the lines of a file; each is good until the next. It ends with
// an error if there is one.
func readLines(path string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		sc := bufio.NewScanner(bufio.NewReaderSize(f, 1<<20))
		sc.Buffer(make([]byte, 0, 64<<10), maxLine)
		for sc.Scan() {
			if !yield(sc.Bytes(), nil) {
				return
			}
		}
		if err := sc.Err(); err != nil {
			yield(nil, fmt.Errorf("%s: %w", path, err))
		}
	}
}

// batchSize is how many documents a worker takes at a time.
const batchSize = 256

// indexCorpus reads a corpus with so many workers. Each calls start once, and what
// that returns with one batch of documents after the other; with nil at the end.
func indexCorpus(path string, workers int, start func() func([]document) error) error {
	lines := make(chan [][]byte, 4)
	group, ctx := errgroup.WithContext(context.Background())
	group.Go(func() error {
		defer close(lines)
		return batches(path, func(batch [][]byte) error {
			select {
			case lines <- batch:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	for range workers {
		group.Go(func() error {
			add := start()
			for batch := range lines {
				if err := addBatch(batch, add); err != nil {
					return err
				}
			}
			return add(nil)
		})
	}
	return group.Wait()
}

// batches passes the lines of a file on in copies.
func batches(path string, pass func([][]byte) error) error {
	var batch [][]byte
	for line, err := range readLines(path) {
		if err != nil {
			return err
		}
		if batch = append(batch, bytes.Clone(line)); len(batch) == batchSize {
			if err := pass(batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return pass(batch)
}

func addBatch(lines [][]byte, add func([]document) error) error {
	docs := make([]document, len(lines))
	for i, line := range lines {
		var err error
		if docs[i], err = parseDocument(line); err != nil {
			return fmt.Errorf("corpus: %.80q: %w", line, err)
		}
	}
	return add(docs)
}

// corpusName is what the results over a corpus are called: "small" for
// "corpus-small.jsonl".
func corpusName(path string) string {
	name := filepath.Base(path)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	return strings.TrimPrefix(name, "corpus-")
}
