package analysis

import (
	"slices"
	"unicode/utf8"
)

// A scanner goes over one text.
type scanner struct {
	*Analyzer
	text   string
	tokens []Token
	pos    uint32 // of the next word
}

// What a byte can mean right after a run of ASCII letters and digits.
const (
	ends    = iota // the word is over
	asks           // the next byte tells: it is over before a byte that ends
	unclear        // it takes a closer look
	alnum
)

// after has the above for each byte.
var after = func() (class [256]uint8) {
	for c := range class {
		switch {
		case c >= utf8.RuneSelf:
			class[c] = unclear
		case asciiKinds[c] == letter, asciiKinds[c] == digit:
			class[c] = alnum
		case c == '-', c == '#', c == '\\', asciiKinds[c] == nothing:
			class[c] = unclear
		case asciiKinds[c] != divider:
			class[c] = asks
		}
	}
	return class
}()

// scan takes the words of plain ASCII itself and hands on all else.
func (s *scanner) scan() {
	text := s.text
	for i := 0; i < len(text); {
		switch after[text[i]] {
		case ends:
			i++
			continue
		case alnum:
			j := i + 1
			for j < len(text) && after[text[j]] == alnum {
				j++
			}
			if s.over(j) && j-i <= MaxRunes {
				s.put(s.plainWord(text, i, j), i, j)
				i = j
				continue
			}
		}
		i = s.compound(i)
	}
}

// over reports whether a run of letters and digits that ends at byte i is surely
// a word by itself.
func (s *scanner) over(i int) bool {
	switch after[s.at(i)] {
	case ends:
		return true
	case asks:
		return after[s.at(i+1)] == ends
	}
	return s.at(i) == '-' && s.at(i+1) == ' '
}

// put appends the tokens of a word.
func (s *scanner) put(w *word, start, end int) {
	t := Token{Pos: s.pos, Start: uint32(start), End: uint32(end)}
	t.Term, t.Exact, t.Kind = w.term, w.exact, w.kind
	s.tokens = append(s.tokens, t)
	for _, p := range w.parts {
		t.Term, t.Exact, t.Kind = p.term, p.exact, Part
		s.tokens = append(s.tokens, t)
	}
	s.pos++
}

// compound takes the words from byte i on that hyphens and their like join, and
// returns where to go on.
func (s *scanner) compound(i int) int {
	if c := s.next(i); c.kind == ideograph {
		return s.ideographs(i)
	}
	p := parts{first: len(s.tokens)}
	s.joined = s.joined[:0]
	for {
		next, ok := s.word(i)
		if !ok {
			return next // only before the first word: seam promises another
		}
		p.add(s)
		if i, ok = s.seam(next); !ok {
			s.join(&p)
			return next
		}
	}
}

// The parts of a compound, as far as it matters whether they are also written as
// one word.
type parts struct {
	first       int // the index of the first token
	n           int
	head, tail  int  // runes of the first and of the last part
	numbers     bool // two numbers meet, as in 2024-2026
	endsInDigit bool
}

// add takes the word that has just been read into the compound.
func (p *parts) add(s *scanner) {
	p.tail = utf8.RuneCount(s.clean)
	if p.n == 0 {
		p.head = p.tail
	}
	p.n++
	p.numbers = p.numbers || p.endsInDigit && isDigit(s.clean[0])
	p.endsInDigit = isDigit(s.clean[len(s.clean)-1])
	if p.n <= maxJoined {
		s.joined = append(s.joined, s.clean...)
	}
}

// Which compounds yield a Joined form. In 48,000 papers every 33rd word begins a
// compound of two words, and one in three of these is also written as one word
// somewhere. The bounds keep 98 % of those and save a sixth of the rest, such as
// "vision-language". Compounds of three are next to never written as one.
const (
	maxJoined     = 2
	maxJoinedHead = 6 // letters of "hetero-", "photo-", "spatio-", "GPT-"
	maxJoinedTail = 3 // letters of "-NN", "-VAE", "-19"
)

// join adds the Joined form of a compound behind the forms of its first word.
func (s *scanner) join(p *parts) {
	short := p.head <= maxJoinedHead || p.tail <= maxJoinedTail
	if p.n < 2 || p.n > maxJoined || p.numbers || !short || utf8.RuneCount(s.joined) > MaxRunes {
		return
	}
	w := s.lookupBytes(s.joined)
	if w.kind == Stop {
		return
	}
	t := s.tokens[p.first]
	t.Term, t.Exact, t.Kind, t.End = w.term, w.exact, Joined, s.tokens[len(s.tokens)-1].End
	at := p.first + 1
	for s.tokens[at].Pos == t.Pos {
		at++
	}
	s.tokens = slices.Insert(s.tokens, at, t)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
