package digest

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet"
)

const (
	maxWords   = 2000 // of one paper: an abstract has 150, and a hostile one may have millions
	minWord    = 3    // letters: shorter ones are formulas and articles
	maxWord    = 40   // letters: longer ones are no words
	titleCount = 3    // a word in the title counts as often as in the abstract thrice
)

// A Usage knows how common words are, so that those which mark a paper can be
// told from those which all papers have.
type Usage struct {
	papers int
	with   map[string]int // papers that have the word
}

// NewUsage counts the words of papers: those of some weeks, or at least all that
// are new. It should be the same for a reader's interests and candidates.
func NewUsage(papers []broadsheet.Record) *Usage {
	u := &Usage{papers: len(papers), with: map[string]int{}}
	for _, p := range papers {
		for w := range countWords(&p.Paper) {
			u.with[w]++
		}
	}
	return u
}

// rarity is 1 for a word that no paper has, and near 0 for one that all have:
// the inverse document frequency, scaled.
func (u *Usage) rarity(word string) float64 {
	if u == nil || u.papers == 0 {
		return 1
	}
	n := float64(u.papers)
	return math.Log(1+n/(1+float64(u.with[word]))) / math.Log(1+n)
}

// A weighted is a word with its weight in a paper.
type weighted struct {
	word   string
	weight float64
}

// profile returns the words of a paper with weights whose squares sum to 1,
// heaviest first: tf-idf with a damped tf (Salton and Buckley, 1988).
func (u *Usage) profile(p *broadsheet.Paper) []weighted {
	var words []weighted
	sum := 0.0
	for w, n := range countWords(p) {
		x := (1 + math.Log(n)) * u.rarity(w)
		words = append(words, weighted{w, x})
	}
	slices.SortFunc(words, heavier) // before summing: the order of a map must not decide
	for _, w := range words {
		sum += w.weight * w.weight
	}
	for i := range words {
		words[i].weight /= math.Sqrt(sum)
	}
	return words
}

func heavier(a, b weighted) int {
	if a.weight != b.weight {
		if a.weight > b.weight {
			return -1
		}
		return 1
	}
	return strings.Compare(a.word, b.word)
}

// countWords counts the words of a paper's title and abstract.
func countWords(p *broadsheet.Paper) map[string]float64 {
	count := map[string]float64{}
	for _, w := range wordsOf(p.Title) {
		count[w] += titleCount
	}
	for _, w := range wordsOf(p.Abstract) {
		count[w]++
	}
	return count
}

// wordsOf returns the words of a text that can mark a paper.
func wordsOf(text string) []string {
	return slices.DeleteFunc(tokens(text), func(w string) bool { return !marks(w) })
}

// marks reports whether a token can mark a paper: a word, and not one that every
// paper has.
func marks(token string) bool {
	n := utf8.RuneCountInString(token)
	return n >= minWord && n <= maxWord && !stopWord[token] && !strings.Contains(token, " ") &&
		strings.ContainsFunc(token, unicode.IsLetter)
}

// tokens returns the words and numbers of a text in lower case.
func tokens(text string) []string {
	var list []string
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-'
	}) {
		if len(list) == maxWords {
			break
		}
		if w = strings.Trim(w, "-"); w != "" {
			list = append(list, strings.ToLower(w))
		}
	}
	return list
}

// stopWord has what stands in any abstract, and would fill up reasons.
var stopWord = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`about above across additionally address addresses after against all allows almost along
		also although always among and another any approach approaches are around based because become been before being
		best better between beyond both but can cannot challenge challenges challenging compared comprehensive consider
		consistently contrast could crucial current currently datasets demonstrate demonstrates despite different directly
		does due during each effective effectively effectiveness either enable enables enabling especially essential
		even evaluate existing experimental experiments explore extensive field finally find findings first focus for
		four framework from full fully fundamental further furthermore given has have here high highly how however
		https http important improve improved improvement improves including increasingly instead into introduce
		introduces investigate its itself key large largely lead leading less leverages leveraging like limited main
		make makes making many may method methods might more moreover most much multiple must nature need new non not
		novel obtained often one only open other our out outperforms over overall paper particular particularly
		perform performance performs potential present presents previous problem problems propose proposed proposes
		prove provide provides recent recently remain remains require requires research result results rely reveal
		same second several show showing shown shows significant significantly similar simple since single
		some specific specifically state-of-the-art still strong studies study such superior task tasks technique
		techniques than that the their them then there therefore these they third this those three through thus
		time together toward towards traditional two typically under understanding unique up use used useful using
		various very via was way ways well were what when where whether which while who whose wide widely will with
		within without work works world yet you your`) {
		set[w] = true
	}
	return set
}()
