// Package meaning has the models by which papers are found by what they mean, as the
// search engine uses them: the one that is part of the program, and that one after it has
// gone on learning with a library ([Learn]).
//
// An index can be searched with the model it was written with and no other, so a [Ref] of
// it lies in the index, and a [Shelf] finds the model of a Ref again.
package meaning

import (
	"context"

	"broadsheet/search"
	"broadsheet/search/vector"
)

// A Kind says where a model comes from.
type Kind string

// The kinds. The zero Kind is no model: papers are found by their words.
const (
	BuiltIn Kind = "built-in" // part of the program
	Adapted Kind = "adapted"  // the same after it has learned the library
	Mixed   Kind = "mixed"    // of an index: not all of it is of one model
)

// A Ref names a model.
type Ref struct {
	Kind  Kind   `json:"kind"`
	Model string `json:"model,omitempty"` // its fingerprint
}

// A Model turns texts into vectors. It is a [search.Model] that can be found again.
type Model struct {
	ref   Ref
	coder *vector.Coder
	words *vector.Words // nil for a model that has no vectors of words
	embed func(context.Context, []search.Passage) ([]search.Meaning, error)
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

// RefOf names a model that may be nil.
func RefOf(m *Model) Ref {
	if m == nil {
		return Ref{}
	}
	return m.ref
}
