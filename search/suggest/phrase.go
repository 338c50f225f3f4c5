package suggest

import (
	"hash/maphash"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
)

// A PhraseCounter counts the phrases of titles: two to four words that follow each
// other without punctuation, hyphens excepted, and neither begin nor end with a
// function word. Counts are exact and memory is bounded, which takes two passes
// over the same titles (Park, Chen and Yu, "An Effective Hash-Based Algorithm for
// Mining Association Rules", SIGMOD 1995): the first counts hash values, each of
// which is the sum of several phrases; the second counts phrases, but only those
// whose sum has reached the minimum. A sketch of one pass such as Space-Saving
// would need a counter for each minimum of all occurrences, millions of phrases at a
// minimum of ten, and leave the counts uncertain.
//
// A PhraseCounter takes 32 MiB for the first pass and about as much for the second,
// O(words) time, and is not for concurrent use.
type PhraseCounter struct {
	minimum int
	seed    maphash.Seed
	sums    []uint16 // by hash, stopping at the greatest
	counts  map[string]int
	words   []string
	buf     []byte
}

const (
	minPhrase = 2 // words
	maxPhrase = 4

	// sums for a million titles, which have some twenty million phrases, are about
	// one each, so that rare phrases seldom reach the minimum together.
	phraseSums = 1 << 24

	// maxPhrases bounds the second pass. If more phrases come, the minimum rises.
	maxPhrases = 1 << 18

	// absorbed is the part of a phrase's occurrences that have to go on to longer
	// frequent phrases for it to be no phrase of its own, as "convolutional neural"
	// goes on to "convolutional neural networks". (The idea is that of the C-value:
	// Frantzi, Ananiadou and Mima, "Automatic recognition of multi-word terms", 2000.)
	absorbed = 0.8
)

// function has the words that no phrase begins or ends with: articles, conjunctions,
// prepositions, pronouns, auxiliaries, and those with which titles tie their parts.
var function = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a an the and or but nor if than that this these those it its we our
		you your they their he she i my is are was were be been being am do does did has have had can could
		may might must shall should will would of in on at by to for from with without within into onto over under between
		among through during against about across along around before after beyond toward towards upon via per as
		not no so such both either each some any all more most other what which who whom whose when where why how
		there here then also vs versus using based et al`) {
		m[w] = true
	}
	return m
}()

// NewPhraseCounter returns a PhraseCounter for phrases with at least a minimum of
// occurrences.
func NewPhraseCounter(minimum int) *PhraseCounter {
	return &PhraseCounter{minimum: max(minimum, 1), seed: maphash.MakeSeed(), counts: map[string]int{}}
}

// First takes a title in the first pass.
func (c *PhraseCounter) First(title string) {
	if c.sums == nil {
		c.sums = make([]uint16, phraseSums)
	}
	c.each(title, func(phrase []byte) {
		if sum := c.sum(phrase); *sum < math.MaxUint16 {
			*sum++
		}
	})
}

// Second takes a title in the second pass, after the first one's end. Of a title
// that the first has not seen nothing may be counted.
func (c *PhraseCounter) Second(title string) {
	if c.sums == nil {
		return
	}
	c.each(title, func(phrase []byte) {
		if int(*c.sum(phrase)) < min(c.minimum, math.MaxUint16) {
			return
		}
		c.counts[string(phrase)]++
		if len(c.counts) > maxPhrases {
			c.raise()
		}
	})
}

// Minimum returns from how many occurrences on All has each phrase: what was asked
// for, or more if there were too many.
func (c *PhraseCounter) Minimum() int { return c.minimum }

// All yields the phrases with their numbers of occurrences, in order, except those
// that are but the beginning of a longer one.
func (c *PhraseCounter) All() iter.Seq2[string, int] {
	longer := map[string]int{} // occurrences that go on to a frequent phrase
	for p, n := range c.counts {
		if n >= c.minimum {
			longer[p[:strings.LastIndexByte(p, ' ')]] += n
		}
	}
	return func(yield func(string, int) bool) {
		for _, p := range slices.Sorted(maps.Keys(c.counts)) {
			n := c.counts[p]
			if n >= c.minimum && float64(longer[p]) < absorbed*float64(n) && !yield(p, n) {
				return
			}
		}
	}
}

// raise doubles the minimum and forgets what does not reach it. Where sums stop,
// so does that, but no two million distinct phrases occur so often.
func (c *PhraseCounter) raise() {
	c.minimum *= 2
	for p := range c.counts {
		if int(*c.sum([]byte(p))) < min(c.minimum, math.MaxUint16) {
			delete(c.counts, p)
		}
	}
}

func (c *PhraseCounter) sum(phrase []byte) *uint16 {
	return &c.sums[maphash.Bytes(c.seed, phrase)%phraseSums]
}

// each calls fn for each phrase of a title, once for each occurrence.
func (c *PhraseCounter) each(title string, fn func(phrase []byte)) {
	if len(title) > MaxText {
		title = cut(title)
	}
	text := []byte(title)
	c.words = c.words[:0]
	for end := 0; ; {
		start, next := nextWord(text, end)
		if start == len(text) {
			break
		}
		if !joins(text[end:start]) {
			c.phrases(fn)
			c.words = c.words[:0]
		}
		c.words = append(c.words, string(appendLower(nil, text[start:next])))
		end = next
	}
	c.phrases(fn)
}

// joins reports whether words with this between them may be one phrase.
func joins(between []byte) bool {
	for _, r := range string(between) {
		if r != ' ' && r != '-' && r != '‐' && r != '‑' {
			return false
		}
	}
	return len(between) > 0
}

// phrases calls fn for each phrase of the words.
func (c *PhraseCounter) phrases(fn func(phrase []byte)) {
	for i, w := range c.words {
		if function[w] {
			continue
		}
		c.buf = append(c.buf[:0], w...)
		for n := 1; n < maxPhrase && i+n < len(c.words); n++ {
			last := c.words[i+n]
			c.buf = append(append(c.buf, ' '), last...)
			if n+1 >= minPhrase && !function[last] {
				fn(c.buf)
			}
		}
	}
}
