package tex

import "strings"

// maxPasses bounds how often a text is read. Real text is done after the second
// pass, which finds nothing; each further one takes away a layer of nesting.
const maxPasses = 6

// Unicode returns s with the TeX outside mathematics as the characters that it
// prints: accents, letters and signs (`Erd\H{o}s`, `\ss`, `\&`, `\alpha`), dashes,
// quotation marks, ties, and the text of \emph, \textbf, \url and their like.
// Commands that it does not know stay as they are, and so does an escaped dollar
// sign, since a bare one would begin mathematics.
//
// Mathematics, between dollar signs, in \( \) or \[ \] or in an environment, stays
// byte for byte. Reading a result again changes nothing: a text so built that it
// still changes after a few passes is returned as it was.
func Unicode(s string) string {
	if !strings.ContainsAny(s, "\\`{~") && !strings.Contains(s, "--") {
		return s
	}
	now := s
	for range maxPasses {
		next := pass(now)
		if next == now {
			return now
		}
		now = next
	}
	return s
}

// pass reads s once, in time linear in its length.
func pass(s string) string {
	r := reader{s: s, skip: map[int]string{}}
	r.skim()
	r.out.Grow(len(s) + 16)
	for r.at < len(s) {
		r.step()
	}
	return r.out.String()
}

// A reader is one pass over a text.
type reader struct {
	s      string
	at     int
	out    strings.Builder
	maths  [][2]int       // where mathematics is, in order
	ends   map[int]int    // for each brace outside mathematics that is closed, where
	skip   map[int]string // characters that a step before has dealt with, and what prints there
	quotes int            // opened by “ and not closed yet
	odd    bool           // a command that is not known was just copied: braces are its arguments
}

// maxOption bounds what stands in brackets between a command and its argument.
const maxOption = 80

// step takes what stands at r.at.
func (r *reader) step() {
	for len(r.maths) > 0 && r.maths[0][0] < r.at { // copied with what is around it
		r.maths = r.maths[1:]
	}
	if len(r.maths) > 0 && r.at == r.maths[0][0] {
		r.copy(r.maths[0][1] - r.at)
		r.maths, r.odd = r.maths[1:], false
		return
	}
	if text, ok := r.skip[r.at]; ok {
		r.put(text, 1)
		return
	}
	c := r.s[r.at]
	wasOdd := r.odd
	r.odd = false
	switch {
	case c == '\\':
		r.command()
	case c == '{':
		r.brace(wasOdd)
	case c == 'h' && startsAddress(r.s[r.at:]):
		r.address()
	case c == '-':
		r.dash()
	case c == '~':
		r.tie()
	case c == '`':
		r.openQuote()
	case c == '\'' && r.quotes > 0 && strings.HasPrefix(r.s[r.at:], "''"):
		r.quotes--
		r.put("”", 2)
	default:
		if n := strings.IndexByte(r.s[r.at:min(len(r.s), r.at+maxOption)], ']'); wasOdd && c == '[' && n > 0 {
			r.odd = true // \cite[p. 3]{key}
			r.copy(n)
		}
		r.copy(1)
	}
}

// put writes text for the next n bytes.
func (r *reader) put(text string, n int) {
	r.out.WriteString(text)
	r.at += n
}

// copy writes the next n bytes as they are.
func (r *reader) copy(n int) { r.put(r.s[r.at:min(r.at+n, len(r.s))], n) }

// before returns the byte before r.at, or a blank.
func (r *reader) before() byte { return r.byteAt(r.at - 1) }

// byteAt returns the byte at i, or a blank outside the text.
func (r *reader) byteAt(i int) byte {
	if i < 0 || i >= len(r.s) {
		return ' '
	}
	return r.s[i]
}

// brace decides about "{": braces that only keep words together, as BibTeX asks
// for in titles, are not printed. A set, an index, or an argument keeps its own.
func (r *reader) brace(argument bool) {
	end, closed := r.ends[r.at]
	if !closed || argument {
		if closed { // copied whole, so that its inside stays what the command is given
			r.odd = true
			r.copy(end + 1 - r.at)
			return
		}
		r.copy(1)
		return
	}
	inside := r.s[r.at+1 : end]
	b := r.before()
	if b != '_' && b != '^' && (printsAtOnce(inside) || onlyWords(inside)) {
		r.skip[end] = ""
		r.put("", 1)
		return
	}
	r.copy(1)
}

// onlyWords reports whether a text is a word or some, or nothing.
func onlyWords(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && c < 0x80 && (i == 0 || c != ' ' && c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return len(s) != 1 || s[0] < 'a' // "{x}" is a set or an index more often than a word
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func startsAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// address copies an address, in which only escaped characters are TeX.
func (r *reader) address() {
	for r.at < len(r.s) {
		c := r.s[r.at]
		_, dealt := r.skip[r.at]
		switch {
		case dealt, isBlank(c), c == '{', c == '}', c == '$', len(r.maths) > 0 && r.at == r.maths[0][0]:
			return
		case c == '\\' && strings.IndexByte("_%&#", r.byteAt(r.at+1)) >= 0:
			r.put(r.s[r.at+1:r.at+2], 2)
		case c == '\\' && strings.HasPrefix(r.s[r.at:], `\~{}`):
			r.put("~", 4)
		case c == '\\':
			return
		default:
			r.copy(1)
		}
	}
}

// dash takes a run of hyphens: two are an en dash, three an em dash. Others, an
// arrow, and the option of a command ("--help") are none.
func (r *reader) dash() {
	n := 1
	for r.byteAt(r.at+n) == '-' {
		n++
	}
	before, after := r.before(), r.byteAt(r.at+n)
	option := (isBlank(before) || before == '(') && isLetter(after)
	switch {
	case n < 2 || n > 3 || before == '<' || after == '>' || n == 2 && option || before == '!':
		r.copy(n)
	case n == 2:
		r.put("–", 2)
	default:
		r.put("—", 3)
	}
}

// referring are the words that a tie binds to a number. Behind others the sign
// says "about", as in "z~2".
var referring = set(`fig figs figure figures table tables tab section sections sec secs eq eqs equation equations ref refs theorem
	theorems lemma chapter appendix algorithm definition proposition corollary part vol volume no page pages model type`)

// tie takes "~", which is a blank that breaks no line, unless it says "about" or
// "to", or belongs to a file's name.
func (r *reader) tie() {
	before, after := r.before(), r.byteAt(r.at+1)
	word := strings.ToLower(r.wordBefore())
	blank := false
	switch {
	case isBlank(before), isBlank(after), before == '/', after == '~', before == '~', isDigit(before) && isDigit(after):
	case isDigit(after), after == '$':
		blank = before == '.' && len(word) > 0 || referring[word]
	case isDigit(before):
		blank = isLetter(after) || after == '\\'
	default:
		blank = isLetter(after) || after == '\\' || after >= 0x80
	}
	if blank {
		r.put(" ", 1)
		return
	}
	r.copy(1)
}

// wordBefore returns the letters that end before r.at, or before a full stop there.
func (r *reader) wordBefore() string {
	end := r.at
	if r.before() == '.' {
		end--
	}
	start := end
	for start > 0 && end-start < 20 && isLetter(r.s[start-1]) {
		start--
	}
	return r.s[start:end]
}

// maxQuoted bounds what single quotation marks may hold.
const maxQuoted = 120

// openQuote takes "`": two open a quotation; one does where an apostrophe closes
// it. More, and pairs of single ones, are marks of Markdown.
func (r *reader) openQuote() {
	n := 1
	for r.byteAt(r.at+n) == '`' {
		n++
	}
	if n == 2 {
		r.quotes++
		r.put("“", 2)
		return
	}
	if n == 1 && isLetter(r.byteAt(r.at+1)) && !isLetter(r.before()) {
		if end := r.closingQuote(); end > 0 {
			r.skip[end] = "’"
			r.put("‘", 1)
			return
		}
	}
	r.copy(n)
}

// closingQuote returns where the quotation that "`" opens is closed, or 0.
func (r *reader) closingQuote() int {
	for i := r.at + 1; i < min(len(r.s), r.at+maxQuoted); i++ {
		switch c := r.s[i]; {
		case strings.IndexByte("`\\${}", c) >= 0:
			return 0
		case c == '\'' && !isLetter(r.byteAt(i+1)):
			if r.byteAt(i+1) == '\'' {
				return 0
			}
			return i
		}
	}
	return 0
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
