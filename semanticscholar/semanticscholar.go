// Package semanticscholar asks Semantic Scholar's Academic Graph, in batches, what
// it knows of papers: citations, venue, fields of study, DOI
// (https://api.semanticscholar.org/api-docs/graph).
package semanticscholar

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
	"broadsheet/internal/reply"
)

// URL is where the service stands.
const URL = "https://api.semanticscholar.org/graph/v1"

// Name is the service's name here.
const Name = "s2"

const (
	batch    = 500                     // the most ids that a request may have
	interval = 1100 * time.Millisecond // a new key may ask once a second
	maxBytes = 16 << 20                // 500 answers of these fields have half a megabyte

	// A 429 of this service says that others ask, too, and hardly ever for how
	// long: a minute is patient, and what does not work in three tries is left to
	// the next run.
	tooMany = time.Minute
	tries   = 4
)

const fields = "title,externalIds,citationCount,influentialCitationCount,venue,fieldsOfStudy,s2FieldsOfStudy"

// A Client asks Semantic Scholar. It is a broadsheet.Enricher.
type Client struct {
	url, key string
	http     *fetch.Client
	now      func() time.Time
}

var _ broadsheet.Enricher = (*Client)(nil)

// New returns a client that asks at a base address, such as [URL], with a key. Of
// the options those of pace are its own.
func New(url, key string, o fetch.Options) *Client {
	o.Interval, o.Parallel, o.MaxBytes, o.TooMany, o.Tries, o.Secret = interval, 1, maxBytes, tooMany, tries, key
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{url: strings.TrimSuffix(url, "/"), key: key, http: fetch.New(o), now: o.Now}
}

// Name implements broadsheet.Enricher.
func (c *Client) Name() string { return Name }

// Batch implements broadsheet.Enricher.
func (c *Client) Batch() int { return batch }

// Wants implements broadsheet.Enricher.
func (c *Client) Wants(p *broadsheet.Record) bool { return p.Title != "" && key(p) != "" }

// key returns how the service is asked for a paper, or "".
func key(p *broadsheet.Record) string {
	if id := reply.ArXiv(p); id != "" {
		return "ARXIV:" + id
	}
	if dois := reply.DOIs(p); len(dois) > 0 {
		return "DOI:" + dois[0]
	}
	if p.ID.Scheme() == "acl" {
		return "ACL:" + p.ID.Local()
	}
	return ""
}

// Enrich implements broadsheet.Enricher.
func (c *Client) Enrich(ctx context.Context, papers []broadsheet.Record) (broadsheet.Enriched, error) {
	var question struct {
		IDs []string `json:"ids"`
	}
	for i := range papers {
		question.IDs = append(question.IDs, key(&papers[i]))
	}
	body, err := json.Marshal(question)
	if err != nil {
		return broadsheet.Enriched{}, fmt.Errorf("semanticscholar: %w", err)
	}
	var items []json.RawMessage
	_, err = reply.JSON(ctx, c.http, fetch.Request{
		Method: http.MethodPost, URL: c.url + "/paper/batch?fields=" + fields, Body: body,
		Header: http.Header{"X-Api-Key": {c.key}, "Content-Type": {"application/json"}},
	}, &items)
	if err != nil {
		return broadsheet.Enriched{Rest: reply.RestAfter(err, c.now())}, err
	}
	return broadsheet.Enriched{Papers: read(papers, items)}, nil
}
