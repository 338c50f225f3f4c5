// Package github asks GitHub how many stars the repositories of papers have, a
// hundred in one question of GraphQL (https://docs.github.com/graphql).
package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/internal/fetch"
	"broadsheet/internal/reply"
)

// URL is where the service stands.
const URL = "https://api.github.com"

// Name is the service's name here.
const Name = "github"

const (
	batch = 100 // such a question costs about one of the 5000 points an hour

	// GraphQL may be asked for 2000 points a minute; a question a second is far below.
	interval = time.Second
	maxBytes = 4 << 20
	tooMany  = time.Minute
	tries    = 3
)

// A Client asks GitHub. It is a broadsheet.Enricher.
type Client struct {
	url, key string
	http     *fetch.Client
	now      func() time.Time
}

var _ broadsheet.Enricher = (*Client)(nil)

// New returns a client that asks at a base address, such as [URL], with a token.
// Of the options those of pace are its own.
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

// Wants implements broadsheet.Enricher: papers with code at GitHub.
func (c *Client) Wants(p *broadsheet.Record) bool {
	_, ok := repositoryOf(p)
	return ok && p.Title != ""
}

// Enrich implements broadsheet.Enricher.
func (c *Client) Enrich(ctx context.Context, papers []broadsheet.Record) (broadsheet.Enriched, error) {
	q := newQuestion(papers)
	body, err := json.Marshal(q)
	if err != nil {
		return broadsheet.Enriched{}, fmt.Errorf("github: %w", err)
	}
	var a answer
	header, err := reply.JSON(ctx, c.http, fetch.Request{
		Method: http.MethodPost, URL: c.url + "/graphql", Body: body,
		Header: http.Header{"Authorization": {"bearer " + c.key}, "Content-Type": {"application/json"}},
	}, &a)
	if err != nil {
		return broadsheet.Enriched{Rest: reply.RestAfter(err, c.now())}, err
	}
	out := broadsheet.Enriched{Papers: q.read(&a), Rest: a.rest(c.now())}
	if a.limited() {
		if at := reply.Rest(header, c.now()); !at.IsZero() {
			out.Rest = at
		}
	}
	if len(out.Papers) == 0 && out.Rest.IsZero() {
		return out, &broadsheet.Error{Kind: broadsheet.Invalid, Err: fmt.Errorf("github: %s", a.complaint(c.key)),
			Text: "GitHub answered none of a question."}
	}
	return out, nil
}

// A question asks for repositories, each once, by names that are values: nothing
// of a link becomes part of the question's text.
type question struct {
	Query     string            `json:"query"`
	Variables map[string]string `json:"variables"`

	papers map[string][]*broadsheet.Record // by the alias of their repository
}

func newQuestion(papers []broadsheet.Record) *question {
	q := &question{Variables: map[string]string{}, papers: map[string][]*broadsheet.Record{}}
	aliases := map[repository]string{}
	var declared, asked strings.Builder
	for i := range papers {
		r, ok := repositoryOf(&papers[i])
		if !ok {
			continue
		}
		alias, known := aliases[r.key()]
		if !known {
			n := strconv.Itoa(len(aliases))
			alias = "r" + n
			aliases[r.key()] = alias
			q.Variables["o"+n], q.Variables["n"+n] = r.owner, r.name
			fmt.Fprintf(&declared, "$o%s:String!,$n%s:String!,", n, n)
			fmt.Fprintf(&asked, " %s:repository(owner:$o%s,name:$n%s){nameWithOwner stargazerCount}", alias, n, n)
		}
		q.papers[alias] = append(q.papers[alias], &papers[i])
	}
	q.Query = "query(" + strings.TrimSuffix(declared.String(), ",") + "){rateLimit{cost remaining resetAt}" + asked.String() + "}"
	return q
}
