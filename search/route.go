package search

import (
	"slices"
	"strings"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
	"broadsheet/search/query"
	"broadsheet/search/topk"
)

// maxName is how many words a name has at most that is read as one: "Marie Anne Paulze
// Lavoisier".
const maxName = 4

// authored is for a paper by the author whose name the question is, in parts of the idf of
// its words: before all that only mention the name.
const authored = 3

// route finds out whether the question is for known papers: an id, which needs no ranking,
// or the name of an author, whose papers come first.
func (s *searcher) route() {
	switch root := s.answer.Query.Root.(type) {
	case query.ID:
		found := 0
		if s.known(root.Text) {
			found = 1
		}
		s.stage("route", "the id of a paper", found)
	case query.Words:
		name := s.nameOf(root)
		if name == nil {
			return
		}
		if n := s.evaluate(&topk.Query{Filter: name, Count: fewHits}).Total; n > 0 {
			s.author, s.titled = name, true
			s.stage("route", "the name of an author", n)
		}
	}
}

// findAuthor finds the first papers of a tier that are by the author.
func (s *searcher) findAuthor(t *tier) (hits []topk.Hit) {
	if t.number > 0 {
		return nil
	}
	q := t.query
	q.K, q.Count, q.After = headSize, 0, nil
	q.Filter = match(slices.Concat(s.plan.filter, topk.Every{s.author}))
	hits = s.evaluate(&q).Hits
	s.byAuthor = map[place]bool{}
	for _, h := range hits {
		s.byAuthor[place{h.View, h.Doc}] = true
	}
	return hits
}

// hearAuthor adds the signal of the author to the hits.
func (s *searcher) hearAuthor(hits []ranked) {
	sum := 0.0
	for _, w := range s.spoken {
		sum += w.idf
	}
	for i, h := range hits {
		if s.byAuthor[place{h.View, h.Doc}] {
			hits[i].final += int64(authored * sum * scale)
		}
	}
}

// nameOf returns words as a name, if they are words of names more than of texts.
func (s *searcher) nameOf(words query.Words) *topk.Phrase {
	if len(words) < 2 || len(words) > maxName {
		return nil
	}
	var texts []string
	for _, n := range words {
		w, ok := n.(query.Word)
		if !ok || w.Field != query.Any || w.Prefix {
			return nil
		}
		texts = append(texts, w.Text)
	}
	name := &topk.Phrase{Field: index.Author}
	for _, t := range s.engine.analyze(strings.Join(texts, " ")) {
		switch {
		case !t.Kind.Counts():
			continue
		case !s.isPlainName(t):
			return nil
		}
		name.Terms, name.Offsets = append(name.Terms, nameTerm(t)), append(name.Offsets, t.Pos)
	}
	if len(name.Terms) < 2 {
		return nil
	}
	return name
}

// isPlainName reports whether a word is one of names, or an initial.
func (c *compiler) isPlainName(t analysis.Token) bool {
	return c.isName(t) || isInitial(t.Term)
}
