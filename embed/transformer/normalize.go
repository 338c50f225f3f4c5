package transformer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A normalizer has the rules of BERT's basic tokenizer (Devlin et al. 2018, file
// tokenization.py): what of a text is kept, and where words end.
type normalizer struct {
	clean     bool // drop control characters
	ideograph bool // make a word of each CJK ideograph
	strip     bool // drop accents
	lower     bool
}

// A scanner cuts a text to words. It holds one word, of at most limit characters.
type scanner struct {
	normalizer
	limit int
	word  []byte
	chars int
	found func(word []byte, tooLong bool) bool
}

// scan gives the words of a text to found until that returns false; scan then
// returns false too. Of a word that is longer than the limit it gives the
// beginning.
func (s *scanner) scan(text string) bool {
	for _, r := range text {
		if !s.rune(r) {
			return false
		}
	}
	return s.flush()
}

func (s *scanner) rune(r rune) bool {
	if s.clean {
		switch {
		case r == '\t' || r == '\n' || r == '\r': // the control characters that part words
		case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
			return true
		}
	}
	if s.ideograph && ideograph(r) {
		return s.flush() && s.fold(r) && s.flush()
	}
	return s.fold(r)
}

// fold applies the rules for letters, then those for the ends of words.
func (s *scanner) fold(r rune) bool {
	if r == 'İ' && s.lower && !s.strip { // the one letter whose small form is two characters
		return s.put('i') && s.put('\u0307')
	}
	if r < utf8.RuneSelf || !s.strip {
		return s.put(s.small(r))
	}
	var buf [64]byte // the longest decomposition has 18 bytes
	for rest := norm.NFD.AppendString(buf[:0], string(r)); len(rest) > 0; {
		d, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		if !unicode.Is(unicode.Mn, d) && !s.put(s.small(d)) {
			return false
		}
	}
	return true
}

func (s *scanner) small(r rune) rune {
	if !s.lower {
		return r
	}
	return unicode.ToLower(r)
}

func (s *scanner) put(r rune) bool {
	switch {
	case unicode.IsSpace(r):
		return s.flush()
	case punctuation(r):
		return s.flush() && s.add(r) && s.flush()
	}
	return s.add(r)
}

func (s *scanner) add(r rune) bool {
	s.chars++
	if s.chars <= s.limit {
		s.word = utf8.AppendRune(s.word, r)
	}
	return true
}

func (s *scanner) flush() bool {
	if s.chars == 0 {
		return true
	}
	more := s.found(s.word, s.chars > s.limit)
	s.word, s.chars = s.word[:0], 0
	return more
}

// punctuation has all marks of ASCII, also those that Unicode counts as symbols.
func punctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0x7f
	}
	return unicode.Is(unicode.P, r)
}

// ideograph has the blocks that BERT lists; kana and Hangul are not among them.
func ideograph(r rune) bool {
	return r >= 0x3400 && (r <= 0x4dbf ||
		r >= 0x4e00 && r <= 0x9fff ||
		r >= 0xf900 && r <= 0xfaff ||
		r >= 0x20000 && r <= 0x2a6df ||
		r >= 0x2a700 && r <= 0x2b73f ||
		r >= 0x2b740 && r <= 0x2b81f ||
		r >= 0x2b920 && r <= 0x2ceaf || // as the reference implementation has it
		r >= 0x2f800 && r <= 0x2fa1f)
}
