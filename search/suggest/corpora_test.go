package suggest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet/internal/need"
	"broadsheet/search/suggest"
)

// A paper is what the entries of a real one are made of.
type paper struct{ ID, Title, Authors, Categories string }

// papers reads the real ones, once.
var papers = sync.OnceValue(func() (all []paper) {
	f, err := os.Open(papersPath)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		panic(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p paper
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
	return all
})

var papersPath string

func realPapers(tb testing.TB) []paper {
	tb.Helper()
	need.Long(tb)
	papersPath = need.Corpora(tb, "data", "papers.jsonl.zst")
	return papers()
}

// addPapers adds everything that can be suggested of papers.
func addPapers(tb testing.TB, b *suggest.Builder, papers []paper) {
	tb.Helper()
	add := func(kind suggest.Kind, text, id string, weight uint32) {
		if err := b.Add(suggest.Entry{Kind: kind, Text: text, ID: id, Weight: weight}); err != nil {
			tb.Fatal(err)
		}
	}
	phrases := suggest.NewPhraseCounter(10)
	for _, p := range papers {
		phrases.First(p.Title)
	}
	for _, p := range papers {
		h := fnv.New32()
		h.Write([]byte(p.ID))
		add(suggest.Title, p.Title, p.ID, h.Sum32()%1000)
		for name := range strings.SplitSeq(p.Authors, ", ") {
			add(suggest.Author, name, "", 1)
		}
		for c := range strings.FieldsSeq(p.Categories) {
			add(suggest.Category, c, "", 1)
		}
		for w := range suggest.Words(p.Title) {
			add(suggest.Word, w, "", 1)
		}
		phrases.Second(p.Title)
	}
	for p, n := range phrases.All() {
		add(suggest.Phrase, p, "", uint32(n))
	}
}

// realFile is the path of a file of all real papers.
func realFile(tb testing.TB) string {
	all := realPapers(tb)
	dir := tb.TempDir()
	b := suggest.NewBuilder(suggest.Options{TempDir: dir})
	defer b.Close()
	began := time.Now()
	addPapers(tb, b, all)
	added := time.Since(began)
	path := dir + "/suggestions"
	if err := b.Write(path); err != nil {
		tb.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Logf("%d papers: added in %v, written in %v, %d MB", len(all), added.Round(time.Millisecond),
		(time.Since(began) - added).Round(time.Millisecond), st.Size()/1e6)
	return path
}

// Completing real titles takes well under a millisecond for every length of prefix,
// and each title is found by its first words.
func TestCompleteRealTitles(t *testing.T) {
	all := realPapers(t)
	f := open(t, realFile(t))
	for kind := range suggest.Kind(5) {
		t.Logf("%d of kind %v", f.Len(kind), kind)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var took []time.Duration
	for range 20_000 {
		title := all[rng.IntN(len(all))].Title
		if i := strings.IndexByte(title, ' '); i > 0 && rng.IntN(4) == 0 {
			title = title[i+1:]
		}
		prefix := title[:1+rng.IntN(min(len(title), 30))]
		began := time.Now()
		f.Complete(prefix, 10)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	p50, p99 := took[len(took)/2], took[len(took)*99/100]
	t.Logf("p50 %v, p99 %v, most %v", p50, p99, took[len(took)-1])
	for range 2000 {
		p := all[rng.IntN(len(all))]
		found := f.Complete(p.Title, suggest.MaxResults, suggest.Title)
		if !slices.ContainsFunc(found, func(e suggest.Entry) bool { return e.ID == p.ID }) {
			t.Errorf("%s is not found by its title", p.ID)
		}
	}
}

// slip makes a slip in a word: a letter left out, put in, replaced, or exchanged
// with the next.
func slip(rng *rand.Rand, word string) string {
	i, c := rng.IntN(len(word)), string(rune('a'+rng.IntN(26)))
	switch rng.IntN(4) {
	case 0:
		return word[:i] + word[i+1:]
	case 1:
		return word[:i] + c + word[i:]
	case 2:
		return word[:i] + c + word[i+1:]
	}
	i = min(i, len(word)-2)
	return word[:i] + word[i+1:i+2] + word[i:i+1] + word[i+2:]
}

// Words of titles that are newer than the dictionary are corrected where a slip was
// made in them and left alone where not. The very newest titles are left out: the
// Speller's constants were chosen by them.
func TestCorrectRealWords(t *testing.T) {
	all := realPapers(t)
	const fresh, chosenBy = 20_000, 20_000
	all = all[:len(all)-chosenBy]
	dir := t.TempDir()
	b := suggest.NewBuilder(suggest.Options{TempDir: dir})
	defer b.Close()
	for _, p := range all[:len(all)-fresh] {
		for w := range suggest.Words(p.Title) {
			if err := b.Add(suggest.Entry{Kind: suggest.Word, Text: w, Weight: 1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Write(dir + "/words"); err != nil {
		t.Fatal(err)
	}
	f := open(t, dir+"/words")
	t.Logf("%d words", f.Len(suggest.Word))
	s := &suggest.Speller{Dictionary: f}
	rng := rand.New(rand.NewPCG(40, 20))
	var one, two outcome
	var right, changed, unknown, unknownChanged int
	for _, p := range all[len(all)-fresh:] {
		for w := range suggest.Words(p.Title) {
			if rng.IntN(20) != 0 || len(w) < 4 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
				continue
			}
			right++
			_, ok := s.Correct([]string{w})
			if ok {
				changed++
			}
			if f.Frequency(w) == 0 { // no correction could be the word
				if unknown++; ok {
					unknownChanged++
				}
				continue
			}
			one.correct(s, slip(rng, w), w)
			if len(w) >= 10 {
				two.correct(s, slip(rng, slip(rng, w)), w)
			}
		}
	}
	t.Logf("one slip: %v", &one)
	t.Logf("two slips: %v", &two)
	t.Logf("of %d right words %.2f %% changed; %d were unknown, of which %d were changed", right, percent(changed, right), unknown, unknownChanged)
	if percent(one.right, one.words()) < 85 || percent(two.right, two.words()) < 75 || percent(changed, right) > 1 {
		t.Error("want 85 % and 75 % corrected and at most 1 % of right words changed")
	}
}

// An outcome is what became of words with slips.
type outcome struct {
	right, wrong, left int
	took               []time.Duration
}

func (o *outcome) correct(s *suggest.Speller, typo, meant string) {
	if typo == meant {
		return
	}
	began := time.Now()
	got, ok := s.Correct([]string{typo})
	o.took = append(o.took, time.Since(began))
	switch {
	case got[0] == meant:
		o.right++
	case ok:
		o.wrong++
	default:
		o.left++
	}
}

func (o *outcome) words() int { return o.right + o.wrong + o.left }

func (o *outcome) String() string {
	slices.Sort(o.took)
	n := o.words()
	return fmt.Sprintf("of %d, %.1f %% corrected, %.1f %% to another word, %.1f %% left; p50 %v, p99 %v", n,
		percent(o.right, n), percent(o.wrong, n), percent(o.left, n), o.took[n/2], o.took[n*99/100])
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }
