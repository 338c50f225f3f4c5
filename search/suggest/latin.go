package suggest

import (
	"unicode"
	"unicode/utf8"
)

// Letters with a canonical decomposition (Unicode 15) into an ASCII letter and
// marks, by that letter; a point stands for every other character.
const (
	latinFrom = 'À'
	latin     = "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y" +
		"aaaaaaccccccccdd..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll." +
		"...nnnnnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzz." +
		"................................oo.............uu..............." +
		".............aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa...." +
		"aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"

	latinAdditionalFrom = 'Ḁ'
	latinAdditional     = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm" +
		"mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv" +
		"wwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee" +
		"eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......"

	fullWidthFrom = '！'
	fullWidthTo   = '～'
)

// spelled has how other characters are typed, in lower case. Greek keeps its
// letters and loses its accents.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'ø': "o", 'œ': "oe", 'þ': "th", 'ð': "d", 'đ': "d", 'ħ': "h",
	'ı': "i", 'ĳ': "ij", 'ŀ': "l", 'ł': "l", 'ŉ': "n", 'ŋ': "n", 'ŧ': "t", 'ſ': "s", 'ɨ': "i",
	'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st",
	'⁰': "0", '¹': "1", '²': "2", '³': "3", '⁴': "4", '⁵': "5", '⁶': "6", '⁷': "7", '⁸': "8", '⁹': "9",
	'₀': "0", '₁': "1", '₂': "2", '₃': "3", '₄': "4", '₅': "5", '₆': "6", '₇': "7", '₈': "8", '₉': "9",
	'ⁿ': "n", 'ℓ': "l", 'ª': "a", 'º': "o", 'µ': "μ", 'ϕ': "φ", 'ϵ': "ε", 'ς': "σ",
	'ά': "α", 'έ': "ε", 'ή': "η", 'ί': "ι", 'ό': "ο", 'ύ': "υ", 'ώ': "ω", 'ϊ': "ι", 'ϋ': "υ", 'ΐ': "ι", 'ΰ': "υ",
	'ё': "е",
}

// appendFolded appends the folded form of a letter or number.
func appendFolded(dst []byte, r rune) []byte {
	r = unicode.ToLower(r)
	if fullWidthFrom <= r && r <= fullWidthTo {
		r -= fullWidthFrom - '!'
	}
	base := byte('.')
	switch {
	case r < utf8.RuneSelf:
		base = byte(r)
	case latinFrom <= r && r < latinFrom+rune(len(latin)):
		base = latin[r-latinFrom]
	case latinAdditionalFrom <= r && r < latinAdditionalFrom+rune(len(latinAdditional)):
		base = latinAdditional[r-latinAdditionalFrom]
	}
	if base != '.' {
		return append(dst, base)
	}
	if s, ok := spelled[r]; ok {
		return append(dst, s...)
	}
	return utf8.AppendRune(dst, r)
}
