package meaning

import (
	"context"
	"fmt"
	"os"

	"broadsheet"
	"broadsheet/embed"
	"broadsheet/embed/endpoint"
	"broadsheet/embed/transformer"
)

// A Choice is the model that an operator wants instead of the built-in one. The zero
// Choice is none.
type Choice struct {
	Path string // a file that broadsheet train wrote, or the directory of an encoder

	URL, Name, Key string // of a server in the form of OpenAI's, and its model
}

func (c Choice) isSet() bool { return c.Path != "" || c.URL != "" }

// A chosen model as it was opened, before anything was learned for it.
type chosen struct {
	ref     Ref
	encoder encoder // nil for a file
}

// choose opens what the operator wants, once.
func (s *Shelf) choose(ctx context.Context) (*chosen, error) {
	s.once.Lock()
	defer s.once.Unlock()
	if s.chosen != nil {
		return s.chosen, nil
	}
	c, err := s.Choice.open(ctx)
	if err != nil {
		return nil, &broadsheet.Error{Kind: broadsheet.Unavailable, Err: err,
			Text: fmt.Sprintf("The model of meaning that the configuration names cannot be used: %s.", broadsheet.Printable(err.Error(), 500))}
	}
	s.chosen = c
	return c, nil
}

func (c Choice) open(ctx context.Context) (*chosen, error) {
	if c.URL != "" {
		return c.openServer(ctx, 0)
	}
	info, err := os.Stat(c.Path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		m, err := transformer.Open(c.Path, transformer.Options{})
		if err != nil {
			return nil, err
		}
		return &chosen{Ref{Kind: Encoder, Model: m.Fingerprint(), From: c.Path, Dims: m.Dims()}, m}, nil
	}
	data, err := os.ReadFile(c.Path)
	if err != nil {
		return nil, err
	}
	m, err := embed.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Path, err)
	}
	return &chosen{ref: Ref{Kind: File, Model: m.Fingerprint(), From: c.Path}}, nil
}

// openServer asks a server how many dimensions its vectors have, unless that is known.
func (c Choice) openServer(ctx context.Context, dims int) (*chosen, error) {
	opt := endpoint.Options{URL: c.URL, Model: c.Name, Key: c.Key, KnownDims: dims, Timeout: serverTimeout, Retries: serverRetries}
	papers, err := endpoint.New(ctx, opt)
	if err != nil {
		return nil, err
	}
	opt.KnownDims, opt.Timeout, opt.Retries = papers.Dims(), questionTimeout, -1
	questions, err := endpoint.New(ctx, opt)
	if err != nil {
		return nil, err
	}
	e := &server{papers: papers, questions: questions}
	return &chosen{Ref{Kind: Server, Model: papers.Fingerprint(), Dims: papers.Dims()}, e}, nil
}
