// Package endpoint asks a server for vectors, in the form of OpenAI's embeddings
// API (https://platform.openai.com/docs/api-reference/embeddings), which most
// servers of models speak: POST {base}/embeddings.
//
// A client sends texts in batches, a few at a time, waits as long as the server
// asks it to, tries again what may pass, and believes no answer before it has
// checked it. It follows no redirect, so that the key goes to no other host.
package endpoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Options name a server and a model and bound what is asked of them. Fields other
// than the first two may be left zero.
type Options struct {
	URL   string // base, such as https://api.example.org/v1
	Model string
	Key   string // sent as a bearer token, and never part of an error

	Dimensions int // asked of the server, for models that can shorten vectors; 0 is not to ask
	KnownDims  int // what Dims was before: it spares New the question

	BatchTexts int           // texts of a request at most; 0 is 64
	BatchBytes int           // bytes of them, unless one text has more; 0 is 256 KiB
	TextBytes  int           // where a text is cut; 0 is 16 KiB, some 4,000 tokens of English
	InFlight   int           // requests at once, over all calls; 0 is 4
	Timeout    time.Duration // of one request; 0 is a minute
	Retries    int           // of a request, behind the first try; 0 is 5, -1 is none
	Backoff    time.Duration // before the first retry, twice that before the next; 0 is half a second
	MaxWait    time.Duration // that the server may ask for; 0 is a minute

	Transport http.RoundTripper // nil is one of the client's own
}

const (
	maxDims    = 1 << 16
	maxBackoff = 30 * time.Second
)

func (o *Options) fill() error {
	for _, x := range []struct {
		name  string
		value *int
		zero  int
	}{
		{"BatchTexts", &o.BatchTexts, 64}, {"BatchBytes", &o.BatchBytes, 256 << 10}, {"TextBytes", &o.TextBytes, 16 << 10},
		{"InFlight", &o.InFlight, 4}, {"Dimensions", &o.Dimensions, 0}, {"KnownDims", &o.KnownDims, o.Dimensions},
	} {
		if *x.value == 0 {
			*x.value = x.zero
		}
		if *x.value < 0 {
			return fmt.Errorf("%s is %d, want a positive number", x.name, *x.value)
		}
	}
	for _, x := range []struct {
		name  string
		value *time.Duration
		zero  time.Duration
	}{{"Timeout", &o.Timeout, time.Minute}, {"Backoff", &o.Backoff, time.Second / 2}, {"MaxWait", &o.MaxWait, time.Minute}} {
		if *x.value == 0 {
			*x.value = x.zero
		}
		if *x.value < 0 {
			return fmt.Errorf("%s is %v, want a positive time", x.name, *x.value)
		}
	}
	if o.Retries == 0 {
		o.Retries = 5
	}
	if o.Model == "" {
		return errors.New("no model is named")
	}
	if strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("the key has a space or another character that cannot be sent")
	}
	if o.Dimensions > 0 && o.KnownDims != o.Dimensions || o.KnownDims > maxDims {
		return fmt.Errorf("%d dimensions are asked for and %d known", o.Dimensions, o.KnownDims)
	}
	return nil
}

// A Client may be used by several goroutines at once.
type Client struct {
	opt   Options
	url   string // of requests
	name  string // of the server in errors: without what may be secret
	dims  int
	http  *http.Client
	slots chan struct{} // as many as requests may be under way
	pause pause
}

// New checks the options and, unless the dimensions are given, asks the server
// how many they are, by the vector of a word.
func New(ctx context.Context, opt Options) (*Client, error) {
	if err := opt.fill(); err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	u, err := address(opt.URL)
	if err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	c := &Client{opt: opt, url: u.String(), dims: opt.KnownDims, slots: make(chan struct{}, opt.InFlight)}
	u.RawQuery = ""
	c.name = u.String()
	c.http = &http.Client{Transport: opt.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	if opt.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = opt.InFlight
		c.http.Transport = t
	}
	if c.dims == 0 {
		probe, err := c.request(ctx, []string{"paper"})
		if err != nil {
			return nil, c.failed(err)
		}
		c.dims = len(probe[0])
	}
	return c, nil
}

// address is where requests go. Errors do not repeat the text: it may have a
// password.
func address(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the URL is not of the form https://host/path")
	}
	if u.User != nil {
		return nil, errors.New("the URL has a user: a secret goes into the key")
	}
	u.Fragment = ""
	u.Path = strings.TrimRight(u.Path, "/")
	if !strings.HasSuffix(u.Path, "/embeddings") {
		u.Path += "/embeddings"
	}
	u.RawPath = ""
	return u, nil
}

// Dims is the length of a vector.
func (c *Client) Dims() int { return c.dims }

// Fingerprint is the same, 64 hexadecimal digits, for clients of one URL, model
// and number of dimensions. A server that exchanges a model under its name cannot
// be told from one that does not.
func (c *Client) Fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "broadsheet endpoint 1\n%q\n%q\n%d %d\n", c.url, c.opt.Model, c.dims, c.opt.TextBytes))
	return hex.EncodeToString(sum[:])
}

// Embed returns a vector of length 1 for each text. An empty text is asked for as
// a space, since servers refuse nothing at all.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	vectors := make([][]float32, len(texts))
	var wait sync.WaitGroup
	defer wait.Wait()
	for from := 0; from < len(texts); {
		batch := c.batch(texts[from:])
		select {
		case c.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, c.failed(context.Cause(ctx))
		}
		to := vectors[from : from+len(batch)]
		wait.Go(func() {
			defer func() { <-c.slots }()
			got, err := c.request(ctx, batch)
			if err != nil {
				cancel(err)
			}
			copy(to, got)
		})
		from += len(batch)
	}
	wait.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, c.failed(err)
	}
	return vectors, nil
}

func (c *Client) failed(err error) error { return fmt.Errorf("endpoint: %s: %w", c.name, err) }

// batch returns the first texts, as they are sent.
func (c *Client) batch(texts []string) []string {
	var batch []string
	size := 0
	for _, s := range texts {
		s = cut(s, c.opt.TextBytes)
		size += len(s)
		if len(batch) == c.opt.BatchTexts || len(batch) > 0 && size > c.opt.BatchBytes {
			break
		}
		if s == "" {
			s = " "
		}
		batch = append(batch, s)
	}
	return batch
}

// cut shortens a text to at most n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
