package index

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An entry is a posting as it is read back.
type entry struct {
	Doc         int
	Title, Rest int // how often
	Positions   []uint32
}

// wantEntries says of a document, in plain words, what the builder should make of it.
func wantEntries(doc int, d *Document, into map[string][]entry) {
	title := uint32(0)
	for _, t := range d.Title {
		title = max(title, min(t.Pos, maxExtent-1)+1)
	}
	start := uint32(0)
	if title > 0 {
		start = extent(extentCode(title)) + 1
	}
	found := map[string]*entry{}
	add := func(f Field, tokens []Token, start uint32, isTitle bool) {
		for _, t := range tokens {
			if uint64(start)+uint64(t.Pos) >= uint64(maxExtent) {
				return
			}
			key, pos := string(rune(f))+t.Term, start+t.Pos
			e := found[key]
			if e == nil {
				e = &entry{Doc: doc}
				found[key] = e
			}
			if n := len(e.Positions); n > 0 && pos <= e.Positions[n-1] {
				continue
			}
			if isTitle && e.Title < maxTitle {
				e.Title++
			} else if !isTitle && e.Rest < maxRest {
				e.Rest++
			} else {
				continue
			}
			e.Positions = append(e.Positions, pos)
		}
	}
	add(Text, d.Title, 0, true)
	add(Text, d.Abstract, start, false)
	add(Author, d.Authors, 0, false)
	for _, t := range d.Exact {
		found[string(rune(Exact))+t] = &entry{Doc: doc}
	}
	for _, t := range d.Keys {
		found[string(rune(Key))+t] = &entry{Doc: doc}
	}
	for key, e := range found {
		into[key] = append(into[key], *e)
	}
}

// entriesOf reads a segment back.
func entriesOf(t testing.TB, s *Segment) map[string][]entry {
	t.Helper()
	all := map[string][]entry{}
	for _, f := range fields {
		before := ""
		ok(t, s.Terms(f, "", func(term []byte, df int) bool {
			key := string(rune(f)) + string(term)
			if before != "" && key <= before {
				t.Errorf("the term %.40q comes after %.40q", key, before)
			}
			before = key
			all[key] = readEntries(t, s, f, string(term))
			if len(all[key]) != df {
				t.Errorf("%.40q has %d documents, but is said to have %d", key, len(all[key]), df)
			}
			return true
		}))
	}
	return all
}

func readEntries(t testing.TB, s *Segment, f Field, term string) (list []entry) {
	t.Helper()
	var p Postings
	if !p.Open(s, f, term) {
		t.Errorf("%c%.40q is in the dictionary, but cannot be opened", f, term)
		return nil
	}
	for block := range p.Blocks() {
		p.Load(block)
		for i, doc := range p.Docs[:p.N] {
			e := entry{Doc: int(doc)}
			if f.scored() {
				fr := frequencies[p.Code(i)]
				e.Title, e.Rest = int(fr.title), int(fr.rest)
				e.Positions = p.Positions(nil, i)
			}
			list = append(list, e)
		}
	}
	return list
}

// checkBuild builds a segment and compares all postings.
func checkBuild(t testing.TB, docs []*Document) {
	t.Helper()
	want := map[string][]entry{}
	b := NewBuilder(&testSettings)
	for i, d := range docs {
		d.ID, d.Numbers, d.Keywords = fmt.Sprint(i), []int64{0}, [][]string{nil}
		ok(t, b.Add(d))
		wantEntries(i, d, want)
	}
	s, err := b.Segment()
	ok(t, err)
	ok(t, s.check())
	if diff := cmp.Diff(want, entriesOf(t, s)); diff != "" {
		t.Errorf("postings (-want +got):\n%.2000s", diff)
	}
}

// run returns tokens of one term at positions from, with a step.
func run(term string, n int, from, step uint32) (list []Token) {
	for range n {
		list = append(list, Token{term, from})
		from += step
	}
	return list
}

func TestHostileTokens(t *testing.T) {
	long := strings.Repeat("long", 2000)
	many := func(n int) (list []Token) {
		for i := range n {
			list = append(list, Token{fmt.Sprint("w", i%1000), uint32(i)})
		}
		return list
	}
	for name, d := range map[string]Document{
		"empty":                      {},
		"empty terms":                {Title: run("", 3, 0, 1), Abstract: run("", 3, 0, 2), Authors: run("", 1, 0, 1), Exact: []string{""}, Keys: []string{""}},
		"NUL bytes":                  {Title: []Token{{"\x00", 0}, {"\x00\x00", 1}, {"a\x00", 2}, {"a", 3}, {"a\x00b", 4}}, Keys: []string{"\x00", "\x00k"}},
		"no UTF-8":                   {Abstract: []Token{{"\xff\xfe", 0}, {"\xff", 1}, {"\xff\xff\xff", 2}}, Exact: []string{"\xff"}},
		"equal positions":            {Title: run("a", 50, 3, 0), Abstract: run("a", 50, 3, 0), Authors: run("b", 9, 0, 0)},
		"falling positions":          {Title: run("a", 9, 9, ^uint32(0)), Abstract: run("b", 100, 100, ^uint32(0)), Authors: run("c", 5, 5, ^uint32(0))},
		"huge positions":             {Title: []Token{{"a", 0}, {"b", math.MaxUint32}, {"a", 1}}, Abstract: []Token{{"b", 2}, {"c", math.MaxUint32 - 7}}},
		"positions at the limit":     {Title: []Token{{"a", 5}}, Abstract: run("b", 300, maxExtent-150, 1), Authors: run("c", 20, maxExtent-10, 1)},
		"positions over the limit":   {Title: []Token{{"a", maxExtent - 1}, {"b", maxExtent}}, Abstract: run("c", 3, 0, 1), Authors: run("d", 2, maxExtent, 1)},
		"one term 100,000 times":     {Title: run("a", 100000, 0, 1), Abstract: run("a", 100000, 0, 1), Authors: run("a", 100000, 0, 1)},
		"100,000 tokens":             {Title: many(100000), Abstract: many(100000), Authors: many(100000)},
		"more than counts can count": {Title: run("a", maxTitle+3, 0, 2), Abstract: run("a", maxRest+5, 0, 3)},
		"labels twice":               {Exact: []string{"a", "b", "a", "a"}, Keys: []string{"k", "k", "a", "k"}},
		"long terms":                 {Title: []Token{{long, 0}, {long + "x", 1}}, Exact: []string{long}},
		"lengths out of range":       {Title: run("a", 1, 0, 1), TitleLength: math.MaxInt, AbstractLength: math.MinInt},
	} {
		t.Run(name, func(t *testing.T) {
			other, same := Document{Title: run("a", 2, 0, 1), Keys: []string{"k"}}, d
			checkBuild(t, []*Document{&d})
			checkBuild(t, []*Document{&other, &d, &Document{}, &same})
		})
	}
}

// TestLongLists has lists of one document less and more than blocks and super-blocks.
func TestLongLists(t *testing.T) {
	for _, n := range []int{127, 128, 129, 256, 4095, 4096, 4097, 9000} {
		if testing.Short() && n > 5000 {
			continue
		}
		var docs []*Document
		for i := range n {
			d := &Document{Title: run("all", 1+i%2, 0, 1), Abstract: run("all", i%4, 0, 5), Authors: run("all", 1, 0, 1), Keys: []string{"all"}}
			if i%3 == 0 {
				d.Abstract = append(d.Abstract, Token{"third", uint32(30 + i%7)})
			}
			docs = append(docs, d)
		}
		checkBuild(t, docs)
	}
}

func TestAddRefuses(t *testing.T) {
	b := NewBuilder(&testSettings)
	good := Document{ID: "a", Numbers: []int64{1}, Keywords: [][]string{{"x"}}}
	ok(t, b.Add(&good))
	for name, d := range map[string]Document{
		"the same id":     good,
		"no columns":      {ID: "b"},
		"too long an id":  {ID: strings.Repeat("x", 1<<16), Numbers: []int64{1}, Keywords: [][]string{nil}},
		"too many values": {ID: "c", Numbers: []int64{1, 2}, Keywords: [][]string{nil}},
	} {
		if err := b.Add(&d); err == nil {
			t.Errorf("Add of a document with %s succeeds", name)
		}
	}
	s, err := b.Segment()
	ok(t, err)
	if s.Len() != 1 {
		t.Errorf("%d documents, want the one that was not refused", s.Len())
	}
}

// tokensFrom makes tokens of bytes, hostile ones among them.
func tokensFrom(b []byte) (list []Token) {
	terms := []string{"", "a", "b", "\x00", "a\x00", "\xff", "ab", "abc"}
	pos := uint32(0)
	for ; len(b) >= 2; b = b[2:] {
		switch step := b[1]; {
		case step < 200:
			pos += uint32(step)
		case step < 220:
			pos += uint32(step) << 24
		default:
			pos -= uint32(255 - step)
		}
		list = append(list, Token{terms[b[0]%8], pos})
	}
	return list
}

func FuzzBuilder(f *testing.F) {
	f.Add([]byte{1, 0, 2, 1, 3, 1}, []byte{1, 0, 1, 1, 1, 1}, []byte{0, 0}, "a k a")
	f.Add([]byte{1, 210, 2, 255, 3, 230}, []byte{1, 199, 1, 199, 1, 250}, []byte{}, "")
	f.Fuzz(func(t *testing.T, title, abstract, authors []byte, labels string) {
		d := &Document{Title: tokensFrom(title), Abstract: tokensFrom(abstract), Authors: tokensFrom(authors),
			Exact: strings.Split(labels, " "), Keys: strings.Fields(labels), TitleLength: len(title), AbstractLength: len(abstract)}
		same := *d
		checkBuild(t, []*Document{d, &same})
	})
}

// TestMergeIsBuild compares a merge with what a builder makes of the same documents:
// the files are the same to the byte.
func TestMergeIsBuild(t *testing.T) {
	docs := benchDocs(600)
	slices.SortFunc(docs, func(a, b *Document) int { return strings.Compare(a.ID, b.ID) }) // as a merge orders segments
	whole := NewBuilder(&testSettings)
	var from []*Segment
	var deleted []*Bitmap
	for i := range 4 {
		part := docs[150*i : 150*i+150]
		s := segmentOf(t, part)
		gone := NewBitmap(s.Len())
		for j, d := range part {
			if i > 0 && j%(5*i) == 0 {
				gone.Add(uint32(j))
				continue
			}
			ok(t, whole.Add(d))
		}
		from, deleted = append(from, s), append(deleted, gone)
	}
	want, err := whole.Segment()
	ok(t, err)
	x := openTest(t, t.TempDir(), Options{})
	got, err := x.memorySegment(x.mergeOf(t.Context(), membersOf(from, deleted)))
	ok(t, err)
	for p := range parts {
		if !slices.Equal(want.data[p], got.data[p]) {
			t.Errorf("%v: %d bytes by a merge, %d of the builder, or others", p, len(got.data[p]), len(want.data[p]))
		}
	}
}

func membersOf(segments []*Segment, deleted []*Bitmap) (list []member) {
	for i, s := range segments {
		list = append(list, member{newView(s, deleted[i]), &stored{number: uint64(i + 1)}})
	}
	return list
}
