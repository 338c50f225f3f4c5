package gist

import (
	"math"
	"strings"
)

const (
	// maxPhrase is the most words of a phrase. Of the keywords that authors give and
	// that stand in their text, one in two hundred is longer.
	maxPhrase = 4

	// maxRead bounds the bytes of a text in which phrases are looked for; the longest
	// real abstract has 20 kB, and the first of them say what it is about.
	maxRead = 8000

	headBits   = 12 // of the table of first and last words
	rarityBits = 16 // of the table of how rare words are
)

// The measures of a phrase, in the order of their weights.
const (
	ofAll = iota
	ofCount
	ofTitle
	ofFirst
	ofTwo
	ofThree
	ofFour
	ofMeanRarity
	ofLeastRarity
	ofMostRarity
	ofCapitals
	ofHyphen
	ofWhole
	ofInside
	ofLastIng
	ofLastOther
	ofFirstForm
	ofTitleCount
	ofSpread
	ofAcronym
	phraseFeatures
)

// A Phrase is a candidate: words that stand together without a stop word or a
// punctuation mark between.
type Phrase struct {
	Text     string // as it is written
	Measures [phraseFeatures]float32
	Heads    [2]uint32 // hashes of its first and last word

	tokens      []token
	hash        uint64 // of all words, of all but the first, and of all but the last
	rest, start uint64
	tally       int
	first, last int  // among the tokens of the text
	asWritten   bool // Text stands within a sentence of the abstract, so its capitals are meant
}

// Key returns the words in the form in which the forms of a word are one.
func (p *Phrase) Key() string {
	keys := make([]string, len(p.tokens))
	for i := range p.tokens {
		keys[i] = p.tokens[i].key
	}
	return strings.Join(keys, " ")
}

// Tally returns how often the phrase stands in the text.
func (p *Phrase) Tally() float64 { return float64(p.tally) }

// Rareness returns how rare its words are on average, from 0 to 1.
func (p *Phrase) Rareness() float64 { return float64(p.Measures[ofMeanRarity]) }

// Whole reports whether the phrase stands somewhere without a neighbour that could
// belong to it.
func (p *Phrase) Whole() bool { return p.Measures[ofWhole] == 1 }

// Phrases returns the candidates of a text and what they measure, in the order in
// which they appear first.
func (m *Model) Phrases(title, abstract string) []Phrase {
	s := title + "\n\n" + abstract
	if len(s) > maxRead {
		s = strings.ToValidUTF8(s[:maxRead], "")
	}
	tokens := tokensOf(s)
	inTitle := 0
	for inTitle < len(tokens) && tokens[inTitle].start < len(title) {
		inTitle++
	}
	found, at := collect(s, tokens, inTitle)
	inside := make([]bool, len(found))
	for i := range found {
		p := &found[i]
		for _, part := range []uint64{p.rest, p.start} {
			if k, ok := at[part]; ok && len(p.tokens) > 1 && found[k].tally == p.tally {
				inside[k] = true
			}
		}
	}
	for i := range found {
		m.measure(&found[i], len(tokens), inTitle, inside[i])
	}
	return found
}

// PhraseKey returns the Key of a keyword as somebody gives it.
func PhraseKey(s string) string {
	var keys []string
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !isWordRune(r) && r != '-' && r != '\'' && r != '’' && r != '+' }) {
		if w = strings.Trim(w, "-'’"); w != "" {
			keys = append(keys, stem(w))
		}
	}
	return strings.Join(keys, " ")
}

// collect gathers the candidates, with how often each stands in the text, and where
// to find them by their hash.
func collect(s string, tokens []token, inTitle int) ([]Phrase, map[uint64]int) {
	found := make([]Phrase, 0, 2*len(tokens))
	at := make(map[uint64]int, 2*len(tokens))
	for i := range tokens {
		var whole, rest, start uint64
		for n := 1; n <= maxPhrase && i+n <= len(tokens); n++ {
			t := &tokens[i+n-1]
			if t.stop || n > 1 && t.gap {
				break
			}
			if start, whole = whole, join(whole, t.hash); n > 1 {
				rest = join(rest, t.hash)
			}
			k, ok := at[whole]
			if !ok {
				k = len(found)
				at[whole] = k
				found = append(found, Phrase{Text: s[tokens[i].start:t.end], hash: whole, rest: rest, start: start, tokens: tokens[i : i+n], first: i})
			}
			p := &found[k]
			p.tally++
			p.last = i
			if !p.asWritten && i >= inTitle && !tokens[i].opens {
				p.Text, p.asWritten = s[tokens[i].start:t.end], true
			}
			if bounded(tokens, i, n) {
				p.Measures[ofWhole] = 1
			}
		}
	}
	return found, at
}

func join(h, word uint64) uint64 { return (h ^ word) * 0x100000001B3 }

// bounded reports whether no word next to the phrase could belong to it.
func bounded(tokens []token, i, n int) bool {
	before := i == 0 || tokens[i].gap || tokens[i-1].stop
	after := i+n == len(tokens) || tokens[i+n].gap || tokens[i+n].stop
	return before && after
}

// measure fills in what is known of a phrase.
func (m *Model) measure(p *Phrase, tokens, inTitle int, inside bool) {
	f := &p.Measures
	f[ofAll] = 1
	f[ofCount] = logOf(p.tally)
	f[ofFirst] = float32(p.first) / float32(tokens)
	f[ofSpread] = float32(p.last-p.first) / float32(tokens)
	is(&f[ofTitle], p.first < inTitle)
	if n := len(p.tokens); n > 1 {
		f[ofTwo+n-2] = 1
	}
	is(&f[ofInside], inside)
	f[ofTitleCount] = f[ofTitle] * f[ofCount]
	is(&f[ofHyphen], strings.Contains(p.Text, "-"))
	f[ofLeastRarity] = 1
	for i := range p.tokens {
		r := m.rarity(p.tokens[i].key)
		f[ofMeanRarity] += r / float32(len(p.tokens))
		f[ofLeastRarity], f[ofMostRarity] = min(f[ofLeastRarity], r), max(f[ofMostRarity], r)
	}
	is(&f[ofCapitals], capitalInside(p.Text))
	is(&f[ofAcronym], len(p.tokens) == 1 && strings.ToUpper(p.Text) == p.Text)
	first, last := p.tokens[0].key, p.tokens[len(p.tokens)-1].key
	is(&f[ofLastIng], strings.HasSuffix(last, "ing"))
	is(&f[ofLastOther], strings.HasSuffix(last, "ed") || strings.HasSuffix(last, "ly") || strings.HasSuffix(last, "ive") || strings.HasSuffix(last, "al"))
	is(&f[ofFirstForm], strings.HasSuffix(first, "ing") || strings.HasSuffix(first, "ed") || strings.HasSuffix(first, "ly"))
	p.Heads = [2]uint32{hash("first", first) & (1<<headBits - 1), hash("last", last) & (1<<headBits - 1)}
}

// capitalInside reports whether a capital stands within a word: LoRA, GPT.
func capitalInside(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' && s[i-1] != ' ' && s[i-1] != '-' {
			return true
		}
	}
	return false
}

// logOf is ln(1+n); most phrases stand once or twice.
func logOf(n int) float32 {
	switch n {
	case 1:
		return math.Ln2
	case 2:
		return 1.0986123
	}
	return float32(math.Log1p(float64(n)))
}

func is(f *float32, yes bool) {
	if yes {
		*f = 1
	}
}

// rarity returns 0 for a word that every paper has, up to 1 for one that none has.
func (m *Model) rarity(word string) float32 { return float32(m.Rarity[RarityAt(word)]) / 255 }

// RarityAt returns the place of a word, as in a key, in the table Model.Rarity.
func RarityAt(word string) uint32 { return hash("word", word) & (1<<rarityBits - 1) }

// Score returns how much a phrase tells of its paper: the logarithm of the odds that
// its authors would give it as a keyword.
func (m *Model) Score(p *Phrase) float64 {
	sum := float32(m.HeadBy) * float32(int(m.Heads[p.Heads[0]])+int(m.Heads[p.Heads[1]]))
	for i, f := range p.Measures {
		sum += f * m.Phrase[i]
	}
	return float64(sum)
}

// A paper has minPhrases to maxPhrases keyphrases: as many as score minScore, but at
// least minPhrases where its text has them.
const (
	minPhrases = 3
	maxPhrases = 8
	minScore   = -2.6 // odds of one in fourteen

	// A single word that more papers have, about one in a hundred and fifty, tells
	// little: "image", "evaluation".
	minRarity = 0.36
)

// Keyphrases returns 3 to 8 phrases of a paper's own title and abstract that tell
// most of it, best first; fewer only where the text is short or general.
func (m *Model) Keyphrases(title, abstract string) []string {
	found := m.Phrases(title, abstract)
	scores := make([]float64, len(found))
	for i := range found {
		scores[i] = m.Score(&found[i])
		if p := &found[i]; len(p.tokens) == 1 && p.Measures[ofMeanRarity] < minRarity && p.Measures[ofAcronym] == 0 {
			scores[i] = math.Inf(-1)
		}
	}
	var texts []string
	for len(texts) < maxPhrases {
		best := -1
		for i := range found {
			if !math.IsInf(scores[i], -1) && (best < 0 || scores[i] > scores[best]) {
				best = i
			}
		}
		if best < 0 || len(texts) >= minPhrases && scores[best] < minScore {
			break
		}
		texts = append(texts, found[best].written())
		for i := range found {
			if overlap(found[i].tokens, found[best].tokens) {
				scores[i] = math.Inf(-1)
			}
		}
	}
	return texts
}

// overlap reports whether one phrase holds the other.
func overlap(a, b []token) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	for i := 0; i+len(b) <= len(a); i++ {
		n := 0
		for n < len(b) && a[i+n].hash == b[n].hash {
			n++
		}
		if n == len(b) {
			return true
		}
	}
	return false
}

// written returns the phrase as it would be written within a sentence. Where it is
// found only in a title or at the start of a sentence, words that have but their
// first letter large may owe that to the place.
func (p *Phrase) written() string {
	if p.asWritten {
		return p.Text
	}
	b := []byte(p.Text)
	for i := range b {
		opens := i == 0 || b[i-1] == ' ' || b[i-1] == '-'
		if opens && b[i] >= 'A' && b[i] <= 'Z' && i+1 < len(b) && b[i+1] >= 'a' && b[i+1] <= 'z' && !capitalInside(wordAt(p.Text, i)) {
			b[i] |= 0x20
		}
	}
	return string(b)
}

func wordAt(s string, i int) string {
	if n := strings.IndexAny(s[i:], " -"); n >= 0 {
		return s[i : i+n]
	}
	return s[i:]
}
