package suggest

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Dictionary knows words, folded as Fold does it, with the number of documents
// that have them.
type Dictionary interface {
	// Frequency returns the frequency of a word, 0 for an unknown one.
	Frequency(word string) int

	// Fuzzy calls fn for each word within distance (1 or 2) of word until fn returns
	// false. A word may be given as it is written, with accents.
	Fuzzy(word string, distance int, fn func(word string, frequency int) bool)
}

// A Speller proposes a word for one that is likely to be misspelt, by the noisy
// channel: of the words that the typist may have meant, the one for which the
// product of its probability (its frequency) and the probability of the slip is
// the greatest (Kernighan, Church and Gale, "A Spelling Correction Program Based
// on a Noisy Channel Model", COLING 1990).
//
// A [File] with entries of kind [Word] is the dictionary to use, because its
// corrections are words. With a dictionary of stems, that of an index, words are to
// be stemmed before and a correction is fit to be searched, not to be shown.
type Speller struct {
	Dictionary Dictionary
}

const (
	// minLetters1 and minLetters2 are how many letters a word has to have for one
	// and two slips. Of three letters nearly every combination is some word or
	// acronym, and with two slips in seven the words around are too many.
	minLetters1 = 4
	minLetters2 = 8

	// known is the frequency from which a word is beyond doubt: slips in titles are
	// rare, so that even the commonest occur less often.
	known = 40

	// unseen is the frequency of a word that the dictionary has not: it may be a
	// good one, as new names are. Of the words of 20,000 titles that 340,000 older
	// ones did not have, a quarter is taken for slips by these constants.
	unseen = 0.005

	// slip is the logarithm of how much less probable a word with a certain slip is
	// than the word as meant: about one word in fifty has one, and there are some
	// ten likely ones. slipMore is that of a further one: who has slipped once is
	// more likely to slip again.
	slip     = 6.2
	slipMore = 3.0

	// slipFirst is what a slip in the first letter costs more: it is rarer there
	// (Pollock and Zamora, "Automatic Spelling Correction in Scientific and Scholarly
	// Text", CACM 1984).
	slipFirst = 1.5

	// maxCorrections is how many unknown words of a query are looked at. Each takes
	// a walk of the dictionary, and who mistypes more has pasted something.
	maxCorrections = 8
)

// Correct returns the words with those replaced that are likely to be misspelt,
// and whether there was one. The others stay as they were typed. Words with digits,
// short ones and those of scripts without spaces are never replaced; of a compound
// such as "self-atention" the parts are looked at.
func (s *Speller) Correct(words []string) (corrected []string, ok bool) {
	corrected = slices.Clone(words)
	left := maxCorrections
	for i, w := range words {
		if len(w) > MaxText || strings.ContainsFunc(w, unicode.IsNumber) {
			continue
		}
		corrected[i] = s.correctParts(w, &left)
		ok = ok || corrected[i] != w
	}
	return corrected, ok
}

// correctParts corrects the words of a text, at most as many as are left.
func (s *Speller) correctParts(text string, left *int) string {
	var out strings.Builder
	b := []byte(text)
	copied := 0
	for end := 0; *left > 0; {
		var start int
		if start, end = nextWord(b, end); start == len(b) {
			break
		}
		word := string(appendWord(nil, b[start:end]))
		if !correctable(word) {
			continue
		}
		frequency := s.Dictionary.Frequency(word)
		if frequency >= known {
			continue
		}
		*left--
		if better := s.best(word, frequency); better != "" {
			out.WriteString(text[copied:start])
			out.WriteString(better)
			copied = end
		}
	}
	return out.String() + text[copied:]
}

// correctable reports whether a folded word is of letters only and long enough.
func correctable(word string) bool {
	return utf8.RuneCountInString(word) >= minLetters1 &&
		strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// best returns what was most probably meant by a word, or "" for the word itself.
func (s *Speller) best(word string, frequency int) string {
	c := channel{word: word, typed: []rune(word), most: math.Log(max(float64(frequency), unseen))}
	s.Dictionary.Fuzzy(word, 1, c.hear)
	if c.best == "" && len(c.typed) >= minLetters2 {
		s.Dictionary.Fuzzy(word, 2, c.hear)
	}
	return c.best
}

// A channel is a word as typed with what was most probably meant by it so far.
type channel struct {
	word  string
	typed []rune
	best  string  // "" for the word itself
	most  float64 // logarithm of the probability of best, up to a constant
}

// hear takes a candidate of a dictionary.
func (c *channel) hear(candidate string, frequency int) bool {
	folded := Fold(candidate)
	if frequency <= 0 || folded == c.word || !correctable(folded) {
		return true
	}
	meant := []rune(folded)
	p := math.Log(float64(frequency)) - slip - slipMore*float64(editDistance(c.typed, meant)-1)
	if meant[0] != c.typed[0] {
		p -= slipFirst
	}
	if p > c.most || p == c.most && candidate < c.best {
		c.best, c.most = candidate, p
	}
	return true
}

// editDistance returns how many characters were inserted, left out, replaced, or
// exchanged with their neighbour, none of them twice (the restricted form of
// Damerau's distance, "optimal string alignment"), in O(len(a) len(b)).
func editDistance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range b {
			replaced := last[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// Frequency returns the weight of the best entry of kind [Word] that folds to word.
func (f *File) Frequency(word string) int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	t := &f.tables[Word]
	if t.fst == nil {
		return 0
	}
	var weight uint32
	_ = guard(func() error {
		number, ok, err := t.fst.Get([]byte(word))
		if ok && err == nil && number < uint64(t.len()) {
			weight, _, _ = t.record(uint32(number))
		}
		return err
	})
	return int(weight)
}

// Fuzzy calls fn for each entry of kind [Word] within a distance of a folded word,
// with its text as written; of entries that fold alike, for the best one.
func (f *File) Fuzzy(word string, distance int, fn func(word string, frequency int) bool) {
	for _, e := range f.near(word, distance) {
		if !fn(e.Text, int(e.Weight)) {
			return
		}
	}
}

// near returns the entries of Fuzzy, so that no lock is held while they are used.
func (f *File) near(word string, distance int) (entries []Entry) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	t := &f.tables[Word]
	if t.fst == nil {
		return nil
	}
	found, _ := FuzzyFST(t.fst, nil, word, distance)
	for _, m := range found {
		if m.Value < uint64(t.len()) {
			entries = append(entries, t.entry(uint32(m.Value)))
		}
	}
	return entries
}

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
