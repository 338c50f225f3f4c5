package indexer

import (
	"broadsheet/meaning"
	"broadsheet/search"
)

// engineModel returns a model as the engine takes it: nil for none.
func engineModel(m *meaning.Model) search.Model {
	if m == nil {
		return nil
	}
	return m
}

// Ref returns what the index in dir says of the model it was written with: nothing where there is no index, and
// [meaning.Mixed] where not all of it is of one.
func Ref(dir string) (meaning.Ref, error) { return meaning.ReadRef(whole(dir)) }

// Model names the model by which papers are found.
func (x *Index) Model() meaning.Ref {
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	return meaning.RefOf(x.model)
}

// vectors returns those of all papers as they are now, whatever becomes of the index.
func (x *Index) vectors() *search.Vectors {
	x.swapping.RLock()
	defer x.swapping.RUnlock()
	return x.engine.Vectors()
}

// sign notes in the index which model it is of. One that has papers of another model, or
// of nobody knows which, is mixed from now on.
func (x *Index) sign() error {
	ref, err := meaning.ReadRef(x.dir)
	now := meaning.RefOf(x.model)
	if err == nil && ref.Same(now) && ref.Kind != "" {
		return nil
	}
	if x.engine.Stats().Docs > 0 {
		now = meaning.Ref{Kind: meaning.Mixed}
	}
	return meaning.WriteRef(x.dir, now)
}
