// Package crossref asks Crossref, the registry of most publishers' DOIs, about
// papers: whether a DOI is theirs, where they appeared, how often they are cited,
// and which DOI a paper has that appeared but does not say under which
// (https://www.crossref.org/documentation/retrieve-metadata/rest-api/). The DOIs of
// arXiv itself are DataCite's and unknown there.
package crossref

import (
	"context"
	"encoding/json"
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
const URL = "https://api.crossref.org"

// Name is the service's name here.
const Name = "crossref"

const (
	batch = 40 // so many DOIs make an address of at most 4 kB
	// maxDOI keeps it there; longer ones are asked for one by one.
	maxDOI = 60
	rows   = 3 // works that a search for one title yields

	// Who says whom to write to may ask ten times a second for a work and three
	// times for a list. All requests keep the pace of lists.
	interval = 350 * time.Millisecond
	maxBytes = 16 << 20
	tooMany  = time.Minute
	tries    = 4
)

const fields = "DOI,title,author,type,container-title,volume,issue,page,issued,is-referenced-by-count"

// A Client asks Crossref. It is a broadsheet.Enricher.
type Client struct {
	url, mailto string
	http        *fetch.Client
	o           fetch.Options
	pause       time.Duration // that the last answer asked for; 0 if interval is enough
}

var _ broadsheet.Enricher = (*Client)(nil)

// New returns a client that asks at a base address, such as [URL], and says that
// its operator can be written to at an address of mail. Of the options those of
// pace are its own.
func New(url, mailto string, o fetch.Options) *Client {
	o.Interval, o.Parallel, o.MaxBytes, o.TooMany, o.Tries, o.Secret = interval, 1, maxBytes, tooMany, tries, mailto
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = fetch.Sleep
	}
	return &Client{url: strings.TrimSuffix(url, "/"), mailto: mailto, http: fetch.New(o), o: o}
}

// Name implements broadsheet.Enricher.
func (c *Client) Name() string { return Name }

// Batch implements broadsheet.Enricher.
func (c *Client) Batch() int { return batch }

// Wants implements broadsheet.Enricher: papers with a DOI of a publisher, and those
// that appeared somewhere but name none.
func (c *Client) Wants(p *broadsheet.Record) bool {
	return p.Title != "" && (doi(p) != "" || published(p))
}

func published(p *broadsheet.Record) bool { return p.JournalRef != "" || p.Venue != "" }

// doi returns the DOI by which a paper is asked for, or "".
func doi(p *broadsheet.Record) string {
	if list := reply.DOIs(p); len(list) > 0 {
		return list[0]
	}
	return ""
}

// Enrich implements broadsheet.Enricher. What fits into one filter is asked for at
// once; the rest one by one.
func (c *Client) Enrich(ctx context.Context, papers []broadsheet.Record) (broadsheet.Enriched, error) {
	var out broadsheet.Enriched
	var listed []broadsheet.Record
	for i := range papers {
		p := &papers[i]
		if d := doi(p); len(papers) > 1 && d != "" && len(d) <= maxDOI && !strings.Contains(d, ",") {
			listed = append(listed, *p)
			continue
		}
		found, err := c.one(ctx, p)
		if err != nil {
			return c.failed(out, err)
		}
		out.Papers = append(out.Papers, found)
	}
	if len(listed) == 0 {
		return out, nil
	}
	found, err := c.list(ctx, listed)
	if err != nil {
		return c.failed(out, err)
	}
	out.Papers = append(out.Papers, found...)
	return out, nil
}

// failed keeps what was answered before a service had enough.
func (c *Client) failed(out broadsheet.Enriched, err error) (broadsheet.Enriched, error) {
	out.Rest = reply.RestAfter(err, c.o.Now())
	return out, err
}

// list asks for the DOIs of several papers.
func (c *Client) list(ctx context.Context, papers []broadsheet.Record) ([]broadsheet.Enrichment, error) {
	filters := make([]string, len(papers))
	for i := range papers {
		filters[i] = "doi:" + doi(&papers[i])
	}
	// Two editions of a work may share a DOI's metadata, hence more rows than DOIs.
	a, err := c.ask(ctx, "/works", url.Values{"filter": {strings.Join(filters, ",")}, "rows": {strconv.Itoa(2 * batch)}, "select": {fields}})
	if err != nil {
		return nil, err
	}
	return a.read(papers), nil
}

// one asks for one paper: by its DOI, else by its title.
func (c *Client) one(ctx context.Context, p *broadsheet.Record) (broadsheet.Enrichment, error) {
	if d := doi(p); d != "" {
		a, err := c.ask(ctx, "/works/"+url.PathEscape(d), nil)
		if missing(err) {
			return broadsheet.Enrichment{Paper: p.ID}, nil
		}
		if err != nil {
			return broadsheet.Enrichment{}, err
		}
		return a.named(p), nil
	}
	query := url.Values{"query.title": {clip(p.Title)}, "rows": {strconv.Itoa(rows)}, "select": {fields}}
	if len(p.Authors) > 0 {
		query.Set("query.author", clip(p.Authors[0].Name))
	}
	a, err := c.ask(ctx, "/works", query)
	if err != nil {
		return broadsheet.Enrichment{}, err
	}
	return a.likest(p), nil
}

// clip keeps an address short; the beginning of a title tells it from others.
func clip(s string) string {
	const most = 250
	runes := []rune(s)
	return string(runes[:min(len(runes), most)])
}

// ask makes one request and keeps the pace that its answer asks for.
func (c *Client) ask(ctx context.Context, path string, query url.Values) (answer, error) {
	if c.pause > 0 {
		if err := c.o.Sleep(ctx, c.pause); err != nil {
			return answer{}, err
		}
	}
	if query == nil {
		query = url.Values{}
	}
	query.Set("mailto", c.mailto)
	var a struct {
		Message json.RawMessage `json:"message"`
	}
	header, err := reply.JSON(ctx, c.http, fetch.Request{URL: c.url + path + "?" + query.Encode()}, &a)
	if err != nil {
		return answer{}, err
	}
	c.pause = pause(header)
	return parse(a.Message)
}

// maxPause bounds what a header can make us wait.
const maxPause = time.Minute

// pause returns the time that an answer asks for between two requests, so many a
// time, if that is more than we leave anyway.
func pause(h http.Header) time.Duration {
	most, err := strconv.ParseInt(h.Get("X-Rate-Limit-Limit"), 10, 32)
	each, bad := time.ParseDuration(h.Get("X-Rate-Limit-Interval"))
	if err != nil || bad != nil || most < 1 || each/time.Duration(most) <= interval {
		return 0
	}
	return min(each/time.Duration(most), maxPause)
}
