// Package channel takes a digest to where people talk: a webhook of their own,
// Slack, Discord, Telegram, Matrix. Each channel renders a digest to one request,
// purely; a Sender sends it within bounds. Mail is not here.
//
// Titles, names and summaries are text that strangers wrote. In each form they
// are plain text: they mention nobody, format nothing, link nowhere, and do not
// turn the direction of what stands around them.
//
// A channel has no place for a second message: what does not fit is left out,
// with a line that says how many papers more the page has. So a digest is one
// request, and is delivered or not.
package channel

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"broadsheet"
)

// A Digest is what is delivered. URLs that are not http or https are left out.
type Digest struct {
	Key       string // names the delivery: the same when it is tried again
	Title     string
	Preheader string // one line below the title
	URL       string // the page that shows all of it
	Date      broadsheet.Date
	Items     []Item
}

// An Item is one paper of a digest.
type Item struct {
	ID       broadsheet.ID
	Title    string
	URL      string
	Authors  []string
	Summary  string
	Reason   string // why it was chosen: a sentence
	Upvotes  int
	Comments int
	Code     string // address of its code
}

// A Channel renders a digest for one receiver. at is the time of the attempt.
type Channel interface {
	Render(d Digest, at time.Time) (Request, error)
}

// A Request is what a Sender sends. Its URL and header hold secrets, so that it
// prints and logs as its method and host only.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte

	secrets []string // that no error may show, even if the receiver repeats them
}

// String returns the method and host.
func (r Request) String() string {
	return r.Method + " " + hostOf(r.URL)
}

// GoString is String, so that %#v shows no more.
func (r Request) GoString() string { return r.String() }

// LogValue is String.
func (r Request) LogValue() slog.Value { return slog.StringValue(r.String()) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	return u.Host
}

// jsonRequest makes a request with a JSON body.
func jsonRequest(method, address string, body any) (Request, error) {
	u, err := parseAddress(address)
	if err != nil {
		return Request{}, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return Request{}, fmt.Errorf("channel: encode: %w", err)
	}
	return Request{
		Method: method, URL: address, Body: text,
		Header:  http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		secrets: secretsIn(u),
	}, nil
}

// secretsIn returns what of an address may be a secret, longest first: all of it,
// its path, and the parts of the path that are too long to be words.
func secretsIn(u *url.URL) []string {
	list := []string{u.String()}
	if len(u.Path) >= shortestSecret/2 {
		list = append(list, u.RequestURI(), u.Path)
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if len(part) >= shortestSecret {
			list = append(list, part)
		}
	}
	return list
}

// shortestSecret is shorter than the tokens that any of the services gives.
const shortestSecret = 12

// parseAddress reads a receiver's address. The error does not repeat it: it may
// hold a token.
func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return nil, broadsheet.Errorf(broadsheet.Invalid,
			"The address of the channel cannot be used. Give one that begins with https:// and has no user name in it.")
	}
	return u, nil
}

// keyOf makes of the digest's key one that any header or path can hold and that
// tells nothing: the same for the same delivery to the same receiver.
func (d *Digest) keyOf(receiver string) string {
	sum := sha256.Sum256([]byte(receiver + "\x00" + d.Key))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
