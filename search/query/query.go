// Package query reads what researchers type into a search box as a tree, and
// writes a tree as text again. It knows neither the index nor how words are
// analysed: words stay as typed.
//
//	graph networks          words side by side; all or most of them, as the engine decides
//	"graph networks"        a phrase; "graph networks"~3 lets its words stand 3 places off
//	-video  NOT video       without; also -"a phrase", -cat:cs.CV, -(a group)
//	a OR b  a | b           either
//	a AND b  a ANDNOT b     both; the one without the other
//	(a OR b) c              a group
//	transf*                 words that begin so
//	title: abstract: author:  also ti: abs: au:, as arXiv's own search names them; all: is any of them
//	title:(a b)             a field holds for a whole group
//	cat:cs.LG cat:cs        a category, or an archive with all below it (cat:cs.* is the same); cat:hep-*
//	id:2503.01234           a paper; also doi:10.1000/182 and arxiv:2503.01234
//	year:2024 year:2024..2026 year:>2023
//	date:2026-01-05 date:>=2026-01 date:2026-01..2026-03
//	votes:>10 votes:5..     at least 11, at least 5
//	has:code has:project    papers with a link to their code, or to a page of their own
//
// OR binds least, then AND, then words side by side: "deep learning AND protein
// folding OR alphafold" is ((deep learning) AND (protein folding)) OR alphafold.
// Operators are upper case; "or" is a word. So people mean it: an operator parts
// names of several words more often than it joins two of the words around it.
//
// A hyphen negates only where it begins a word, then also before a digit (-2024),
// and only when it is alone: "k-NN", "a - b" and "a --b" negate nothing. A colon
// makes a field only behind the name of one and before its value; "CAT: Cross
// Attention" is a title, and so are "BERT: pre-training" and "16:9". After a name
// in lower case a space is forgiven, if a value follows it: "author: hinton". A "|"
// is an operator only by itself, since papers write P(Y|X) and |V_ub|. A quote
// behind a backslash is an accent in TeX (Schr\"odinger).
//
// [Parse] takes everything. Half-typed input is normal, since pages search while
// the reader types: open quotes and groups end with the text, and operators
// without an operand are passed over. What else is dropped or read differently is
// told in a [Note].
//
// [Query.String] writes the canonical text: equal queries have equal texts, and
// Parse reads the same query from it, so it can stand in an address, key a cache
// and name a saved search.
package query

import "iter"

// A Query is a question as a tree.
type Query struct {
	Root Node // nil when nothing was asked
}

// A Node is a part of a query: Word, Phrase, Category, ID, Range or Has, or one of
// And, Or, Words and Not, which hold others.
type Node interface{ node() }

// A Word is a word as it was typed, with its punctuation and case: "k-NN",
// "Schr\"odinger". Its analysis may find several terms in it, or none.
type Word struct {
	Text   string
	Field  Field
	Prefix bool // words that begin with Text
}

// A Phrase is what stood between quotes, with single spaces between its words.
type Phrase struct {
	Text  string
	Field Field
	Slop  int // how many places its words may stand off in all, at most MaxSlop
}

// The nodes that hold others. Parse leaves none with fewer than two members, none
// inside another of its type, and no Not inside a Not.
type (
	// And is what must hold together.
	And []Node

	// Or is what may hold in place of each other.
	Or []Node

	// Words stand side by side without an operator. The engine decides how many
	// of its Word nodes must match; its other nodes are meant like those of And.
	Words []Node

	// Not is what must not hold. A query may have nothing but Not.
	Not struct{ Node Node }
)

// A Category is a pattern of categories: "cs.LG"; "cs", which is the whole archive;
// or with a star for any ending, "hep-*".
type Category struct{ Pattern string }

// An ID is the canonical identifier of a paper without its version: "2503.01234",
// "hep-th/9901001", "doi:10.1000/182", or of another scheme, "acl:2023.acl-long.1".
type ID struct{ Text string }

// A Range is an interval of a column, its bounds included. Dates are counted in
// days since 1970-01-01; math.MinInt64 and math.MaxInt64 are open ends.
type Range struct {
	Column   Column
	From, To int64
}

// Has asks for papers with a link of a kind.
type Has uint8

// What a paper may have.
const (
	Code    Has = iota // a repository of its code
	Project            // a page of its own
)

func (Word) node()     {}
func (Phrase) node()   {}
func (And) node()      {}
func (Or) node()       {}
func (Words) node()    {}
func (Not) node()      {}
func (Category) node() {}
func (ID) node()       {}
func (Range) node()    {}
func (Has) node()      {}

// A Field is where a word is looked for.
type Field uint8

// The fields of text.
const (
	Any Field = iota
	Title
	Abstract
	Author

	// Behind these names stands no text but a filter.
	category
	id
	years // years and dates are one column, and take the same values
	votes
	has
)

// A Column is what a Range bounds.
type Column uint8

// The columns.
const (
	Date  Column = iota // of publication, in days since 1970-01-01
	Votes               // how many a paper has
)

// Walk calls visit for n and all nodes below it, each before those it holds. It does
// not go below a node for which visit returns false.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, m := range members(n) {
		Walk(m, visit)
	}
}

// members returns the nodes that n holds.
func members(n Node) []Node {
	switch n := n.(type) {
	case And:
		return n
	case Or:
		return n
	case Words:
		return n
	case Not:
		return []Node{n.Node}
	}
	return nil
}

// Positive yields each Word and Phrase of q that a paper may match, in the order of
// the text: those outside of Not, which are to be highlighted.
func (q Query) Positive() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		more := true
		Walk(q.Root, func(n Node) bool {
			switch n.(type) {
			case Not:
				return false
			case Word, Phrase:
				more = more && yield(n)
			}
			return more
		})
	}
}

// Map returns n with each Word, Phrase and filter replaced by what f returns for it;
// nil drops it. What is left is simplified as Parse would have it.
func Map(n Node, f func(Node) Node) Node {
	var kept []Node
	for _, m := range members(n) {
		kept = append(kept, Map(m, f))
	}
	switch n.(type) {
	case nil:
		return nil
	case And:
		return join[And](kept)
	case Or:
		return join[Or](kept)
	case Words:
		return join[Words](kept)
	case Not:
		return negate(kept[0])
	}
	return f(n)
}

// join makes one node of several: without those that are nil, with the members of
// those that are lists of the same type, and none for a single one.
func join[L interface {
	~[]Node
	Node
}](nodes []Node) Node {
	var all L
	for _, n := range nodes {
		if list, ok := n.(L); ok {
			all = append(all, list...)
		} else if n != nil {
			all = append(all, n)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

// negate returns what holds where n does not.
func negate(n Node) Node {
	switch n := n.(type) {
	case nil:
		return nil
	case Not:
		return n.Node
	}
	return Not{n}
}
