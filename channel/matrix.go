package channel

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"

	"broadsheet"
)

// A Matrix is a room to which an account writes (spec.matrix.org, Client-Server
// API 1.11, “Sending events to a room” and “m.room.message”). The transaction id
// follows from the delivery, so that a homeserver takes it once however often it
// is tried.
type Matrix struct {
	Homeserver string // such as https://matrix.example.org
	Token      string
	Room       string // an id, such as !abc:example.org
}

// maxMatrix bounds each of the two texts: an event has at most 65,536 bytes, and
// JSON may double a byte.
const maxMatrix = 14_000

type matrixMessage struct {
	Type          string         `json:"msgtype"`
	Body          string         `json:"body"`
	Format        string         `json:"format"`
	FormattedBody string         `json:"formatted_body"`
	Mentions      matrixMentions `json:"m.mentions"` // present and empty: nobody, not even @room
}

type matrixMentions struct{}

// Render makes the request.
func (c Matrix) Render(d Digest, _ time.Time) (Request, error) {
	if c.Token == "" || strings.ContainsFunc(c.Token, func(r rune) bool { return r < '!' || r > '~' }) || !strings.HasPrefix(c.Room, "!") {
		return Request{}, broadsheet.Errorf(broadsheet.Invalid,
			"The Matrix channel needs an access token, and a room by its id, which begins with an exclamation mark.")
	}
	address := strings.TrimRight(c.Homeserver, "/") + "/_matrix/client/v3/rooms/" + url.PathEscape(c.Room) +
		"/send/m.room.message/" + d.keyOf(c.Room)
	text, formatted := matrixTexts(d.clean())
	r, err := jsonRequest(http.MethodPut, address, matrixMessage{
		Type: "m.text", Body: text, Format: "org.matrix.custom.html", FormattedBody: formatted,
	})
	if err != nil {
		return Request{}, err
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	r.secrets = append(r.secrets, c.Token)
	return r, nil
}

// matrixTexts makes the plain text and the HTML, of the same papers.
func matrixTexts(d Digest) (text, formatted string) {
	text = orTitle(d.Title) + "\n" + d.Preheader
	formatted = "<h3>" + html.EscapeString(orTitle(d.Title)) + "</h3><p>" + html.EscapeString(d.Preheader) + "</p><ol>"
	omitted := 0
	for i, it := range d.Items {
		t, f := matrixPaper(it)
		if len(text)+len(t) > maxMatrix || len(formatted)+len(f) > maxMatrix {
			omitted = len(d.Items) - i
			break
		}
		text += t
		formatted += f
	}
	end := "See it as a page"
	if omitted > 0 {
		end = more(omitted)
	}
	if omitted > 0 || d.URL != "" {
		return strings.TrimSpace(text + "\n\n" + end + " " + d.URL), formatted + "</ol><p>" + htmlLink(d.URL, end) + "</p>"
	}
	return text, formatted + "</ol>"
}

func matrixPaper(it Item) (text, formatted string) {
	text = "\n\n" + strings.Join(deleteEmpty([]string{it.Title, it.URL, it.byline(), it.Reason, it.Summary, it.Code}), "\n")
	formatted = "<li>" + htmlLink(it.URL, "<strong>"+html.EscapeString(it.Title)+"</strong>")
	for _, line := range deleteEmpty([]string{it.byline(), it.Summary}) {
		formatted += "<br>" + html.EscapeString(line)
	}
	if it.Reason != "" {
		formatted += "<br><em>" + html.EscapeString(it.Reason) + "</em>"
	}
	if it.Code != "" {
		formatted += "<br>" + htmlLink(it.Code, "code")
	}
	return text, formatted + "</li>"
}
