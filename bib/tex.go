package bib

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BibTeX counts every brace, also one behind a backslash, so a brace of the text
// can only stand as a command.
var escapes = map[rune]string{
	'&': `\&`, '%': `\%`, '#': `\#`, '_': `\_`, '$': `\$`,
	'~': `\textasciitilde{}`, '^': `\textasciicircum{}`, '\\': `\textbackslash{}`,
	'{': `\textbraceleft{}`, '}': `\textbraceright{}`,
}

// texText returns clean text as the inside of a BibTeX field.
func texText(s string) string { return texPieces(s, escape, "", "") }

// texTitle is texText for a title, most of which styles set in lower case: what
// must keep its capitals stands in braces, and so does mathematics.
func texTitle(s string) string { return texPieces(s, protectCapitals, "{", "}") }

func texPieces(s string, text func(string) string, before, after string) string {
	var b strings.Builder
	for s != "" {
		start, end, math := nextMath(s)
		b.WriteString(text(s[:start]))
		if math != "" {
			b.WriteString(before + math + after)
		}
		s = s[end:]
	}
	return b.String()
}

// nextMath finds the first mathematics in s at [start, end) and returns it in a
// form that can stand in a field. Without any, start and end are len(s).
func nextMath(s string) (start, end int, math string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++ // the next character is escaped
		case '$':
			if n, m := mathAt(s[i:]); n > 0 {
				return i, i + n, m
			}
			if strings.HasPrefix(s[i:], "$$") {
				i++
			}
		}
	}
	return len(s), len(s), ""
}

// maxMath bounds the mathematics that is looked for behind a dollar sign, so
// that a text of nothing but dollar signs costs no more than its length.
const maxMath = 4000

// mathAt reads the mathematics that s begins with, $…$ or $$…$$, and returns its
// length, or 0 for a dollar sign that is only that.
func mathAt(s string) (int, string) {
	d := "$"
	if strings.HasPrefix(s, "$$") {
		d = "$$"
	}
	for i := len(d); i < min(len(s), maxMath); i++ {
		if s[i] == '\\' {
			i++
		} else if strings.HasPrefix(s[i:], d) {
			inner, after := s[len(d):i], s[i+len(d):]
			if isPrice(inner, after) {
				return 0, ""
			}
			if inner = safeMath(inner); inner == "" {
				return 0, ""
			}
			return i + len(d), d + inner + d
		} else if s[i] == '$' {
			return 0, "" // a lone one would end what $$ begins
		}
	}
	return 0, ""
}

// isPrice tells "$5 and $10" from mathematics: there the second sign stands
// behind a space, with none behind the first, or before a digit.
func isPrice(inner, after string) bool {
	return strings.HasSuffix(inner, " ") != strings.HasPrefix(inner, " ") || after != "" && after[0] >= '0' && after[0] <= '9'
}

// A title must not make the document that cites it read files, write them or
// change what its commands mean.
var (
	command   = regexp.MustCompile(`\\([A-Za-z@]+)`)
	forbidden = words(`input include InputIfFileExists includegraphics lstinputlisting verbatiminput openin openout read
		readline write immediate csname catcode scantokens def edef gdef xdef let futurelet newcommand renewcommand
		providecommand newenvironment renewenvironment DeclareMathOperator special directlua latelua luaexec
		usepackage RequirePackage expandafter noexpand loop shipout endinput`)
	literalBraces = strings.NewReplacer(`\\`, `\\`, `\{`, `\lbrace `, `\}`, `\rbrace `)
	comments      = strings.NewReplacer(`\\`, `\\`, `\%`, `\%`, `\#`, `\#`, `%`, `\%`, `#`, `\#`)
)

// safeMath returns the inside of mathematics as BibTeX and TeX both can take it,
// or "" where they cannot.
func safeMath(s string) string {
	for _, m := range command.FindAllStringSubmatch(s, -1) {
		if forbidden[m[1]] {
			return ""
		}
	}
	asCommands := literalBraces.Replace(s)
	if strings.TrimSpace(s) == "" || strings.Contains(s, "^^") || !balanced(asCommands) {
		return ""
	}
	if !balanced(s) {
		s = asCommands
	}
	return comments.Replace(s)
}

func balanced(s string) bool {
	depth := 0
	for i := 0; i < len(s) && depth >= 0; i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
	}
	return depth == 0
}

// escape returns text without mathematics for TeX. What is escaped already,
// as in AT\&T, stays so.
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r == '\\' && i+1 < len(s) && strings.IndexByte("&%#_$", s[i+1]) >= 0 {
			continue
		}
		if e, ok := escapes[r]; ok {
			b.WriteString(e)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func protectCapitals(s string) string {
	ws := strings.Split(s, " ")
	for i, w := range ws {
		start := strings.IndexFunc(w, isWordRune)
		if start < 0 {
			ws[i] = escape(w)
			continue
		}
		end := strings.LastIndexFunc(w, isWordRune)
		_, size := utf8.DecodeRuneInString(w[end:])
		end += size
		core := escape(w[start:end])
		if keepsCapitals(w[start:end]) {
			core = "{" + core + "}"
		}
		ws[i] = escape(w[:start]) + core + escape(w[end:])
	}
	return strings.Join(ws, " ")
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// keepsCapitals reports whether a word has a capital that is not just its first
// letter (GPT-4, LoRA, 3D) or that stands alone (U-Net, the language C).
func keepsCapitals(w string) bool {
	if w == "A" {
		return false
	}
	rs := []rune(w)
	for i, r := range rs {
		if !unicode.IsUpper(r) {
			continue
		}
		joinedBefore := i > 0 && joins(rs[i-1])
		joinedAfter := i+1 < len(rs) && joins(rs[i+1])
		if joinedBefore || !joinedAfter {
			return true
		}
	}
	return false
}

func joins(r rune) bool { return isWordRune(r) || r == '\'' || r == '’' }
