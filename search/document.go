package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/search/analysis"
	"broadsheet/search/index"
)

const (
	// maxTextBytes bounds what is read of a title, an abstract and the authors'
	// names. The index takes 10,000 words of a text, which are seldom as long as that.
	maxTextBytes = 256 << 10

	// maxKey bounds the bytes of an alias and of a category; the longest DOIs in
	// use have about 200.
	maxKey = 512

	// maxKeys bounds how many aliases and categories are read of one paper.
	maxKeys = 256
)

// A maker makes documents of papers. It is used by one goroutine.
type maker struct {
	analyzer *analysis.Analyzer
	tokens   []analysis.Token
	doc      index.Document
}

// document returns the document of a paper, which is good until the next call.
func (m *maker) document(p *Paper) *index.Document {
	d := &m.doc
	d.ID = p.ID
	d.Exact = d.Exact[:0]
	d.Title, d.TitleLength = m.text(d.Title[:0], p.Title)
	d.Exact = appendExact(d.Exact, m.tokens)
	d.Abstract, d.AbstractLength = m.text(d.Abstract[:0], p.Abstract)
	d.Authors = m.names(d.Authors[:0], p.Authors)
	d.Keys = appendKeys(d.Keys[:0], p)
	d.Numbers = append(d.Numbers[:0], p.Day, p.Votes)
	categories := make([]string, 0, len(p.Categories))
	for _, c := range p.Categories[:min(len(p.Categories), maxKeys)] {
		if c != "" && len(c) <= maxKey {
			categories = append(categories, c)
		}
	}
	var source []string
	if p.Source != "" && len(p.Source) <= maxKey {
		source = []string{p.Source}
	}
	d.Keywords = append(d.Keywords[:0], categories, source)
	return d
}

// text appends the tokens of a title or an abstract, and returns its length in content
// words: function words tell nothing of what a text is about, nor of how much it says.
func (m *maker) text(dst []index.Token, text string) ([]index.Token, int) {
	m.tokens = m.analyzer.Append(m.tokens[:0], head(text, maxTextBytes))
	length := 0
	for _, t := range m.tokens {
		dst = append(dst, index.Token{Term: t.Term, Pos: t.Pos})
		if t.Kind.Counts() && t.Kind != analysis.Stop {
			length++
		}
	}
	return dst, length
}

// appendExact appends the forms of title words before they were stemmed and lost their
// accents, each once.
func appendExact(dst []string, tokens []analysis.Token) []string {
	for _, t := range tokens {
		if t.Exact != "" && !slices.Contains(dst, t.Exact) {
			dst = append(dst, t.Exact)
		}
	}
	return dst
}

// names appends the tokens of names. One place is left free between two names, so that
// no phrase goes from one to the next.
func (m *maker) names(dst []index.Token, names []string) []index.Token {
	left, pos := maxTextBytes, uint32(0)
	for _, name := range names {
		name = head(name, left)
		left -= len(name)
		m.tokens = m.analyzer.Append(m.tokens[:0], name)
		if len(m.tokens) == 0 {
			continue
		}
		dst, pos = appendName(dst, m.tokens, pos)
		pos++
	}
	return dst
}

// appendName appends the tokens of a name from a position on, and returns the position
// after it. Terms are folded and not stemmed: "Hastings" is no hasting. Initials in the
// middle take no place of their own but that of the word before, so that "Geoffrey
// Hinton" is found where a paper has "Geoffrey E. Hinton".
func appendName(dst []index.Token, tokens []analysis.Token, pos uint32) ([]index.Token, uint32) {
	first, last := tokens[0].Pos, tokens[len(tokens)-1].Pos
	shift := pos - first
	for i, t := range tokens {
		if i > 0 && t.Pos > tokens[i-1].Pos && t.Pos < last && isInitial(t.Term) {
			shift--
		}
		dst = append(dst, index.Token{Term: nameTerm(t), Pos: t.Pos + shift})
	}
	return dst, last + shift + 1
}

func isInitial(term string) bool { return utf8.RuneCountInString(term) == 1 }

// nameTerm returns the term of a word of a name.
func nameTerm(t analysis.Token) string {
	if t.Exact == "" {
		return t.Term
	}
	return analysis.Fold(t.Exact)
}

// The labels that papers are filtered by. All are in lower case.
const (
	categoryKey = "cat:"
	sourceKey   = "src:"
	idKey       = "id:"
	codeKey     = "has:code"
	projectKey  = "has:project"
)

// appendKeys appends the labels of a paper, each once. Its own id is a column, so it
// gets a label only where it has another one in lower case.
func appendKeys(dst []string, p *Paper) []string {
	add := func(prefix, text string) {
		if text == "" || len(text) > maxKey {
			return
		}
		if key := prefix + strings.ToLower(text); !slices.Contains(dst, key) {
			dst = append(dst, key)
		}
	}
	for _, c := range p.Categories[:min(len(p.Categories), maxKeys)] {
		add(categoryKey, c)
		archive, _, _ := strings.Cut(c, ".")
		add(categoryKey, archive)
	}
	add(sourceKey, p.Source)
	if p.Code {
		dst = append(dst, codeKey)
	}
	if p.Project {
		dst = append(dst, projectKey)
	}
	if p.ID != strings.ToLower(p.ID) {
		add(idKey, p.ID)
	}
	for _, a := range p.Aliases[:min(len(p.Aliases), maxKeys)] {
		add(idKey, a)
	}
	return dst
}

// head returns the beginning of s in at most n bytes, in whole characters.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
