package suggest_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/search/suggest"
)

// An inventor makes up titles of words with the frequencies of a language.
type inventor struct {
	rng   *rand.Rand
	words []string
}

func newInventor(seed uint64, words int) *inventor {
	v := &inventor{rng: rand.New(rand.NewPCG(seed, 1))}
	syllables := []string{"ba", "ken", "tor", "li", "mu", "sha", "ren", "do", "vex", "ni", "pol", "gra", "sti", "fo", "que"}
	for range words {
		var w strings.Builder
		for range 1 + v.rng.IntN(4) {
			w.WriteString(syllables[v.rng.IntN(len(syllables))])
		}
		v.words = append(v.words, w.String())
	}
	return v
}

// word returns one with a probability of about one by its rank.
func (v *inventor) word() string {
	return v.words[int(math.Pow(float64(len(v.words)), v.rng.Float64()))-1]
}

func (v *inventor) title(words int) string {
	ws := make([]string, words)
	for i := range ws {
		ws[i] = v.word()
	}
	ws[0] = strings.ToUpper(ws[0][:1]) + ws[0][1:]
	return strings.Join(ws, " ")
}

func (v *inventor) entries(n int) []suggest.Entry {
	list := make([]suggest.Entry, n)
	for i := range list {
		list[i] = suggest.Entry{
			Kind: suggest.Title, Text: v.title(6 + v.rng.IntN(7)), ID: fmt.Sprintf("2401.%05d", i),
			Weight: uint32(v.rng.ExpFloat64() * 100),
		}
	}
	return list
}

// build writes entries to a file.
func build(tb testing.TB, opts suggest.Options, entries ...suggest.Entry) string {
	tb.Helper()
	opts.TempDir = tb.TempDir()
	b := suggest.NewBuilder(opts)
	defer b.Close()
	for _, e := range entries {
		if err := b.Add(e); err != nil {
			tb.Fatal(err)
		}
	}
	path := filepath.Join(tb.TempDir(), "suggestions")
	if err := b.Write(path); err != nil {
		tb.Fatal(err)
	}
	if err := b.Close(); err != nil {
		tb.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(opts.TempDir, "*")); len(left) > 0 {
		tb.Fatalf("left in the temporary directory: %q", left)
	}
	return path
}

func open(tb testing.TB, path string) *suggest.File {
	tb.Helper()
	f, err := suggest.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	})
	return f
}
