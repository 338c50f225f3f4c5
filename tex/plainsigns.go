package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mathWriter writes the signs of a formula with the blanks that TeX would set
// (The TeXbook, chapter 18): around relations and around operators between two
// things, behind a comma, behind the name of a function.
type mathWriter struct {
	strings.Builder
	tight bool
	last  byte // what was written last: 0 nothing, 'a' an atom, 'o' an operator or an opening bracket, 'f' a function
}

const (
	mathRelations = "=<>≤≥≠≈∼≃≅≡∈∉∋⊂⊆⊃⊇→←⇒⇐⇔↔↦∝≪≫⊢⊨≺≻∣≐≔≍≜:"
	mathOperators = "+−×·±∓÷∪∩∧∨∖∘⊕⊗⊙∗"
	mathOpening   = "([{⟨⌊⌈|‖"
)

// sign writes one sign, or several that belong together.
func (w *mathWriter) sign(s string) {
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case s == "":
	case s == " ":
		w.blank()
	case w.tight:
		w.atom(s)
	case strings.ContainsRune(mathRelations, r):
		w.spaced(s)
	case strings.ContainsRune(mathOperators, r) && (w.last == 'a'):
		w.spaced(s)
	case r == ',' || r == ';':
		w.WriteString(s + " ")
		w.last = 'o'
	case len(s) > 1 && r < utf8.RuneSelf:
		w.function(s)
	default:
		w.atom(s)
		if strings.ContainsRune(mathOperators+mathOpening, r) {
			w.last = 'o'
		}
	}
}

func (w *mathWriter) spaced(s string) {
	w.blank()
	w.WriteString(s + " ")
	w.last = 'o'
}

// blank writes a blank unless there is one, or nothing yet.
func (w *mathWriter) blank() {
	if !w.endsBlank() && w.Len() > 0 {
		w.WriteByte(' ')
	}
}

func (w *mathWriter) endsBlank() bool { return strings.HasSuffix(w.String(), " ") }

// atom writes a thing.
func (w *mathWriter) atom(s string) {
	if r, _ := utf8.DecodeRuneInString(s); w.last == 'f' && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		w.blank()
	}
	w.WriteString(s)
	w.last = 'a'
}

// function writes a name such as log apart from what stands around it.
func (w *mathWriter) function(name string) {
	if w.last == 'a' {
		w.blank()
	}
	w.atom(name)
	w.last = 'f'
}

// text writes words as they are.
func (w *mathWriter) text(s string) {
	w.WriteString(s)
	w.last = 'a'
}

// command writes a command that is not known by its name.
func (w *mathWriter) command(name string) {
	switch {
	case mathSilent[name]:
	case mathBlanks[name]:
		w.blank()
	case len(name) > 1:
		w.function(name)
	default:
		w.sign(name)
	}
}

// script writes a superscript or subscript: in small characters where all of them
// exist, else behind ^ or _.
func (w *mathWriter) script(kind byte, s string) {
	table := mathSubscripts
	if kind == '^' {
		table = mathSuperscripts
	}
	if s == "" {
		return
	}
	small, ok := scripted(s, table)
	switch {
	case ok:
		w.WriteString(small)
	case utf8.RuneCountInString(s) == 1:
		w.WriteString(string(kind) + s)
	default:
		w.WriteString(string(kind) + "(" + s + ")")
	}
	if w.last != 'f' {
		w.last = 'a'
	}
}

// scripted returns s in the small characters of a table, if it has them all.
func scripted(s string, table map[rune]rune) (string, bool) {
	var out strings.Builder
	for _, r := range s {
		small, ok := table[r]
		if !ok {
			return "", false
		}
		out.WriteRune(small)
	}
	return out.String(), true
}

// The small characters that Unicode has (block Superscripts and Subscripts, and
// the phonetic extensions that fonts have as well).
var (
	mathSuperscripts = pairUp("0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθ′∗*",
		"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿ′**")
	mathSubscripts = pairUp("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
)

func pairUp(from, to string) map[rune]rune {
	m, small := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		m[r] = small[i]
	}
	return m
}

// doubleStruck returns the blackboard-bold form of a letter or digit.
func doubleStruck(r rune) rune {
	if i := strings.IndexRune("CHNPQRZ", r); i >= 0 {
		return []rune("ℂℍℕℙℚℝℤ")[i]
	}
	switch {
	case r >= 'A' && r <= 'Z':
		return '𝔸' + r - 'A'
	case r >= 'a' && r <= 'z':
		return '𝕒' + r - 'a'
	case r >= '0' && r <= '9':
		return '𝟘' + r - '0'
	}
	return r
}

// mathMarks are the accents of mathematics, as combining characters.
var mathMarks = map[string]string{"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
	"widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "underline": "\u0332"}

// mathSilent are commands that only change how their argument looks.
var mathSilent = wordSet(`mathcal mathbf mathit mathsf mathfrak mathscr mathtt boldsymbol bm pmb bf rm it cal displaystyle textstyle
	scriptstyle limits nolimits ensuremath mathop mathrel mathbin mathord ! hfill nonumber large Large small tiny sl boldmath mathbfit protect label emph`)

// mathSigns are the commands that print one sign (LaTeX: A Document Preparation
// System, section 3.3, and amssymb).
var mathSigns = wordPairs(`alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
	lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
	Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
	le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ lesssim ≲ gtrsim ≳
	in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ mid ∣ prec ≺ succ ≻ vdash ⊢ models ⊨ coloneqq ≔ asymp ≍ doteq ≐ triangleq ≜ perp ⊥ parallel ∥
	to → rightarrow → longrightarrow → leftarrow ← gets ← Rightarrow ⇒ implies ⇒ Leftarrow ⇐ iff ⇔ Leftrightarrow ⇔ leftrightarrow ↔ mapsto ↦
	uparrow ↑ downarrow ↓ times × cdot · pm ± mp ∓ div ÷ cup ∪ cap ∩ wedge ∧ land ∧ vee ∨ lor ∨ setminus ∖ circ ∘ oplus ⊕ otimes ⊗ odot ⊙ ast ∗
	star ⋆ bullet • dagger † infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ oint ∮ forall ∀ exists ∃ neg ¬ lnot ¬ emptyset ∅ varnothing ∅
	ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ angle ∠ degree ° AA Å aa å eps ε prime ′ top ⊤ bot ⊥ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ langle ⟨ rangle ⟩
	lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lVert ‖ rVert ‖ Vert ‖ | ‖ lvert | rvert | vert | triangle △ square □ Box □ blacksquare ■
	bigcup ⋃ bigcap ⋂ bigoplus ⊕ bigotimes ⊗ R ℝ E 𝔼 P ℙ N ℕ Z ℤ backslash \ colon : lbrace { rbrace } { { } } % % # # _ _ & & $ $ lt < gt >
	log log ln ln exp exp sin sin cos cos tan tan tanh tanh min min max max sup sup inf inf lim lim argmin argmin argmax argmax det det
	dim dim ker ker deg deg gcd gcd Pr Pr poly poly polylog polylog mod mod bmod mod`)

// mathBlanks are the commands that print a blank, of whatever width.
var mathBlanks = map[string]bool{",": true, ";": true, ":": true, ">": true, " ": true, "quad": true, "qquad": true, "\\": true, "newline": true}

func wordPairs(s string) map[string]string {
	m, words := map[string]string{}, strings.Fields(s)
	for i := 0; i+1 < len(words); i += 2 {
		m[words[i]] = words[i+1]
	}
	return m
}

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}
