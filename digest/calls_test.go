package digest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/need"
)

// A cost is the marginal gains asked for by the updates of one sequence.
type cost struct {
	sequence, papers int
	mean             float64
	p99, most        int64
	greedy           int64 // of one lazily greedy choice from the same papers
}

// arrivals makes papers without end: the n-th is always the same.
func arrivals(n int, grow bool) Candidate {
	rng := rand.New(rand.NewPCG(uint64(n), 3))
	c := invented(rng, n, 400)
	c.Relevance = math.Pow(c.Relevance, 4)
	if grow {
		c.Relevance *= 1 + float64(n)/1000 // each day's are worth more: nothing chosen lasts
	}
	return c
}

// updates are sequences with n papers at any time, that do not look at what is
// chosen: the promise is for those.
var updates = []struct {
	name string
	next func(c *Chooser, rng *rand.Rand, n, step int)
}{
	{"at random", func(c *Chooser, rng *rand.Rand, n, step int) {
		if id := arrivals(rng.IntN(2*n), false).ID; c.items[id] == nil {
			c.Insert(arrivals(int(digits(string(id))), false))
		} else {
			c.Delete(id)
		}
	}},
	{"sliding window", func(c *Chooser, rng *rand.Rand, n, step int) { slide(c, n, step, false) }},
	{"each worth more", func(c *Chooser, rng *rand.Rand, n, step int) { slide(c, n, step, true) }},
}

// slide inserts and deletes in turn.
func slide(c *Chooser, n, step int, grow bool) {
	if at := n + step/2; step%2 == 0 {
		c.Insert(arrivals(at, grow))
	} else {
		c.Delete(arrivals(at-n, grow).ID)
	}
}

func digits(id string) (n int) {
	fmt.Sscanf(id, "2599.%d", &n)
	return n
}

func costOf(sequence, n, steps int) cost {
	c, rng := New(Options{Seed: 1}), rand.New(rand.NewPCG(9, uint64(n)))
	for i := range n {
		c.Insert(arrivals(i, updates[sequence].name == "each worth more"))
	}
	got := cost{sequence: sequence, papers: n}
	var calls []int64
	for step := range steps {
		before := c.calls
		updates[sequence].next(c, rng, n, step)
		calls = append(calls, c.calls-before)
		got.mean += float64(c.calls-before) / float64(steps)
	}
	slices.Sort(calls)
	got.p99, got.most = calls[steps*99/100], calls[steps-1]
	before := c.calls
	greedy(c, itemsOf(c))
	got.greedy = c.calls - before + int64(c.Len()) // which it would ask for first
	return got
}

func costs(sizes []int, steps int) (all []cost) {
	for s := range updates {
		for _, n := range sizes {
			all = append(all, costOf(s, n, steps))
		}
	}
	return all
}

// checkCosts fails where the mean grows faster than the square of the logarithm of
// the number of papers. It should not grow at all; half more is noise.
func checkCosts(t *testing.T, all []cost) {
	t.Helper()
	smallest := map[int]cost{}
	for _, c := range all {
		if _, ok := smallest[c.sequence]; !ok {
			smallest[c.sequence] = c
		}
		t.Logf("%-16s %6d papers: %6.0f gains an update, 99 %% at most %6d, most %7d; greedy %6d",
			updates[c.sequence].name, c.papers, c.mean, c.p99, c.most, c.greedy)
		first := smallest[c.sequence]
		limit := first.mean * math.Pow(math.Log(float64(c.papers))/math.Log(float64(first.papers)), 2)
		if c.mean > max(limit, 1.5*first.mean) {
			t.Errorf("%s: %.0f gains an update of %d papers, and %.0f of %d: more than log² grows",
				updates[c.sequence].name, c.mean, c.papers, first.mean, first.papers)
		}
	}
}

func TestCallsOfAnUpdateDoNotGrowWithPapers(t *testing.T) {
	checkCosts(t, costs([]int{100, 1000, 4000}, 3000))
}

// TestCallsOfAnUpdateAsDocumented measures what doc/digest.md shows, up to 10,000
// papers. With UPDATE=1 it measures up to 100,000, some minutes, and writes the
// table of the document and its picture.
func TestCallsOfAnUpdateAsDocumented(t *testing.T) {
	need.Long(t)
	sizes := []int{100, 316, 1000, 3162, 10_000}
	update := os.Getenv("UPDATE") == "1"
	if update {
		sizes = append(sizes, 31_623, 100_000)
	}
	all := costs(sizes, 20_000)
	checkCosts(t, all)
	if !update {
		return
	}
	doc := filepath.Join("..", "doc", "digest.md")
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- calls -->\n", "<!-- end of calls -->\n"
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("doc/digest.md has no place for the table")
	}
	write(t, doc, before+begin+tableOf(all)+end+after)
	write(t, filepath.Join("..", "doc", "digest-calls.svg"), pictureOf(all))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func tableOf(all []cost) string {
	var b strings.Builder
	b.WriteString("\n| sequence | papers | mean | 99 % at most | most | greedy anew |\n|---|---|---|---|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&b, "| %s | %d | %.0f | %d | %d | %d |\n", updates[c.sequence].name, c.papers, c.mean, c.p99, c.most, c.greedy)
	}
	return b.String() + "\n"
}

// pictureOf draws the means and greedy over the number of papers, both axes
// logarithmic.
func pictureOf(all []cost) string {
	x := func(papers int) float64 { return 60 + 170*(math.Log10(float64(papers))-2) }
	y := func(calls float64) float64 { return 300 - 80*(math.Log10(calls)-2) }
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 350" font-family="sans-serif" font-size="13">
<title>Marginal gains asked for by an update, by the number of papers</title>
<rect width="720" height="350" fill="#fff"/>
`)
	for p, label := range []string{"100", "1,000", "10,000", "100,000"} {
		at := x(int(math.Pow10(p + 2)))
		fmt.Fprintf(&b, "<path d=\"M%.0f 60V300\" stroke=\"#ddd\"/><text x=\"%.0f\" y=\"318\" text-anchor=\"middle\">%s</text>\n", at, at, label)
		at = y(math.Pow10(p + 2))
		fmt.Fprintf(&b, "<path d=\"M60 %.0fH570\" stroke=\"#ddd\"/><text x=\"54\" y=\"%.0f\" text-anchor=\"end\">%s</text>\n", at, at+4, label)
	}
	b.WriteString("<text x=\"315\" y=\"340\" text-anchor=\"middle\">papers to choose from</text><text x=\"10\" y=\"24\">marginal gains, mean of an update</text>\n")
	for s, colour := range []string{"#1b6ca8", "#b5541c", "#3c7a3c"} {
		line(&b, x, y, slices.DeleteFunc(slices.Clone(all), func(c cost) bool { return c.sequence != s }), colour, updates[s].name, float64(16*s-16))
	}
	anew := slices.DeleteFunc(slices.Clone(all), func(c cost) bool { return c.sequence != 1 })
	for i := range anew {
		anew[i].mean = float64(anew[i].greedy)
	}
	line(&b, x, y, anew, "#888", "greedy anew", 0)
	return b.String() + "</svg>\n"
}

func line(b *strings.Builder, x func(int) float64, y func(float64) float64, costs []cost, colour, name string, shift float64) {
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Compare(a.papers, b.papers) })
	var points []string
	for _, c := range costs {
		points = append(points, fmt.Sprintf("%.1f,%.1f", x(c.papers), y(c.mean)))
	}
	last := costs[len(costs)-1]
	fmt.Fprintf(b, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/><text x=\"578\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
		strings.Join(points, " "), colour, y(last.mean)+4+shift, colour, name)
}
