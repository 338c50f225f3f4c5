package eval

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// A Slip is a way to mistype a word.
type Slip uint8

// The slips: those of Damerau (A technique for computer detection and correction of
// spelling errors, CACM 1964), which are four in five of all.
const (
	Swapped  Slip = iota // two neighbouring letters
	Dropped              // a letter
	Inserted             // a letter
	Replaced             // a letter by another one
	Slips                // how many there are
)

// minSlip is how many letters a word has that is mistyped here. Of shorter ones nobody
// could tell what was meant.
const minSlip = 4

// Mistype returns text with n slips, each in a word of its own, or as many as it has
// words of four letters. Of Slips, each slip is of any kind. The same rng makes the same
// slips.
func Mistype(text string, n int, kind Slip, rng *rand.Rand) string {
	words := strings.Fields(text)
	var may []int
	for i, w := range words {
		if from, to := letters([]rune(w)); to-from >= minSlip {
			may = append(may, i)
		}
	}
	rng.Shuffle(len(may), func(i, j int) { may[i], may[j] = may[j], may[i] })
	for _, i := range may[:min(n, len(may))] {
		k := kind
		if k >= Slips {
			k = Slip(rng.IntN(int(Slips)))
		}
		words[i] = mistype([]rune(words[i]), k, rng)
	}
	return strings.Join(words, " ")
}

// letters returns the longest run of letters of a word.
func letters(w []rune) (from, to int) {
	for i := 0; i < len(w); i++ {
		j := i
		for j < len(w) && unicode.IsLetter(w[j]) {
			j++
		}
		if j-i > to-from {
			from, to = i, j
		}
		i = j
	}
	return from, to
}

// mistype puts a slip into the longest run of letters of a word.
func mistype(w []rune, kind Slip, rng *rand.Rand) string {
	from, to := letters(w)
	i := from + rng.IntN(to-from)
	switch kind {
	case Swapped:
		i = from + rng.IntN(to-from-1)
		for n := 0; w[i] == w[i+1] && n < to-from; n++ {
			i = from + (i-from+1)%(to-from-1)
		}
		w[i], w[i+1] = w[i+1], w[i]
	case Dropped:
		w = slices.Delete(w, i, i+1)
	case Inserted:
		w = slices.Insert(w, i, 'a'+rng.Int32N(26))
	case Replaced:
		r := 'a' + rng.Int32N(25)
		if r >= unicode.ToLower(w[i]) {
			r++
		}
		w[i] = r
	}
	return string(w)
}
