package broadsheet

import (
	"context"
	"strings"
)

// A Comparer tells which papers are alike, and why.
type Comparer interface {
	// Similar returns at most limit papers that are most like p, best first. p itself,
	// known by its ID, is not among them; it need not be a paper that is kept here: a
	// text of any length may stand for its abstract.
	Similar(ctx context.Context, p Paper, limit int) ([]Hit, error)

	// Compare says why p is like each of some others.
	Compare(ctx context.Context, p Paper, others []Record) ([]Reason, error)

	// Duplicates returns the papers that are probably the same as one, under another ID
	// or in another version. It knows of them some time after they can be found.
	Duplicates(ctx context.Context, id ID) ([]Duplicate, error)
}

// A Duplicate is a paper that is probably the same as another one.
type Duplicate struct {
	ID       ID     `json:"id"`
	Distance int    `json:"distance"` // bits of 256 in which their codes differ
	Reason   string `json:"reason"`   // a clause
}

// A DuplicatePair is two papers that are probably one.
type DuplicatePair struct {
	First     ID `json:"first"`
	Duplicate `json:"second"`
}

// A Reason says why two papers are alike. The first is the one that was asked about.
type Reason struct {
	Shared  []string    `json:"shared"`            // telling words and phrases of both
	Near    [][2]string `json:"near"`              // other words of each that mean nearly the same
	Asked   *Excerpt    `json:"asked,omitempty"`   // the sentence of the first that is nearest
	Found   *Excerpt    `json:"found,omitempty"`   // to this one of the second
	Passage *Excerpt    `json:"passage,omitempty"` // of a long text, the part that is nearest
	Cosine  float64     `json:"cosine,omitempty"`  // of what both mean
}

// An Excerpt is a piece of a paper's title or abstract, or of a text that stands for
// one. Start and End count bytes of UTF-8.
type Excerpt struct {
	Field string `json:"field"` // title, abstract
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// String says it in a sentence.
func (r Reason) String() string {
	var parts []string
	if len(r.Shared) > 0 {
		parts = append(parts, "Both have "+list(r.Shared)+".")
	}
	var near []string
	for _, n := range r.Near {
		near = append(near, "“"+n[0]+"” is near “"+n[1]+"”")
	}
	if len(near) > 0 {
		text := strings.Join(near, ", ") + "."
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "They share no telling word; as a whole they are near each other."
	}
	return strings.Join(parts, " ")
}

// list joins things in quotation marks: “a”, “b” and “c”.
func list(things []string) string {
	text := ""
	for i, t := range things {
		switch {
		case i == 0:
		case i == len(things)-1:
			text += " and "
		default:
			text += ", "
		}
		text += "“" + t + "”"
	}
	return text
}
