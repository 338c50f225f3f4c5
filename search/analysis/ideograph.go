package analysis

import "unicode/utf8"

// ideographs puts the tokens of a run of ideographs that begins at byte i: each
// pair of neighbours, or the one that there is. It returns where to go on.
func (s *scanner) ideographs(i int) int {
	var before char
	start, n := 0, 0 // of the one before
	for i < len(s.text) {
		c := s.next(i)
		if c.kind == nothing || c.kind == mark {
			i = c.end
			continue
		}
		if c.kind != ideograph {
			break
		}
		if n > 0 {
			s.ideograph(start, c.end, before.r, c.r)
		}
		start, before, i = i, c, c.end
		n++
	}
	if n == 1 {
		s.ideograph(start, before.end, before.r)
	}
	return i
}

// ideograph puts a Bigram.
func (s *scanner) ideograph(start, end int, pair ...rune) {
	s.clean = s.clean[:0]
	for _, r := range pair {
		s.clean = utf8.AppendRune(s.clean, r)
	}
	s.put(s.lookupBytes(s.clean), start, end)
}
