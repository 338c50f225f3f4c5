package tex

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accents are the commands that put a mark on a letter, and the combining
// character of Unicode that does.
var accents = map[string]rune{
	"'": 0x301, "`": 0x300, "^": 0x302, `"`: 0x308, "~": 0x303, "=": 0x304, ".": 0x307,
	"u": 0x306, "v": 0x30C, "H": 0x30B, "c": 0x327, "k": 0x328, "r": 0x30A, "d": 0x323, "b": 0x331,
	"bar": 0x304, "hat": 0x302, "tilde": 0x303, "dot": 0x307, // of mathematics, as in p\bar{p}
}

// letters are the commands that print a character, and may eat the blanks behind
// them, as TeX does.
var letters = pairs(`aa å AA Å ae æ AE Æ oe œ OE Œ o ø O Ø l ł L Ł ss ß i ı j ȷ dh ð DH Ð dj đ DJ Đ ng ŋ NG Ŋ th þ TH Þ`)

// signs are commands that print a sign. Blanks behind them are meant: who writes
// "\alpha decay" knows no better.
var signs = pairs(`S § P ¶ dag † ddag ‡ dagger † copyright © pounds £ textregistered ® texttrademark ™ textdegree ° degree ° deg °
	ldots … dots … textellipsis … cdots ⋯ textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “
	textquotedblright ” textbullet • textperiodcentered · LaTeX LaTeX TeX TeX BibTeX BibTeX textmu μ micro µ textonehalf ½
	textless < textgreater > textbar | textunderscore _ textasteriskcentered * slash / textregistered ® euro €
	alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ
	pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ
	Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
	times × div ÷ pm ± mp ∓ cdot · ast ∗ star ⋆ circ ∘ bullet • leq ≤ le ≤ geq ≥ ge ≥ ll ≪ gg ≫ neq ≠ ne ≠ equiv ≡ approx ≈ sim ∼
	simeq ≃ cong ≅ propto ∝ lesssim ≲ gtrsim ≳ infty ∞ partial ∂ nabla ∇ to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒
	longrightarrow ⟶ mapsto ↦ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ oplus ⊕ otimes ⊗ forall ∀ exists ∃ ell ℓ hbar ℏ
	odot ⊙ perp ⊥ parallel ∥ langle ⟨ rangle ⟩ prime ′ emptyset ∅ aleph ℵ ie i.e. eg e.g.`)

// plain are commands whose argument is text, printed in another face or as it is.
var plain = set(`emph textit textbf textsc textrm texttt textsf textsl textmd textup textnormal text mbox hbox underline uline url
	path nolinkurl enquote ce ch`)

// switches change the face of what follows; the face is not kept.
var switches = set(`em it bf sc sl rm tt sf itshape bfseries scshape slshape ttfamily sffamily rmfamily upshape mdseries normalfont
	protect noindent boldmath unboldmath small footnotesize normalsize large Large`)

// pairs reads pairs of a name and what it prints.
func pairs(list string) map[string]string {
	m := map[string]string{}
	f := strings.Fields(list)
	for i := 0; i+1 < len(f); i += 2 {
		m[f[i]] = f[i+1]
	}
	return m
}

// command takes a backslash and what it begins.
func (r *reader) command() {
	name := commandAt(r.s[r.at+1:])
	n := 1 + len(name)
	if _, ok := accents[name]; ok && r.accent(name) {
		return
	}
	switch {
	case strings.ContainsAny(name, "&%#_") && len(name) == 1:
		r.put(name, n)
	case len(name) == 1 && strings.Contains(" ,;:\n\\", name), name == "quad", name == "qquad":
		r.space(n)
	case name == "!" || name == "/" || name == "-" || name == "@":
		r.put("", n)
	case name == "textbackslash", name == "":
		r.copy(n)
	case letters[name] != "":
		r.put(letters[name], n)
		r.eatBlanks()
	case signs[name] != "":
		r.sign(signs[name], n)
	case switches[name]:
		r.put("", n)
		r.eatBlanks()
	case name == "textsuperscript" && r.raise(n, raised), name == "textsubscript" && r.raise(n, lowered):
	case plain[name] && r.unwrap(n), name == "href" && r.link(n):
	default:
		r.copy(n)
		r.odd = isLetter(name[0])
	}
}

// space prints one blank for a command that is one, and for those around it.
func (r *reader) space(n int) {
	if blank := isBlank(r.before()); blank || isBlank(r.byteAt(r.at+n)) {
		r.put("", n)
		for blank && r.at < len(r.s) && r.s[r.at] == ' ' {
			r.at++
		}
		return
	}
	r.put(" ", n)
}

// sign prints a sign. A letter that follows without a blank was parted from it by
// braces, which stay away; a blank before a comma was there to end the name.
func (r *reader) sign(text string, n int) {
	r.put(text, n)
	if r.ends[r.at] == r.at+1 { // {}
		r.at += 2
		return
	}
	if r.byteAt(r.at) == ' ' && strings.IndexByte("_^,.;:)", r.byteAt(r.at+1)) >= 0 {
		r.at++
	}
}

// eatBlanks skips what ends the name of a command: blanks or {}.
func (r *reader) eatBlanks() {
	if r.ends[r.at] == r.at+1 {
		r.at += 2
		return
	}
	for r.at < len(r.s) && r.s[r.at] == ' ' {
		r.at++
	}
}

// commandAt returns the name of the command at the start of s: letters, or one
// character.
func commandAt(s string) string {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	if n == 0 && s != "" {
		_, n = utf8.DecodeRuneInString(s)
	}
	return s[:n]
}

// accent puts the accent of a command on the letter that follows, bare or in
// braces, and reports whether there is one.
func (r *reader) accent(name string) bool {
	from := r.at + 1 + len(name)
	base, end := r.letterAt(from, isLetter(name[0]))
	if base == "" {
		return r.mangled(name, from)
	}
	switch base { // a mark on top replaces the dot
	case "ı":
		base = "i"
	case "ȷ":
		base = "j"
	}
	marked := norm.NFC.String(base + string(accents[name]))
	r.out.WriteString(marked)
	r.at = end
	return true
}

// mangled takes "\b{eta}" for "\beta" and "\c{hi}" for "\chi": some tool on the way
// to arXiv makes that of them, in hundreds of papers.
func (r *reader) mangled(name string, open int) bool {
	end, ok := r.ends[open]
	if !ok || end-open > len("{epsilon}") {
		return false
	}
	sign, ok := signs[name+r.s[open+1:end]]
	if ok {
		r.put(sign, end+1-r.at)
	}
	return ok
}

// letterAt reads one letter behind an accent, in any of the ways in which people
// write it: e, {e}, \i, {\i}, and where the accent is itself a letter, after a
// blank. It returns the letter and where it ends, or "".
func (r *reader) letterAt(i int, word bool) (letter string, end int) {
	start := i
	for i < len(r.s) && r.s[i] == ' ' && (word || i == start) {
		i++
	}
	if stop, ok := r.ends[i]; ok {
		inside := strings.TrimSpace(r.s[i+1 : stop])
		if len(inside) > len(`\ss`) {
			return "", 0
		}
		if letter, n := oneLetter(inside); n == len(inside) {
			return letter, stop + 1
		}
		return "", 0
	}
	if word && i == start && i < len(r.s) && isLetter(r.s[i]) {
		return "", 0
	}
	if i >= len(r.s) {
		return "", 0
	}
	letter, n := oneLetter(r.s[i:])
	if i > start && !word && (n == 0 || i+n < len(r.s) && !isLetter(r.s[i+n])) {
		return "", 0 // "\' e" is an accent in a word, and not before a word's end
	}
	end = i + n
	if n > 0 && r.s[i] == '\\' { // the blank behind \i ends its name
		for end < len(r.s) && r.s[end] == ' ' {
			end++
		}
	}
	return letter, end
}

// oneLetter returns the letter at the start of s and its length in s, or "".
func oneLetter(s string) (string, int) {
	if s == "" {
		return "", 0
	}
	if s[0] == '\\' {
		name := commandAt(s[1:])
		if l := letters[name]; l != "" {
			return l, 1 + len(name)
		}
		return "", 0
	}
	if isLetter(s[0]) {
		return s[:1], 1
	}
	if c, n := utf8.DecodeRuneInString(s); c != utf8.RuneError && c >= 0xC0 && c < 0x250 {
		return s[:n], n // a second accent, as in Vietnamese
	}
	return "", 0
}

// unwrap prints the argument of a command without the command.
func (r *reader) unwrap(n int) bool {
	open := r.at + n
	end, ok := r.ends[open]
	if !ok {
		return false
	}
	r.skip[end] = ""
	r.put("", n+1)
	return true
}

// raised and lowered are what Unicode has of them that formulas of
// chemistry and ordinals need.
var (
	raised  = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻")
	lowered = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋")
)

// raise prints an argument of digits and signs higher or lower.
func (r *reader) raise(n int, to *strings.Replacer) bool {
	open := r.at + n
	end, ok := r.ends[open]
	if !ok || strings.Trim(r.s[open+1:end], "0123456789+-") != "" {
		return false
	}
	r.put(to.Replace(r.s[open+1:end]), end+1-r.at)
	return true
}

// link prints the text of \href, and the address where the text is another.
func (r *reader) link(n int) bool {
	open := r.at + n
	end, ok := r.ends[open]
	if !ok {
		return false
	}
	stop, ok := r.ends[end+1]
	if !ok {
		return false
	}
	address, text := strings.TrimSpace(r.s[open+1:end]), r.s[end+2:stop]
	address = strings.NewReplacer(`\_`, "_", `\%`, "%", `\#`, "#", `\&`, "&", `\~{}`, "~").Replace(address)
	if strings.ContainsAny(address, "\\{} $") || address == "" {
		return false
	}
	switch {
	case strings.Contains(text, address):
		r.skip[stop] = ""
	case strings.TrimSpace(text) != "" && strings.Contains(address, strings.TrimSpace(text)):
		r.put(address, stop+1-r.at)
		return true
	default:
		r.skip[stop] = " (" + address + ")"
	}
	r.at = end + 2
	return true
}

// printsAtOnce reports whether the inside of braces begins with a command that
// prints or that changes the face: {\"o}, {\em so}.
func printsAtOnce(inside string) bool {
	if inside == "" || inside[0] != '\\' {
		return false
	}
	name := commandAt(inside[1:])
	_, accent := accents[name]
	return accent || letters[name] != "" || switches[name] || plain[name]
}
