package delivery

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"broadsheet"
	"broadsheet/channel"
)

// ParseReader reads where digests go to, as an operator writes it: a mail address, or
// the name of a channel with what it takes:
//
//	webhook:URL [SECRET…]     secrets as whsec_ and base64; one is made where none is given
//	slack:URL                 of an incoming webhook
//	discord:URL               of a webhook
//	telegram:TOKEN CHAT       of a bot, and an id or @channel
//	matrix:HOMESERVER TOKEN ROOM
//
// Its errors repeat nothing of a channel's address, which holds secrets.
func ParseReader(text string) (broadsheet.Reader, error) {
	name, rest, ok := strings.Cut(strings.TrimSpace(text), ":")
	kind := broadsheet.Channel(strings.ToLower(name))
	switch kind {
	case broadsheet.ByWebhook, broadsheet.BySlack, broadsheet.ByDiscord, broadsheet.ByTelegram, broadsheet.ByMatrix:
	default:
		return Mailbox(strings.TrimPrefix(strings.TrimSpace(text), "mail:"))
	}
	if !ok || strings.TrimSpace(rest) == "" {
		return broadsheet.Reader{}, broadsheet.Errorf(broadsheet.Invalid, "Say where on %s: %s", kind, forms[kind])
	}
	words := strings.Fields(rest)
	if kind == broadsheet.ByWebhook && len(words) == 1 {
		words = append(words, NewSecret())
	}
	r := broadsheet.Reader{Channel: kind, Address: strings.Join(words, " ")}
	if _, err := channelOf(&r, ""); err != nil {
		return broadsheet.Reader{}, err
	}
	r.Key = label(kind, words)
	return r, nil
}

// forms say how a channel's address is written.
var forms = map[broadsheet.Channel]string{
	broadsheet.ByWebhook:  "write webhook:https://example.org/path, with whsec_ secrets behind it if the receiver has them.",
	broadsheet.BySlack:    "write slack:https://hooks.slack.com/services/….",
	broadsheet.ByDiscord:  "write discord:https://discord.com/api/webhooks/….",
	broadsheet.ByTelegram: "write \"telegram:TOKEN CHAT\".",
	broadsheet.ByMatrix:   "write \"matrix:https://matrix.example.org TOKEN !room:example.org\".",
}

// NewSecret makes a secret by which a webhook's receiver knows what is ours.
func NewSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return "whsec_" + base64.StdEncoding.EncodeToString(b[:])
}

// label names a receiver without its secrets: where it is, and a hash that tells it
// from others there.
func label(kind broadsheet.Channel, words []string) string {
	where := words[len(words)-1] // a chat, a room
	if u, err := url.Parse(words[0]); kind != broadsheet.ByTelegram && kind != broadsheet.ByMatrix && err == nil {
		where = u.Host
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return where + " " + hex.EncodeToString(sum[:6])
}

// Public returns a reader's address as an operator may see it: without secrets.
func Public(r broadsheet.Reader) string {
	if r.Channel == broadsheet.ByMail {
		return r.Address
	}
	return string(r.Channel) + ":" + r.Key
}

// channelOf returns the channel that leads to a reader. It is Invalid where the
// address cannot be one.
func channelOf(r *broadsheet.Reader, telegram string) (channel.Channel, error) {
	words := strings.Fields(r.Address)
	want := map[broadsheet.Channel]int{broadsheet.BySlack: 1, broadsheet.ByDiscord: 1, broadsheet.ByTelegram: 2, broadsheet.ByMatrix: 3}[r.Channel]
	if r.Channel == broadsheet.ByWebhook {
		want = max(len(words), 2)
	}
	if want == 0 || len(words) != want {
		return nil, broadsheet.Errorf(broadsheet.Invalid, "This is no address on %s: %s", r.Channel, forms[r.Channel])
	}
	var c channel.Channel
	switch r.Channel {
	case broadsheet.ByWebhook:
		c = channel.Webhook{URL: words[0], Secrets: words[1:]}
	case broadsheet.BySlack:
		c = channel.Slack{URL: words[0]}
	case broadsheet.ByDiscord:
		c = channel.Discord{URL: words[0]}
	case broadsheet.ByTelegram:
		c = channel.Telegram{Base: telegram, Token: words[0], Chat: words[1]}
	case broadsheet.ByMatrix:
		c = channel.Matrix{Homeserver: words[0], Token: words[1], Room: words[2]}
	}
	// Whatever is wrong with an address shows when something is rendered for it.
	if _, err := c.Render(channel.Digest{Key: "test", Title: "test"}, time.Time{}); err != nil {
		if broadsheet.KindOf(err) == broadsheet.Invalid {
			return nil, err
		}
		return nil, fmt.Errorf("delivery: %s: %w", r.Channel, err)
	}
	return c, nil
}
