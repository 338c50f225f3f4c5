package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"broadsheet"
)

// A Webhook is a receiver of JSON. Requests are signed as the Standard Webhooks
// specification says (standardwebhooks.com, version 1.0.0), for whose receivers
// there are libraries in all languages.
type Webhook struct {
	URL string
	// Secrets are "whsec_" and 24 to 64 bytes in base64. Several, while one takes
	// the place of another: each signs.
	Secrets []string
}

// A webhookBody is the JSON that a webhook receives; doc/digest.md shows it.
type webhookBody struct {
	Type      string      `json:"type"`
	Timestamp string      `json:"timestamp"` // of this attempt
	Data      webhookData `json:"data"`
}

type webhookData struct {
	Title     string          `json:"title"`
	Preheader string          `json:"preheader,omitempty"`
	URL       string          `json:"url,omitempty"`
	Date      broadsheet.Date `json:"date,omitempty"`
	Papers    []webhookPaper  `json:"papers"`
	Omitted   int             `json:"omitted,omitempty"`
}

type webhookPaper struct {
	ID       broadsheet.ID `json:"id"`
	Title    string        `json:"title"`
	URL      string        `json:"url,omitempty"`
	Authors  []string      `json:"authors,omitempty"`
	Summary  string        `json:"summary,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Upvotes  int           `json:"upvotes"`
	Comments int           `json:"comments"`
	Code     string        `json:"code,omitempty"`
}

const (
	webhookType       = "digest.created"
	maxWebhookPapers  = 100 // some receivers refuse more than 256 KiB
	maxWebhookAuthors = 20  // of one paper: some have thousands
	minSecret         = 24  // bytes, by the specification
	maxSecret         = 64
)

// Render makes the signed request. Its webhook-id stays the same when the
// delivery is tried again, so that a receiver can tell.
func (w Webhook) Render(d Digest, at time.Time) (Request, error) {
	keys, err := w.keys()
	if err != nil {
		return Request{}, err
	}
	r, err := jsonRequest(http.MethodPost, w.URL, bodyOf(d.clean(), at))
	if err != nil {
		return Request{}, err
	}
	id, timestamp := "msg_"+d.keyOf(w.URL), strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, key := range keys {
		signatures = append(signatures, "v1,"+sign(key, id, timestamp, r.Body))
	}
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", timestamp)
	r.Header.Set("webhook-signature", strings.Join(signatures, " "))
	r.secrets = append(r.secrets, w.Secrets...)
	return r, nil
}

// keys reads the secrets. The error does not repeat them.
func (w Webhook) keys() (keys [][]byte, err error) {
	for _, s := range w.Secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "whsec_"))
		if err != nil || len(key) < minSecret || len(key) > maxSecret {
			return nil, broadsheet.Errorf(broadsheet.Invalid,
				"A secret of the webhook cannot be used. Give whsec_ and %d to %d random bytes in base64.", minSecret, maxSecret)
		}
		keys = append(keys, key)
	}
	if keys == nil {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "The webhook has no secret to sign with. Give one.")
	}
	return keys, nil
}

func sign(key []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func bodyOf(d Digest, at time.Time) webhookBody {
	data := webhookData{Title: d.Title, Preheader: d.Preheader, URL: d.URL, Date: d.Date, Papers: []webhookPaper{}}
	for _, it := range d.Items[:min(len(d.Items), maxWebhookPapers)] {
		p := webhookPaper{ID: it.ID, Title: it.Title, URL: it.URL, Summary: it.Summary, Reason: it.Reason,
			Upvotes: it.Upvotes, Comments: it.Comments, Code: it.Code}
		for _, a := range it.Authors[:min(len(it.Authors), maxWebhookAuthors)] {
			p.Authors = append(p.Authors, plain(a, maxName))
		}
		data.Papers = append(data.Papers, p)
	}
	data.Omitted = len(d.Items) - len(data.Papers)
	return webhookBody{webhookType, at.UTC().Format(time.RFC3339), data}
}
