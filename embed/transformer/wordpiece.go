package transformer

import "unicode/utf8"

// encode returns the ids of a text between those that frame each text, at most
// limit of them, and whether the text has more. Time is linear in the text up to
// where it is cut, memory in the limit.
func (t *tokenizer) encode(text string, limit int) (ids []int32, cut bool) {
	ids = append(ids, t.before...)
	limit = max(limit-len(t.behind), len(ids))
	s := scanner{normalizer: t.normalizer, limit: t.maxChars}
	s.found = func(word []byte, tooLong bool) bool {
		if tooLong {
			ids = append(ids, t.unknown)
		} else {
			ids = t.pieces(ids, word)
		}
		return len(ids) <= limit
	}
	for text != "" {
		plain, token, rest := t.nextAdded(text)
		if !s.scan(plain) {
			break
		}
		if text = rest; token != nil {
			if ids = append(ids, token.id); len(ids) > limit {
				break
			}
		}
	}
	if len(ids) > limit {
		ids, cut = ids[:limit], true
	}
	return append(ids, t.behind...), cut
}

// nextAdded splits a text at the first added token, taking the longest of those
// that start at one place.
func (t *tokenizer) nextAdded(text string) (plain string, token *added, rest string) {
	for i := range len(text) {
		list := t.added[text[i]]
		for j := range list {
			if a := &list[j]; len(text)-i >= len(a.text) && text[i:i+len(a.text)] == a.text {
				return text[:i], a, text[i+len(a.text):]
			}
		}
	}
	return text, nil, ""
}

// pieces appends the longest pieces that a word is made of, from its start
// (Wu et al., "Google's Neural Machine Translation System", 2016, section 4.1),
// or the unknown token when no piece fits somewhere.
func (t *tokenizer) pieces(ids []int32, word []byte) []int32 {
	before := len(ids)
	vocabulary := t.starts
	for len(word) > 0 {
		end := min(len(word), t.longest)
		for end < len(word) && end > 0 && !utf8.RuneStart(word[end]) {
			end--
		}
		id, ok := vocabulary[string(word[:end])]
		for !ok && end > 0 {
			_, size := utf8.DecodeLastRune(word[:end])
			end -= size
			id, ok = vocabulary[string(word[:end])]
		}
		if end == 0 {
			return append(ids[:before], t.unknown)
		}
		ids = append(ids, id)
		word, vocabulary = word[end:], t.continues
	}
	return ids
}
