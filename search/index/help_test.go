package index

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testSettings = Settings{
	Schema:  Schema{Numbers: []string{"date"}, Keywords: []string{"category"}},
	Ranking: Ranking{K1: 0.9, B: 0.4, TitleWeight: 2},
	Lengths: DefaultLengths,
}

// words are drawn from with falling frequency.
var words = strings.Fields(`the kettle of a lamp and umbrella under garden with seven
	grey herons who sing before rain falls on tin roofs while clocks argue about
	marmalade nobody ordered yet everyone likes to hum along slowly`)

// drawWord draws a word: a few are in most texts, many in one text alone.
func drawWord(rng *rand.Rand) string {
	if rng.IntN(40) == 0 {
		return fmt.Sprintf("rare%d", rng.IntN(5000))
	}
	return words[min(rng.IntN(len(words)), rng.IntN(len(words)))]
}

func drawTokens(rng *rand.Rand, n int) (list []Token) {
	for pos := range n {
		w := drawWord(rng)
		list = append(list, Token{w, uint32(pos)})
		if rng.IntN(5) == 0 {
			list = append(list, Token{w + "s", uint32(pos)}) // a variant of the word
		}
	}
	return list
}

// drawDocument invents a document.
func drawDocument(rng *rand.Rand, id string, words int) *Document {
	title := 1 + rng.IntN(12)
	d := &Document{
		ID:       id,
		Title:    drawTokens(rng, title),
		Abstract: drawTokens(rng, words/2+rng.IntN(words)),
		Authors:  drawTokens(rng, rng.IntN(6)),
		Numbers:  []int64{rng.Int64N(10000)},
		Keywords: [][]string{{"cat" + string(rune('A'+rng.IntN(5)))}},
	}
	d.TitleLength, d.AbstractLength = title, len(d.Abstract)
	d.Exact = []string{d.Title[0].Term}
	d.Keys = []string{"cat:" + d.Keywords[0][0]}
	return d
}

// contents is all that can be read of an index, in a form to be compared: each
// posting as one line, by ids rather than numbers of documents.
type contents struct {
	rows     []string
	postings map[string][]string // by field and term
}

func newContents() contents { return contents{postings: map[string][]string{}} }

// addView reads a segment.
func (c *contents) addView(v View) error {
	ids := make([]string, v.Len())
	for doc := range uint32(v.Len()) {
		if ids[doc] = v.Columns().ID(doc); v.Deleted != nil && v.Deleted.Has(doc) {
			ids[doc] = ""
			continue
		}
		if at, ok := v.Columns().Find(ids[doc]); !ok || at != doc {
			return fmt.Errorf("Find(%q) = %d, %v, want %d", ids[doc], at, ok, doc)
		}
		row := fmt.Sprintf("%q %d", ids[doc], v.Columns().Number(0, doc))
		for _, ord := range v.Columns().Keyword(0).Ords(nil, doc) {
			row += fmt.Sprintf(" %q", v.Columns().Keyword(0).Value(ord))
		}
		for _, norms := range v.norms {
			row += fmt.Sprintf(" %d", norms[doc])
		}
		c.rows = append(c.rows, row)
	}
	for _, f := range fields {
		if err := v.Terms(f, "", func(term []byte, df int) bool {
			c.addTerm(v, f, string(term), df, ids)
			return true
		}); err != nil {
			return err
		}
	}
	return nil
}

func (c *contents) addTerm(v View, f Field, term string, df int, ids []string) {
	var p Postings
	if !p.Open(v.Segment, f, term) || p.DF() != df {
		c.rows = append(c.rows, fmt.Sprintf("no postings of %c%q", f, term))
		return
	}
	key := string(rune(f)) + term
	for block := range p.Blocks() {
		p.Load(block)
		if f.scored() {
			p.LoadCodes()
		}
		for i, doc := range p.Docs[:p.N] {
			df--
			line := fmt.Sprintf("%q", ids[doc])
			if f.scored() {
				line += fmt.Sprintf(" %d %v", p.Code(i), p.Positions(nil, i))
			}
			if ids[doc] != "" {
				c.postings[key] = append(c.postings[key], line)
			}
		}
	}
	if df != 0 {
		c.rows = append(c.rows, fmt.Sprintf("%c%q has %d postings less than it says", f, term, df))
	}
}

func (c *contents) sort() {
	slices.Sort(c.rows)
	for _, list := range c.postings {
		slices.Sort(list)
	}
}

// contentsOf reads a snapshot.
func contentsOf(t testing.TB, s *Snapshot) contents {
	t.Helper()
	c := newContents()
	for _, v := range s.Views {
		if err := c.addView(v); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.rows) != s.Docs {
		t.Fatalf("a snapshot of %d documents says it has %d", len(c.rows), s.Docs)
	}
	c.sort()
	return c
}

// wantContents returns the contents of an index with these documents.
func wantContents(t testing.TB, docs map[string]*Document) contents {
	t.Helper()
	c := newContents()
	if len(docs) > 0 {
		s, err := builderOf(t, docs).Segment()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.addView(newView(s, nil)); err != nil {
			t.Fatal(err)
		}
	}
	c.sort()
	return c
}

func builderOf(t testing.TB, docs map[string]*Document) *Builder {
	t.Helper()
	b := NewBuilder(&testSettings)
	for _, d := range docs {
		if err := b.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// checkContents compares an index with the documents it should have.
func checkContents(t testing.TB, x *Index, docs map[string]*Document) {
	t.Helper()
	s := x.Snapshot()
	defer s.Release()
	if diff := wantContents(t, docs).diff(contentsOf(t, s)); diff != "" {
		t.Fatalf("contents (-want +got):\n%.3000s", diff)
	}
	checkSums(t, s)
}

// diff returns how d differs, "" if it does not. Equal ones, which most are, are told sooner.
func (c contents) diff(d contents) string {
	if slices.Equal(c.rows, d.rows) && maps.EqualFunc(c.postings, d.postings, slices.Equal) {
		return ""
	}
	return cmp.Diff(c, d, cmp.AllowUnexported(contents{}))
}

// checkSums compares what is kept about lengths with what is counted.
func checkSums(t testing.TB, s *Snapshot) {
	t.Helper()
	for i, v := range s.Views {
		if want := newView(v.Segment, v.Deleted).sums; want != v.sums {
			t.Fatalf("view %d has sums of lengths %v, want %v", i, v.sums, want)
		}
	}
}

func openTest(t testing.TB, dir string, opt Options) *Index {
	t.Helper()
	x, err := Open(dir, testSettings, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func check(t testing.TB, x *Index) {
	t.Helper()
	if err := x.Check(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
