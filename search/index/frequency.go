package index

import (
	"cmp"
	"slices"
)

// How often a term stands in a document is kept as one small number, its frequency
// code, which tells how often in the title and how often in the rest. Codes are in
// the order of how common the pair is, so that most take no bits at all: 0 is once
// in the abstract, which is 72 of 100 postings.
const (
	maxTitle = 15  // occurrences beyond, in one title, are not counted
	maxRest  = 239 // nor are those beyond in the rest of one text
	codes    = (maxTitle + 1) * (maxRest + 1)
)

// A frequency is what a code stands for.
type frequency struct{ title, rest uint8 }

var (
	frequencies [codes]frequency
	totals      [codes]uint8 // title and rest
	codeOf      [maxTitle + 1][maxRest + 1]uint16
)

func init() {
	var all []frequency
	for title := range maxTitle + 1 {
		for rest := range maxRest + 1 {
			if title+rest > 0 {
				all = append(all, frequency{uint8(title), uint8(rest)})
			}
		}
	}
	// Counted over 100,000 abstracts: an occurrence in the title is as rare as two
	// more in the abstract, and a word of the title is seldom missing in the rest.
	rarity := func(f frequency) int {
		r := 10*int(f.rest) + 22*int(f.title)
		if f.rest == 0 {
			r += 15
		}
		return r
	}
	slices.SortStableFunc(all, func(a, b frequency) int { return cmp.Compare(rarity(a), rarity(b)) })
	for code, f := range all {
		frequencies[code] = f
		totals[code] = f.title + f.rest
		codeOf[f.title][f.rest] = uint16(code)
	}
}

// InTitle reports whether a frequency code counts an occurrence in the title.
func InTitle(code uint32) bool { return code < codes && frequencies[code].title > 0 }

// InRest reports whether a frequency code counts an occurrence behind the title.
func InRest(code uint32) bool { return code < codes && frequencies[code].rest > 0 }
