package analysis

import "strings"

// next returns the character at byte i of a text with TeX in it. It knows no
// mode: what is text and what mathematics an abstract leaves open often enough.
func (s *scanner) next(i int) char {
	c := decode(s.text, i)
	switch s.text[i] {
	case '\\':
		return s.command(i + 1)
	case '$':
		if s.at(i+1) == '$' {
			return char{kind: divider, end: i + 2}
		}
	case '}': // as in \frac{a}{b}
		if s.at(i+1) == '{' {
			c.kind = divider
		}
	}
	return c
}

// at returns a byte of the text, and a blank beyond its end.
func (s *scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return ' '
}

// command returns what the command means whose name begins at byte i, after the
// backslash.
func (s *scanner) command(i int) char {
	end := i
	for isLetter(s.at(end)) {
		end++
	}
	if end == i {
		return s.escaped(i)
	}
	name := s.text[i:end]
	if m, ok := texAccents[name]; ok && (s.at(end) == '{' || s.at(end) == ' ') {
		if c, ok := s.accented(end, m); ok {
			return c
		}
	}
	if l, ok := texLetters[name]; ok {
		c := decode(l, 0)
		c.end = end
		// A blank ends the name of a letter, \o, and not the word. After a symbol of
		// mathematics, \mu, it is a blank to the reader.
		if len(name) <= 2 && c.r < 'α' && s.at(end) == ' ' && isLetter(s.at(end+1)) {
			c.end++
		}
		return c
	}
	switch {
	case texArguments[name]:
		return char{kind: divider, end: s.argument(end)}
	case texSigns[name]:
		return char{kind: divider, end: end}
	case texMarkup[name], strings.HasPrefix(name, "math"), strings.HasPrefix(name, "text"):
		return char{kind: nothing, end: end}
	}
	return char{kind: command, end: end}
}

// escaped returns what a backslash before something that is no letter means.
func (s *scanner) escaped(i int) char {
	switch c := s.at(i); c {
	case '&', '_', '#':
		return char{kind: sign, r: rune(c), end: i + 1}
	case '-', '/', '(', ')':
		return char{kind: nothing, end: i + 1}
	case '\\', '{', '}', '$', '%', ',':
		return char{kind: divider, end: i + 1}
	default:
		m, ok := texAccents[string(c)]
		if !ok {
			return char{kind: divider, end: i}
		}
		if c, ok := s.accented(i+1, m); ok && s.at(i+1) != ' ' {
			return c
		}
		if s.at(i+1) == '{' { // two accents on one letter: the inner one is taken
			return char{kind: nothing, end: i + 1}
		}
		return char{kind: divider, end: i + 1}
	}
}

// accented returns the letter at byte i under a mark. It may stand in braces or
// after a blank. A letter that never has the mark is taken without.
func (s *scanner) accented(i int, mark rune) (c char, ok bool) {
	braced := s.at(i) == '{'
	if braced || s.at(i) == ' ' {
		i++
	}
	if s.at(i) == '\\' && (s.at(i+1) == 'i' || s.at(i+1) == 'j') && !isLetter(s.at(i+2)) {
		i++ // the dotless forms
	}
	if !isLetter(s.at(i)) {
		return c, false
	}
	c = char{kind: letter, r: rune(s.text[i]), end: i + 1}
	if r, ok := compose(c.r, mark); ok {
		c.r = r
	}
	if braced && s.at(c.end) == '}' {
		c.end++
	}
	return c, true
}

// maxArgument is the length in bytes of what may vanish with a command: enough
// for a citation of ten papers, too little for an abstract with a lost brace.
const maxArgument = 256

// argument returns where the argument ends that begins at byte i.
func (s *scanner) argument(i int) int {
	if s.at(i) != '{' {
		return i
	}
	n := strings.IndexByte(s.text[i:min(len(s.text), i+maxArgument)], '}')
	if n < 0 {
		return i
	}
	return i + n + 1
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// texAccents are the commands that put a mark on the next letter.
var texAccents = map[string]rune{
	"`": '\u0300', "'": '\u0301', "^": '\u0302', "~": '\u0303', "=": '\u0304', "u": '\u0306', ".": '\u0307', `"`: '\u0308',
	"r": '\u030a', "H": '\u030b', "v": '\u030c', "d": '\u0323', "c": '\u0327', "k": '\u0328', "b": '\u0331',
}

// texLetters are the commands that are letters.
var texLetters = letters(`ss ß ae æ oe œ o ø l ł aa å dh ð th þ dj đ ng ŋ AE Æ OE Œ O Ø L Ł AA Å DH Ð TH Þ DJ Đ NG Ŋ i ı j ȷ
	ell ℓ hbar ℏ infty ∞ imath ı jmath ȷ micro µ
	alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta θ iota ι kappa κ varkappa κ
	lambda λ mu μ nu ν xi ξ omicron ο pi π varpi π rho ρ varrho ρ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ
	chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω`)

func letters(list string) map[string]string {
	m := make(map[string]string)
	f := strings.Fields(list)
	for i := 0; i < len(f); i += 2 {
		m[f[i]] = f[i+1]
	}
	return m
}

// texMarkup says how something looks.
var texMarkup = set(`emph rm it em bf sl sf tt sc cal frak Bbb bold boldsymbol bm mbox hbox operatorname ensuremath
	hat bar tilde vec dot ddot check breve acute grave mathring overline underline widetilde widehat
	displaystyle textstyle scriptstyle limits nolimits left right big Big bigl bigr Bigl Bigr small large`)

// texSigns divide words and are none: operators, relations, arrows, delimiters,
// spaces. The list has what occurs in a hundred thousand abstracts.
var texSigns = set(`times sim simeq pm mp leq geq le ge ne neq leqslant geqslant lesssim gtrsim approx equiv cong propto ll gg
	in notin ni to mapsto rightarrow leftarrow longrightarrow hookrightarrow Rightarrow Leftrightarrow leftrightarrow
	uparrow downarrow cdot cdots ldots dots vdots colon circ odot otimes oplus ominus bigoplus bigotimes ast star bullet
	subset subseteq subsetneq supset supseteq setminus cap cup bigcap bigcup emptyset sum prod int oint partial nabla sqrt
	frac dfrac tfrac binom over choose atop langle rangle lceil rceil lfloor rfloor lbrace rbrace vert Vert mid parallel perp
	vee wedge neg not forall exists top bot prime dagger sharp natural square Box triangle backslash rtimes ltimes deg
	quad qquad hspace vspace newline par item noindent footnote href url color textcolor textsuperscript
	textendash textemdash textbackslash textasciitilde textquoteright textquoteleft`)

// texArguments are commands whose argument is for the machine.
var texArguments = set(`cite citep citet citealp citeauthor citeyear ref eqref cref Cref autoref label begin end usepackage`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
