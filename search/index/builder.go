package index

import (
	"fmt"
	"slices"
	"unsafe"

	"broadsheet/search/column"
	"broadsheet/search/vector"
)

// A Builder gathers documents in memory and turns them into a segment: postings
// are kept in the order of arrival and sorted by term at the end, which is one
// counting sort and no list per term.
type Builder struct {
	set   *Settings
	terms map[Field]map[string]uint32
	keys  []termKey // by term number
	rows  *column.Writer
	vecs  *vector.Writer // nil when none are kept
	norms [byteColumns][]byte
	ids   map[string]uint32

	// One entry per posting.
	term []uint32
	doc  []uint32
	code []uint16
	pos  []uint32 // where its positions start; one more entry than postings
	all  []uint16 // positions

	// Of the document being added.
	seen    []lastSeen // by term number
	entries []occurrence
	bytes   int // of strings held

	memo [memoSize]memo
}

// A memo remembers the number of a term by where its string lies: an analyser
// hands out the same string for the same term, which saves hashing it again.
type memo struct {
	term   string
	number uint32
}

const memoSize = 1 << 13

type termKey struct {
	field Field
	term  string
}

// lastSeen is where a term stood last.
type lastSeen struct {
	posting uint32 // + 1, so that 0 is nowhere
	pos     uint32
}

type occurrence struct {
	posting uint32
	pos     uint16
}

// NewBuilder returns an empty builder.
func NewBuilder(set *Settings) *Builder {
	b := &Builder{set: set, rows: column.NewWriter(set.Schema.columns()), ids: map[string]uint32{}, pos: []uint32{0},
		terms: map[Field]map[string]uint32{}}
	for _, f := range fields {
		b.terms[f] = map[string]uint32{}
	}
	if set.Coder != nil {
		b.vecs = vector.NewWriter(set.Coder)
	}
	return b
}

// Len returns the number of documents.
func (b *Builder) Len() int { return len(b.norms[0]) }

// Size estimates the memory held, in bytes.
func (b *Builder) Size() int {
	n := 14*len(b.term) + 2*len(b.all) + 80*len(b.keys) + 200*b.Len() + b.bytes
	if b.vecs != nil {
		n += b.vecs.Size()
	}
	return n
}

// Find returns the document with this id.
func (b *Builder) Find(id string) (doc uint32, ok bool) {
	doc, ok = b.ids[id]
	return doc, ok
}

// Add adds a document whose id is new to the builder.
func (b *Builder) Add(d *Document) error {
	if _, ok := b.ids[d.ID]; ok {
		return fmt.Errorf("index: add %q: the same document twice in one batch", d.ID)
	}
	title, extentAll := extentOf(d.Title), uint32(0)
	start := uint32(0)
	if title > 0 {
		start = extent(extentCode(title)) + 1 // no phrase goes from the title into the abstract
	}
	if extentAll = title; len(d.Abstract) > 0 {
		extentAll = start + extentOf(d.Abstract)
	}
	length := max(0, d.TitleLength*max(1, b.set.Ranking.TitleWeight)+d.AbstractLength)
	row := [byteColumns]byte{
		lengthColumn:  b.set.Lengths.Code(uint32(length)),
		titleColumn:   extentCode(title),
		extentColumn:  extentCode(min(extentAll, maxExtent)),
		authorsColumn: extentCode(extentOf(d.Authors)),
	}
	if err := b.rows.Add(column.Row{ID: d.ID, Numbers: d.Numbers, Keywords: d.Keywords, Bytes: row[:]}); err != nil {
		return fmt.Errorf("index: add %q: %w", d.ID, err)
	}
	if b.vecs != nil {
		if err := b.vecs.Add(d.Vector, d.Tokens); err != nil {
			return fmt.Errorf("index: add %q: %w", d.ID, err)
		}
	}
	doc := uint32(b.Len())
	b.ids[d.ID] = doc
	b.bytes += len(d.ID)
	for col, v := range row {
		b.norms[col] = append(b.norms[col], v)
	}
	b.addText(doc, Text, 0, start, d.Title, d.Abstract)
	b.addText(doc, Author, 0, 0, nil, d.Authors)
	for _, t := range d.Exact {
		b.label(doc, b.number(Exact, t))
	}
	for _, t := range d.Keys {
		b.label(doc, b.number(Key, t))
	}
	return nil
}

// label adds a posting without positions, once in a document.
func (b *Builder) label(doc, term uint32) {
	last := &b.seen[term]
	if last.posting == 0 || b.doc[last.posting-1] != doc {
		last.posting = uint32(b.posting(doc, term)) + 1
	}
}

// extentOf returns a bound above the positions that are indexed.
func extentOf(tokens []Token) (n uint32) {
	for _, t := range tokens {
		n = max(n, min(t.Pos, maxExtent-1)+1)
	}
	return n
}

// addText adds the postings of one field. The abstract's positions start at start.
func (b *Builder) addText(doc uint32, f Field, titleStart, start uint32, title, rest []Token) {
	first := len(b.term)
	b.entries = b.entries[:0]
	b.occurrences(doc, f, title, titleStart, true, first)
	b.occurrences(doc, f, rest, start, false, first)
	// Positions are scattered to their postings, in order.
	n := b.pos[first]
	counts := b.pos[first+1:]
	for i := range counts { // counts of positions become starts
		counts[i], n = n, n+counts[i]
	}
	b.all = slices.Grow(b.all, int(n)-len(b.all))[:n]
	for _, e := range b.entries {
		at := &b.pos[e.posting+1]
		b.all[*at] = e.pos
		*at++
	}
}

// occurrences counts tokens into the postings of a document.
func (b *Builder) occurrences(doc uint32, f Field, tokens []Token, start uint32, title bool, first int) {
	for _, t := range tokens {
		pos := start + t.Pos
		if t.Pos >= maxExtent || pos >= maxExtent {
			return
		}
		n := b.remembered(f, t.Term)
		last := &b.seen[n]
		switch {
		case last.posting <= uint32(first): // the first time in this document
			last.posting = uint32(b.posting(doc, n)) + 1
		case pos <= last.pos: // a variant that equals the word
			continue
		}
		p := last.posting - 1
		switch c := &b.code[p]; { // title occurrences in the high byte, the rest in the low
		case title && *c>>8 < maxTitle:
			*c += 1 << 8
		case !title && *c&0xff < maxRest:
			*c++
		default:
			continue
		}
		last.pos = pos
		b.entries = append(b.entries, occurrence{p, uint16(pos)})
		b.pos[p+1]++
	}
}

// posting starts a posting without positions, and returns its number.
func (b *Builder) posting(doc, term uint32) int {
	b.term = append(b.term, term)
	b.doc = append(b.doc, doc)
	b.code = append(b.code, 0)
	b.pos = append(b.pos, 0)
	if f := b.keys[term].field; !f.scored() {
		b.pos[len(b.pos)-1] = uint32(len(b.all))
	}
	return len(b.term) - 1
}

// remembered is number, quickly for a term of the text that was seen lately.
func (b *Builder) remembered(f Field, term string) uint32 {
	if f != Text || term == "" {
		return b.number(f, term)
	}
	at := unsafe.StringData(term)
	m := &b.memo[uint64(uintptr(unsafe.Pointer(at)))*0x9e3779b97f4a7c15>>(64-13)]
	// The memo keeps the string alive, so its place is that of no other.
	if len(m.term) != len(term) || unsafe.StringData(m.term) != at {
		*m = memo{term, b.number(f, term)}
	}
	return m.number
}

func (b *Builder) number(f Field, term string) uint32 {
	m := b.terms[f]
	n, ok := m[term]
	if !ok {
		n = uint32(len(b.keys))
		m[term] = n
		b.keys = append(b.keys, termKey{f, term})
		b.seen = append(b.seen, lastSeen{})
		b.bytes += len(term)
	}
	return n
}
