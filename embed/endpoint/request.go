package endpoint

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An outage is a failure that may pass.
type outage struct {
	error
	wait time.Duration // that the server asks for; 0 if it does not
}

func (o *outage) Unwrap() error { return o.error }

// request gets the vectors of a batch, by as many tries as it may take.
func (c *Client) request(ctx context.Context, texts []string) ([][]float32, error) {
	body, err := json.Marshal(struct {
		Model      string   `json:"model"`
		Input      []string `json:"input"`
		Encoding   string   `json:"encoding_format"`
		Dimensions int      `json:"dimensions,omitempty"`
	}{c.opt.Model, texts, "float", c.opt.Dimensions})
	if err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		if err := c.pause.wait(ctx); err != nil {
			return nil, err
		}
		vectors, err := c.try(ctx, body, len(texts))
		var o *outage
		if err == nil || ctx.Err() != nil || !errors.As(err, &o) {
			return vectors, err
		}
		if try >= c.opt.Retries {
			return nil, fmt.Errorf("tried %d times: %w", try+1, err)
		}
		if o.wait > c.opt.MaxWait {
			return nil, fmt.Errorf("asks to wait for %v, want at most %v: %w", o.wait, c.opt.MaxWait, err)
		}
		if o.wait > 0 {
			c.pause.until(time.Now().Add(o.wait)) // all requests wait then
		}
		if err := sleep(ctx, c.backoff(try)); err != nil {
			return nil, err
		}
	}
}

// backoff grows with each try and is drawn from its upper half, so that requests
// that failed together do not come again together.
func (c *Client) backoff(try int) time.Duration {
	d := maxBackoff
	if try < 16 && c.opt.Backoff < maxBackoff {
		d = min(d, c.opt.Backoff<<try)
	}
	return d/2 + rand.N(d/2+1)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A pause holds requests back.
type pause struct {
	mu  sync.Mutex
	end time.Time
}

func (p *pause) until(end time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if end.After(p.end) {
		p.end = end
	}
}

func (p *pause) wait(ctx context.Context) error {
	for {
		p.mu.Lock()
		left := time.Until(p.end)
		p.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := sleep(ctx, left); err != nil {
			return err
		}
	}
}

// try sends one request and reads its answer within the time for one.
func (c *Client) try(ctx context.Context, body []byte, texts int) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the request cannot be made")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "broadsheet")
	if c.opt.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.opt.Key)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, broken(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, c.status(answer)
	}
	limit := c.answerLimit(texts)
	data, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	switch {
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("the answer has more than %d bytes", limit)
	case err != nil:
		return nil, broken(fmt.Errorf("reading the answer: %w", err))
	}
	return c.parse(data, texts)
}

// broken makes an error of a connection that failed. It takes off the URL that
// net/http puts in: its query may be secret.
func broken(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return err // not better the next time
	}
	return &outage{error: err}
}

// answerLimit allows 32 bytes for a number.
func (c *Client) answerLimit(texts int) int64 {
	dims := c.dims
	if dims == 0 {
		dims = maxDims
	}
	return 1<<20 + 32*int64(dims)*int64(texts)
}

// status makes an error of an answer that has no vectors.
func (c *Client) status(r *http.Response) error {
	code := r.StatusCode
	if code >= 300 && code < 400 {
		to := "another address"
		if u, err := r.Location(); err == nil {
			to = u.Scheme + "://" + u.Host
		}
		return fmt.Errorf("answered %d, a redirect to %s; redirects are not followed, the URL itself has to be changed", code, to)
	}
	err := fmt.Errorf("answered %d %s%s", code, http.StatusText(code), c.message(r.Body))
	if code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500 {
		return &outage{err, retryAfter(r.Header.Get("Retry-After"), time.Now())}
	}
	return err
}

// message is the reason that a server gives, quoted and short, without the key.
func (c *Client) message(body io.Reader) string {
	data, _ := io.ReadAll(io.LimitReader(body, 64<<10))
	var answer struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(data, &answer) != nil || answer.Error.Message == "" {
		return ""
	}
	text := answer.Error.Message
	if c.opt.Key != "" {
		text = strings.ReplaceAll(text, c.opt.Key, "[key]")
	}
	return fmt.Sprintf(": %q", cut(text, 300))
}

// retryAfter reads a header of RFC 9110, section 10.2.3: seconds or a date.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(header, 10, 64); err == nil {
		return time.Duration(min(n, 1<<30)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
