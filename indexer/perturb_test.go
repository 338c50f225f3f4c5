package indexer_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet"
	"broadsheet/indexer"
	"broadsheet/internal/need"
	"broadsheet/search/acronym"
	"broadsheet/search/eval"
)

// minKept is what of nDCG@10 is left of questions that are typed less well.
const minKept = 0.95

// every is of how many words one is changed.
const every = 6

// A perturbation makes a question hard, the same way for the same seed.
type perturbation struct {
	name string
	make func(text string, acronyms *acronym.Table, rng *rand.Rand) string
}

var perturbations = []perturbation{
	{"typos", func(text string, _ *acronym.Table, rng *rand.Rand) string {
		return eval.Mistype(text, (len(strings.Fields(text))+every-1)/every, eval.Slips, rng)
	}},
	{"hyphens", func(text string, _ *acronym.Table, rng *rand.Rand) string { return hyphens(text, rng) }},
	{"TeX", func(text string, _ *acronym.Table, rng *rand.Rand) string { return tex(text, rng) }},
	{"acronyms", func(text string, t *acronym.Table, _ *rand.Rand) string { return acronyms(text, t) }},
	{"all", func(text string, t *acronym.Table, rng *rand.Rand) string {
		text = hyphens(acronyms(text, t), rng)
		return tex(eval.Mistype(text, (len(strings.Fields(text))+every-1)/every, eval.Slips, rng), rng)
	}},
}

// hyphens writes the words of compounds apart, and some other words as compounds.
func hyphens(text string, rng *rand.Rand) string {
	words := strings.Fields(strings.ReplaceAll(text, "-", " "))
	for i := 0; i+1 < len(words); i += every {
		if k := min(i+rng.IntN(every), len(words)-2); isWord(words[k]) && isWord(words[k+1]) {
			words[k], words[k+1] = words[k]+"-"+words[k+1], ""
		}
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

var isWord = regexp.MustCompile(`^[A-Za-z]{3,}$`).MatchString

var greek = regexp.MustCompile(`(?i)\b(alpha|beta|gamma|delta|epsilon|kappa|lambda|sigma|theta|omega)\b`)

// tex writes Greek letters as commands, and some other words with markup or an accent.
func tex(text string, rng *rand.Rand) string {
	words := strings.Fields(greek.ReplaceAllStringFunc(text, func(s string) string { return `$\` + strings.ToLower(s) + "$" }))
	for i := 0; i < len(words); i += every {
		if k := min(i+rng.IntN(every), len(words)-1); isWord(words[k]) {
			words[k] = []string{`\emph{` + words[k] + "}", "$" + words[k] + "$", `{\it ` + words[k] + "}",
				words[k][:1] + `\'` + words[k][1:]}[rng.IntN(4)]
		}
	}
	return strings.Join(words, " ")
}

// acronyms writes short forms that the collection defines for their long ones, and long
// forms for short ones.
func acronyms(text string, t *acronym.Table) string {
	contracted := t.Contract(text)
	slices.Reverse(contracted) // from behind, so that places stay
	taken := len(text)
	for i, c := range contracted {
		if best := i+1 == len(contracted) || contracted[i+1].Start != c.Start; best && c.End <= taken {
			text, taken = text[:c.Start]+c.Text+text[c.End:], c.Start
		}
	}
	if len(contracted) > 0 {
		return text
	}
	words := strings.Fields(text)
	for i, w := range words {
		if long := t.Expand(strings.Trim(w, ".,?()")); len(long) > 0 {
			words[i] = long[0].Text
		}
	}
	return strings.Join(words, " ")
}

// Questions that are typed less well are answered nearly as well.
func TestPerturbed(t *testing.T) {
	need.Long(t)
	for _, name := range []string{"scifact", "cranfield", "cisi", "csfcube_dev"} {
		t.Run(name, func(t *testing.T) {
			dir := need.Corpora(t, "data", "ir", name)
			store, b := newMemory(), acronym.NewBuilder()
			for _, l := range jsonLines[struct{ ID, Title, Text string }](t, dir+"/corpus.jsonl.gz") {
				b.Add(l.Title, l.Text)
				store.Put(t.Context(), []broadsheet.Record{{Paper: broadsheet.Paper{
					ID: broadsheet.ID("test:" + l.ID), Title: l.Title, Abstract: l.Text}}})
			}
			x, table := follow(t, store), b.Table()
			if err := x.Suggest(t.Context(), store, nil); err != nil {
				t.Fatal(err)
			}
			for _, method := range []broadsheet.Method{broadsheet.MethodLexical, broadsheet.MethodAdaptive} {
				clean, _ := perturbed(t, x, dir, method, func(s string, _ int) string { return s })
				t.Logf("%s, as they are: nDCG@10 %.4f", method, clean)
				for _, p := range perturbations {
					got, changed := perturbed(t, x, dir, method, func(s string, i int) string {
						return p.make(s, table, rand.New(rand.NewPCG(1, uint64(i))))
					})
					t.Logf("%s, %s in %d questions: nDCG@10 %.4f, %.1f %%", method, p.name, changed, got, 100*got/clean)
					if got < minKept*clean {
						t.Errorf("%s, %s: nDCG@10 %.4f is %.1f %% of %.4f, want %.0f %%", method, p.name, got, 100*got/clean, clean, 100*minKept)
					}
				}
			}
		})
	}
}

// perturbed returns the mean nDCG@10 of the questions of a collection as change makes
// them, and how many it changed.
func perturbed(t *testing.T, x *indexer.Index, dir string, m broadsheet.Method, change func(string, int) string) (mean float64, changed int) {
	t.Helper()
	judged := judgements(t, dir+"/qrels.tsv")
	for i, q := range jsonLines[struct{ ID, Text string }](t, dir+"/queries.jsonl") {
		j := judged[q.ID]
		if j == nil {
			continue
		}
		text := change(q.Text, i)
		if text != q.Text {
			changed++
		}
		var ranking []string
		for _, h := range search(t, x, broadsheet.Query{Text: text[:min(len(text), broadsheet.MaxQuery)], Plain: true, Limit: 11, Method: m}).Hits {
			if doc := h.ID.Local(); doc != q.ID {
				ranking = append(ranking, doc)
			}
		}
		mean += j.NDCG(ranking, 10)
	}
	return mean / float64(len(judged)), changed
}
