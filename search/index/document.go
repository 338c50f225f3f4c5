package index

import (
	"broadsheet/search/column"
	"broadsheet/search/vector"
)

// A Field is a space of terms.
type Field byte

const (
	Text   Field = 't' // words of title and abstract, with frequencies and positions
	Author Field = 'a' // words of names, with frequencies and positions
	Exact  Field = 'x' // words of the title as they are written; documents only
	Key    Field = 'k' // labels to filter by, such as "cat:cs.LG"; documents only
)

func (f Field) scored() bool { return f == Text || f == Author }

// fields are all fields in the order of their terms.
var fields = []Field{Author, Key, Text, Exact}

// A Token is one occurrence of a term.
type Token struct {
	Term string
	Pos  uint32 // number of the word in its text; variants of one word share it
}

// A Document is what the index is told of one document. Positions rise within each
// list of tokens.
type Document struct {
	ID       string
	Title    []Token
	Abstract []Token
	Authors  []Token

	// The lengths that BM25 takes, in words. They may leave out function words.
	TitleLength, AbstractLength int

	// Vector is what the document means, in as many dimensions as Settings.Coder has.
	// It may be nil.
	Vector []float32

	// Tokens are words of the document by their numbers in the vocabulary of the model
	// of Vector, at most vector.MaxTokens.
	Tokens []uint16

	Exact    []string
	Keys     []string
	Numbers  []int64    // by column of the schema
	Keywords [][]string // by column of the schema
}

// Schema names the columns of an index.
type Schema struct {
	Numbers  []string
	Keywords []string
}

// The columns of one byte per document.
const (
	lengthColumn  = iota // words of title and abstract, the title's weighted, by Settings.Lengths
	titleColumn          // positions in the title
	extentColumn         // positions in title and abstract
	authorsColumn        // words of the authors' names
	byteColumns
)

func (s Schema) columns() column.Schema {
	return column.Schema{Numbers: s.Numbers, Keywords: s.Keywords, Bytes: []string{"length", "title", "extent", "authors"}}
}

// Settings say how an index is made. An index is opened with the settings it was
// made with.
type Settings struct {
	Schema  Schema
	Ranking Ranking
	Lengths Lengths
	Coder   *vector.Coder // nil: no vectors are kept
}
