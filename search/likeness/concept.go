package likeness

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"broadsheet/search/analysis"
)

const (
	// titleCount is how often a word of the title counts.
	titleCount = 2

	// maxPhrase is how many words a phrase has: "mixture of experts".
	maxPhrase = 3

	// leastRarity is how telling the rarest word of a concept is: one paper in ten has
	// it, or fewer. Among few papers it is a part of the greatest there is.
	leastRarity     = 2.3
	leastRarityPart = 0.45

	// commonWord is how telling each word of a phrase is: three papers in ten have it, or
	// fewer. "method with" is no phrase.
	commonWord     = 1.2
	commonWordPart = 0.25

	// maxTelling is how many concepts of a text are held against those of another.
	maxTelling = 24

	// phraseGain is how much more a phrase tells than its words.
	phraseGain = 1.5

	// leastShare is what a concept tells at least, in parts of the one that tells most.
	leastShare = 0.15

	// leastAbout and unknownAbout stand for the cosine to both texts of what is far from
	// them and of words that the model does not know.
	leastAbout   = 0.05
	unknownAbout = 0.5

	// leastNear is how near words are that are told as near, and leastToOther how near
	// each is to the other text. Words that have nothing to do with each other have a
	// cosine of 0.05 and less, "tumor" and "cancer" 0.29, "speech" and "spoken" 0.50.
	leastNear    = 0.22
	leastToOther = 0.12

	// alikeLetters is how many letters words begin with that are forms of one.
	alikeLetters = 5

	// maxTokens bounds the words that are read of a long text.
	maxTokens = 20_000
)

// A concept is a word or a phrase of a text.
type concept struct {
	text  string
	terms []string
	tells float64 // sum of the rarities of its words
	count float64
}

func (c *concept) weight() float64 { return c.tells * math.Sqrt(c.count) }

// A word stands in a text.
type word struct {
	analysis.Token
	rarity float64
}

// read takes in the words and phrases of a text, each occurrence of which counts n.
func (p *Profile) read(text string, n float64) {
	words := p.words(text)
	for i, first := range words {
		if first.Kind == analysis.Stop {
			continue
		}
		p.terms[first.Term] = true
		for end := i + 1; end <= min(i+maxPhrase, len(words)); end++ {
			if end > i+1 && !joined(text, words[end-2], words[end-1]) {
				break
			}
			p.add(text, words[i:end], n)
		}
	}
}

func (p *Profile) words(text string) []word {
	var words []word
	for _, t := range p.lex.Analyze(text) {
		if !t.Kind.Counts() || len(words) == maxTokens {
			continue
		}
		w := word{Token: t}
		if t.Kind != analysis.Stop && !aboutPapers[t.Term] {
			w.rarity = p.lex.Rarity(t.Term)
		}
		words = append(words, w)
	}
	return words
}

// joined reports whether nothing but a blank or a hyphen stands between two words.
func joined(text string, a, b word) bool {
	if a.End > b.Start {
		return false
	}
	between := strings.TrimSpace(text[a.End:b.Start])
	return (between == "" || between == "-") && b.Start-a.End <= 2
}

// add counts a concept, if the words are one.
func (p *Profile) add(text string, words []word, n float64) {
	tells, most := 0.0, 0.0
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = w.Term
		if w.Kind == analysis.Stop && i > 0 && i < len(words)-1 {
			continue // "mixture of experts"
		}
		if w.rarity < min(commonWord, commonWordPart*p.lex.Rarest) {
			return
		}
		tells, most = tells+w.rarity, max(most, w.rarity)
	}
	if len(words) > 1 && cutsCompound(text, words) {
		return
	}
	if most < min(leastRarity, leastRarityPart*p.lex.Rarest) || !telling(text[words[0].Start:words[0].End]) {
		return
	}
	key := strings.Join(terms, " ")
	written := strings.Join(strings.Fields(text[words[0].Start:words[len(words)-1].End]), " ")
	c := p.concepts[key]
	if c == nil {
		c = &concept{text: written, terms: terms, tells: tells}
		p.concepts[key] = c
	}
	c.text = plainer(c.text, written)
	c.count += n
}

// cutsCompound reports whether a phrase begins or ends within a compound, as "level
// early" does in "token-level early-exit".
func cutsCompound(text string, words []word) bool {
	first, last := words[0].Start, words[len(words)-1].End
	return first > 0 && text[first-1] == '-' || int(last) < len(text) && text[last] == '-'
}

// plainer returns the one of two spellings that is not capitalized by its place.
func plainer(a, b string) string {
	if strings.ToLower(a) == b {
		return b
	}
	return a
}

// telling reports whether a word is more than a letter or a number.
func telling(w string) bool {
	letters := strings.IndexFunc(w, func(r rune) bool { return r > '9' })
	return letters >= 0 && len(w) > 1
}

// aboutPapers are terms that say how papers speak and not of what, however rare.
var aboutPapers = terms(`abstract accept achieve address advance aim analysis analyze approach art available average bad benefit best
	better broad capture challenge chapter code combine compare comparison competitive comprehensive conduct consist
	consistently contribution contribute crucial current dataset date demonstrate describe diverse effective efficiency efficiently
	empirical empirically enable encourage evaluate evidence examine experiment experimental explore extensive extensively
	extend findings focus furthermore future gap github goal good highlight however illustrate implement implementation
	improve improvement including introduce investigate issue key large leverage limitation limited literature main moreover namely notably
	novel novelty numerous obtain open outperform overall paper particularly performance potential present previous prior project promising
	propose proposed prove provide public publicly real recent recently release remarkable report repository require research respectively
	result robust science significant significantly simple simply specifically state strong study suggest superior survey systematic
	systematically task technique therefore thorough thoroughly thus tool top traditional typical typically unlike url validate various
	widely work world yield both while itself possible up per via among within without toward towards upon either additional certain higher lower more most`)

func terms(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[analysis.Stem(w)] = true
	}
	return set
}

func wordsIn(s string) int { return len(strings.Fields(s)) }

// A common concept is one of two texts.
type common struct {
	*concept
	weight float64
}

// shared returns what both texts have, without what is part of something told before.
func (p *Profile) shared(q *Profile) (list []string) {
	told := map[string]bool{}
	found := p.common(q)
	for _, c := range found {
		if len(list) < maxShared && c.weight >= leastShare*found[0].weight && claim(told, c.terms) {
			list = append(list, c.text)
		}
	}
	return list
}

// common returns the concepts of both texts, the most telling first. A phrase says more
// than its words do. What is near to what the texts are about counts more: "higher" may
// be rarer than "routing".
func (p *Profile) common(q *Profile) []common {
	var found []common
	for key, c := range p.concepts {
		if d := q.concepts[key]; d != nil {
			weight := c.tells * math.Sqrt(min(c.count, d.count))
			if len(c.terms) > 1 {
				weight *= phraseGain
			}
			found = append(found, common{&concept{text: plainer(d.text, c.text), terms: d.terms}, weight})
		}
	}
	sortCommon(found)
	found = found[:min(len(found), maxTelling)]
	list := make([]*concept, len(found))
	for i := range found {
		list[i] = found[i].concept
	}
	for i, m := range p.embed(texts(list)) {
		if m.Known {
			found[i].weight *= max(leastAbout, cosine(m.Vector, p.vector)+cosine(m.Vector, q.vector))
		} else {
			found[i].weight *= unknownAbout
		}
	}
	sortCommon(found)
	return found
}

func sortCommon(list []common) {
	slices.SortFunc(list, func(a, b common) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
}

// claim reports whether none of the terms was told, and marks them. The plural of an
// acronym is told with it.
func claim(told map[string]bool, terms []string) bool {
	for _, t := range terms {
		if told[strings.TrimSuffix(t, "s")] {
			return false
		}
	}
	for _, t := range terms {
		told[strings.TrimSuffix(t, "s")] = true
	}
	return true
}

// near returns pairs of concepts that only one of the texts has and that mean nearly
// the same. Each is near to the other text as a whole, besides, so that no pair of words
// is told that are alike by the way.
func (p *Profile) near(q *Profile) (list [][2]string) {
	type pair struct {
		a, b   meant
		cosine float64
	}
	var found []pair
	theirs := q.own(p)
	for _, a := range p.own(q) {
		for _, b := range theirs {
			if c := cosine(a.vector, b.vector); c >= leastNear && !alike(a.concept, b.concept) {
				found = append(found, pair{a, b, c})
			}
		}
	}
	slices.SortFunc(found, func(x, y pair) int {
		return cmp.Or(cmp.Compare(y.cosine, x.cosine), cmp.Compare(x.a.text, y.a.text), cmp.Compare(x.b.text, y.b.text))
	})
	told := map[string]bool{}
	for _, f := range found {
		if len(list) < maxNear && claim(told, slices.Concat(f.a.terms, f.b.terms)) {
			list = append(list, [2]string{f.a.text, f.b.text})
		}
	}
	return list
}

// A meant concept has a vector.
type meant struct {
	*concept
	vector []float32
}

// own returns the most telling concepts that have no word of the other text and are
// near to it.
func (p *Profile) own(q *Profile) (list []meant) {
	var all []*concept
	for _, c := range p.concepts {
		if len(c.terms) < maxPhrase && !q.hasAny(c) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *concept) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(a.text, b.text))
	})
	all = all[:min(len(all), maxTelling)]
	for i, m := range p.embed(texts(all)) {
		if m.Known && cosine(m.Vector, q.vector) >= leastToOther {
			list = append(list, meant{all[i], m.Vector})
		}
	}
	return list
}

// hasAny reports whether the text has a word of a concept.
func (p *Profile) hasAny(c *concept) bool {
	return slices.ContainsFunc(c.terms, func(t string) bool { return p.terms[t] })
}

// alike reports whether words of two concepts are forms of one: they are near, and that
// tells nothing.
func alike(a, b *concept) bool {
	for _, s := range a.terms {
		for _, t := range b.terms {
			n := min(len(s), len(t), alikeLetters)
			if s[:n] == t[:n] {
				return true
			}
		}
	}
	return false
}
