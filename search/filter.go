package search

import (
	"strings"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

// set returns the documents that a part of a question means, nil if it means nothing.
func (c *compiler) set(n query.Node) topk.Match {
	switch n := n.(type) {
	case query.Word:
		if r := c.word(n); len(r.clauses) > 0 {
			return r.set()
		}
	case query.Phrase:
		return c.phraseSet(n)
	case query.And:
		return c.every(n)
	case query.Words:
		return c.every(n)
	case query.Or:
		var anyOf topk.Any
		for _, m := range n {
			if s := c.set(m); s != nil {
				anyOf = append(anyOf, s)
			}
		}
		if len(anyOf) > 0 {
			return anyOf
		}
	case query.Not:
		if s := c.set(n.Node); s != nil {
			return topk.Not{Match: s}
		}
	case query.Category:
		return c.category(n)
	case query.ID:
		return topk.Any{topk.IDs{n.Text}, key(idKey, n.Text)}
	case query.Range:
		column := dayColumn
		if n.Column == query.Votes {
			column = votesColumn
		}
		return topk.Range{Column: column, Min: n.From, Max: n.To}
	case query.Has:
		if n == query.Code {
			return key(codeKey, "")
		}
		return key(projectKey, "")
	}
	return nil
}

// every returns the documents of all of several parts. Function words are not among
// them unless there is nothing else.
func (c *compiler) every(nodes []query.Node) topk.Match {
	var all, stops topk.Every
	for _, n := range nodes {
		if w, ok := n.(query.Word); ok {
			if r := c.word(w); len(r.clauses) > 0 && r.stop && w.Field != query.Author {
				stops = append(stops, r.set())
				continue
			}
		}
		if s := c.set(n); s != nil {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		all = stops
	}
	if len(all) == 0 {
		return nil
	}
	return simple(all)
}

func key(prefix, text string) topk.HasTerm {
	return topk.HasTerm{Field: index.Key, Text: prefix + strings.ToLower(text)}
}

// category returns the documents of a pattern: an archive is a label of its own.
func (c *compiler) category(n query.Category) topk.Match {
	start, star := strings.CutSuffix(n.Pattern, "*")
	anyOf := topk.Any{}
	if !star {
		anyOf = append(anyOf, key(categoryKey, n.Pattern))
		if !strings.Contains(n.Pattern, ".") {
			return anyOf[0]
		}
		start += "."
	}
	for label := range c.terms(index.Key, categoryKey+strings.ToLower(start)) {
		anyOf = append(anyOf, topk.HasTerm{Field: index.Key, Text: label})
	}
	return anyOf
}

// phraseSet returns the documents that have a phrase. One of names is looked for among
// the authors, too.
func (c *compiler) phraseSet(p query.Phrase) topk.Match {
	tokens := c.engine.analyze(p.Text)
	if len(tokens) == 0 {
		return nil
	}
	if tokens[len(tokens)-1].Pos == tokens[0].Pos {
		return c.tokens(tokens, p.Field).set()
	}
	if p.Field == query.Author {
		return authorPhrase(tokens)
	}
	text := textPhrase(tokens, p)
	if p.Field == query.Any && c.isFullName(tokens) {
		return topk.Any{text, authorPhrase(tokens)}
	}
	return text
}

// isFullName reports whether all words are words of names, but for initials.
func (c *compiler) isFullName(tokens []analysis.Token) (full bool) {
	for _, t := range tokens {
		if t.Kind != analysis.Word || isInitial(t.Term) {
			continue
		}
		if full = c.isName(t); !full {
			return false
		}
	}
	return full
}

// textPhrase returns a phrase of title or abstract: of each word its first form.
func textPhrase(tokens []analysis.Token, p query.Phrase) *topk.Phrase {
	out := &topk.Phrase{Field: index.Text, Slop: uint32(p.Slop), Title: p.Field == query.Title, Abstract: p.Field == query.Abstract}
	for i, t := range tokens {
		if i == 0 || t.Pos != tokens[i-1].Pos {
			out.Terms = append(out.Terms, t.Term)
			out.Offsets = append(out.Offsets, t.Pos-tokens[0].Pos)
		}
	}
	return out
}

// authorPhrase returns a phrase of one name. It has no slop, which would lead from one
// name to the next.
func authorPhrase(tokens []analysis.Token) *topk.Phrase {
	out := &topk.Phrase{Field: index.Author}
	name, _ := appendName(nil, tokens, 0)
	for i, t := range tokens {
		if t.Kind.Counts() {
			out.Terms = append(out.Terms, name[i].Term)
			out.Offsets = append(out.Offsets, name[i].Pos)
		}
	}
	return out
}
