// Package openalex asks OpenAlex, a free catalogue of research works, what it
// knows of papers: citations, venue, topics, DOI (https://developers.openalex.org).
package openalex

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
	"broadsheet/internal/reply"
)

// URL is where the service stands.
const URL = "https://api.openalex.org"

// Name is the service's name here.
const Name = "openalex"

const (
	// A filter may have 100 values, and a page 100 works. A paper has two DOIs at
	// the most: arXiv's and a publisher's. A list costs $0.0001 of the $1 a day
	// that a free key has, so that half a million papers can be asked for.
	batch   = 50
	perPage = 100
	// maxDOI keeps the address below the 8 kB that servers take.
	maxDOI = 60

	interval = 200 * time.Millisecond // 100 requests a second are allowed; five are enough
	maxBytes = 16 << 20
	tooMany  = time.Minute
	tries    = 3
)

const fields = "id,doi,title,cited_by_count,primary_location,primary_topic,keywords"

// A Client asks OpenAlex. It is a broadsheet.Enricher.
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
func (c *Client) Wants(p *broadsheet.Record) bool { return p.Title != "" && len(keys(p)) > 0 }

// keys returns the DOIs by which a paper is asked for: arXiv's, which every paper
// there has since 2022, and the first that a publisher gave it, by which OpenAlex
// knows many of those that were published.
func keys(p *broadsheet.Record) (list []string) {
	if id := reply.ArXiv(p); id != "" {
		list = append(list, "10.48550/arxiv."+id)
	}
	for _, d := range reply.DOIs(p) {
		// A comma ends a filter and a bar one of its values, and neither can be escaped.
		if !strings.ContainsAny(d, ",|") && len(d) <= maxDOI {
			return append(list, d)
		}
	}
	return list
}

// Enrich implements broadsheet.Enricher.
func (c *Client) Enrich(ctx context.Context, papers []broadsheet.Record) (broadsheet.Enriched, error) {
	var dois []string
	for i := range papers {
		dois = append(dois, keys(&papers[i])...)
	}
	// The documented place of the key is the address, which fetch keeps out of
	// everything that it says.
	query := url.Values{
		"filter": {"doi:" + strings.Join(dois, "|")}, "per_page": {strconv.Itoa(perPage)}, "select": {fields}, "api_key": {c.key},
	}
	var a answer
	header, err := reply.JSON(ctx, c.http, fetch.Request{URL: c.url + "/works?" + query.Encode()}, &a)
	if err != nil {
		return broadsheet.Enriched{Rest: reply.RestAfter(err, c.now())}, err
	}
	return broadsheet.Enriched{Papers: a.read(papers), Rest: rest(header, c.now())}, nil
}

// rest returns when the budget of a day begins anew if the next request would
// exceed it: at the time that the answer tells, else at midnight UTC.
func rest(h http.Header, now time.Time) time.Time {
	left, err := strconv.ParseFloat(h.Get("X-RateLimit-Remaining-USD"), 64)
	if err != nil {
		if left, err = strconv.ParseFloat(h.Get("X-RateLimit-Remaining"), 64); err != nil {
			return time.Time{}
		}
	}
	cost, _ := strconv.ParseFloat(h.Get("X-RateLimit-Cost-USD"), 64)
	if left > 0 && left >= cost {
		return time.Time{}
	}
	if at := reply.Rest(h, now); !at.IsZero() {
		return at
	}
	return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
}
