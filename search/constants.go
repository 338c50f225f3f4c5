package search

import (
	"broadsheet/search/rank"
	"broadsheet/search/vector"
)

// Constants are what the order of hits and the exits of Adaptive follow from, and what the
// command tune measures on judged questions.
type Constants struct {
	rank.Constants

	// Patience is the part of all partitions that is searched without a change of the
	// nearest before the search for more ends.
	Patience float64

	// Prospect is how near a paper that was not compared word by word is taken to be at
	// most, in parts of the nearest so far: no further one is compared when even so it
	// would not be among the wanted.
	Prospect float64
}

// DefaultConstants are those that are used otherwise.
var DefaultConstants = Constants{Constants: rank.Default, Patience: vector.DefaultPatiencePart, Prospect: 1}

// SetConstants sets other ones, for measuring. No search may be under way.
func (e *Engine) SetConstants(c Constants) { e.constants = c }
