package query_test

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet/search/query"
)

// repeat returns n bytes or more of s over and over.
func repeat(s string, n int) string { return strings.Repeat(s, n/len(s)+1) }

// hostile are texts of 100,000 bytes that would cost much if reading went back and
// forth or deep.
func hostile() []string {
	const n = 100_000
	texts := []string{strings.Repeat("(", n/2) + strings.Repeat("a)", n/4)}
	for _, s := range []string{
		"a", "a ", "(", ")", "()", "((a)", "(a OR ", "-(", "NOT (", "title:(", `"`, `"a`, `"a" `, `\"`, "-", "- ", "+-", "*",
		"a* ", "abc* ", "|", "| ", "OR ", "a OR ", "AND a ", "NOT ", "ANDNOT ", "title:", "title: ", "cat: ", "cat:cs ", "year:2024..",
		"id:10.1000/a ", "foo:bar ", "foo:", ":", "深度", "深度 ", "\u202e", "\x00", "\xff", "a\xff", "“a” ", "x~3 ", "\u0301", "é* ", "NOT -title:",
		"-a\u3000", "1..", "((((((((((((((((a OR b) ",
	} {
		texts = append(texts, repeat(s, n), "a "+repeat(s, n), `"`+repeat(s, n), "cat:"+repeat(s, n), "id:"+repeat(s, n))
	}
	return texts
}

func TestHostile(t *testing.T) {
	for _, s := range hostile() {
		q, notes := query.Parse(s)
		// It takes up to 7 ms, and 50 with the race detector. The best of several
		// tries tells a slow machine from a method of quadratic time.
		best := time.Hour
		for try := 0; try < 5 && best > 200*time.Millisecond; try++ {
			start := time.Now()
			query.Parse(s)
			best = min(best, time.Since(start))
		}
		if best > 200*time.Millisecond {
			t.Errorf("Parse(%.20q…) took %v", s, best)
		}
		if len(notes) == 0 {
			t.Errorf("Parse(%.20q…) has no note for what was dropped", s)
		}
		checkStable(t, s, q)
		checkLimits(t, s, q, notes)
	}
}

// checkLimits fails if q holds more than may be, or what may not be.
func checkLimits(t *testing.T, in string, q query.Query, notes []query.Note) {
	t.Helper()
	text := q.String()
	if len(text) > query.MaxBytes {
		t.Errorf("Parse(%.40q) is written in %d bytes", in, len(text))
	}
	terms, filters, prefixes := 0, 0, 0
	query.Walk(q.Root, func(n query.Node) bool {
		switch n := n.(type) {
		case query.Word:
			terms++
			if n.Prefix {
				prefixes++
			}
			if n.Text == "" || len(n.Text) > query.MaxWord || n.Prefix && len(n.Text) < query.MinPrefix {
				t.Errorf("Parse(%.40q) has the word %q", in, n.Text)
			}
		case query.Phrase:
			terms += len(strings.Fields(n.Text))
			if n.Slop > query.MaxSlop {
				t.Errorf("Parse(%.40q) has slop %d", in, n.Slop)
			}
		case query.Range:
			filters++
			if n.From > n.To {
				t.Errorf("Parse(%.40q) has the empty range %v", in, n)
			}
		case query.Category, query.ID, query.Has:
			filters++
		}
		return true
	})
	if terms > query.MaxTerms || filters > query.MaxFilters || prefixes > query.MaxPrefixes || len(notes) > query.MaxNotes {
		t.Errorf("Parse(%.40q) has %d terms, %d filters, %d prefixes, %d notes", in, terms, filters, prefixes, len(notes))
	}
	if d := depth(q.Root); d > 3*(query.MaxDepth+1)+2 {
		t.Errorf("Parse(%.40q) is %d deep", in, d)
	}
	for _, n := range notes {
		text += string(n)
		if len(n) > 300 {
			t.Errorf("Parse(%.40q) notes %d bytes", in, len(n))
		}
	}
	bad := func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Bidi_Control) }
	if strings.ContainsFunc(text, bad) || !utf8.ValidString(text) {
		t.Errorf("Parse(%.40q) keeps what may not be shown: %q", in, text)
	}
}

// depth returns how deep the nodes of n nest.
func depth(n query.Node) (deepest int) {
	held := -1
	query.Walk(n, func(m query.Node) bool {
		if held++; held == 0 {
			return true
		}
		deepest = max(deepest, depth(m))
		return false
	})
	return deepest + 1
}

func TestLimits(t *testing.T) {
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("a ", n)) }
	long := strings.Repeat("ä", query.MaxWord/2)
	for _, tt := range []struct{ name, in, want, note string }{
		{"as many words as may be", words(query.MaxTerms), words(query.MaxTerms), ""},
		{"a word too many", words(query.MaxTerms) + " b", words(query.MaxTerms), "more than 64 words"},
		{"filters behind too many words hold", words(query.MaxTerms) + " b OR c cat:cs", words(query.MaxTerms) + " OR cat:cs", "more than 64 words"},
		{"a phrase is cut", words(query.MaxTerms-1) + ` "b c"`, words(query.MaxTerms-1) + ` "b"`, "more than 64 words"},
		{"too many filters", strings.Repeat("has:code ", query.MaxFilters) + "cat:cs a",
			strings.Repeat("has:code ", query.MaxFilters) + "a", "more than 32 filters"},
		{"a long word", long + " b", long + " b", ""},
		{"a word that is too long", long + "x* b", long + " b", "too long; its first 256 bytes"},
		{"a character that does not fit", "x" + long + " b", "x" + strings.TrimSuffix(long, "ä") + " b", "too long"},
		{"a long word in a phrase", `"b ` + long + `x"`, `"b ` + long + `"`, "too long"},
		{"groups as deep as may be", nested(query.MaxDepth), "-(a" + strings.Repeat(" -(a", query.MaxDepth-1) + " b" + strings.Repeat(")", query.MaxDepth), ""},
		{"groups too deep", strings.Repeat("(", 17) + "a OR b) c" + strings.Repeat(")", 16) + "d", "(a OR b c) d", "nest deeper than 16"},
		{"a text too long", "a" + strings.Repeat(" ", query.MaxBytes) + "b", "a", "its first 32768 bytes"},
		{"a category too long", "cat:" + strings.Repeat("a", 65), "", "is not a category"},
		{"an id too long", "id:x:" + strings.Repeat("a", 400), "", "is not the id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q, notes := query.Parse(tt.in)
			if got := q.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(notes) > 1 || (len(notes) == 1) != (tt.note != "") || len(notes) == 1 && !strings.Contains(string(notes[0]), tt.note) {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
			checkStable(t, tt.in, q)
			checkLimits(t, tt.in, q, notes)
		})
	}
}

// nested returns n groups within each other.
func nested(n int) string {
	return strings.Repeat("-(a ", n) + "b" + strings.Repeat(")", n)
}

// The longest query there can be is read from its own text.
func TestLongestText(t *testing.T) {
	var b strings.Builder
	for i := range query.MaxTerms {
		b.WriteString("-(abstract:" + strings.Repeat("x", query.MaxWord-2) + strconv.Itoa(10+i) + " AND ")
		if i < query.MaxFilters {
			b.WriteString("-id:\"x:(" + strings.Repeat("y", 397) + "\" OR ")
		}
		if i%query.MaxDepth == query.MaxDepth-1 {
			b.WriteString(strings.Repeat(")", query.MaxDepth))
		}
	}
	text := b.String()
	q, notes := query.Parse(text)
	t.Logf("%d bytes, written in %d", len(text), len(q.String()))
	if len(notes) > 0 {
		t.Errorf("notes %q", notes)
	}
	checkStable(t, text, q)
	checkLimits(t, text, q, notes)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`"graph networks"~3 -title:(a OR b) cat:cs.* year:2024..2026`, `author:"A B" NOT (c | d AND e* )`,
		"id:10.1000/182 doi:10.1000/x votes:>10 has:code date:2026-01-05", `Schr\"odinger “a" -+*b all:2503.01234`,
		"cat: cs.LG title: OR x:y ANDNOT OR* foo:*", "(((a)) -((b", "https://arxiv.org/abs/2503.01234v2",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { // what is written means what was read
		q, notes := query.Parse(s)
		checkStable(t, s, q)
		checkLimits(t, s, q, notes)
	})
}

// What the fuzzer would take long to build: pieces of the language in any order.
func TestAnyOrder(t *testing.T) {
	pieces := strings.Split(`a|b |OR |AND |NOT |ANDNOT | |(|)|"|”|-|+|*|~2|:|title:|Title:|all:|cat:|id:|doi:|has:|year:|votes:|`+
		`cs.LG|cs.*|2024|..|>=|2503.01234|10.1000/x|code|\|foo|OR|NOT|,|.|深`, "|")
	pieces = append(pieces, "|", " | ")
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for range 1 + rng.IntN(16) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		q, notes := query.Parse(b.String())
		checkStable(t, b.String(), q)
		checkLimits(t, b.String(), q, notes)
		if t.Failed() {
			return
		}
	}
}

// Every tree that Parse could have made is read from its text.
func TestAnyTree(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		q := query.Query{Root: query.Map(tree(rng, 4), func(n query.Node) query.Node { return n })}
		if again, notes := query.Parse(q.String()); !reflect.DeepEqual(q, again) || len(notes) > 0 {
			t.Fatalf("%q is read as %q, with notes %q:\n%#v\n%#v", q, again, notes, q.Root, again.Root)
		}
	}
}

func tree(rng *rand.Rand, depth int) query.Node {
	var nodes []query.Node
	if depth > 0 {
		for range 1 + rng.IntN(3) {
			nodes = append(nodes, tree(rng, depth-1))
		}
	}
	field := query.Field(rng.IntN(int(query.Author) + 1))
	day := int64(rng.IntN(40_000) - 10_000)
	switch n := rng.IntN(5 + 8*min(depth, 1)); {
	case n == 0:
		return query.Phrase{Text: []string{"b", "OR c:", `d\"e f`}[rng.IntN(3)], Field: field, Slop: rng.IntN(3)}
	case n == 1:
		return []query.Node{query.Category{Pattern: "cs.LG"}, query.Category{Pattern: "hep-*"}, query.ID{Text: "2503.01234"},
			query.ID{Text: "doi:10.1000/(x):y"}, query.Code, query.Range{Column: query.Votes, From: 5, To: 1<<63 - 1}}[rng.IntN(6)]
	case n == 2:
		return []query.Node{query.Range{From: -1 << 63, To: day}, query.Range{From: day, To: 1<<63 - 1}, query.Range{From: day, To: day + int64(rng.IntN(400))}}[rng.IntN(3)]
	case n < 5:
		return query.Word{Text: []string{"abc", "k-NN", "foo|bar", `Schr\"o`}[rng.IntN(4)], Field: field}
	case n < 7:
		return query.And(nodes)
	case n < 9:
		return query.Or(nodes)
	case n < 11:
		return query.Words(nodes)
	}
	return query.Not{Node: nodes[0]}
}
