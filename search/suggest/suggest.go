// Package suggest completes what is being typed (titles, authors, categories,
// frequent phrases) and proposes words for misspelt ones. A [Builder] takes
// entries in any order and writes one immutable file; a [File] answers from that
// file where it is mapped; a [Speller] corrects words by any [Dictionary], and a
// File with entries of kind [Word] is one.
//
// # How a completion is found
//
// Entries of a kind are numbered by falling weight, so that a smaller number is a
// better entry. For each place from which an entry may be typed (each of its first
// words for titles, authors and categories, its beginning otherwise) there is a
// start, an entry's number with an offset; starts are sorted by the folded text
// that follows them. What begins with a prefix is then one range of starts, found
// by binary search, and its best entries are those with the least numbers in the
// range: the least one splits the range in two, a heap holds the parts, and a tree
// of minima finds the least number of a part. The best n of s starts cost O(n log s)
// however long the range is: a single letter is no harder than a whole title. The
// method is that of Hsu and Ottaviano, "Space-Efficient Data
// Structures for Top-k Completion" (WWW 2013), with range minima over numbers
// assigned by score as Gog, Pibiri and Venturini have them in "Efficient and
// Effective Query Auto-Completion" (SIGIR 2020). An FST with weights pushed
// towards its root would need a best-first search over all arcs of each state, a
// copy of every suffix, and the text as written beside it; a start needs five bytes.
//
// # Format, version 1
//
// Integers are little-endian. Sections follow each other without gaps:
//
//	"BSUG"              4 bytes
//	version             u32, 1
//	sections            five for each kind in the order of the constants:
//	    records         for each entry, best first: weight u32, length of the id
//	                    u8, the id, the text as written (UTF-8)
//	    ends            for each entry u32: where its record ends
//	    starts          for each start: number of the entry u32, offset in the
//	                    text u8; ascending by folded text, then number, then offset
//	    minima          for each [fanOut] starts the least number, u32; then for
//	                    each fanOut of those, and so on down to one
//	    dictionary      for words only: an FST (vellum version 1) from the folded
//	                    word to the number of its best entry
//	directory           for each section: length u64, CRC-32C u32
//	checksum            u32, CRC-32C of the directory
//	"BSUG"              4 bytes
package suggest

import (
	"errors"
	"fmt"
)

// A Kind says what a suggestion is.
type Kind uint8

const (
	Title    Kind = iota // of a paper; the entry's ID is the paper's
	Author               // a person's name
	Category             // a subject class, with its name if it has one
	Phrase               // words that often stand together: see [PhraseCounter]
	Word                 // a word of titles with its frequency, for a [Speller]
	kinds
)

// String returns the kind's name in lower case.
func (k Kind) String() string {
	names := [kinds]string{"title", "author", "category", "phrase", "word"}
	if k >= kinds {
		return fmt.Sprintf("kind %d", uint8(k))
	}
	return names[k]
}

// starts returns from how many of its first words an entry can be typed. People
// remember a title by its middle ("is all you need") and a person by the last
// name. A twelfth word is beyond what anyone types from; three titles
// in four have no more. A phrase is listed for each beginning that is a phrase.
func (k Kind) starts() int {
	if k == Phrase || k == Word {
		return 1
	}
	return maxStarts
}

// An Entry is something to suggest.
type Entry struct {
	Kind   Kind
	Text   string // as it is shown
	Weight uint32 // what ranks it among its kind: votes, papers, occurrences
	ID     string // what it leads to, if anything
}

const (
	// MaxText is the greatest length in bytes of an entry's text. A longer one is
	// cut at the end of a word. No title of arXiv is half as long as that.
	MaxText = 512

	// MaxID is the greatest length in bytes of an entry's ID.
	MaxID = 255

	// MaxResults is the most entries that Complete returns. It bounds the work of a
	// call, and no list of suggestions is read so far.
	MaxResults = 100

	maxStarts = 12
)

var (
	// ErrDamaged is in the chain of errors about bytes that no Builder wrote.
	ErrDamaged = errors.New("suggestion file is damaged")

	// ErrVersion is in the chain of errors about files of another version. Such a
	// file is to be built anew.
	ErrVersion = errors.New("suggestion file has another format version")
)
