package channel

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"time"

	"broadsheet"
)

// A Telegram is a chat to which a bot writes (core.telegram.org/bots/api,
// sendMessage). The token stands in the address of each request and is never in an
// error or a log.
type Telegram struct {
	Base  string // "" for https://api.telegram.org
	Token string
	Chat  string // an id, or @channel
}

const (
	telegramBase = "https://api.telegram.org"
	// maxTelegram is counted there without the tags, and here with them.
	maxTelegram     = 4096
	maxTelegramItem = 1200 // so that three fit, whatever their addresses are
)

var telegramToken = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$`)

type telegramMessage struct {
	Chat        string          `json:"chat_id"`
	Text        string          `json:"text"`
	ParseMode   string          `json:"parse_mode"`
	LinkPreview telegramPreview `json:"link_preview_options"`
}

type telegramPreview struct {
	Disabled bool `json:"is_disabled"`
}

// Render makes the request.
func (c Telegram) Render(d Digest, _ time.Time) (Request, error) {
	base := strings.TrimRight(c.Base, "/")
	if base == "" {
		base = telegramBase
	}
	if !telegramToken.MatchString(c.Token) || c.Chat == "" {
		return Request{}, broadsheet.Errorf(broadsheet.Invalid,
			"The Telegram channel needs the bot's token as BotFather gave it, and a chat.")
	}
	r, err := jsonRequest(http.MethodPost, base+"/bot"+c.Token+"/sendMessage", telegramMessage{
		Chat: c.Chat, Text: telegramText(d.clean()), ParseMode: "HTML", LinkPreview: telegramPreview{true},
	})
	r.secrets = append(r.secrets, c.Token)
	return r, err
}

// telegramText adds papers while they fit with the line that ends the message.
func telegramText(d Digest) string {
	text := "<b>" + telegramEscape(orTitle(d.Title)) + "</b>"
	if d.Preheader != "" {
		text += "\n" + telegramEscape(d.Preheader)
	}
	for i, it := range d.Items {
		next, end := "\n\n"+telegramPaper(it), telegramEnd(d, len(d.Items)-i)
		if length(text)+length(next)+length(end) > maxTelegram {
			return text + end
		}
		text += next
	}
	return text + telegramEnd(d, 0)
}

func telegramPaper(it Item) string {
	lines := deleteEmpty([]string{
		htmlLink(it.URL, "<b>"+telegramEscape(it.Title)+"</b>"),
		telegramEscape(it.byline()),
		telegramEscape(it.Summary),
	})
	if it.Reason != "" {
		lines = append(lines, "<i>"+telegramEscape(it.Reason)+"</i>")
	}
	if it.Code != "" {
		lines = append(lines, htmlLink(it.Code, "code"))
	}
	text := strings.Join(lines, "\n")
	if length(text) > maxTelegramItem { // very long addresses, or all of it escaped
		return "<b>" + telegramEscape(plain(it.Title, 100)) + "</b>"
	}
	return text
}

func telegramEnd(d Digest, omitted int) string {
	text := "See it as a page"
	if omitted > 0 {
		text = more(omitted)
	}
	if omitted == 0 && d.URL == "" {
		return ""
	}
	if length(d.URL) > maxTelegramItem {
		d.URL = ""
	}
	return "\n\n" + htmlLink(d.URL, text)
}

// htmlLink links a text that is HTML, where there is an address.
func htmlLink(address, inner string) string {
	if address == "" {
		return inner
	}
	return `<a href="` + html.EscapeString(address) + `">` + inner + "</a>"
}

// telegramEscape escapes what HTML gives a meaning to, and breaks names of
// accounts, which would be told of it, by a word joiner that nobody sees.
func telegramEscape(text string) string {
	return strings.ReplaceAll(telegramReplacer.Replace(text), "@", "@\u2060")
}

var telegramReplacer = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
