package channel

import (
	"net/http"
	"strings"
	"time"
)

// A Discord is a webhook of a Discord channel. Its URL is a secret.
//
// Each paper is an embed (docs.discord.com/developers/resources/webhook, “Execute
// Webhook”, and “Embed Limits”). Nobody is ever mentioned.
type Discord struct{ URL string }

const (
	maxEmbeds       = 10
	maxEmbedTitle   = 256
	maxEmbedAll     = 6000 // of all texts of all embeds
	maxContent      = 2000
	maxEmbedSummary = 350 // before escaping, so that ten fit as a rule
)

type discordMessage struct {
	Content         string          `json:"content"`
	Embeds          []discordEmbed  `json:"embeds"`
	AllowedMentions discordMentions `json:"allowed_mentions"`
}

type discordMentions struct {
	Parse []string `json:"parse"` // empty, not absent: nobody
}

type discordEmbed struct {
	Title       string         `json:"title"`
	URL         string         `json:"url,omitempty"`
	Description string         `json:"description,omitempty"`
	Footer      *discordFooter `json:"footer,omitempty"`
}

type discordFooter struct {
	Text string `json:"text"`
}

// Render makes the request. It asks Discord to wait, which tells of errors.
func (c Discord) Render(d Digest, _ time.Time) (Request, error) {
	u, err := parseAddress(c.URL)
	if err != nil {
		return Request{}, err
	}
	query := u.Query()
	query.Set("wait", "true")
	u.RawQuery = query.Encode()
	d = d.clean()
	m := discordMessage{Embeds: []discordEmbed{}, AllowedMentions: discordMentions{Parse: []string{}}}
	used := 0
	for _, it := range d.Items {
		e := embedOf(it)
		if used += e.length(); len(m.Embeds) == maxEmbeds || used > maxEmbedAll {
			break
		}
		m.Embeds = append(m.Embeds, e)
	}
	m.Content = discordContent(d, len(d.Items)-len(m.Embeds))
	return jsonRequest(http.MethodPost, u.String(), m)
}

func embedOf(it Item) discordEmbed {
	e := discordEmbed{Title: discordText(it.Title, maxEmbedTitle), URL: it.URL}
	lines := []string{discordText(it.byline(), maxEmbedTitle), discordText(it.Summary, maxEmbedSummary)}
	if it.Code != "" {
		lines = append(lines, "[code](<"+it.Code+">)")
	}
	lines = deleteEmpty(lines)
	e.Description = strings.Join(lines, "\n")
	if it.Reason != "" {
		e.Footer = &discordFooter{it.Reason} // in which nothing has a meaning
	}
	return e
}

func (e *discordEmbed) length() int {
	n := length(e.Title) + length(e.Description)
	if e.Footer != nil {
		n += length(e.Footer.Text)
	}
	return n
}

func discordContent(d Digest, omitted int) string {
	lines := []string{"**" + discordText(orTitle(d.Title), maxTitle*2) + "**", discordText(d.Preheader, maxTitle*2)}
	if omitted > 0 {
		lines = append(lines, more(omitted))
	}
	if d.URL != "" && len(d.URL) < maxContent/2 {
		lines = append(lines, "<"+d.URL+">") // without a preview
	}
	return strings.Join(deleteEmpty(lines), "\n")
}

// discordText escapes what Discord's Markdown gives a meaning to, and cuts so
// that what comes out has at most so many characters.
func discordText(text string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		piece := string(r)
		if r < 0x80 && strings.ContainsRune("\\*_~`|>#-[]()<@:+", r) {
			piece = "\\" + piece
		}
		if n += length(piece); n > most-1 {
			return b.String() + "…"
		}
		b.WriteString(piece)
	}
	return b.String()
}

func deleteEmpty(lines []string) []string {
	var kept []string
	for _, l := range lines {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return kept
}
