package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/search/analysis"
	"broadsheet/search/query"
)

// snippetWords is how many words of an abstract are shown: some three lines.
const snippetWords = 40

// Marked is a text with what matches in it.
type Marked []Span

// A Span is a piece of a text that does or does not match.
type Span struct {
	Text  string
	Match bool
}

// String returns the text.
func (m Marked) String() string {
	var b strings.Builder
	for _, s := range m {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Highlight marks what a question finds in a paper: in its whole title, and in the
// passage of its abstract that has most of it, with "…" where that was cut. It takes
// time linear in the texts.
func (e *Engine) Highlight(q query.Query, title, abstract string) (Marked, Marked) {
	a := e.analyzers.Get().(*analysis.Analyzer)
	defer e.analyzers.Put(a)
	title, abstract = head(title, maxTextBytes), head(abstract, maxTextBytes)
	w := wantedOf(a, q)
	return markAll(title, w.spans(a, title, query.Title)), markPassage(abstract, w.spans(a, abstract, query.Abstract))
}

// A wish is a word or a phrase that is to be marked.
type wish struct {
	field  query.Field
	terms  map[string]bool // of a word, any of them
	prefix string          // of a word that goes on
	phrase []analysis.Token
	slop   uint32
	stop   bool
}

type wishes []wish

func wantedOf(a *analysis.Analyzer, q query.Query) (list wishes) {
	content := false
	for n := range q.Positive() {
		var w wish
		switch n := n.(type) {
		case query.Word:
			w = wordWish(a, n)
			if whole, ok := w.compound(a, n); ok {
				list = append(list, whole)
			}
		case query.Phrase:
			w = wish{field: n.Field, phrase: words(a.Append(nil, n.Text)), slop: uint32(n.Slop)}
		}
		if w.field != query.Author {
			list = append(list, w)
			content = content || !w.stop
		}
	}
	if content {
		list = withoutStops(list)
	}
	return list
}

func withoutStops(list wishes) (kept wishes) {
	for _, w := range list {
		if !w.stop {
			kept = append(kept, w)
		}
	}
	return kept
}

func wordWish(a *analysis.Analyzer, n query.Word) wish {
	w := wish{field: n.Field, terms: map[string]bool{}, stop: true}
	tokens := a.Append(nil, n.Text)
	if n.Prefix && len(tokens) > 0 {
		last := tokens[len(tokens)-1]
		w.prefix, w.stop = analysis.Fold(n.Text[last.Start:]), false
		tokens = tokens[:slices.IndexFunc(tokens, func(t analysis.Token) bool { return t.Pos == last.Pos })]
	}
	for _, t := range tokens {
		w.terms[t.Term] = true
		w.stop = w.stop && t.Kind == analysis.Stop
	}
	return w
}

// shortPart is how many characters a part of a compound has at most that is marked only
// where it stands beside the others: the 4 of "GPT-4".
const shortPart = 2

// compound takes the short parts out of the wish for a compound, and returns one for the
// compound as a phrase.
func (w *wish) compound(a *analysis.Analyzer, n query.Word) (whole wish, ok bool) {
	if n.Prefix || n.Field == query.Author {
		return wish{}, false
	}
	parts := words(a.Append(nil, n.Text))
	if len(parts) < 2 {
		return wish{}, false
	}
	for _, t := range parts {
		if utf8.RuneCountInString(t.Term) <= shortPart && t.Kind == analysis.Word {
			delete(w.terms, t.Term)
			ok = true
		}
	}
	return wish{field: n.Field, phrase: parts}, ok
}

// words returns the first form of each word.
func words(tokens []analysis.Token) (list []analysis.Token) {
	for i, t := range tokens {
		if i == 0 || t.Pos != tokens[i-1].Pos {
			list = append(list, t)
		}
	}
	return list
}

// spans returns what is to be marked in a text of a field.
func (list wishes) spans(a *analysis.Analyzer, text string, f query.Field) []analysis.Span {
	inPhrase := list.phrases(a, text, f)
	return analysis.Highlight(a, text, func(t analysis.Token) bool {
		if inPhrase[t.Pos] && t.Kind.Counts() {
			return true
		}
		for i := range list {
			if w := &list[i]; w.phrase == nil && (w.field == query.Any || w.field == f) && w.matches(t) {
				return true
			}
		}
		return false
	})
}

func (w *wish) matches(t analysis.Token) bool {
	if w.terms[t.Term] {
		return true
	}
	return w.prefix != "" && t.Kind != analysis.Stop &&
		(strings.HasPrefix(t.Term, w.prefix) || t.Exact != "" && strings.HasPrefix(analysis.Fold(t.Exact), w.prefix))
}

// phrases returns the positions of words in the phrases of a text.
func (list wishes) phrases(a *analysis.Analyzer, text string, f query.Field) map[uint32]bool {
	var tokens []analysis.Token
	var found map[uint32]bool
	for _, w := range list {
		if len(w.phrase) == 0 || w.field != query.Any && w.field != f {
			continue
		}
		if tokens == nil {
			tokens, found = words(a.Append(nil, text)), map[uint32]bool{}
		}
		for i := range tokens {
			w.follow(tokens[i:], found)
		}
	}
	return found
}

// follow adds the positions of the phrase if it begins with the first of the words.
func (w *wish) follow(words []analysis.Token, found map[uint32]bool) {
	if words[0].Term != w.phrase[0].Term {
		return
	}
	most := w.phrase[len(w.phrase)-1].Pos - w.phrase[0].Pos + w.slop
	at := make([]uint32, 0, len(w.phrase))
	for _, t := range words {
		if t.Pos-words[0].Pos > most {
			return
		}
		if t.Term != w.phrase[len(at)].Term {
			continue
		}
		if at = append(at, t.Pos); len(at) == len(w.phrase) {
			break
		}
	}
	if len(at) == len(w.phrase) {
		for _, pos := range at {
			found[pos] = true
		}
	}
}

// markAll divides a text at its spans.
func markAll(text string, spans []analysis.Span) Marked {
	var m Marked
	add := func(s string, match bool) {
		if s != "" {
			m = append(m, Span{s, match})
		}
	}
	at := uint32(0)
	for _, s := range spans {
		add(text[at:s.Start], false)
		add(text[s.Start:s.End], true)
		at = s.End
	}
	add(text[at:], false)
	return m
}

// markPassage is markAll of the passage with most of the spans.
func markPassage(text string, spans []analysis.Span) Marked {
	from, to := analysis.Snippet(text, spans, snippetWords)
	var inside []analysis.Span
	for _, s := range spans {
		if start, end := max(int(s.Start), from), min(int(s.End), to); start < end {
			inside = append(inside, analysis.Span{Start: uint32(start - from), End: uint32(end - from)})
		}
	}
	m := markAll(text[from:to], inside)
	if strings.TrimSpace(text[:from]) != "" {
		m = append(Marked{{Text: "… "}}, m...)
	}
	if strings.TrimSpace(text[to:]) != "" {
		m = append(m, Span{Text: " …"})
	}
	return m
}
