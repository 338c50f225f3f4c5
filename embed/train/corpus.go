package train

import (
	"cmp"
	"math"
	"slices"

	"broadsheet/embed"
)

// A Text is what the model learns from: two parts that mean the same.
type Text struct {
	Title string
	Body  string
	Tags  []string // keywords, other titles and summaries, where they are known
}

// A Corpus holds texts as numbers of words.
type Corpus struct {
	words  map[string]uint32
	names  []string
	counts []int // texts' occurrences by word

	tokens []uint32 // of all texts
	start  []int    // of text i: title, body, tags
	split  embed.Splitter
}

// maxWords bounds the distinct words that are kept while reading: above it, words that
// are new are passed over, which only the rarest are by then.
const maxWords = 4 << 20

// maxTokens bounds the words of one text.
const maxTokens = 600

// NewCorpus returns an empty corpus.
func NewCorpus() *Corpus { return &Corpus{words: map[string]uint32{}, start: []int{0}} }

// Len returns the number of texts.
func (c *Corpus) Len() int { return len(c.start) / 3 }

// Add adds a text. One without title or body teaches nothing and is passed over.
func (c *Corpus) Add(t Text) {
	from := len(c.tokens)
	c.append(t.Title)
	title := len(c.tokens)
	c.append(t.Body)
	body := len(c.tokens)
	if title == from || body-title < minBody {
		c.tokens = c.tokens[:from]
		return
	}
	for _, tag := range t.Tags {
		c.append(tag)
	}
	c.start = append(c.start, title, body, len(c.tokens))
}

// minBody is how many words a body has at least: of fewer, halves say nothing.
const minBody = 12

func (c *Corpus) append(text string) {
	n := 0
	for word := range c.split.Words(text) {
		if n++; n > maxTokens {
			return
		}
		id, ok := c.words[string(word)]
		if !ok {
			if len(c.names) == maxWords {
				continue
			}
			id = uint32(len(c.names))
			name := string(word)
			c.words[name] = id
			c.names = append(c.names, name)
			c.counts = append(c.counts, 0)
		}
		c.counts[id]++
		c.tokens = append(c.tokens, id)
	}
}

// A text's parts as numbers of the vocabulary.
type entry struct{ title, body, tags []uint16 }

// unknown stands for a word that is not in the vocabulary.
const unknown = math.MaxUint16

// texts is a corpus in numbers of a vocabulary.
type texts struct {
	tokens []uint16
	start  []int
}

func (t *texts) len() int { return len(t.start) / 3 }

func (t *texts) entry(i int) entry {
	s := t.start[3*i : 3*i+4]
	return entry{t.tokens[s[0]:s[1]], t.tokens[s[1]:s[2]], t.tokens[s[2]:s[3]]}
}

// in returns the corpus in the numbers that a vocabulary gives its words.
func (c *Corpus) in(vocabulary []string) *texts {
	number := make([]uint16, len(c.names))
	for i := range number {
		number[i] = unknown
	}
	for n, w := range vocabulary {
		if id, ok := c.words[w]; ok {
			number[id] = uint16(n)
		}
	}
	t := &texts{tokens: make([]uint16, 0, len(c.tokens)), start: make([]int, 1, len(c.start))}
	for i := 1; i < len(c.start); i++ {
		for _, id := range c.tokens[c.start[i-1]:c.start[i]] {
			if n := number[id]; n != unknown {
				t.tokens = append(t.tokens, n)
			}
		}
		t.start = append(t.start, len(t.tokens))
	}
	return t
}

// frequent returns the words that stand at least least times, most frequent first, at
// most n. Those for which skip is true are left out.
func (c *Corpus) frequent(n, least int, skip func(string) bool) (words []string) {
	ids := make([]uint32, 0, len(c.names))
	for id, count := range c.counts {
		if count >= least && (skip == nil || !skip(c.names[id])) {
			ids = append(ids, uint32(id))
		}
	}
	slices.SortFunc(ids, func(a, b uint32) int {
		return cmp.Or(c.counts[b]-c.counts[a], cmp.Compare(c.names[a], c.names[b]))
	})
	for _, id := range ids[:min(n, len(ids))] {
		words = append(words, c.names[id])
	}
	return words
}

// count returns how often a word stands in the corpus.
func (c *Corpus) count(word string) int {
	if id, ok := c.words[word]; ok {
		return c.counts[id]
	}
	return 0
}
