package digest

import (
	"math"
	"slices"
	"strings"

	"broadsheet"
)

// A Desk makes candidates of papers for one reader.
type Desk struct {
	in       Interests
	terms    []weighted // as they are looked for, heaviest first
	weight   map[string]float64
	spelling map[string]string // of the terms, as the reader writes them
	phrases  []string          // of the terms, those that no profile has
	heaviest [2]float64        // of the topics and of the categories
	norm     float64           // of the terms
	authors  map[string]string
}

// NewDesk prepares a reader's interests for many papers.
func NewDesk(in Interests) *Desk {
	if in.Variety == 0 {
		in.Variety = DefaultVariety
	}
	d := &Desk{in: in, weight: map[string]float64{}, spelling: map[string]string{}, authors: map[string]string{}}
	d.readTerms()
	for _, x := range in.Categories {
		d.heaviest[Category] = max(d.heaviest[Category], bounded(x))
	}
	for name := range in.Authors {
		d.authors[strings.ToLower(name)] = name
	}
	return d
}

func (d *Desk) readTerms() {
	for written, x := range d.in.Terms {
		term := normal(written)
		if term == "" {
			continue
		}
		d.weight[term] = max(d.weight[term], bounded(x))
		if strings.ToLower(written) != term {
			written = term // whatever else stands in it does not belong into a reason
		}
		d.spelling[term] = max(d.spelling[term], written) // one of several, always the same
	}
	for term, x := range d.weight {
		d.terms = append(d.terms, weighted{term, x})
	}
	slices.SortFunc(d.terms, heavier) // the order of a map must not decide the last digit of a sum
	for _, t := range d.terms {
		d.norm += t.weight * t.weight
		d.heaviest[Topic] = max(d.heaviest[Topic], t.weight)
		if !marks(t.word) {
			d.phrases = append(d.phrases, t.word)
		}
	}
	d.norm = math.Sqrt(d.norm)
}

// Weight says what a feature is worth to the reader; it is for Options.
func (d *Desk) Weight(kind Kind, name string) float64 {
	switch kind {
	case Topic:
		return d.in.Variety * d.ratio(d.weight[normal(name)], Topic)
	case Category:
		return d.in.Variety * weightOfCategory * d.ratio(d.in.Categories[name], Category)
	case Author:
		return d.in.Variety * weightOfAuthor
	}
	return d.in.Variety * weightOfWord * d.in.Usage.rarity(name)
}

func (d *Desk) ratio(weight float64, kind Kind) float64 {
	if d.heaviest[kind] == 0 {
		return 0
	}
	return bounded(weight) / d.heaviest[kind]
}

// Candidates makes candidates of papers that are not deleted.
func (d *Desk) Candidates(records []broadsheet.Record) []Candidate {
	list := make([]Candidate, 0, len(records))
	for _, r := range records {
		if r.Status != broadsheet.StatusDeleted {
			list = append(list, d.Candidate(r))
		}
	}
	return list
}

// Candidate makes a candidate of a paper. Its relevance, 0 to 1, is the cosine of
// the paper's words with the reader's terms, raised by a category or an author
// that the reader follows. Who has a better score puts it in its place.
func (d *Desk) Candidate(r broadsheet.Record) Candidate {
	return d.Consider(d.in.Usage.Study(&r.Paper))
}

// Consider is Candidate for a paper that was read before, with the usage of the
// reader's interests.
func (d *Desk) Consider(s *Study) Candidate {
	p := s.paper
	c := Candidate{ID: p.ID, Aliases: p.Aliases, Features: d.follows(p)}
	followed := len(c.Features)
	if dot := d.phraseTopics(&c, s) + d.topics(&c, s); d.norm > 0 {
		c.Relevance = min(dot/d.norm, 1)
	}
	for _, f := range c.Features[:followed] {
		raise := relevanceOfAuthor
		if f.Kind == Category {
			raise = relevanceOfCategory * d.ratio(d.in.Categories[f.Name], Category)
		}
		c.Relevance += (1 - c.Relevance) * raise
	}
	return c
}

// follows returns the authors and the category that the reader follows: the first
// of its categories, for a paper that is listed under five is not about five.
func (d *Desk) follows(p *broadsheet.Paper) []Feature {
	var list []Feature
	for _, a := range p.Authors {
		if name, ok := d.authors[strings.ToLower(a.Name)]; ok && len(list) < namedInReason {
			list = append(list, Feature{Author, name, shareOfAuthor})
		}
	}
	for _, c := range p.Categories {
		if d.in.Categories[c] > 0 {
			return append(list, Feature{Category, c, shareOfCategory})
		}
	}
	return list
}

// topics adds the reader's terms that the paper has, and words that mark it, and
// returns the product of the paper's words and the reader's.
func (d *Desk) topics(c *Candidate, s *Study) float64 {
	var has []int // places in the profile of the reader's terms
	for _, t := range d.terms {
		if i, ok := s.place[t.word]; ok && t.weight > 0 {
			has = append(has, int(i))
		}
	}
	slices.Sort(has)
	dot, topics, marking := 0.0, 0, 0
	for i, w := range s.profile {
		if len(has) > 0 && has[0] == i {
			has = has[1:]
			dot += w.weight * d.weight[w.word]
			if topics++; topics <= maxTopics {
				c.Features = append(c.Features, Feature{Topic, d.spelling[w.word], shareIn(slices.Contains(s.title, w.word))})
			}
		} else if marking < markingWords {
			marking++
			c.Features = append(c.Features, Feature{Word, w.word, shareOfWord})
		}
		if len(has) == 0 && marking == markingWords {
			break
		}
	}
	return dot
}

// phraseTopics does the same for terms that are no single marking words. Each
// that is there counts as a paper's only word would.
func (d *Desk) phraseTopics(c *Candidate, s *Study) float64 {
	if len(d.phrases) == 0 {
		return 0
	}
	dot := 0.0
	for _, term := range d.phrases {
		if strings.Contains(s.spacedBoth, " "+term+" ") {
			c.Features = append(c.Features, Feature{Topic, d.spelling[term], shareIn(strings.Contains(s.spaced, " "+term+" "))})
			dot += d.weight[term]
		}
	}
	return dot
}

func spaced(text string) string { return " " + normal(text) + " " }

// normal is the form in which terms are looked for.
func normal(text string) string { return strings.Join(tokens(text), " ") }

func shareIn(title bool) float64 {
	if title {
		return shareInTitle
	}
	return shareInAbstract
}
