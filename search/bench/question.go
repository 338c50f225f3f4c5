package bench

import (
	"math/rand/v2"
	"strings"

	"broadsheet/search"
	"broadsheet/search/analysis"
	"broadsheet/search/query"
)

// A Question is one of a kind.
type Question struct {
	Kind string // one of Kinds
	search.Request
}

// Kinds of questions, in the order of reports.
var Kinds = []string{"one", "or", "long", "phrase", "and", "typed"}

// Questions takes questions from papers: 200 single words of titles, 300 times
// two to four words side by side in a title of which any may match, 100 whole
// titles of 8 to 15 words of which any may match, 50 phrases of two or three words of an abstract, 100 times
// two or three words of a title that all must match, and 100 times the same as
// somebody would type them, with all that the engine makes of that. The same
// papers and seed give the same questions.
func Questions(papers []search.Paper, seed uint64) []Question {
	s := sampler{rng: rand.New(rand.NewPCG(seed, 2)), papers: papers, used: map[string]bool{}, analyzer: analysis.New()}
	if len(papers) == 0 {
		return nil
	}
	s.take(200, func() (Question, bool) { return s.side("one", 1, 1, or) })
	s.take(300, func() (Question, bool) { return s.side("or", 2, 4, or) })
	s.take(100, func() (Question, bool) {
		words := strings.Fields(s.pick().Title)
		return Question{"long", search.Request{Query: or(words)}}, len(words) >= 8 && len(words) <= 15
	})
	s.take(50, s.phrase)
	s.take(100, func() (Question, bool) { return s.side("and", 2, 3, and) })
	s.take(100, func() (Question, bool) { return s.side("typed", 2, 3, typed) })
	return s.out
}

// SpokenKinds are the kinds of Spoken.
var SpokenKinds = []string{"one", "few", "title", "sentence"}

// Spoken takes questions from papers as people type them, for a method that reads
// meaning, too: 200 single words of titles, 300 times two to four that stand side by
// side, 100 titles of eight to fifteen words of which one is left out, and 100 sentences
// of abstracts of eight to thirty words.
func Spoken(papers []search.Paper, method search.Method, seed uint64) []Question {
	s := sampler{rng: rand.New(rand.NewPCG(seed, 2)), papers: papers, used: map[string]bool{}, analyzer: analysis.New()}
	if len(papers) == 0 {
		return nil
	}
	s.take(200, func() (Question, bool) { return s.side("one", 1, 1, typed) })
	s.take(300, func() (Question, bool) { return s.side("few", 2, 4, typed) })
	s.take(100, func() (Question, bool) {
		words := strings.Fields(s.pick().Title)
		if len(words) < 8 || len(words) > 15 {
			return Question{}, false
		}
		at := s.rng.IntN(len(words))
		return Question{"title", search.Request{Query: typed(append(words[:at:at], words[at+1:]...))}}, true
	})
	s.take(100, func() (Question, bool) {
		sentences := strings.SplitAfter(s.pick().Abstract, ". ")
		words := strings.Fields(sentences[s.rng.IntN(len(sentences))])
		return Question{"sentence", search.Request{Query: typed(words)}}, len(words) >= 8 && len(words) <= 30
	})
	for i := range s.out {
		s.out[i].Method = method
	}
	return s.out
}

type sampler struct {
	rng      *rand.Rand
	papers   []search.Paper
	analyzer *analysis.Analyzer
	used     map[string]bool
	out      []Question
}

func (s *sampler) pick() *search.Paper { return &s.papers[s.rng.IntN(len(s.papers))] }

// take adds n different questions, or fewer when the papers do not have so many.
func (s *sampler) take(n int, next func() (Question, bool)) {
	for tries := 0; n > 0 && tries < 1000+100*n; tries++ {
		q, ok := next()
		if text := q.Query.String(); ok && text != "" && !s.used[q.Kind+text] {
			s.used[q.Kind+text] = true
			s.out = append(s.out, q)
			n--
		}
	}
}

// side takes words that stand side by side in a title when function words are left out.
func (s *sampler) side(kind string, low, high int, join func([]string) query.Query) (Question, bool) {
	words := s.content(s.pick().Title)
	n := low + s.rng.IntN(high-low+1)
	if len(words) < n {
		return Question{}, false
	}
	at := s.rng.IntN(len(words) - n + 1)
	return Question{kind, search.Request{Query: join(words[at : at+n])}}, true
}

// content returns the words of a text about its subject.
func (s *sampler) content(text string) (words []string) {
	for _, t := range s.analyzer.Append(nil, text) {
		if t.Kind == analysis.Word && t.End-t.Start > 2 {
			words = append(words, text[t.Start:t.End])
		}
	}
	return words
}

func (s *sampler) phrase() (Question, bool) {
	words := strings.Fields(s.pick().Abstract)
	n := 2 + s.rng.IntN(2)
	if len(words) < n {
		return Question{}, false
	}
	at := s.rng.IntN(len(words) - n + 1)
	text := strings.Join(words[at:at+n], " ")
	plain := len(s.content(text)) == n && strings.Trim(strings.ToLower(text), " abcdefghijklmnopqrstuvwxyz") == ""
	return Question{"phrase", search.Request{Query: query.Query{Root: query.Phrase{Text: text}}}}, plain
}

func leaves(words []string) (nodes []query.Node) {
	for _, w := range words {
		nodes = append(nodes, query.Word{Text: w})
	}
	return nodes
}

func or(words []string) query.Query  { return tree(query.Or(leaves(words)), words) }
func and(words []string) query.Query { return tree(query.And(leaves(words)), words) }

func typed(words []string) query.Query { return tree(query.Words(leaves(words)), words) }

// tree is a node of several words; one word is itself.
func tree(n query.Node, words []string) query.Query {
	if len(words) == 1 {
		n = query.Word{Text: words[0]}
	}
	return query.Query{Root: n}
}
