package indexer

import (
	"context"
	"sync"

	"broadsheet/embed"
	"broadsheet/search"
	"broadsheet/search/rank"
	"broadsheet/search/vector"
)

// builtin is the model that is part of the program, as the engine uses it.
type builtin struct {
	coder    *vector.Coder
	words    *vector.Words
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
	if b.coder, err = vector.ReadCoder(m.Coder()); err != nil {
		return nil, err
	}
	b.words, err = vector.NewWords(m.Dims(), m.Words(), func(dst []float32, i int) {
		row, _ := m.Token(i)
		for j, x := range row {
			dst[j] = float32(x)
		}
	})
	return b, err
})

// BuiltinModel returns the model that is part of the program, for an engine of its own.
func BuiltinModel() (search.Model, error) { return builtinModel() }

// Coder implements search.Model.
func (b *builtin) Coder() *vector.Coder { return b.coder }

// Words implements search.Model.
func (b *builtin) Words() *vector.Words { return b.words }

// Embed implements search.Model.
func (b *builtin) Embed(ctx context.Context, texts []search.Passage) ([]search.Meaning, error) {
	e := b.encoders.Get().(*embed.Encoder)
	defer b.encoders.Put(e)
	out := make([]search.Meaning, len(texts))
	var tokens []embed.Token
	for i, t := range texts {
		out[i] = search.Meaning{Vector: e.Encode(nil, t.Title, t.Body), Known: e.Known()}
		tokens = e.Tokens(tokens[:0])
		for _, t := range tokens {
			out[i].Words = append(out[i].Words, rank.Word{Number: t.Number, Weight: t.Weight})
		}
	}
	return out, ctx.Err()
}
