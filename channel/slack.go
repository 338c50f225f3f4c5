package channel

import (
	"net/http"
	"strings"
	"time"
)

// A Slack is an incoming webhook of a Slack workspace. Its URL is a secret.
//
// The message is made of Block Kit blocks (docs.slack.dev/reference/block-kit). A
// title is the text of a link, with the three characters escaped that Slack gives
// a meaning to; everything else is plain_text, in which nothing has one.
type Slack struct{ URL string }

const (
	maxSlackBlocks = 50
	maxSlackHeader = 150
	maxSlackText   = 3000
	slackPerPaper  = 2 // blocks
	slackAround    = 3 // blocks before and after the papers
)

type slackMessage struct {
	Text        string       `json:"text"` // for notifications
	Mrkdwn      bool         `json:"mrkdwn"`
	UnfurlLinks bool         `json:"unfurl_links"` // ten previews would bury the digest
	UnfurlMedia bool         `json:"unfurl_media"`
	Blocks      []slackBlock `json:"blocks"`
}

type slackBlock struct {
	Type     string      `json:"type"`
	Text     *slackText  `json:"text,omitempty"`
	Elements []slackText `json:"elements,omitempty"`
}

type slackText struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji,omitempty"` // of plain_text only
}

// Render makes the request.
func (s Slack) Render(d Digest, _ time.Time) (Request, error) {
	d = d.clean()
	m := slackMessage{Text: slackEscape(d.Title)}
	m.Blocks = append(m.Blocks, slackBlock{Type: "header", Text: slackPlain(plain(orTitle(d.Title), maxSlackHeader))})
	if d.Preheader != "" {
		m.Blocks = append(m.Blocks, slackContext(*slackPlain(d.Preheader)))
	}
	room := (maxSlackBlocks - slackAround) / slackPerPaper
	for _, it := range d.Items[:min(len(d.Items), room)] {
		m.Blocks = append(m.Blocks, slackPaper(it)...)
	}
	if last := slackEnd(d, len(d.Items)-room); last != "" {
		m.Blocks = append(m.Blocks, slackContext(slackText{Type: "mrkdwn", Text: last}))
	}
	return jsonRequest(http.MethodPost, s.URL, m)
}

func slackPaper(it Item) []slackBlock {
	blocks := []slackBlock{{Type: "section", Text: &slackText{Type: "mrkdwn", Text: slackLink(it.URL, it.Title)}}}
	if it.URL == "" || length(blocks[0].Text.Text) > maxSlackText {
		blocks[0].Text = slackPlain(it.Title)
	}
	var under []slackText
	for _, text := range []string{it.byline(), it.Reason, it.Summary} {
		if text != "" {
			under = append(under, *slackPlain(text))
		}
	}
	if it.Code != "" {
		under = append(under, slackText{Type: "mrkdwn", Text: slackLink(it.Code, "code")})
	}
	if under != nil {
		blocks = append(blocks, slackContext(under...))
	}
	return blocks
}

func slackEnd(d Digest, omitted int) string {
	switch {
	case d.URL == "" && omitted <= 0:
		return ""
	case d.URL == "":
		return more(omitted)
	case omitted <= 0:
		return slackLink(d.URL, "See it as a page")
	}
	return slackLink(d.URL, more(omitted))
}

func slackContext(elements ...slackText) slackBlock {
	return slackBlock{Type: "context", Elements: elements}
}

func slackPlain(text string) *slackText {
	return &slackText{Type: "plain_text", Text: text, Emoji: new(bool)} // :smile: stays as it is
}

// slackLink makes a link. A bar would end its address.
func slackLink(address, text string) string {
	return "<" + slackEscape(address) + "|" + strings.ReplaceAll(slackEscape(text), "|", "∣") + ">"
}

var slackReplacer = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func slackEscape(text string) string { return slackReplacer.Replace(text) }

// orTitle stands where a receiver takes no empty text.
func orTitle(title string) string {
	if title == "" {
		return "New papers"
	}
	return title
}
