package search

import (
	"strings"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

const (
	// partBoost weighs a part of a word that is written as one, and a compound's
	// form as one word: they are further readings of what was asked for, which a
	// document that has the word itself matches, too.
	partBoost = 0.5

	// asName is by how much fewer papers may have a word as a part of a name than in
	// their text for it to be read as a name, too. "Hinton" stands in few abstracts;
	// there are authors named Transformer, or Graph, but that is not what is meant.
	asName = 4
)

// A reading is how a word of a question is looked for: in each of the clauses one of
// the terms has to be found.
type reading struct {
	clauses []topk.Clause
	field   query.Field
	stop    bool // there are only function words
}

// word reads a word as it was typed. There are no clauses when it has no term.
func (c *compiler) word(w query.Word) reading {
	if w.Prefix {
		return c.prefix(w)
	}
	return c.tokens(c.engine.analyze(w.Text), w.Field)
}

// tokens reads words that belong together: a word with parts is found as itself or by
// all its parts, and a compound that is also written in one so or by all its words
// (see package analysis). Both are made clauses by the law of distribution,
// A ∨ (B ∧ C) = (A ∨ B) ∧ (A ∨ C), with the weight of A shared.
func (c *compiler) tokens(tokens []analysis.Token, f query.Field) reading {
	r := reading{field: f, stop: len(tokens) > 0}
	var joined analysis.Token
	for i := 0; i < len(tokens); {
		end := i + 1
		for end < len(tokens) && tokens[end].Pos == tokens[i].Pos {
			end++
		}
		word, forms := tokens[i], tokens[i+1:end]
		if n := len(forms); n > 0 && forms[n-1].Kind == analysis.Joined {
			joined, forms = forms[n-1], forms[:n-1]
		}
		r.stop = r.stop && word.Kind == analysis.Stop
		clauses := c.wordClauses(word, forms, f)
		if joined.Term != "" && word.Start < joined.End {
			for k := range clauses {
				clauses[k] = append(clauses[k], c.term(joined, f, partBoost/2))
			}
		}
		r.clauses = append(r.clauses, clauses...)
		i = end
	}
	return r
}

// wordClauses returns the clauses of a word with its parts.
func (c *compiler) wordClauses(word analysis.Token, parts []analysis.Token, f query.Field) (clauses []topk.Clause) {
	if len(parts) == 0 {
		clause := topk.Clause{c.term(word, f, 1)}
		if f == query.Any && c.isName(word) {
			clause = append(clause, c.term(word, query.Author, 1))
		}
		return []topk.Clause{c.respell(clause, word, f)}
	}
	for _, p := range parts {
		clauses = append(clauses, topk.Clause{c.term(word, f, 1/float64(len(parts))), c.term(p, f, partBoost)})
	}
	return clauses
}

func (c *compiler) term(t analysis.Token, f query.Field, boost float64) topk.Term {
	if f == query.Author {
		return topk.Term{Field: index.Author, Text: nameTerm(t), Boost: boost}
	}
	return topk.Term{Field: index.Text, Text: t.Term, Boost: boost}
}

// isName reports whether a word is one of names more than of texts.
func (c *compiler) isName(t analysis.Token) bool {
	if t.Kind != analysis.Word {
		return false
	}
	df := c.snap.DF(index.Author, nameTerm(t))
	return df > 0 && df*asName >= c.snap.DF(index.Text, t.Term)
}

// set returns the documents that a reading means.
func (r reading) set() topk.Match {
	every := make(topk.Every, 0, len(r.clauses))
	for _, clause := range r.clauses {
		every = append(every, setOf(clause, r.field))
	}
	return simple(every)
}

func setOf(clause topk.Clause, f query.Field) topk.Match {
	anyOf := make(topk.Any, 0, len(clause))
	for _, t := range clause {
		anyOf = append(anyOf, topk.HasTerm{Field: t.Field, Text: t.Text, Title: f == query.Title, Abstract: f == query.Abstract})
	}
	if len(anyOf) == 1 {
		return anyOf[0]
	}
	return anyOf
}

// simple returns the only one of several sets, if there is one.
func simple(every topk.Every) topk.Match {
	if len(every) == 1 {
		return every[0]
	}
	return every
}

// distinct returns the clauses with those that occur repeatedly once, their boosts
// added up: who says a word twice means it twice. To count each word once loses 0.05
// nDCG@10 on CISI and CSFCube, whose questions are passages, and nothing on sentences.
func distinct(clauses []topk.Clause) []topk.Clause {
	at := make(map[string]int, len(clauses))
	kept := clauses[:0:0]
	for _, clause := range clauses {
		var key strings.Builder
		for _, t := range clause {
			key.WriteByte(byte(t.Field))
			key.WriteString(t.Text)
			key.WriteByte(0)
		}
		i, again := at[key.String()]
		if !again {
			at[key.String()] = len(kept)
			kept = append(kept, clause)
			continue
		}
		for k := range kept[i] {
			kept[i][k].Boost += clause[k].Boost
		}
	}
	return kept
}
