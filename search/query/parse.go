package query

import (
	"fmt"
	"slices"
	"strings"
)

// What a query may hold. The work of the engine grows with these numbers, so they
// bound what one question can cost; what exceeds them is dropped with a Note.
const (
	// MaxBytes of a text are read: more than the canonical text of any query.
	MaxBytes = 32 << 10

	// MaxTerms are the words of a query, those of its phrases included. The longest
	// of 380,000 titles has 41; an abstract is told by its first sentences.
	MaxTerms = 64

	// MaxFilters are the categories, ids, ranges and the like, which are counted
	// apart, so that those behind a long pasted text still hold.
	MaxFilters = 32

	// MaxWord is the length of a word in bytes: 85 characters of Chinese, which is
	// written without spaces, or a long name of chemistry.
	MaxWord = 256

	// MaxDepth is how deep groups nest. People write two or three levels.
	MaxDepth = 16

	// MinPrefix is how many characters stand before a star. In the titles of 380,000
	// papers, two letters begin up to 3,160 different words, and three up to 991. One is
	// enough of Chinese, Japanese and Korean.
	MinPrefix = 3

	// MaxPrefixes is how many words end in a star: each is looked up as many words.
	MaxPrefixes = 4

	// MaxSlop is how far the words of a phrase may stand off. Words farther apart
	// are in different sentences, and are better asked for without quotes.
	MaxSlop = 32

	// MaxNotes is how many remarks a reader is given.
	MaxNotes = 8
)

// A Note tells in a sentence what of a text was dropped, or read differently from
// what its writer may expect. It is plain text and may quote the text.
type Note string

// Parse reads a query. It takes time proportional to the length of text.
func Parse(text string) (Query, []Note) {
	var p parser
	if len(text) > MaxBytes {
		text = cut(text, MaxBytes)
		p.note("The query is too long; its first %d bytes were read.", MaxBytes)
	}
	p.s = clean(text)
	if id, ok := BareID(p.s); ok {
		return Query{id}, p.notes
	}
	root := p.either(Any)
	if w, ok := root.(Word); ok && w.Field == Any && !w.Prefix {
		if id, ok := BareID(w.Text); ok {
			root = id
		}
	}
	return Query{root}, p.notes
}

// A parser is the state of reading a text, by recursive descent: either, both, side,
// unit, group. Each of them passes over nothing but what it reads, and the depth of
// groups is bounded, so reading is linear and the stack small.
type parser struct {
	s       string
	i       int
	depth   int // groups that are open
	ignored int // parentheses that are open inside the deepest group

	terms, filters, prefixes int

	notes []Note
}

func (p *parser) note(format string, args ...any) {
	n := Note(fmt.Sprintf(format, args...))
	if len(p.notes) < MaxNotes && !slices.Contains(p.notes, n) {
		p.notes = append(p.notes, n)
	}
}

// rest returns what has not been read.
func (p *parser) rest() string { return p.s[p.i:] }

// skip passes over spaces, over parentheses that close nothing, and over those that
// are too deep, of which the contents are read as if they stood without.
func (p *parser) skip() {
	for ; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == ' ':
		case c == ')' && p.ignored > 0:
			p.ignored--
		case c == ')' && p.depth == 0:
		case c == '(' && p.depth == MaxDepth:
			if p.ignored++; p.ignored == 1 {
				p.note("Groups nest deeper than %d; the parentheses of the inner ones were ignored.", MaxDepth)
			}
		default:
			return
		}
	}
}

// atEnd reports whether a list of operands ends here: with the text, its group, or
// an operator that stands between operands.
func (p *parser) atEnd() bool {
	if p.i == len(p.s) || p.s[p.i] == ')' {
		return true
	}
	op := operator(p.rest())
	return op != "" && op != "NOT"
}

// either reads what OR parts.
func (p *parser) either(f Field) Node {
	nodes := []Node{p.both(f)}
	for op := operator(p.rest()); op == "OR" || op != "" && op[0] == '|'; op = operator(p.rest()) {
		p.i += len(op)
		nodes = append(nodes, p.both(f))
	}
	return join[Or](nodes)
}

// both reads what AND parts. Of ANDNOT it leaves NOT for the operand.
func (p *parser) both(f Field) Node {
	nodes := []Node{p.side(f)}
	for op := operator(p.rest()); op == "AND" || op == "ANDNOT"; op = operator(p.rest()) {
		p.i += len("AND")
		nodes = append(nodes, p.side(f))
	}
	return join[And](nodes)
}

// side reads what stands side by side.
func (p *parser) side(f Field) Node {
	var nodes []Node
	for p.skip(); !p.atEnd(); p.skip() {
		if n := p.unit(f); n != nil {
			nodes = append(nodes, n)
		}
	}
	return join[Words](nodes)
}

// unit reads a word, phrase, filter or group with the signs, NOT and names of fields
// before it. Of several names the last holds.
func (p *parser) unit(f Field) (n Node) {
	not, name := false, ""
	for ; ; p.skip() {
		if operator(p.rest()) == "NOT" {
			p.i += len("NOT")
			not = !not
		} else if s := p.sign(); s != "" {
			not = not != (s == "-")
		} else if s := p.name(); s != "" {
			f, name = fields[strings.ToLower(s)], s
		} else {
			break
		}
	}
	switch {
	case p.atEnd():
		if name != "" {
			p.note("“%s:” stands before nothing and was left out.", name)
		}
	case p.s[p.i] == '(':
		n = p.group(f)
	default:
		n = p.operand(f, name)
	}
	if not {
		return negate(n)
	}
	return n
}

// sign reads the signs that stand here: it returns "-" for a hyphen that begins a
// word, "+" for what means nothing, as a dash does, and "" where there is none.
func (p *parser) sign() string {
	rest := strings.TrimLeft(p.rest(), "+-*")
	signs := p.s[p.i : len(p.s)-len(rest)]
	inside := p.i > 0 && !strings.ContainsRune(" (:", rune(p.s[p.i-1])) // "SE(3)-equivariant"
	p.i += len(signs)
	if signs == "" {
		return ""
	}
	if rest == "" || rest[0] == ' ' || rest[0] == ')' {
		return "+"
	}
	if strings.Contains(signs, "*") {
		p.note("A star stands at the end of a word: transf*; the one before “%s” was ignored.", brief(word(rest)))
	}
	if strings.Count(signs, "-") == 1 && !inside {
		return "-"
	}
	return "+"
}

// name reads the name of a field with its colon, unless what follows makes a word of it.
func (p *parser) name() string {
	name := fieldName(p.rest())
	if name == "" {
		return ""
	}
	after := p.s[p.i+len(name)+1:]
	value := strings.TrimLeft(after, " ")
	if value == "" || value[0] == ')' || len(value) < len(after) {
		if name != strings.ToLower(name) {
			return "" // "CAT: Cross Attention"
		}
		if f := fields[name]; f > Author && !isBoundary(value) && !isValue(f, word(value)) {
			return "" // "cat: cross attention"
		}
	}
	p.i += len(name) + 1
	return name
}

// isValue reports whether a word behind a space can be nothing but a value of f. The
// name of an archive could be any word.
func isValue(f Field, word string) bool {
	n, _ := filter(f, "", word)
	return n != nil && (f != category || strings.Contains(word, "."))
}

// group reads what stands between parentheses. At the end of the text they close.
func (p *parser) group(f Field) Node {
	p.i++
	p.depth++
	n := p.either(f)
	if p.i < len(p.s) {
		p.i++
	}
	p.depth--
	return n
}
