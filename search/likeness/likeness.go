// Package likeness says why two texts are alike, in words: which telling words and
// phrases both have, which of one mean nearly the same as others of the other, and which
// sentence of each says most nearly what one of the other says.
//
// A [Profile] is what is compared of a text. It is made once and compared with many.
package likeness

import (
	"cmp"
	"math"
	"slices"

	"broadsheet/search/analysis"
	"broadsheet/search/passage"
)

// A Lexicon is what is known of words and texts.
type Lexicon struct {
	// Analyze cuts a text into words, as the index does.
	Analyze func(text string) []analysis.Token

	// Rarity returns how telling a term is: the logarithm of how many papers there are
	// for each that has it. It is negative for a term that no paper has.
	Rarity func(term string) float64

	// Rarest is how telling a term is that one paper has: it is little where there are
	// few papers.
	Rarest float64

	// Embed returns what each text means. A nil Embed, or an error, leaves out all that
	// is by meaning.
	Embed func(texts []string) ([]Meaning, error)
}

// A Meaning is what a text means.
type Meaning struct {
	Vector []float32 // of length 1; nil for a text that says nothing
	Known  bool      // all of its words are known
}

// A Text is compared. A text that is no paper's has no title.
type Text struct{ Title, Body string }

// A Reason says why two texts are alike. Of the first is what it says of the text whose
// profile was asked, of the second what it says of the other.
type Reason struct {
	Shared []string    // words and phrases that both have, the most telling first
	Near   [][2]string // of the first and of the second: other words for nearly the same

	// First and Second are the sentences that are nearest to each other; both are empty
	// where none are near.
	First, Second Sentence

	// Passage is the part of the first text that is nearest to the second, where the
	// first is long; else it is empty.
	Passage passage.Span

	Cosine float64 // of what the two mean; 0 if that is not known
}

// A Sentence is a piece of a text's body, or of its title.
type Sentence struct {
	passage.Span
	Title bool
}

// Empty reports whether there is no sentence.
func (s Sentence) Empty() bool { return s.Start == s.End }

const (
	// maxShared and maxNear are how many words and pairs are told: what can be taken in
	// at a glance.
	maxShared = 4
	maxNear   = 2

	// leastPair is how near two sentences are, to be told. Random ones of different papers
	// have a cosine of 0.1 and less.
	leastPair = 0.3

	// nearPassages is how many passages of a long text are read by their sentences.
	nearPassages = 3

	// shortSentence is the number of words below which a sentence says little.
	shortSentence = 6
)

// A Profile is what is compared of a text.
type Profile struct {
	lex      Lexicon
	text     Text
	bare     string              // the body without addresses
	concepts map[string]*concept // by their terms
	terms    map[string]bool     // that the text has

	vector   []float32
	passages []piece // of a long text
	pieces   []piece // sentences of a short one
}

// A piece is a part of a text with what it means.
type piece struct {
	Sentence
	vector []float32
}

// New returns the profile of a text.
func New(lex Lexicon, text Text) *Profile {
	p := &Profile{lex: lex, text: text, concepts: map[string]*concept{}, terms: map[string]bool{}}
	p.bare = blankAddresses(text.Body)
	p.read(p.bare, 1)
	p.read(blankAddresses(text.Title), titleCount)
	p.readMeaning()
	return p
}

func texts(list []*concept) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.text
	}
	return out
}

// embed returns as many meanings as there are texts.
func (p *Profile) embed(texts []string) []Meaning {
	if p.lex.Embed != nil && len(texts) > 0 {
		if all, err := p.lex.Embed(texts); err == nil && len(all) == len(texts) {
			return all
		}
	}
	return make([]Meaning, len(texts))
}

// readMeaning embeds the text as a whole and in parts: a long one by its passages, whose
// sentences are embedded when one of them is asked for.
func (p *Profile) readMeaning() {
	parts := passage.Long(p.text.Body)
	if parts != nil {
		p.passages = p.embedPieces(parts)
		vectors := make([][]float32, len(parts))
		for i, s := range p.passages {
			vectors[i] = s.vector
		}
		p.vector = passage.Aggregate(vectors)
		return
	}
	p.vector = p.embed([]string{p.text.Title + ". " + p.text.Body})[0].Vector
	if p.pieces = p.sentences(passage.Span{End: len(p.text.Body)}); len(p.pieces) == 0 && p.text.Title != "" {
		p.pieces = []piece{{Sentence{passage.Span{End: len(p.text.Title)}, true}, p.vector}}
	}
}

func (p *Profile) embedPieces(spans []passage.Span) []piece {
	list := make([]string, len(spans))
	for i, s := range spans {
		list[i] = s.In(p.bare)
	}
	out := make([]piece, len(spans))
	for i, m := range p.embed(list) {
		out[i] = piece{Sentence{Span: spans[i]}, m.Vector}
	}
	return out
}

// sentences returns those of a part of the body, without the short ones unless there
// are no others.
func (p *Profile) sentences(part passage.Span) []piece {
	var long, all []passage.Span
	for _, s := range passage.Sentences(part.In(p.text.Body)) {
		s.Start, s.End = s.Start+part.Start, s.End+part.Start
		all = append(all, s)
		if wordsIn(s.In(p.text.Body)) >= shortSentence {
			long = append(long, s)
		}
	}
	if len(long) > 0 {
		all = long
	}
	return p.embedPieces(all)
}

// Compare says why p and q are alike.
func (p *Profile) Compare(q *Profile) Reason {
	r := Reason{Shared: p.shared(q), Near: p.near(q), Cosine: cosine(p.vector, q.vector)}
	parts := p.nearest(q)
	r.First, r.Second = pair(p.sentencesOf(parts), q.sentencesOf(q.nearest(p)), p.vector, q.vector)
	for i, s := range parts {
		if i == 0 || s.Start <= r.First.Start && r.First.End <= s.End {
			r.Passage = s.Span
		}
	}
	return r
}

// nearest returns those passages of a long text that are nearest to another text, of
// others nothing.
func (p *Profile) nearest(q *Profile) []piece {
	parts := slices.Clone(p.passages)
	slices.SortStableFunc(parts, func(a, b piece) int {
		return cmp.Compare(cosine(b.vector, q.vector), cosine(a.vector, q.vector))
	})
	return parts[:min(len(parts), nearPassages)]
}

// sentencesOf returns the sentences of passages; of a text that is not long, all.
func (p *Profile) sentencesOf(passages []piece) []piece {
	if p.passages == nil {
		return p.pieces
	}
	var all []piece
	for _, s := range passages {
		all = append(all, p.sentences(s.Span)...)
	}
	return all
}

// pair returns the sentences that are nearest to each other. That each is near the other
// text as a whole counts as well: "Code is available" says the same in both, and nothing
// of either.
func pair(a, b []piece, wholeA, wholeB []float32) (first, second Sentence) {
	most := 0.0
	for _, s := range a {
		toB := cosine(s.vector, wholeB)
		for _, t := range b {
			c := cosine(s.vector, t.vector)
			if score := c + toB + cosine(t.vector, wholeA); c >= leastPair && score > most {
				most, first, second = score, s.Sentence, t.Sentence
			}
		}
	}
	return first, second
}

// cosine is that of vectors of length 1. Where there is none, nothing is near.
func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range min(len(a), len(b)) {
		sum += float64(a[i]) * float64(b[i])
	}
	if math.IsNaN(sum) {
		return 0
	}
	return sum
}
