package meaning

import (
	"context"
	"errors"
	"sync"
	"time"

	"broadsheet/embed/endpoint"
)

const (
	// serverTimeout and serverRetries are for papers: a batch of them is slow on a small
	// machine, and what fails is embedded later.
	serverTimeout = time.Minute
	serverRetries = 2

	// questionTimeout is how long a reader waits for the meaning of a question before it
	// is answered by words.
	questionTimeout = 3 * time.Second

	// serverPause is how long a server that has failed is not asked again, so that
	// nobody waits for one that is down.
	serverPause = 30 * time.Second
)

// errPaused says that a server is not asked because it has just failed.
var errPaused = errors.New("the embeddings server has just failed, and is not asked for half a minute")

// A server is an encoder elsewhere.
type server struct {
	papers, questions *endpoint.Client

	mu     sync.Mutex
	failed time.Time
}

func (s *server) Dims() int { return s.papers.Dims() }

// Embed implements encoder.
func (s *server) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	return s.ask(ctx, s.papers, texts)
}

// EmbedQuestion returns the meaning of a question, quickly or not at all.
func (s *server) EmbedQuestion(ctx context.Context, text string) ([]float32, error) {
	v, err := s.ask(ctx, s.questions, []string{text})
	if err != nil {
		return nil, err
	}
	return v[0], nil
}

func (s *server) ask(ctx context.Context, c *endpoint.Client, texts []string) ([][]float32, error) {
	s.mu.Lock()
	paused := time.Since(s.failed) < serverPause
	s.mu.Unlock()
	if paused {
		return nil, errPaused
	}
	v, err := c.Embed(ctx, texts)
	if err != nil && ctx.Err() == nil {
		s.mu.Lock()
		s.failed = time.Now()
		s.mu.Unlock()
	}
	return v, err
}
