package channel

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"
)

// checkForm says where a body goes beyond what its receiver takes.
func checkForm(t *testing.T, form string, body []byte) {
	t.Helper()
	switch form {
	case "webhook":
		var m webhookBody
		decode(t, body, &m)
		if len(m.Data.Papers) > maxWebhookPapers {
			t.Errorf("%d papers", len(m.Data.Papers))
		}
	case "slack":
		var m slackMessage
		decode(t, body, &m)
		checkSlack(t, m)
	case "discord":
		var m discordMessage
		decode(t, body, &m)
		checkDiscord(t, m)
	case "telegram":
		var m telegramMessage
		decode(t, body, &m)
		if n := length(m.Text); n > 4096 {
			t.Errorf("%d characters", n)
		}
		checkHTML(t, m.Text, "b", "i", "a")
		shown := regexp.MustCompile(`href="[^"]*"`).ReplaceAllString(m.Text, "")
		if regexp.MustCompile(`@\w`).MatchString(shown) {
			t.Errorf("mentions somebody: %s", m.Text)
		}
	case "matrix":
		var m matrixMessage
		decode(t, body, &m)
		if len(body) > 60_000 {
			t.Errorf("%d bytes", len(body))
		}
		checkHTML(t, m.FormattedBody, "h3", "p", "ol", "li", "a", "strong", "em", "br")
		if !bytes.Contains(body, []byte(`"m.mentions":{}`)) {
			t.Error("may mention somebody")
		}
	}
}

func decode(t *testing.T, body []byte, into any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func checkSlack(t *testing.T, m slackMessage) {
	t.Helper()
	link := regexp.MustCompile(`^<https?://[^<>|"]+\|[^<>|]+>$`)
	if len(m.Blocks) == 0 || len(m.Blocks) > 50 {
		t.Errorf("%d blocks", len(m.Blocks))
	}
	for _, b := range m.Blocks {
		texts := b.Elements
		if b.Text != nil {
			texts = append(texts, *b.Text)
		}
		if len(texts) == 0 || len(texts) > 10 {
			t.Errorf("%d texts in a block", len(texts))
		}
		for _, x := range texts {
			most := 3000
			if b.Type == "header" {
				most = 150
			}
			if n := length(x.Text); n == 0 || n > most {
				t.Errorf("%d characters in a text of a %s", n, b.Type)
			}
			if x.Type == "mrkdwn" && !link.MatchString(x.Text) && !strings.HasSuffix(x.Text, "more") {
				t.Errorf("more than a link: %s", x.Text)
			}
		}
	}
	if strings.ContainsAny(m.Text, "<>") || m.Mrkdwn {
		t.Errorf("notification with markup: %s", m.Text)
	}
}

func checkDiscord(t *testing.T, m discordMessage) {
	t.Helper()
	all := 0
	for _, e := range m.Embeds {
		footer := ""
		if e.Footer != nil {
			footer = e.Footer.Text
		}
		all += length(e.Title) + length(e.Description) + length(footer)
		if length(e.Title) > 256 || length(e.Description) > 4096 || length(footer) > 2048 {
			t.Errorf("an embed is too long: %+v", e)
		}
	}
	if n := length(m.Content); len(m.Embeds) > 10 || all > 6000 || n == 0 || n > 2000 {
		t.Errorf("%d embeds with %d characters, %d in the content", len(m.Embeds), all, n)
	}
	if m.AllowedMentions.Parse == nil || len(m.AllowedMentions.Parse) > 0 {
		t.Errorf("mentions are allowed: %v", m.AllowedMentions.Parse)
	}
}

// checkHTML reads a text as XML, which is stricter, with elements of these names.
func checkHTML(t *testing.T, text string, names ...string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader("<r>" + strings.ReplaceAll(text, "<br>", "<br/>") + "</r>"))
	dec.Entity = xml.HTMLEntity
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local == "r" {
			continue
		}
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+e.Name.Local+" ") {
			t.Errorf("element %s in %s", e.Name.Local, text)
		}
		for _, a := range e.Attr {
			if a.Name.Local != "href" || !strings.HasPrefix(a.Value, "http") {
				t.Errorf("attribute %s=%q", a.Name.Local, a.Value)
			}
		}
	}
}
