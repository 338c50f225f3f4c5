package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// operand reads a word, a phrase or a value.
func (p *parser) operand(f Field, name string) Node {
	r, size := utf8.DecodeRuneInString(p.rest())
	quoted := isQuote(r)
	var text string
	if quoted {
		p.i += size
		text = p.rest()[:quote(p.rest())]
	} else {
		text = word(p.rest())
	}
	p.i += len(text)
	slop := 0
	if quoted && p.i < len(p.s) {
		_, size = utf8.DecodeRuneInString(p.rest())
		p.i += size
		slop = p.slop()
	}
	switch {
	case f > Author:
		return p.value(f, name, text)
	case quoted:
		return p.phrase(f, text, slop)
	}
	return p.word(f, text)
}

// slop reads "~3" behind a phrase.
func (p *parser) slop() int {
	digits, ok := strings.CutPrefix(p.rest(), "~")
	if !ok {
		return 0
	}
	digits = digits[:len(digits)-len(strings.TrimLeft(digits, "0123456789"))]
	if digits == "" {
		return 0
	}
	p.i += len("~") + len(digits)
	n, ok := number(digits, MaxSlop)
	if !ok {
		p.note("The words of a phrase stand at most %d places off: “~%s” was read as ~%d.", MaxSlop, brief(digits), MaxSlop)
		return MaxSlop
	}
	return int(n)
}

// phrase returns the phrase of a text that stood between quotes.
func (p *parser) phrase(f Field, text string, slop int) Node {
	var words []string
	for w := range strings.FieldsSeq(text) {
		if !p.term() {
			break
		}
		words = append(words, p.short(w))
	}
	// A backslash at the end would make an accent of the quote behind it.
	text = strings.TrimRight(strings.Join(words, " "), ` \`)
	if !hasContent(text) {
		return nil
	}
	return Phrase{text, f, slop}
}

// word returns the word of what was typed.
func (p *parser) word(f Field, typed string) Node {
	text := strings.TrimRight(typed, ":*")
	prefix := strings.HasSuffix(typed, "*")
	if name, rest, ok := strings.Cut(text, ":"); ok && isLower(name) && !strings.HasPrefix(rest, "/") {
		p.note("“%s:” is not the name of a field and was read as a word. "+
			"There are title, abstract, author, cat, id, year, date, votes and has.", brief(name))
	}
	if short := p.short(text); short != text {
		text, prefix = strings.TrimRight(short, ":*"), false
	}
	if !hasContent(text) || !p.term() {
		return nil
	}
	prefix = prefix && p.prefix(text)
	if operator(text) != "" {
		text = strings.ToLower(text) // "OR*", which means no operator
	}
	return Word{text, f, prefix}
}

// short returns s in at most MaxWord bytes.
func (p *parser) short(s string) string {
	if len(s) > MaxWord {
		p.note("The word “%s” is too long; its first %d bytes were read.", brief(s), MaxWord)
	}
	return cut(s, MaxWord)
}

// term counts a word, and reports whether there may be one more.
func (p *parser) term() bool {
	if p.terms++; p.terms == MaxTerms+1 {
		p.note("The query has more than %d words; the first %d were read.", MaxTerms, MaxTerms)
	}
	return p.terms <= MaxTerms
}

// prefix counts a star, and reports whether text may have it.
func (p *parser) prefix(text string) bool {
	switch {
	case utf8.RuneCountInString(text) < MinPrefix && !endsInIdeograph(text):
		p.note("A star needs %d letters before it; that of “%s*” was ignored.", MinPrefix, text)
		return false
	case p.prefixes == MaxPrefixes:
		p.note("Only the first %d stars of a query were read.", MaxPrefixes)
		return false
	}
	p.prefixes++
	return true
}

// endsInIdeograph reports whether text ends in a script whose single characters are words.
func endsInIdeograph(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// isLower reports whether s could be meant as the name of a field.
func isLower(s string) bool {
	return len(s) > 1 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// brief returns what a note quotes of s.
func brief(s string) string {
	if short := cut(s, 40); short != s {
		return short + "…"
	}
	return s
}
