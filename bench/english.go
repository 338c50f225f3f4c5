package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"broadsheet/search/index"

	"github.com/blevesearch/go-porterstemmer"
	"github.com/blevesearch/segment"
)

// englishAnalyzer makes the terms of Lucene's EnglishAnalyzer: words by Unicode
// Standard Annex 29, no possessive 's, lower case, 33 stop words left out with their
// places kept, Porter's stems (the version of his own programs, which departs from
// his paper in two endings).
type englishAnalyzer struct {
	stems map[string]string
}

func newEnglishAnalyzer() analyzer { return &englishAnalyzer{map[string]string{}} }

// maxStems bounds the stems that are remembered.
const maxStems = 1 << 18

func (e *englishAnalyzer) document(dst []index.Token, text string) ([]index.Token, int) {
	before := len(dst)
	dst = e.query(dst, text)
	return dst, len(dst) - before
}

func (e *englishAnalyzer) query(dst []index.Token, text string) []index.Token {
	pos := uint32(0)
	words := segment.NewWordSegmenterDirect([]byte(text))
	for words.Segment() {
		if words.Type() == segment.None {
			continue
		}
		if word := lower(words.Text()); !luceneStops[word] {
			dst = append(dst, index.Token{Term: e.stem(word), Pos: pos})
		}
		pos++
	}
	return dst
}

// lower returns a word without the possessive 's and in lower case.
func lower(word string) string {
	word = strings.ToLower(word)
	for _, end := range []string{"'s", "’s", "＇s"} {
		if s, ok := strings.CutSuffix(word, end); ok {
			return s
		}
	}
	return word
}

func (e *englishAnalyzer) stem(word string) string {
	s, ok := e.stems[word]
	if !ok {
		if len(e.stems) == maxStems {
			clear(e.stems)
		}
		s = string(porterstemmer.StemWithoutLowerCasing([]rune(word)))
		e.stems[word] = s
	}
	return s
}

// stop has nothing to leave out, as query does.
func (e *englishAnalyzer) stop(string) bool { return false }

// luceneLengths are the lengths that Lucene's norms stand for: exact to 24 + 15, then with
// three bits behind the first (org.apache.lucene.util.SmallFloat.byte4ToInt).
var luceneLengths = func() (l index.Lengths) {
	const exact = 24
	for b := range l {
		l[b] = uint32(b)
		if i := b - exact; i >= 8 {
			l[b] = exact + uint32(8|i&7)<<(i>>3-1)
		}
	}
	return l
}()

// luceneSettings returns settings whose scores are Lucene's.
//
// Lucene divides lengths that are rounded down by the mean of exact ones, index.Settings by the
// mean of the same rounded ones. With r = rounded mean / exact mean,
//
//	k1·(1-b + b·length/exact) = k1·(1-b + b·r·length/rounded),
//
// which is BM25 with k1' = k1·(1-b+b·r) and b' = b·r / (1-b+b·r).
func luceneSettings(dir string) (set index.Settings, err error) {
	const k1, b = 1.2, 0.75
	text, err := os.ReadFile(ratioFile(dir))
	if err != nil {
		return set, err
	}
	var r float64
	if err := json.Unmarshal(text, &r); err != nil {
		return set, fmt.Errorf("%s: %w", ratioFile(dir), err)
	}
	part := 1 - b + b*r
	return index.Settings{Ranking: index.Ranking{K1: k1 * part, B: b * r / part, TitleWeight: 1}, Lengths: luceneLengths}, nil
}

// ratioFile keeps the ratio of the means for who opens the index.
func ratioFile(dir string) string { return filepath.Join(dir, "ratio.json") }

// compareLengths writes the ratio of the mean of rounded lengths to that of exact ones, of the
// first documents of a corpus.
func compareLengths(dir, corpus string) error {
	const sample = 50_000
	a := newEnglishAnalyzer()
	exact, rounded, docs := 0, 0, 0
	var tokens []index.Token
	for line, err := range readLines(corpus) {
		if err != nil {
			return err
		}
		d, err := parseDocument(line)
		if err != nil {
			return err
		}
		n := 0
		tokens, n = a.document(tokens[:0], d.body())
		exact += n
		rounded += int(luceneLengths[luceneLengths.Code(uint32(n))])
		if docs++; docs == sample {
			break
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	text, err := json.Marshal(float64(rounded) / float64(max(1, exact)))
	if err != nil {
		return err
	}
	return os.WriteFile(ratioFile(dir), text, 0o666)
}
