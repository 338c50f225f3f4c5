package meaning

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"broadsheet/embed/train"
	"broadsheet/embed/transformer"
	"broadsheet/search"
	"broadsheet/search/vector"
)

// An encoder turns texts into vectors of length 1.
type encoder interface {
	Dims() int
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

const (
	// encoderSample is from how many texts of the library the coder is learned: the mean
	// of so many is near that of all, and a slow encoder takes seconds for them.
	encoderSample = 256

	// encoderLeast is how many it takes to say anything of the others.
	encoderLeast = 16

	// exitKeeps is the mean cosine that vectors have at least with those of all layers
	// where texts leave early, and exitSaves is the work that has to be saved for it.
	exitKeeps = 0.99
	exitSaves = 0.05

	// lane is of what the dimensions of an index's vectors are a multiple.
	lane = 64
)

// Prepare returns the wanted model, ready for an index that is to be made: what its vectors
// need besides is learned from the texts of the library, which are asked for if need be.
func (s *Shelf) Prepare(ctx context.Context, texts func() ([]train.Text, error)) (*Model, error) {
	ref, err := s.WantedRef(ctx)
	if err != nil || ref.Kind != Encoder && ref.Kind != Server {
		return s.orWanted(ctx, err)
	}
	all, err := texts()
	if err != nil {
		return nil, err
	}
	c, err := s.choose(ctx)
	if err != nil {
		return nil, err
	}
	return c.prepare(ctx, spread(all, encoderSample))
}

func (s *Shelf) orWanted(ctx context.Context, err error) (*Model, error) {
	if err != nil {
		return nil, err
	}
	return s.Wanted(ctx)
}

// prepare learns an exit, if the encoder has one, and a coder.
func (c *chosen) prepare(ctx context.Context, sample []train.Text) (*Model, error) {
	texts := make([]string, len(sample))
	for i, t := range sample {
		texts[i] = passage(t.Title, t.Body)
	}
	ref, e := c.ref, c.encoder
	if m, ok := e.(*transformer.Model); ok && len(texts) >= encoderLeast {
		o, err := m.Calibrate(ctx, texts, exitKeeps)
		if err != nil {
			return nil, err
		}
		if o.Saved >= exitSaves {
			if e, err = transformer.Open(ref.From, transformer.Options{Exit: o.Exit}); err != nil {
				return nil, err
			}
			ref.Exit, ref.Saved = o.Exit, o.Saved
		}
	}
	coder, err := learnCoder(ctx, ref, e, texts)
	if err != nil {
		return nil, err
	}
	data, err := coder.AppendBinary(nil)
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	ref.Coder = base64.StdEncoding.EncodeToString(data)
	return encoding(ref, e, coder), nil
}

// learnCoder learns a coder from texts. Of too few it is one that knows nothing.
func learnCoder(ctx context.Context, ref Ref, e encoder, texts []string) (*vector.Coder, error) {
	dims := padded(e.Dims())
	if dims > vector.MaxDims {
		return nil, fmt.Errorf("meaning: the model's vectors have %d dimensions, and at most %d can be kept", e.Dims(), vector.MaxDims)
	}
	seed, err := hex.DecodeString(ref.Model[:min(len(ref.Model), 16)])
	if err != nil || len(seed) != 8 {
		return nil, errors.New("meaning: the model's fingerprint is none")
	}
	number := binary.LittleEndian.Uint64(seed)
	if len(texts) < encoderLeast {
		return vector.NewCoder(dims, number), nil
	}
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	for i := range vectors {
		vectors[i] = pad(vectors[i])
	}
	coder, err := vector.Learn(vectors, number)
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	return coder, nil
}

// findEncoder returns the encoder that an index was written with.
func (s *Shelf) findEncoder(ctx context.Context, ref Ref) (*Model, error) {
	data, err := base64.StdEncoding.DecodeString(ref.Coder)
	if err != nil {
		return nil, fmt.Errorf("meaning: the coder of an index: %w", err)
	}
	coder, err := vector.ReadCoder(data)
	if err != nil {
		return nil, fmt.Errorf("meaning: the coder of an index: %w", err)
	}
	var c *chosen
	switch {
	case ref.Kind == Encoder:
		if c, err = (Choice{Path: ref.From}).open(ctx); err != nil {
			return nil, fmt.Errorf("meaning: %w", err)
		}
		if c.ref.Same(ref) && ref.Exit != (transformer.Exit{}) {
			if c.encoder, err = transformer.Open(ref.From, transformer.Options{Exit: ref.Exit}); err != nil {
				return nil, fmt.Errorf("meaning: %w", err)
			}
		}
	case s.Choice.URL == "":
		return nil, errors.New("meaning: the papers have vectors of an embeddings server, and none is configured")
	default:
		if c, err = s.Choice.openServer(ctx, ref.Dims); err != nil {
			return nil, fmt.Errorf("meaning: %w", err)
		}
	}
	if !c.ref.Same(ref) || padded(c.encoder.Dims()) != coder.Dims() {
		return nil, errors.New("meaning: the papers have vectors of another model than is there now")
	}
	return encoding(ref, c.encoder, coder), nil
}

// encoding returns an encoder as the engine uses it.
func encoding(ref Ref, e encoder, coder *vector.Coder) *Model {
	m := &Model{ref: ref, coder: coder}
	m.embed = func(ctx context.Context, texts []search.Passage) ([]search.Meaning, error) {
		return meanings(ctx, e, texts)
	}
	if t, ok := e.(*transformer.Model); ok {
		m.work = func() string {
			s := t.Stats()
			return fmt.Sprintf("%d texts, %d of them cut at %d tokens; leaving early has saved %.0f %% of the work",
				s.Texts, s.Cut, t.MaxTokens(), 100*s.Saved())
		}
	}
	return m
}

func meanings(ctx context.Context, e encoder, texts []search.Passage) ([]search.Meaning, error) {
	if s, ok := e.(*server); ok && len(texts) == 1 && texts[0].Title == "" {
		v, err := s.EmbedQuestion(ctx, texts[0].Body)
		return []search.Meaning{{Vector: pad(v), Known: 1}}, err
	}
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = passage(t.Title, t.Body)
	}
	vectors, err := e.Embed(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make([]search.Meaning, len(texts))
	for i, v := range vectors {
		out[i] = search.Meaning{Vector: pad(v), Known: 1} // no word is unknown to parts of words
	}
	return out, nil
}

// passage is a text as encoders read it.
func passage(title, body string) string {
	if title == "" {
		return body
	}
	return title + "\n" + body
}

func padded(dims int) int { return (dims + lane - 1) / lane * lane }

// pad appends zeros up to a multiple of 64 dimensions, which change no cosine.
func pad(v []float32) []float32 {
	if len(v)%lane == 0 {
		return v
	}
	return append(v, make([]float32, padded(len(v))-len(v))...)
}
