// Package meaning has the models by which papers are found by what they mean, as the
// search engine uses them: the one that is part of the program, that one after it has
// gone on learning with a library ([Learn]), and those that an operator chooses
// ([Choice]): a file, a sentence encoder in the form of Hugging Face, or a server.
//
// An index can be searched with the model it was written with and no other, so a [Ref] of
// it lies in the index, and a [Shelf] finds the model of a Ref again.
package meaning

import (
	"context"

	"broadsheet/embed/transformer"
	"broadsheet/search"
	"broadsheet/search/vector"
)

// A Kind says where a model comes from.
type Kind string

// The kinds. The zero Kind is no model: papers are found by their words.
const (
	BuiltIn Kind = "built-in" // part of the program
	Adapted Kind = "adapted"  // the same after it has learned the library
	File    Kind = "file"     // one that broadsheet train wrote
	Encoder Kind = "encoder"  // a sentence encoder in a directory
	Server  Kind = "server"   // whatever answers at an address
	Mixed   Kind = "mixed"    // of an index: not all of it is of one model
)

// A Ref names a model, and has what else its vectors in an index depend on.
type Ref struct {
	Kind  Kind   `json:"kind"`
	Model string `json:"model,omitempty"` // its fingerprint
	From  string `json:"from,omitempty"`  // path of a file or an encoder

	// Of encoders and servers, whose models know nothing of codes:
	Dims  int              `json:"dims,omitempty"`
	Coder string           `json:"coder,omitempty"` // learned from the library, in base 64
	Exit  transformer.Exit `json:"exit,omitzero"`   // found with the library
	Saved float64          `json:"saved,omitempty"` // part of the work that it saved of a sample
}

// Same reports whether two Refs name one model.
func (r Ref) Same(other Ref) bool { return r.Kind == other.Kind && r.Model == other.Model }

// A Model turns texts into vectors. It is a [search.Model] that can be found again.
type Model struct {
	ref   Ref
	coder *vector.Coder
	words *vector.Words // nil for a model that has no vectors of words
	embed func(context.Context, []search.Passage) ([]search.Meaning, error)
	work  func() string // nil: nothing is to be told of it
}

// Ref names the model.
func (m *Model) Ref() Ref { return m.ref }

// Coder implements search.Model.
func (m *Model) Coder() *vector.Coder { return m.coder }

// Words implements search.Model.
func (m *Model) Words() *vector.Words { return m.words }

// Embed implements search.Model.
func (m *Model) Embed(ctx context.Context, texts []search.Passage) ([]search.Meaning, error) {
	return m.embed(ctx, texts)
}

// Work tells what was done to embed texts so far, in a few words; "" when there is
// nothing to tell.
func (m *Model) Work() string {
	if m == nil || m.work == nil {
		return ""
	}
	return m.work()
}

// RefOf names a model that may be nil.
func RefOf(m *Model) Ref {
	if m == nil {
		return Ref{}
	}
	return m.ref
}
