package meaning

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"

	"broadsheet/embed"
	"broadsheet/embed/train"
	"broadsheet/search"
	"broadsheet/search/rank"
	"broadsheet/search/vector"
)

// Builtin returns the model that is part of the program. It is opened once: that takes
// some hundredths of a second.
var Builtin = sync.OnceValues(func() (*Model, error) {
	m, err := embed.Builtin()
	if err != nil {
		return nil, fmt.Errorf("meaning: the built-in model: %w", err)
	}
	return ofWords(m, Ref{Kind: BuiltIn})
})

// ofWords returns a model of word vectors as the engine uses it. Ref says where it is from.
func ofWords(m *embed.Model, ref Ref) (*Model, error) {
	coder, err := vector.ReadCoder(m.Coder())
	if err != nil {
		return nil, fmt.Errorf("meaning: the model has no coder for its vectors: %w", err)
	}
	words, err := vector.NewWords(m.Dims(), m.Words(), func(dst []float32, i int) {
		row, _ := m.Token(i)
		for j, x := range row {
			dst[j] = float32(x)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	encoders := sync.Pool{New: func() any { return m.NewEncoder() }}
	embed := func(ctx context.Context, texts []search.Passage) ([]search.Meaning, error) {
		e := encoders.Get().(*embed.Encoder)
		defer encoders.Put(e)
		out := make([]search.Meaning, len(texts))
		for i, t := range texts {
			out[i] = search.Meaning{Vector: e.Encode(nil, t.Title, t.Body), Known: e.Known(), Words: telling(e)}
		}
		return out, ctx.Err()
	}
	ref.Model = m.Fingerprint()
	return &Model{ref: ref, coder: coder, words: words, embed: embed}, nil
}

// telling returns the words of the text that was encoded last.
func telling(e *embed.Encoder) []rank.Word {
	tokens := e.Tokens(nil)
	words := make([]rank.Word, len(tokens))
	for i, t := range tokens {
		words[i] = rank.Word{Number: t.Number, Weight: t.Weight}
	}
	return words
}

// WithCoder returns a model of word vectors with what makes codes of them, learned from a
// sample of texts. The code's rotation follows from the model, so that codes of two models
// are never taken for each other.
func WithCoder(m *embed.Model, sample []train.Text) (*embed.Model, error) {
	seed, err := hex.DecodeString(m.WithCoder(nil).Fingerprint())
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	var vectors [][]float32
	for _, t := range sample {
		if v := m.Embed(t.Title, t.Body); v != nil {
			vectors = append(vectors, v)
		}
	}
	coder, err := vector.Learn(vectors, binary.LittleEndian.Uint64(seed))
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	data, err := coder.AppendBinary(nil)
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	return m.WithCoder(data), nil
}
