package indexer

import (
	"context"
	"sync"

	"broadsheet/embed"
	"broadsheet/search"
	"broadsheet/search/vector"
)

// builtin is the model that is part of the program, as the engine uses it.
type builtin struct {
	coder    *vector.Coder
	encoders sync.Pool // of *embed.Encoder
}

// builtinModel opens the model once: it takes some hundredths of a second, and is
// shared by all indexes.
var builtinModel = sync.OnceValues(func() (*builtin, error) {
	m, err := embed.Builtin()
	if err != nil {
		return nil, err
	}
	b := &builtin{}
	b.encoders.New = func() any { return m.NewEncoder() }
	b.coder, err = vector.ReadCoder(m.Coder())
	return b, err
})

// Coder implements search.Model.
func (b *builtin) Coder() *vector.Coder { return b.coder }

// Embed implements search.Model.
func (b *builtin) Embed(ctx context.Context, texts []search.Passage) ([]search.Meaning, error) {
	e := b.encoders.Get().(*embed.Encoder)
	defer b.encoders.Put(e)
	out := make([]search.Meaning, len(texts))
	for i, t := range texts {
		out[i] = search.Meaning{Vector: e.Encode(nil, t.Title, t.Body), Known: e.Known()}
	}
	return out, ctx.Err()
}
