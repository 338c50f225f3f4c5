package acronym

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"broadsheet/search/analysis"
)

// What a table keeps of a collection's definitions.
const (
	// maxExpansions is the number of long forms that a short form keeps.
	maxExpansions = 3
	// minShare is the part of a short form's definitions that a long form must
	// have: with less, to expand it would more often be wrong than right.
	minShare = 0.2
	// minPapers is how many papers must agree, since one may err.
	minPapers = 2
	// fewPapers is the size of a collection below which one paper is enough.
	fewPapers = 10_000
	// censusEvery is of how many papers of a large collection one is asked which
	// words it has in lower case: for the frequent ones that is enough.
	censusEvery = 8
)

// maxPairs is the number of distinct pairs that a Builder holds: 40 MB.
const maxPairs = 200_000

// A Builder counts the definitions of a collection, in bounded memory. When it
// holds too many it drops the rarer half; of equally rare ones, those not seen
// for longest. The same papers in the same order make the same table.
type Builder struct {
	limit  int
	papers uint32
	asked  uint32 // papers in the census
	pairs  map[pairKey]*count
	tails  map[string]uint32 // definitions whose pairs were dropped, by short form
	census census
	keys   keyer
	found  []Pair
}

// A pairKey tells pairs apart as a reader does.
type pairKey struct {
	short string // folded
	long  string // terms of a keyer
}

// A count is what is known of a pair.
type count struct {
	papers, last uint32 // how many, and the number of the latest
	short, long  vote
}

// NewBuilder returns a Builder without papers.
func NewBuilder() *Builder {
	return &Builder{
		limit: maxPairs,
		pairs: make(map[pairKey]*count),
		tails: make(map[string]uint32),
		keys:  newKeyer(),
	}
}

// Add counts the definitions in the texts of one paper, each once.
func (b *Builder) Add(texts ...string) {
	b.papers++
	b.found = b.found[:0]
	for _, text := range texts {
		b.found = Append(b.found, text)
	}
	if b.papers <= fewPapers || b.papers%censusEvery == 0 {
		b.asked++
		for _, text := range texts {
			b.census.add(text)
		}
	}
	for _, p := range b.found {
		b.add(p)
	}
	if len(b.pairs) > b.limit {
		b.prune()
	}
}

func (b *Builder) add(p Pair) {
	key := pairKey{fold(p.Short), b.keys.key(p.Long)}
	if key.short == "" || key.long == "" {
		return
	}
	c := b.pairs[key]
	if c == nil {
		c = new(count)
		b.pairs[pairKey{strings.Clone(key.short), key.long}] = c
	}
	if c.last == b.papers {
		return
	}
	c.last = b.papers
	c.papers++
	c.short.add(p.Short)
	c.long.add(p.Long)
}

// prune drops the rarer half of the pairs.
func (b *Builder) prune() {
	keys := slices.SortedFunc(maps.Keys(b.pairs), func(x, y pairKey) int {
		p, q := b.pairs[x], b.pairs[y]
		return cmp.Or(cmp.Compare(q.papers, p.papers), cmp.Compare(q.last, p.last),
			cmp.Compare(x.short, y.short), cmp.Compare(x.long, y.long))
	})
	keep := b.limit / 2
	kept := make(map[string]bool, keep)
	for _, k := range keys[:keep] {
		kept[k.short] = true
	}
	for _, k := range keys[keep:] {
		b.tails[k.short] += b.pairs[k].papers
		delete(b.pairs, k)
	}
	// A short form without pairs has nothing whose share its tail could lower.
	maps.DeleteFunc(b.tails, func(short string, _ uint32) bool { return !kept[short] })
}

// Table returns the definitions that can be relied on so far.
func (b *Builder) Table() *Table {
	part := float64(b.asked) / float64(max(1, b.papers))
	definitions := maps.Clone(b.tails)
	for k, c := range b.pairs {
		definitions[k.short] += c.papers
	}
	need := uint32(1)
	if b.papers >= fewPapers {
		need = minPapers
	}
	byShort := make(map[string][]form)
	for k, c := range b.pairs {
		all := definitions[k.short]
		if c.papers < need || float64(c.papers) < minShare*float64(all) {
			continue
		}
		byShort[k.short] = append(byShort[k.short], form{
			short: c.short.winner, long: display(c.long.winner), papers: c.papers, definitions: all,
			ordinary:       b.census.isOrdinary(k.short, all, part),
			ordinaryPlural: b.census.isOrdinary(k.short+"s", all, part),
		})
	}
	var forms []form
	for _, short := range slices.Sorted(maps.Keys(byShort)) {
		fs := byShort[short]
		slices.SortFunc(fs, byPapers)
		forms = append(forms, fs[:min(len(fs), maxExpansions)]...)
	}
	return newTable(forms)
}

func byPapers(x, y form) int {
	return cmp.Or(cmp.Compare(y.papers, x.papers), cmp.Compare(x.long, y.long), cmp.Compare(x.short, y.short))
}

// display returns a long form in the spelling of a sentence's middle: blanks for
// hyphens, and lower case.
func display(long string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(long, func(r rune) bool {
		return !isAlnum(r) && !isApostrophe(r)
	}), " "))
}

// A vote finds the spelling that most papers use, if more than half do, in
// constant memory (Boyer and Moore, "MJRTY", 1981).
type vote struct {
	winner string
	lead   uint32
}

func (v *vote) add(s string) {
	switch {
	case v.lead == 0:
		v.winner, v.lead = strings.Clone(s), 1
	case v.winner == s:
		v.lead++
	default:
		v.lead--
	}
}

// A keyer makes keys of long forms: "Mixtures-of-Experts" and "mixture of
// expert" have the same.
type keyer struct {
	analyzer *analysis.Analyzer
	tokens   []analysis.Token
	buf      []byte
}

func newKeyer() keyer { return keyer{analyzer: analysis.New()} }

// words returns the words of text with what an index makes of them.
func (k *keyer) words(text string) []analysis.Token {
	k.tokens = k.analyzer.Append(k.tokens[:0], text)
	return slices.DeleteFunc(k.tokens, func(t analysis.Token) bool {
		return t.Kind == analysis.Part || t.Kind == analysis.Joined
	})
}

func (k *keyer) key(long string) string {
	k.buf = k.buf[:0]
	for _, t := range k.words(long) {
		k.buf = appendTerm(k.buf, t.Term)
	}
	return string(k.buf)
}

func appendTerm(key []byte, term string) []byte {
	if len(key) > 0 {
		key = append(key, ' ')
	}
	return append(key, term...)
}
