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
}

func (c *compiler) notef(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); len(c.notes) < query.MaxNotes && !slices.Contains(c.notes, n) {
		c.notes = append(c.notes, n)
	}
}

// A plan is a question as it is evaluated.
type plan struct {
	words  []topk.Clause // of words side by side: all of them, or any
	spoken int           // how many words those are
	musts  []topk.Clause // of what else has to be found and counts in the score
	extras []topk.Clause // of what counts in the score only
	phrase *topk.Phrase  // has to be found
	filter topk.Every    // all this has to hold
}

// compile makes the plan of a question.
func (c *compiler) compile(q, filter query.Query) *plan {
	p := new(plan)
	var stops []topk.Clause
	for _, n := range parts(q.Root) {
		switch n := n.(type) {
		case query.Word:
			r := c.word(n)
			switch _, side := q.Root.(query.Words); {
			case len(r.clauses) == 0:
			case n.Field != query.Any:
				p.musts = append(p.musts, r.clauses...)
				if n.Field != query.Author {
					p.filter = append(p.filter, r.set())
				}
			case r.stop:
				stops = append(stops, r.clauses...)
			case side:
				p.words, p.spoken = append(p.words, r.clauses...), p.spoken+1
			default:
				p.musts = append(p.musts, r.clauses...)
			}
		case query.Phrase:
			c.phrase(p, n)
		case query.Or:
			_, root := q.Root.(query.Or)
			c.either(p, n, root)
		case query.And, query.Words:
			p.extras = append(p.extras, c.positive(n)...)
			p.require(c.set(n))
		default:
			p.require(c.set(n))
		}
	}
	if len(p.words)+len(p.musts)+len(p.extras) == 0 {
		p.musts = stops
	}
	p.words, p.musts, p.extras = distinct(p.words), distinct(p.musts), distinct(p.extras)
	if filter.Root != nil {
		p.require(c.set(filter.Root))
	}
	return p
}

// parts returns what has to hold together.
func parts(n query.Node) []query.Node {
	switch n := n.(type) {
	case nil:
		return nil
	case query.And:
		return n
	case query.Words:
		return n
	}
	return []query.Node{n}
}

// either adds parts of which one has to hold. If they are plain words, they are one
// clause, or, if there is nothing else, a list of clauses of which any will do.
func (c *compiler) either(p *plan, n query.Or, alone bool) {
	var clauses []topk.Clause
	for _, m := range n {
		w, plain := m.(query.Word)
		if r := c.word(w); plain && w.Field == query.Any && len(r.clauses) == 1 {
			clauses = append(clauses, r.clauses[0])
			continue
		}
		p.extras = append(p.extras, c.positive(n)...)
		p.require(c.set(n))
		return
	}
	if alone {
		p.extras = append(p.extras, clauses...)
	} else {
		p.musts = append(p.musts, slices.Concat(clauses...))
	}
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
	set := c.phraseSet(n)
	native, ok := set.(*topk.Phrase)
	ok = ok && p.phrase == nil && n.Field != query.Author
	if ok {
		p.phrase = native
	} else {
		p.require(set)
	}
	clauses := c.phraseClauses(n)
	if ok {
		p.musts = append(p.musts, clauses...)
	} else {
		p.extras = append(p.extras, clauses...)
	}
}

// phraseClauses returns what a phrase adds to the score: its content words, or all if
// there is none.
func (c *compiler) phraseClauses(n query.Phrase) (clauses []topk.Clause) {
	var stops []topk.Clause
	for _, t := range c.engine.analyze(n.Text) {
		switch clause := (topk.Clause{c.term(t, n.Field, 1)}); {
		case !t.Kind.Counts():
		case t.Kind == analysis.Stop && n.Field != query.Author:
			stops = append(stops, clause)
		default:
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

// all returns the query for papers with all words.
func (p *plan) all() topk.Query {
	if len(p.extras) > 0 || len(p.words)+len(p.musts) == 1 && p.phrase == nil {
		q := p.any()
		if len(p.extras) > 0 {
			q.Filter = match(append(slices.Clone(p.filter), append(sets(p.words), p.required()...)...))
		}
		return q
	}
	return topk.Query{Clauses: slices.Concat(p.words, p.musts), All: true, Phrase: p.phrase, Filter: match(p.filter)}
}

// any returns the query for papers with any of the words that stand side by side.
func (p *plan) any() topk.Query {
	filter := slices.Clone(p.filter)
	if len(p.words)+len(p.extras) > 0 || len(p.musts) > 1 || p.phrase != nil {
		filter = append(filter, p.required()...)
	}
	return topk.Query{Clauses: slices.Concat(p.words, p.musts, p.extras), Filter: match(filter)}
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
