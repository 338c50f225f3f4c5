package analysis

import (
	"unicode"
	"unicode/utf8"
)

// A kind is what a character does to the word in hand.
type kind uint8

const (
	divider    kind = iota // ends the word: blanks and most punctuation
	nothing                // leaves no trace and ends nothing: control characters, braces
	letter                 // belongs to the word
	digit                  // belongs to the word
	raised                 // a raised or lowered digit: belongs to the word if a letter is before it
	mark                   // belongs to the letter before it
	ideograph              // a character of Chinese, Japanese or Korean
	apostrophe             // joins letters
	hyphen                 // joins the parts of a compound
	sign                   // . , + # & _ ^ join in ways of their own
	command                // a TeX command that is a word
)

// A char is what stands at one place of a text: a character or a command of TeX.
type char struct {
	kind kind
	r    rune   // the plain character that it stands for
	more string // further ones, as the "i" of "ﬁ"
	end  int    // where it ends in the text
}

// asciiKinds has the kind of each ASCII character outside of TeX.
var asciiKinds = func() (kinds [utf8.RuneSelf]kind) {
	for c := range kinds {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			kinds[c] = letter
		case '0' <= c && c <= '9':
			kinds[c] = digit
		case c < ' ' && (c < '\t' || c > '\r') || c == 0x7f:
			kinds[c] = nothing
		}
	}
	for _, c := range ".,+#&_^" {
		kinds[c] = sign
	}
	for _, c := range "{}$" {
		kinds[c] = nothing
	}
	kinds['\''], kinds['-'] = apostrophe, hyphen
	return kinds
}()

// decode returns the character at byte i of a text, of which TeX is not asked.
func decode(text string, i int) char {
	if c := text[i]; c < utf8.RuneSelf {
		return char{kind: asciiKinds[c], r: rune(c), end: i + 1}
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	c := resolve(r)
	c.end = i + size
	return c
}

// resolve returns the kind of a character beyond ASCII and, as NFKC would, the
// plain characters that it stands for.
func resolve(r rune) char {
	switch {
	case r < 0x80, r == utf8.RuneError:
		return char{kind: divider}
	case isIdeograph(r):
		return char{kind: ideograph, r: r}
	case 0x1d400 <= r && r <= 0x1d7ff:
		return mathematical(r)
	case 0xff01 <= r && r <= 0xff5e: // full-width ASCII
		return char{kind: asciiKinds[r-0xfee0], r: r - 0xfee0}
	}
	if s, ok := raisedDigits[r]; ok {
		return char{kind: raised, r: rune(s[0])}
	}
	if s, ok := compatible[r]; ok {
		first, size := utf8.DecodeRuneInString(s)
		return char{kind: letter, r: first, more: s[size:]}
	}
	switch r {
	case '’', 'ʼ':
		return char{kind: apostrophe}
	case '‐', '‑', '‒', '–', '−', '﹣':
		return char{kind: hyphen}
	case 'ـ': // lengthens a line of Arabic and says nothing
		return char{kind: nothing}
	case '\u0085', '\u200b': // a line's end, and where a line may end
		return char{kind: divider}
	}
	switch {
	case unicode.IsLetter(r):
		return char{kind: letter, r: r}
	case unicode.IsMark(r):
		return char{kind: mark, r: r}
	case unicode.Is(unicode.Nd, r):
		return char{kind: digit, r: decimal(r)}
	case unicode.In(r, unicode.Cf, unicode.Cc):
		return char{kind: nothing}
	}
	return char{kind: divider}
}

// decimal returns the ASCII digit of any script's digit. Unicode gives ten
// consecutive numbers to each set, so each range of them begins with a zero.
func decimal(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

// isIdeograph reports whether r belongs to a script that is written without
// blanks and indexed by pairs of characters. Korean has blanks, but before words
// and what is attached to them.
func isIdeograph(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case 0x4e00 <= r && r <= 0x9fff, 0xac00 <= r && r <= 0xd7a3, r == 'ー':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// mathematical resolves the block Mathematical Alphanumeric Symbols: alphabets of
// 52 Latin letters, then of 58 Greek letters and signs, then sets of digits.
func mathematical(r rune) char {
	switch n := r - 0x1d400; {
	case n < 13*52:
		n %= 52
		if n >= 26 {
			n += 'a' - 'A' - 26
		}
		return char{kind: letter, r: 'A' + n}
	case r == 0x1d6a4 || r == 0x1d6a5:
		return char{kind: letter, r: r - 0x1d6a4 + 'i'}
	case r >= 0x1d7ce:
		return char{kind: digit, r: '0' + (r-0x1d7ce)%10}
	case r >= 0x1d7ca: // digamma
		return char{kind: letter, r: 'ϝ'}
	case r < 0x1d6a8:
		return char{kind: divider}
	}
	const alphabet = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εθκφρπ"
	n := (r - 0x1d6a8) % 58
	for _, plain := range alphabet {
		if n == 0 {
			r = plain
			break
		}
		n--
	}
	if r == '∇' || r == '∂' {
		return char{kind: divider}
	}
	return char{kind: letter, r: r}
}

// raisedDigits are superscripts and subscripts.
var raisedDigits = table(`⁰0 ¹1 ²2 ³3 ⁴4 ⁵5 ⁶6 ⁷7 ⁸8 ⁹9 ₀0 ₁1 ₂2 ₃3 ₄4 ₅5 ₆6 ₇7 ₈8 ₉9`)

// compatible are letters that stand for others by the compatibility
// decompositions of the Unicode Character Database: raised and lowered,
// letterlike, Roman numerals, ligatures. And ∞, of which H∞ control and L∞ norms
// have their names.
var compatible = table(
	`ªa ºo ᴬA ᴮB ᴰD ᴱE ᴳG ᴴH ᴵI ᴶJ ᴷK ᴸL ᴹM ᴺN ᴼO ᴾP ᴿR ᵀT ᵁU ⱽV ᵂW ᵃa ᵇb ᶜc ᵈd ᵉe ᶠf ᵍg ʰh ⁱi ʲj ᵏk ˡl ᵐm ⁿn ᵒo ᵖp ʳr ˢs ᵗt ᵘu ᵛv ʷw ˣx ʸy ᶻz`,
	`ᵝβ ᵞγ ᵟδ ᶿθ ᵠφ ᵡχ ₐa ₑe ₕh ᵢi ⱼj ₖk ₗl ₘm ₙn ₒo ₚp ᵣr ₛs ₜt ᵤu ᵥv ₓx ₔə ᵦβ ᵧγ ᵨρ ᵩφ ᵪχ`,
	`ℂC ℇE ℊg ℋH ℌH ℍH ℎh ℏħ ℐI ℑI ℒL ℓl ℕN №No ℙP ℚQ ℛR ℜR ℝR ℤZ ΩΩ ℨZ KK ÅÅ ℬB ℭC ℯe ℰE ℱF ℳM ℴo ℵא ℹi ℼπ ℽγ ℾΓ ℿΠ ⅅD ⅆd ⅇe ⅈi ⅉj`,
	`ⅠI ⅡII ⅢIII ⅣIV ⅤV ⅥVI ⅦVII ⅧVIII ⅨIX ⅩX ⅪXI ⅫXII ⅰi ⅱii ⅲiii ⅳiv ⅴv ⅵvi ⅶvii ⅷviii ⅸix ⅹx ⅺxi ⅻxii`,
	`ﬀff ﬁfi ﬂfl ﬃffi ﬄffl ﬅst ﬆst ĲIJ ĳij ſs µμ ϐβ ϑθ ϒΥ ϓΎ ϔΫ ϕφ ϖπ ϰκ ϱρ ϲσ ϹΣ ϴΘ ϵε ∆Δ ∞infinity`,
)
