package indexer_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/internal/need"
	engine "broadsheet/search"
)

// An attacker looks for the question that costs most: words drawn at random, then the
// dearest of those so far, changed a little, again and again. The work is counted, not
// timed (after the attacks on dynamic networks of arXiv 2308.08709).
func TestAttack(t *testing.T) {
	need.Long(t)
	const papers, attempts, kept = 5_000, 10_000, 20
	store := corpus(t, papers)
	x := follow(t, store)
	rng := rand.New(rand.NewPCG(1, 1))
	var words, sentences []string
	for _, id := range slices.Sorted(keys(store.papers)) {
		abstract := store.papers[id].Abstract
		sentences = append(sentences, store.papers[id].Title, strings.SplitAfter(abstract, ". ")[0])
		words = append(words, strings.Fields(abstract)...)
	}
	cost := func(text string) int {
		text = text[:min(len(text), broadsheet.MaxQuery)]
		return search(t, x, broadsheet.Query{Text: strings.ToValidUTF8(text, ""), Limit: 10}).Work.Cost
	}
	ordinary := make([]int, 500)
	for i := range ordinary {
		ordinary[i] = search(t, x, broadsheet.Query{Text: sentences[rng.IntN(len(sentences))], Plain: true, Limit: 10, Method: broadsheet.MethodHybrid}).Work.Cost
	}
	slices.Sort(ordinary)
	median := ordinary[len(ordinary)/2]

	type attempt struct {
		text string
		cost int
	}
	var best []attempt
	for i := range attempts {
		text := ""
		if i < attempts/4 || len(best) == 0 {
			for range 1 + rng.IntN(200) {
				text += words[rng.IntN(len(words))] + " "
			}
		} else {
			text = mutate(rng, best[rng.IntN(len(best))].text, words)
		}
		a := attempt{text, cost(text)}
		best = append(best, a)
		slices.SortStableFunc(best, func(a, b attempt) int { return b.cost - a.cost })
		best = best[:min(len(best), kept)]
	}
	budget := x.Budget()
	t.Logf("ordinary questions cost %d at the median, %d at most; the dearest of %d attacks %d, with a budget of %d: %.60q",
		median, ordinary[len(ordinary)-1], attempts, best[0].cost, budget, best[0].text)
	if best[0].cost > budget {
		t.Errorf("a question costs %d, more than the budget of %d: %q", best[0].cost, budget, best[0].text)
	}
	if most := 3*median + engine.BudgetFloor; best[0].cost > most {
		t.Errorf("a question costs %d, more than thrice an ordinary one and the budget's floor, %d: %q", best[0].cost, most, best[0].text)
	}
}

// mutate changes a question a little: a word more, one less, another, an operator around
// some, or two halves exchanged.
func mutate(rng *rand.Rand, text string, words []string) string {
	list := strings.Fields(text)
	if len(list) < 2 {
		return text + " " + words[rng.IntN(len(words))]
	}
	at := rng.IntN(len(list))
	switch rng.IntN(9) {
	case 0:
		list = slices.Delete(list, at, at+1)
	case 1, 2:
		list[at] = words[rng.IntN(len(words))]
	case 3:
		list[at] = `"` + list[at] + " " + list[(at+1)%len(list)] + `"`
	case 4:
		list[at] = list[at][:min(2, len(list[at]))] + "*"
	case 5:
		list[at] = "(" + list[at] + " OR " + words[rng.IntN(len(words))] + ")"
	case 6:
		list[at] = "-" + list[at]
	case 7:
		list = append(list[at:len(list):len(list)], list[:at]...)
	default:
		list = slices.Insert(list, at, words[rng.IntN(len(words))])
	}
	return strings.Join(list, " ")
}
