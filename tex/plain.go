package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain returns s with its mathematics as running text, for places that can set no
// formulas: a mail, a terminal, a feed's title. $x_i^2 \le \frac{1}{n}$ becomes
// xᵢ² ≤ 1/n. What lies outside of dollar signs, \( \) and \[ \] stays as it is, and
// so do dollars that are money: as in Pandoc's Markdown, what opens a formula has
// no blank behind it, and what closes one has no blank before it and no digit
// behind it, unless it cannot be but a formula. A command that is not known stands by its name, so that nothing is
// lost. The time is linear in the length.
func Plain(s string) string {
	if !strings.ContainsAny(s, `$\`) {
		return s
	}
	var out strings.Builder
	f := formulas{s: s}
	for at := 0; at < len(s); {
		start, open, from, to, end := f.next(at)
		if end == 0 {
			out.WriteString(s[at:])
			break
		}
		out.WriteString(strings.ReplaceAll(s[at:start], `\$`, "$"))
		m := mathText{s: s[from:to]}
		text := m.formula()
		if open == "$$" || open == `\[` { // it stands for itself
			text = apart(text, out.String(), s[end:])
		}
		out.WriteString(text)
		at = end
	}
	return out.String()
}

// formulas finds mathematics. A mark that was looked for in vain is not looked for
// again, so that all the looking is linear.
type formulas struct {
	s    string
	none map[string]bool
}

// next returns where the next formula behind at begins, what opens it, where its
// inside is, and where it ends; end is 0 where there is none.
func (f *formulas) next(at int) (start int, open string, from, to, end int) {
	for i := at; i < len(f.s); i++ {
		switch c := f.s[i]; {
		case c == '\\' && i+1 < len(f.s):
			mark, ok := map[byte]string{'(': `\)`, '[': `\]`}[f.s[i+1]]
			if n := f.find(i+2, mark); ok && n >= 0 {
				return i, f.s[i : i+2], i + 2, n, n + 2
			}
			i++
		case strings.HasPrefix(f.s[i:], "$$"):
			if n := f.find(i+2, "$$"); n >= 0 {
				return i, "$$", i + 2, n, n + 2
			}
			i++
		case c == '$':
			if n := f.dollar(i); n > 0 {
				return i, "$", i + 1, n, n + 1
			}
		}
	}
	return 0, "", 0, 0, 0
}

// find returns where mark is behind from, or -1.
func (f *formulas) find(from int, mark string) int {
	if mark == "" || f.none[mark] {
		return -1
	}
	if n := strings.Index(f.s[from:], mark); n >= 0 {
		return from + n
	}
	if f.none == nil {
		f.none = map[string]bool{}
	}
	f.none[mark] = true
	return -1
}

// maxInline bounds what may stand between two dollar signs. The longest formulas of
// real abstracts have some 300 bytes; what is longer is a lone dollar and another.
const maxInline = 2000

// dollar returns where the dollar sign is that closes the one at i, or 0.
func (f *formulas) dollar(i int) int {
	for j := i + 1; j < min(len(f.s), i+maxInline); j++ {
		switch {
		case f.s[j] == '\\':
			j++
		case strings.HasPrefix(f.s[j:], "\n\n"):
			return 0
		case f.s[j] == '$':
			money := isMathBlank(f.s[i+1]) || isMathBlank(f.s[j-1]) || j+1 < len(f.s) && f.s[j+1] >= '0' && f.s[j+1] <= '9'
			if j == i+1 || money && !strings.ContainsAny(f.s[i+1:j], `\^_=`) {
				return 0
			}
			return j
		}
	}
	return 0
}

func isMathBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// apart returns a formula with blanks where there are none before and behind it.
func apart(text, before, behind string) string {
	if before != "" && !isMathBlank(before[len(before)-1]) {
		text = " " + text
	}
	if behind != "" && unicode.IsLetter(rune(behind[0])) {
		text += " "
	}
	return text
}

// maxNested bounds braces within braces; below that they are copied.
const maxNested = 40

// mathText turns one formula into text, from left to right.
type mathText struct {
	s  string
	at int
}

// formula reads all of it, and passes over braces that close nothing.
func (m *mathText) formula() string {
	var text strings.Builder
	for m.at < len(m.s) {
		text.WriteString(m.run(0, false))
	}
	return strings.TrimSpace(text.String())
}

// run reads until the end or the brace that closes the group. Tight text, as in
// subscripts, has no blanks around its signs.
func (m *mathText) run(depth int, tight bool) string {
	var w mathWriter
	w.tight = tight
	for m.at < len(m.s) && m.s[m.at] != '}' {
		m.step(&w, depth)
	}
	if m.at < len(m.s) {
		m.at++ // the brace
	}
	return w.String()
}

func (m *mathText) step(w *mathWriter, depth int) {
	switch c := m.s[m.at]; {
	case c == '\\':
		m.command(w, depth)
	case c == '{':
		m.at++
		w.atom(m.group(depth, w.tight))
	case c == '^' || c == '_':
		m.at++
		w.script(c, m.argument(depth+1, true))
	case isMathBlank(c) || c == '&':
		m.at++
	case c == '~':
		m.at++
		w.blank()
	default:
		r, n := utf8.DecodeRuneInString(m.s[m.at:])
		m.at += n
		w.sign(mathChar(r))
	}
}

// group reads a group whose brace has been read.
func (m *mathText) group(depth int, tight bool) string {
	if depth < maxNested {
		return m.run(depth+1, tight)
	}
	text, _, closed := strings.Cut(m.s[m.at:], "}")
	m.at += len(text)
	if closed {
		m.at++
	}
	return strings.Trim(text, "{")
}

// argument reads what a command or a script takes: a group, a command or a character.
func (m *mathText) argument(depth int, tight bool) string {
	for m.at < len(m.s) && isMathBlank(m.s[m.at]) {
		m.at++
	}
	switch {
	case m.at >= len(m.s) || m.s[m.at] == '}':
		return ""
	case m.s[m.at] == '{':
		m.at++
		return m.group(depth, tight)
	case m.s[m.at] == '\\' && depth < maxNested:
		w := mathWriter{tight: tight}
		m.command(&w, depth+1)
		return strings.TrimSpace(w.String())
	}
	r, n := utf8.DecodeRuneInString(m.s[m.at:])
	m.at += n
	return mathChar(r)
}

// mathChar returns the sign that a character of a formula prints as.
func mathChar(r rune) string {
	switch r {
	case '-':
		return "−"
	case '\'':
		return "′"
	}
	return string(r)
}

// mathName reads the name of the command at m.at, behind its backslash.
func (m *mathText) mathName() string {
	from := m.at + 1
	end := from
	for end < len(m.s) && (m.s[end] >= 'a' && m.s[end] <= 'z' || m.s[end] >= 'A' && m.s[end] <= 'Z') {
		end++
	}
	if end == from && from < len(m.s) {
		_, n := utf8.DecodeRuneInString(m.s[from:])
		end = from + n
	}
	m.at = end
	if end < len(m.s) && m.s[end] == '*' && end > from+1 {
		m.at++ // \operatorname*
	}
	return m.s[from:end]
}

// command reads a command and writes what it prints.
func (m *mathText) command(w *mathWriter, depth int) {
	name := m.mathName()
	if sign, ok := mathSigns[name]; ok {
		w.sign(sign)
		return
	}
	if mark, ok := mathMarks[name]; ok {
		w.atom(overMark(m.argument(depth+1, true), mark))
		return
	}
	switch name {
	case "frac", "dfrac", "tfrac", "nicefrac", "sfrac":
		over := m.argument(depth+1, true)
		w.atom(enclosed(over) + "/" + enclosed(m.argument(depth+1, true)))
	case "binom":
		over := m.argument(depth+1, true)
		w.atom("C(" + over + ", " + m.argument(depth+1, true) + ")")
	case "sqrt":
		w.atom(m.root() + enclosed(m.argument(depth+1, true)))
	case "mathbb", "mathds", "Bbb":
		w.atom(strings.Map(doubleStruck, m.argument(depth+1, true)))
	case "text", "textrm", "textit", "textbf", "mbox", "mathrm", "operatorname", "texttt", "textsc", "textsf":
		w.text(m.verbatim(depth))
	case "begin", "end":
		m.argument(depth+1, true)
	case "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "middle":
		if m.at < len(m.s) && m.s[m.at] == '.' {
			m.at++
		}
	default:
		w.command(name)
	}
}

// verbatim reads an argument that is words: its blanks count.
func (m *mathText) verbatim(depth int) string {
	for m.at < len(m.s) && isMathBlank(m.s[m.at]) {
		m.at++
	}
	n := -1
	if m.at < len(m.s) && m.s[m.at] == '{' {
		n = strings.IndexAny(m.s[m.at+1:], `{}\$`)
	}
	if n < 0 || m.s[m.at+1+n] != '}' {
		return m.argument(depth+1, false)
	}
	text := m.s[m.at+1 : m.at+1+n]
	m.at += n + 2
	return text
}

// root reads the degree of a root, if it has one.
func (m *mathText) root() string {
	if m.at >= len(m.s) || m.s[m.at] != '[' {
		return "√"
	}
	n := strings.IndexByte(m.s[m.at:], ']')
	if n < 0 {
		return "√"
	}
	degree := m.s[m.at+1 : m.at+n]
	m.at += n + 1
	if up, ok := scripted(degree, mathSuperscripts); ok {
		return up + "√"
	}
	return "root " + degree + " of "
}

// enclosed puts into brackets what is more than one word.
func enclosed(s string) string {
	if strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '.' && !unicode.Is(unicode.No, r)
	}) < 0 || strings.HasPrefix(s, "(") && strings.IndexByte(s, ')') == len(s)-1 {
		return s
	}
	return "(" + s + ")"
}

// overMark puts a combining mark on a single character, and leaves longer text.
func overMark(s, mark string) string {
	if utf8.RuneCountInString(s) != 1 {
		return s
	}
	return s + mark
}
