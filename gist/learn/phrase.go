package learn

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"broadsheet/gist"
)

// A Paper is what phrases are learned from.
type Paper struct {
	ID, Title, Abstract string
	Keywords            []string
}

// A Counter counts in how many papers each word stands.
type Counter struct {
	docs int
	in   []int // by gist.RarityAt
	last []int // the paper that was counted last, so that it counts once
}

// NewCounter returns an empty counter.
func NewCounter() *Counter {
	n := len(gist.Model{}.Rarity)
	return &Counter{in: make([]int, n), last: make([]int, n)}
}

// Add counts the words of a paper.
func (c *Counter) Add(title, abstract string) {
	c.docs++
	for w := range strings.FieldsSeq(gist.PhraseKey(title + " " + abstract)) {
		if at := gist.RarityAt(w); c.last[at] != c.docs {
			c.last[at] = c.docs
			c.in[at]++
		}
	}
}

// Docs returns the number of papers counted.
func (c *Counter) Docs() int { return c.docs }

// Fill writes the counts into the model: 0 for a word of every paper, 255 for one of
// none, evenly in the logarithm.
func (c *Counter) Fill(m *gist.Model) {
	m.Docs = float32(c.docs)
	whole := math.Log(float64(c.docs + 1))
	for i, n := range c.in {
		m.Rarity[i] = uint8(math.Round(255 * (whole - math.Log(float64(n+1))) / whole))
	}
}

// Constants of the learning of phrases, chosen on held-out papers.
const (
	phrasePasses = 4
	phraseRate   = 0.05
	phraseDecay  = 0.0005
)

// Phrases learns which candidates authors give as keywords: logistic regression over
// the measures of a phrase and its first and last words.
func Phrases(m *gist.Model, papers []Paper, seed uint64) {
	heads, headSq := make([]float64, len(m.Heads)), make([]float64, len(m.Heads))
	dense, denseSq := make([]float64, len(m.Phrase)), make([]float64, len(m.Phrase))
	rng := rand.New(rand.NewPCG(seed, 4))
	for range phrasePasses {
		for _, k := range rng.Perm(len(papers)) {
			gold := keysOf(papers[k].Keywords)
			for _, p := range m.Phrases(papers[k].Title, papers[k].Abstract) {
				z := heads[p.Heads[0]] + heads[p.Heads[1]]
				for i, f := range p.Measures {
					z += dense[i] * float64(f)
				}
				slope := 1 / (1 + math.Exp(-z))
				if gold[p.Key()] {
					slope--
				}
				for i, f := range p.Measures {
					if f != 0 {
						stepBy(&dense[i], &denseSq[i], slope*float64(f), 0, phraseRate)
					}
				}
				for _, h := range p.Heads {
					stepBy(&heads[h], &headSq[h], slope, phraseDecay, phraseRate)
				}
			}
		}
	}
	for i, w := range dense {
		m.Phrase[i] = float32(w)
	}
	top := 0.0
	for _, w := range heads {
		top = max(top, math.Abs(w))
	}
	m.HeadBy = float32(top / 127)
	for i, w := range heads {
		m.Heads[i] = int8(math.Round(w / max(top, 1e-9) * 127))
	}
}

func stepBy(w, square *float64, slope, decay, rate float64) {
	slope += decay * *w
	*square += slope * slope
	*w -= rate * slope / math.Sqrt(*square+1e-8)
}

func keysOf(keywords []string) map[string]bool {
	keys := map[string]bool{}
	for _, k := range keywords {
		if key := gist.PhraseKey(k); key != "" {
			keys[key] = true
		}
	}
	return keys
}

// Telling returns the papers of which a keyword stands in their own text. Others were
// given classes of a catalogue, from which nothing can be learned about phrases.
func Telling(papers []Paper) (out []Paper) {
	for _, p := range papers {
		if present(p, keysOf(p.Keywords)) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// present counts the keywords that stand in a paper's text.
func present(p Paper, keys map[string]bool) (n int) {
	text := " " + gist.PhraseKey(p.Title+" . "+p.Abstract) + " "
	for k := range keys {
		if strings.Contains(text, " "+k+" ") {
			n++
		}
	}
	return n
}

// HeldOut reports whether a paper is kept for judging: every other one, by its ID.
func HeldOut(id string) bool {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()>>16&1 == 1
}

// A PhraseReport says how well a way of choosing phrases finds the keywords that
// authors gave: of the first five, how many are among them; of all of them, how many
// are among the first eight; and of those that stand in the text at all.
type PhraseReport struct {
	Name                              string
	Papers                            int
	Precision5, Recall8, Present8, F1 float64 // F1 of the first eight, the mean over papers
}

// Judge compares ways of choosing phrases on papers with keywords.
func Judge(m *gist.Model, papers []Paper) []PhraseReport {
	ways := []struct {
		name   string
		choose func(Paper) []string
	}{
		{"model", func(p Paper) []string { return m.Keyphrases(p.Title, p.Abstract) }},
		{"tf-idf", func(p Paper) []string { return tfidf(m, p) }},
		{"RAKE", func(p Paper) []string { return rake(m, p) }},
	}
	var reports []PhraseReport
	for _, w := range ways {
		rep := PhraseReport{Name: w.name, Papers: len(papers)}
		for _, p := range papers {
			judge(&rep, p, w.choose(p))
		}
		n := float64(len(papers))
		rep.Precision5, rep.Recall8, rep.Present8, rep.F1 = rep.Precision5/n, rep.Recall8/n, rep.Present8/n, rep.F1/n
		reports = append(reports, rep)
	}
	return reports
}

func judge(rep *PhraseReport, p Paper, phrases []string) {
	gold := keysOf(p.Keywords)
	hits5, hits8 := 0, 0
	for i, phrase := range phrases {
		if gold[gist.PhraseKey(phrase)] {
			hits8++
			if i < 5 {
				hits5++
			}
		}
	}
	rep.Precision5 += float64(hits5) / 5
	rep.Recall8 += float64(hits8) / float64(max(1, len(gold)))
	rep.Present8 += float64(hits8) / float64(max(1, present(p, gold)))
	rep.F1 += 2 * float64(hits8) / float64(max(1, len(phrases)+len(gold)))
}

const chosen = 8

// tfidf is the first baseline: how often a phrase stands in the text, times how rare
// its words are on average.
func tfidf(m *gist.Model, p Paper) []string {
	return best(m.Phrases(p.Title, p.Abstract), func(q *gist.Phrase) float64 { return q.Rareness() * q.Tally() })
}

// rake is the second: Rose, Engel, Cramer and Cowley, Automatic Keyword Extraction
// from Individual Documents, 2010. A candidate is all that stands between two stop
// words; it scores the sum of its words' degrees over their frequencies.
func rake(m *gist.Model, p Paper) []string {
	all := m.Phrases(p.Title, p.Abstract)
	all = slices.DeleteFunc(all, func(q gist.Phrase) bool { return !q.Whole() })
	degree, freq := map[string]float64{}, map[string]float64{}
	for i := range all {
		words := strings.Fields(all[i].Key())
		for _, w := range words {
			freq[w] += all[i].Tally()
			degree[w] += all[i].Tally() * float64(len(words))
		}
	}
	return best(all, func(q *gist.Phrase) (s float64) {
		for w := range strings.FieldsSeq(q.Key()) {
			s += degree[w] / freq[w]
		}
		return s
	})
}

func best(all []gist.Phrase, score func(*gist.Phrase) float64) (texts []string) {
	slices.SortStableFunc(all, func(a, b gist.Phrase) int { return cmp.Compare(score(&b), score(&a)) })
	for _, q := range all[:min(chosen, len(all))] {
		texts = append(texts, q.Text)
	}
	return texts
}
