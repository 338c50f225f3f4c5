package suggest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/blevesearch/vellum"
	"github.com/blevesearch/vellum/levenshtein"
)

const (
	// MaxDistance is the greatest distance of [FuzzyFST].
	MaxDistance = 2

	// maxFuzzy is the greatest length in bytes of a word to compare with. Vellum
	// looks at a word in chunks of 32 bytes and mistakes characters of several bytes
	// behind the first one; no English word is longer.
	maxFuzzy = 32
)

// A Match is a word near another one.
type Match struct {
	Word  string
	Value uint64 // what the FST has for it
}

// automata makes the automata of each distance; that takes some milliseconds, once.
var automata = [MaxDistance + 1]func() (*levenshtein.LevenshteinAutomatonBuilder, error){
	1: sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(1, true)
	}),
	2: sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(2, true)
	}),
}

// FuzzyFST returns, in order, the words within a distance of word for which the
// FST has a key of prefix and the word. The distance, 1 or 2, counts characters
// inserted, left out, replaced, or exchanged with their neighbour. The FST is
// walked together with the Levenshtein automaton of the word (Schulz and Mihov,
// "Fast String Correction with Levenshtein Automata", IJDAR 2002), so that only
// what may still match is visited. A word of more than 32 bytes matches nothing.
func FuzzyFST(fst *vellum.FST, prefix []byte, word string, distance int) ([]Match, error) {
	if distance < 1 || distance > MaxDistance {
		return nil, fmt.Errorf("suggest: fuzzy search at distance %d, expected 1 to %d", distance, MaxDistance)
	}
	if len(word) > maxFuzzy || fst.Len() == 0 {
		return nil, nil
	}
	build, err := automata[distance]()
	if err != nil {
		return nil, fmt.Errorf("suggest: fuzzy search: %w", err)
	}
	dfa, err := build.BuildDfa(word, uint8(distance))
	if err != nil {
		return nil, fmt.Errorf("suggest: fuzzy search: %w", err)
	}
	var found []Match
	err = guard(func() error {
		it, err := fst.Search(&prefixed{prefix, dfa}, prefix, nil)
		for ; err == nil; err = it.Next() {
			key, value := it.Current()
			if w := string(key[len(prefix):]); w != "" {
				found = append(found, Match{w, value})
			}
		}
		if errors.Is(err, vellum.ErrIteratorDone) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("suggest: fuzzy search: %w", err)
	}
	return found, nil
}

// prefixed is an automaton that wants a prefix before what dfa accepts. Its states
// are the DFA's, moved up by the length of the prefix; below are those within the
// prefix. The DFA's sink stays apart from them: it cannot match.
type prefixed struct {
	prefix []byte
	dfa    *levenshtein.DFA
}

func (p *prefixed) sink() int { return len(p.prefix) + int(levenshtein.SinkState) }

func (p *prefixed) Start() int {
	if len(p.prefix) == 0 {
		return p.dfa.Start()
	}
	return 0
}

func (p *prefixed) IsMatch(state int) bool {
	return state > p.sink() && p.dfa.IsMatch(state-len(p.prefix))
}

func (p *prefixed) CanMatch(state int) bool {
	return state < len(p.prefix) || state > p.sink() && p.dfa.CanMatch(state-len(p.prefix))
}

func (p *prefixed) WillAlwaysMatch(int) bool { return false }

func (p *prefixed) Accept(state int, b byte) int {
	n := len(p.prefix)
	switch {
	case state >= n:
		return n + p.dfa.Accept(state-n, b)
	case p.prefix[state] != b:
		return p.sink()
	case state+1 == n:
		return n + p.dfa.Start()
	}
	return state + 1
}

// guard makes an error of a panic: vellum indexes by what it has read without a
// check, and what it reads may be damaged.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	return f()
}

// An FST is a dictionary whose keys are a prefix and a word, and from whose values
// a frequency can be told. A nil Frequency takes the values as frequencies.
type FST struct {
	FST       *vellum.FST
	Prefix    []byte
	Frequency func(value uint64) int
}

func (d FST) frequency(value uint64) int {
	if d.Frequency == nil {
		return int(min(value, 1<<31-1))
	}
	return d.Frequency(value)
}

// FSTs are several dictionaries as one: the frequencies of a word in them add up,
// as the document frequencies in the segments of an index do.
type FSTs []FST

// Frequency returns the frequency of a word, 0 where it is in none. An FST that
// cannot be read has no words.
func (ds FSTs) Frequency(word string) (sum int) {
	for _, d := range ds {
		_ = guard(func() error {
			value, ok, err := d.FST.Get(slices.Concat(d.Prefix, []byte(word)))
			if ok && err == nil {
				sum += d.frequency(value)
			}
			return err
		})
	}
	return sum
}

// Fuzzy calls fn for each word within a distance of word, in order.
func (ds FSTs) Fuzzy(word string, distance int, fn func(word string, frequency int) bool) {
	sums := map[string]int{}
	for _, d := range ds {
		found, _ := FuzzyFST(d.FST, d.Prefix, word, distance)
		for _, m := range found {
			sums[m.Word] += d.frequency(m.Value)
		}
	}
	for _, w := range sortedKeys(sums) {
		if !fn(w, sums[w]) {
			return
		}
	}
}
