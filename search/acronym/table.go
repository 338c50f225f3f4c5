package acronym

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A Table knows the short forms of a collection. It may be used concurrently.
type Table struct {
	forms   []form           // by short form, the most frequent first
	byShort map[string]span  // by folded short form
	byLong  map[string][]int // by key, the most frequent short form first
	reach   map[string]int   // by first term: words of the longest long form
	keyers  sync.Pool        // of *keyer
}

// A form is a definition that the table keeps.
type form struct {
	short, long         string
	papers, definitions uint32
	ordinary            bool // the short form is also a word
	ordinaryPlural      bool // and the short form with an s
}

// minContraction is the part of the papers of a long form's most frequent short
// form that another must have, lest a slip of the pen be searched for.
const minContraction = 0.05

type span struct{ start, end int }

// newTable returns a table of forms, which are ordered by short form.
func newTable(forms []form) *Table {
	t := &Table{
		forms:   forms,
		byShort: make(map[string]span),
		byLong:  make(map[string][]int),
		reach:   make(map[string]int),
		keyers:  sync.Pool{New: func() any { k := newKeyer(); return &k }},
	}
	keys := newKeyer()
	for i, f := range forms {
		short := fold(f.short)
		if s, ok := t.byShort[short]; ok && s.end == i {
			t.byShort[short] = span{s.start, i + 1}
		} else {
			t.byShort[short] = span{i, i + 1}
		}
		key := keys.key(f.long)
		first, _, _ := strings.Cut(key, " ")
		t.reach[first] = max(t.reach[first], 1+strings.Count(key, " "))
		t.byLong[key] = append(t.byLong[key], i)
	}
	for key, same := range t.byLong {
		slices.SortFunc(same, func(x, y int) int { return byPapers(forms[x], forms[y]) })
		rare := minContraction * float64(forms[same[0]].papers)
		t.byLong[key] = slices.DeleteFunc(same, func(i int) bool { return float64(forms[i].papers) < rare })
	}
	return t
}

// Len returns the number of definitions.
func (t *Table) Len() int { return len(t.forms) }

// An Expansion is a long form of a short one.
type Expansion struct {
	Text   string  // in lower case, without hyphens: "mixture of experts"
	Papers int     // that define the short form so
	Share  float64 // of all papers that define it, 0.2 to 1
}

// Expand returns what a short form stands for, the most frequent first, at most
// three. It finds "MoE" typed as "moe", "MOE" or "MoEs". But what is also an
// ordinary word, as "cat" or "gas", is a short form or its plural only with two
// capitals, or as papers write it.
func (t *Table) Expand(short string) []Expansion {
	if len(short) > maxShortBytes {
		return nil
	}
	found := t.find(short, false)
	if singular, ok := strings.CutSuffix(short, "s"); ok {
		// Somebody's LLMS are not what most mean who type "LLMs".
		if fs := t.find(singular, true); len(found) == 0 || len(fs) > 0 && fs[0].definitions > found[0].definitions {
			found = fs
		}
	}
	var es []Expansion
	for _, f := range found {
		es = append(es, Expansion{f.long, int(f.papers), f.share()})
	}
	return es
}

func (t *Table) find(short string, plural bool) []form {
	s, ok := t.byShort[fold(short)]
	if !ok {
		return nil
	}
	fs := t.forms[s.start:s.end]
	ordinary := fs[0].ordinary
	if plural {
		ordinary = fs[0].ordinaryPlural || ordinary
	}
	if ordinary && short != fs[0].short && capitals(short) < 2 {
		return nil
	}
	return fs
}

func capitals(s string) (n int) {
	for _, r := range s {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n
}

func (f *form) share() float64 { return float64(f.papers) / float64(f.definitions) }

// A Contraction is a short form of what stands in a text.
type Contraction struct {
	Text       string  // as most papers write it: "MoE"
	Start, End int     // the bytes of the text where its long form stands
	Papers     int     // that define it so
	Share      float64 // of all papers that define it
}

// Contract returns the short forms of the long forms in text, in its order, at
// most three for each, the most frequent first. Singular and plural are alike,
// hyphens are blanks, and of long forms that overlap, the first and longest
// counts. It takes time linear in the text.
func (t *Table) Contract(text string) []Contraction {
	k := t.keyers.Get().(*keyer)
	defer t.keyers.Put(k)
	words := k.words(text)
	var cs []Contraction
	for i := 0; i < len(words); {
		n, forms := 0, []int(nil)
		k.buf = k.buf[:0]
		for j := range min(t.reach[words[i].Term], len(words)-i) {
			k.buf = appendTerm(k.buf, words[i+j].Term)
			if same := t.byLong[string(k.buf)]; same != nil {
				n, forms = j+1, same
			}
		}
		for _, f := range forms[:min(len(forms), maxExpansions)] {
			f := &t.forms[f]
			cs = append(cs, Contraction{
				f.short, int(words[i].Start), int(words[i+n-1].End), int(f.papers), f.share(),
			})
		}
		i += max(n, 1)
	}
	return cs
}
