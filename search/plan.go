package search

import (
	"fmt"
	"slices"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

// A compiler makes what can be evaluated of a question.
type compiler struct {
	engine  *Engine
	snap    *index.Snapshot
	notes   []string
	visited int // words of dictionaries
	err     error

	meant      map[string][]meant // by rare word
	accepted   map[string]bool    // terms that a title says were meant
	respelling bool               // the word in hand may be respelt
	readings   []string           // what words were looked for as, besides
	respelt    bool               // some of them because no paper has the word
}

func (c *compiler) notef(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); len(c.notes) < query.MaxNotes && !slices.Contains(c.notes, n) {
		c.notes = append(c.notes, n)
	}
}

// A plan is a question as it is evaluated.
type plan struct {
	words   []topk.Clause // of words side by side: all of them, or any
	spoken  int           // how many words those are
	musts   []topk.Clause // of what else has to be found and counts in the score
	extras  []topk.Clause // of what counts in the score only
	phrase  *topk.Phrase  // has to be found
	filter  topk.Every    // all this has to hold
	implied bool          // what holds has something of extras
	empty   bool          // nothing in the question could be looked for
}

// compile makes the plan of a question.
func (c *compiler) compile(q, filter query.Query) *plan {
	p := new(plan)
	root := q.Root
	_, side := root.(query.Words)
	if w, ok := root.(query.Word); ok {
		root = query.Words{w}
	}
	stops := c.add(p, root, side)
	if !p.ranked() {
		p.musts = stops
	}
	p.empty = !p.ranked() && len(p.filter) == 0
	p.words, p.musts, p.extras = distinct(p.words), distinct(p.musts), distinct(p.extras)
	if filter.Root != nil {
		p.require(c.set(filter.Root))
	}
	return p
}

// add adds a part of a question that has to hold to the plan, but for function words,
// which it returns. Plain words of a part that stands side by side with others are not
// all needed.
func (c *compiler) add(p *plan, n query.Node, side bool) (stops []topk.Clause) {
	switch n := n.(type) {
	case nil:
	case query.And:
		for _, m := range n {
			stops = append(stops, c.add(p, m, false)...)
		}
	case query.Words:
		return c.addWords(p, n, side)
	case query.Word:
		return c.addWord(p, n, side, c.word)
	case query.Phrase:
		c.phrase(p, n)
	case query.Or:
		c.either(p, n)
	default:
		p.require(c.set(n))
	}
	return stops
}

// addWords adds words side by side, with what short and long forms stand for.
func (c *compiler) addWords(p *plan, words query.Words, side bool) (stops []topk.Clause) {
	x := c.expandAcronyms(words)
	for i, m := range words {
		if w, ok := m.(query.Word); ok {
			read := func(w query.Word) reading { return x.apply(i, c.word(w)) }
			stops = append(stops, c.addWord(p, w, side, read)...)
		} else {
			stops = append(stops, c.add(p, m, side)...)
		}
	}
	return stops
}

func (c *compiler) addWord(p *plan, n query.Word, side bool, read func(query.Word) reading) (stops []topk.Clause) {
	c.respelling = true
	r := read(n)
	c.respelling = false
	switch {
	case len(r.clauses) == 0:
	case n.Field != query.Any:
		p.musts = append(p.musts, r.clauses...)
		if n.Field != query.Author {
			p.require(r.set())
		}
	case r.stop:
		return r.clauses
	case side:
		p.words, p.spoken = append(p.words, r.clauses...), p.spoken+1
	default:
		p.musts = append(p.musts, r.clauses...)
	}
	return nil
}

// either adds parts of which one has to hold. If they are plain words, they are a clause
// of a word by itself.
func (c *compiler) either(p *plan, n query.Or) {
	var clause topk.Clause
	for _, m := range n {
		w, plain := m.(query.Word)
		r := c.word(w)
		if !plain || w.Field != query.Any || len(r.clauses) != 1 {
			p.extras = append(p.extras, c.positive(n)...)
			p.implied = p.implied || c.implies(n)
			p.require(c.set(n))
			return
		}
		clause = append(clause, r.clauses[0]...)
	}
	p.musts = append(p.musts, clause)
}

// implies reports whether what is in the set of a node has something of its positive
// clauses.
func (c *compiler) implies(n query.Node) bool {
	switch n := n.(type) {
	case query.Word:
		r := c.word(n)
		return len(r.clauses) > 0 && (!r.stop || n.Field == query.Author)
	case query.Phrase:
		return len(c.phraseClauses(n)) > 0
	case query.And:
		return slices.ContainsFunc(n, c.implies)
	case query.Words:
		return slices.ContainsFunc(n, c.implies)
	case query.Or:
		return !slices.ContainsFunc(n, func(m query.Node) bool { return !c.implies(m) })
	}
	return false
}

func (p *plan) require(m topk.Match) {
	if m != nil {
		p.filter = append(p.filter, m)
	}
}

// phrase adds a phrase to a plan. Its content words count in the score. The first
// phrase is found natively, the others as sets.
func (c *compiler) phrase(p *plan, n query.Phrase) {
	tokens := c.engine.analyze(n.Text)
	if len(tokens) == 0 {
		return
	}
	if tokens[0].Pos == tokens[len(tokens)-1].Pos { // a word that has to be found
		r := c.tokens(tokens, n.Field)
		p.musts = append(p.musts, r.clauses...)
		p.require(r.set())
		return
	}
	set, clauses := c.phraseSet(n), c.phraseClauses(n)
	if native, ok := set.(*topk.Phrase); ok && p.phrase == nil && n.Field != query.Author {
		p.phrase = native
		p.musts = append(p.musts, clauses...)
		return
	}
	p.require(set)
	p.extras = append(p.extras, clauses...)
	p.implied = true
}

// phraseClauses returns what a phrase adds to the score: its content words, or all if
// there is none. Those of a name may be found among the authors.
func (c *compiler) phraseClauses(n query.Phrase) (clauses []topk.Clause) {
	tokens := c.engine.analyze(n.Text)
	name := n.Field == query.Any && c.isFullName(tokens)
	var stops []topk.Clause
	for _, t := range tokens {
		if !t.Kind.Counts() {
			continue
		}
		clause := topk.Clause{c.term(t, n.Field, 1)}
		if name {
			clause = append(clause, c.term(t, query.Author, 1))
		}
		if t.Kind == analysis.Stop && n.Field != query.Author {
			stops = append(stops, clause)
		} else {
			clauses = append(clauses, clause)
		}
	}
	if len(clauses) == 0 {
		return stops
	}
	return clauses
}

// positive returns the clauses of all that a paper may match below a node.
func (c *compiler) positive(n query.Node) (clauses []topk.Clause) {
	for n := range (query.Query{Root: n}).Positive() {
		switch n := n.(type) {
		case query.Word:
			if r := c.word(n); !r.stop || n.Field == query.Author {
				clauses = append(clauses, r.clauses...)
			}
		case query.Phrase:
			clauses = append(clauses, c.phraseClauses(n)...)
		}
	}
	return clauses
}

// ranked reports whether the plan has words to rank by.
func (p *plan) ranked() bool { return len(p.words)+len(p.musts)+len(p.extras) > 0 }

// open reports whether papers match that have none of the words to rank by, as those of
// "cat:cs.LG OR transformers".
func (p *plan) open() bool {
	return len(p.extras) > 0 && len(p.words)+len(p.musts) == 0 && !p.implied
}

// all returns the query for papers with all words. Of an open plan it has no words, as
// those would bound what is found.
func (p *plan) all() topk.Query {
	switch {
	case p.open():
		return topk.Query{Filter: match(p.filter)}
	case len(p.extras) > 0: // which are not needed; so the others are a set besides
		q := p.any()
		q.Filter = match(slices.Concat(p.filter, sets(p.words), p.required()))
		return q
	case len(p.words)+len(p.musts) == 1 && p.phrase == nil:
		return p.any()
	}
	return topk.Query{Clauses: slices.Concat(p.words, p.musts), All: true, Phrase: p.phrase, Filter: match(p.filter)}
}

// any returns the query for papers with any of the words that stand side by side.
func (p *plan) any() topk.Query {
	filter := p.filter
	if len(p.words)+len(p.extras)+len(p.musts) > 1 || p.phrase != nil {
		filter = slices.Concat(p.filter, p.required())
	}
	return topk.Query{Clauses: slices.Concat(p.words, p.musts, p.extras), Filter: match(filter)}
}

// rest returns the query for what matches an open plan without any of its words.
func (p *plan) rest() topk.Query {
	return topk.Query{Filter: match(append(slices.Clone(p.filter), topk.Not{Match: topk.Any(sets(p.extras))}))}
}

// required returns the sets of what has to be found besides words side by side.
func (p *plan) required() topk.Every {
	every := sets(p.musts)
	if p.phrase != nil {
		every = append(every, p.phrase)
	}
	return every
}

func sets(clauses []topk.Clause) (every topk.Every) {
	for _, clause := range clauses {
		every = append(every, setOf(clause, query.Any))
	}
	return every
}

func match(every topk.Every) topk.Match {
	if len(every) == 0 {
		return nil
	}
	return simple(every)
}
